// Differences of activations in float32 keep their digits however small the difference: WGSL against the float64 definitions.

import { beforeAll, describe, expect, test } from 'vitest';
import { activationDifference, activationDifferenceWgsl } from '../../shaders/lib/activation-differences.ts';
import { activations, activationWgsl } from '../../shaders/lib/activations.ts';
import { type Arena, createArena } from '../../src/gpu/arena.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { testDevice } from './device.ts';

/** Relative to the difference itself, where it is at least a hundredth of what the slope allows at most. */
const TOLERANCE = 2.5e-6;
/** Relative to δ, elsewhere: the slopes of SiLU and GELU cross zero, and those of bounded activations vanish. */
const SLACK = 3e-7;

let lease: DeviceLease;
let arena: Arena;

beforeAll(async () => {
  lease = await testDevice();
  arena = createArena(lease.device, 'differences test');
  return () => arena.dispose();
});

const deltas = [1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.45, 0.55, 1, 3].flatMap((d) => [d, -d]);
/** Pairs (z, δ), as float32. */
const pairs = Array.from({ length: 101 }, (_, k) => -5 + 0.1 * k + 0.013).flatMap((z) => deltas.map((d) => [z, d] as const));

async function run(code: string): Promise<Float32Array> {
  const { device } = lease;
  const input = new Float32Array(pairs.flat());
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const source = arena.buffer({ label: 'input', bytes: input.byteLength, usage });
  const result = arena.buffer({ label: 'result', bytes: 2 * input.byteLength, usage });
  device.queue.writeBuffer(source, 0, input);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [source, result].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(pairs.length / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  return new Float32Array(await createReadback(arena).read(result));
}

describe.each(activations.map(({ id, usualBeta }) => [id, usualBeta] as const))('%s', (activation, beta) => {
  test('keeps its digits, for one number and for four', async () => {
    const options = { activation, beta, factor: 1.5 };
    const found = await run(`
@group(0) @binding(0) var<storage, read> input: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
${activationWgsl(options)}
${activationDifferenceWgsl(options)}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&input)) { return; }
  let at = input[i];
  // Beside large differences, and among small ones, every δ in turn.
  let beside = select(vec4f(0.0, 0.1, 0.2, 0.0), vec4f(0.0, 0.5, -1.0, 0.0) * at.y, (i / 2u + i / ${deltas.length}u) % 2u == 0u);
  let four = act_difference4(vec4f(at.x, 0.5, 1.0, at.x), beside + vec4f(at.y, 0.0, 0.0, at.y));
  let slopes = act_slope_difference4(vec4f(at.x), vec4f(at.y));
  result[i] = vec4f(act_difference(at.x, at.y), act_slope_difference(at.x, at.y), four.w, slopes.y);
}`);
    pairs.forEach(([z, d], i) => {
      const { value, slope } = activationDifference(options, Math.fround(z), Math.fround(d));
      const [scalar, scalarSlope, four, fourSlope] = found.subarray(4 * i, 4 * i + 4);
      const compare = (name: string, got: number, expected: number, unit: number) => {
        const allowed = TOLERANCE * Math.abs(expected) + SLACK * unit;
        const share = Math.abs(got - expected) / allowed;
        expect(
          share,
          `${name} at z = ${z}, δ = ${d}: expected ${expected}, got ${got}, share of tolerance ${share}`,
        ).toBeLessThan(1);
      };
      compare('value', scalar, value, Math.abs(d));
      compare('slope', scalarSlope, slope, Math.min(1, beta * Math.abs(d)) * 1.5);
      compare('value of four', four, value, Math.abs(d));
      compare('slope of four', fourSlope, slope, Math.min(1, beta * Math.abs(d)) * 1.5);
    });
  });
});
