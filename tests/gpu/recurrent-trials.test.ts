// Trials made on the GPU are those of the float64 generator: the same trial, the same answer, noise to float32.

import { expect, test } from 'vitest';
import { philoxWgsl } from '../../shaders/lib/philox.wgsl.ts';
import { trialsWgsl } from '../../shaders/trials/trials.wgsl.ts';
import { drawTrials, TRIAL_PURPOSES, trialKinds } from '../../src/core/trials.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { testDevice } from './device.ts';

const lease = await testDevice();
const TRIALS = 64;
const [SEED, ITERATION] = [7, 12_345];

/** Inputs and classes of every (trial, step), channels first. */
async function onGpu(id: string, channels: number, multiplier: number): Promise<Float32Array> {
  const { device } = lease;
  const steps = 8 * multiplier;
  const row = channels + 1;
  const arena = createArena(device, 'trials');
  const out = arena.buffer({
    label: 'out',
    bytes: 4 * TRIALS * steps * row,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const module = device.createShaderModule({
    code: `
${philoxWgsl()}
${trialsWgsl(id, multiplier)}
@group(0) @binding(0) var<storage, read_write> out: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let trial = id.x / ${steps}u;
  let step = id.x % ${steps}u;
  if (trial >= ${TRIALS}u) { return; }
  let words = trial_words(${SEED}u, ${ITERATION}u, trial);
  let inputs = trial_step(words, ${SEED}u, ${ITERATION}u, trial, step);
  for (var c = 0u; c < ${channels}u; c++) { out[id.x * ${row}u + c] = inputs[c]; }
  out[id.x * ${row}u + ${channels}u] = f32(trial_class(words, step));
}`,
  });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: out } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil((TRIALS * steps) / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  const read = new Float32Array(await createReadback(arena).read(out));
  arena.dispose();
  return read;
}

for (const kind of trialKinds) {
  for (const multiplier of [1, 4]) {
    test(`${kind.id} with ${8 * multiplier} steps`, async () => {
      const got = await onGpu(kind.id, kind.channels, multiplier);
      const name = { seed: SEED, purpose: TRIAL_PURPOSES.batches, iteration: ITERATION };
      const { inputs, targets } = drawTrials(kind, multiplier, name, TRIALS);
      for (let n = 0; n < TRIALS * 8 * multiplier; n++) {
        const row = got.subarray(n * (kind.channels + 1), (n + 1) * (kind.channels + 1));
        expect(row[kind.channels], `answer ${n}`).toBe(targets.subarray(n * 3, n * 3 + 3).indexOf(1));
        for (let c = 0; c < kind.channels; c++) {
          const expected = inputs[n * kind.channels + c];
          expect(Math.abs(row[c] - expected), `index ${n}, ${c}: expected ${expected}, got ${row[c]}`).toBeLessThan(2e-6);
        }
      }
    });
  }
}
