// Philox4x32-10 in WGSL, the twin of core/random.ts, and the draw of mini-batches, the twin of core/batches.ts.

import { STREAMS } from '../../src/core/random.ts';
import { u32, wgsl } from '../wgsl.ts';

/**
 * `philox(counter: vec4u, key: vec2u) -> vec4u` and `batch_sample(step, slot, seed, samples) -> u32`. Include it once per module.
 */
export function philoxWgsl(): string {
  return wgsl`
// High 32 bits of a 64-bit product.
fn multiply_high(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  let low = a0 * b1 + (middle & 0xffffu);
  return a1 * b1 + (middle >> 16u) + (low >> 16u);
}

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(
      multiply_high(0xcd9e8d57u, c.z) ^ c.y ^ k.x,
      0xcd9e8d57u * c.z,
      multiply_high(0xd2511f53u, c.x) ^ c.w ^ k.y,
      0xd2511f53u * c.x,
    );
    k += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}

// Index of the training sample in a slot of a step's mini-batch.
fn batch_sample(step: u32, slot: u32, seed: u32, samples: u32) -> u32 {
  return philox(vec4u(step, slot, 0u, 0u), vec2u(seed, ${u32(STREAMS.batches)})).x % samples;
}
`;
}
