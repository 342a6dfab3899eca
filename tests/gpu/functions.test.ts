// WGSL twins of activations and losses against their float64 definitions, scalar and vec4 alike.

import { beforeAll, describe, expect, test } from 'vitest';
import { activationFactor, activations, activationWgsl } from '../../shaders/lib/activations.ts';
import { losses, lossWgsl, marginOf } from '../../shaders/lib/losses.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { UNASKED } from '../../src/core/task.ts';
import { type Arena, createArena } from '../../src/gpu/arena.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { testDevice } from './device.ts';

/** Relative, for values below 0.1: exp(−x) is good to 3 + 2x ulp by the WGSL specification. */
const TOLERANCE = 1e-5;
/** Relative, for larger values, where exp hardly matters. */
const TOLERANCE_OF_ORDER_ONE = 1e-6;
/** Absolute, and relative to z where z is small: the slopes of SiLU and GELU cross zero. */
const slackAt = (z: number) => Math.min(1e-7, 1e-6 * Math.abs(z));

let lease: DeviceLease;
let arena: Arena;

beforeAll(async () => {
  lease = await testDevice();
  arena = createArena(lease.device, 'functions test');
  return () => arena.dispose();
});

/** Runs `code` with `input` as binding 0 and a result of `words` words as binding 1, one invocation per 4 words of input. */
async function run(code: string, input: Float32Array<ArrayBuffer>, words: number): Promise<Float32Array> {
  const { device } = lease;
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const source = arena.buffer({
    label: 'input',
    bytes: input.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  const result = arena.buffer({ label: 'result', bytes: 4 * words, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  device.queue.writeBuffer(source, 0, input);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [source, result].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(Math.ceil(input.length / 4 / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  return new Float32Array(await createReadback(arena).read(result));
}

const HEAD = `
@group(0) @binding(0) var<storage, read> input: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&input)) { return; }`;

/** Arguments of both signs from 1e-12 to 14, finely where functions bend. */
const decades = Array.from({ length: 13 }, (_, k) => 10 ** (k - 12));
const positive = [...decades, ...Array.from({ length: 111 }, (_, k) => 0.003 + 0.127 * k)];
const points = new Float32Array([...positive, ...positive.map((z) => -z)]);

describe('activations in WGSL', () => {
  test.each(activations.flatMap(({ id, usualBeta }) => [[id, usualBeta] as const, [id, 3] as const]))(
    '%s with β = %d is its float64 twin, value and slope',
    async (id, beta) => {
      const activation = activations.find((one) => one.id === id) as (typeof activations)[number];
      const factor = activationFactor(id, beta);
      const got = await run(
        `${activationWgsl({ activation: id, beta, factor })}${HEAD}
  let z = input[i];
  let both = act_both4(z);
  result[6 * i] = act4(z);
  result[6 * i + 1] = act_slope4(z);
  result[6 * i + 2] = both.value;
  result[6 * i + 3] = both.slope;
  result[6 * i + 4] = vec4f(act(z.x), act(z.y), act_both(z.z).x, act_both(z.w).x);
  result[6 * i + 5] = vec4f(act_slope(z.x), act_slope(z.y), act_both(z.z).y, act_both(z.w).y);
}`,
        points,
        6 * points.length,
      );
      const wrong: string[] = [];
      points.forEach((z, n) => {
        for (let k = 0; k < 6; k++) {
          const expected = factor * (k % 2 === 0 ? activation.value(z, beta) : activation.slope(z, beta));
          const own = got[24 * Math.floor(n / 4) + 4 * k + (n % 4)];
          const tolerance = Math.max(TOLERANCE * Math.abs(expected), slackAt(z));
          const bound = Math.abs(expected) >= 0.1 ? TOLERANCE_OF_ORDER_ONE * Math.max(1, Math.abs(expected)) : tolerance;
          if (!(Math.abs(own - expected) <= bound)) wrong.push(`z = ${z}, result ${k}: expected ${expected}, got ${own}`);
        }
      });
      expect(wrong.slice(0, 5)).toEqual([]);
    },
  );
});

describe('losses in WGSL', () => {
  test.each(losses.flatMap(({ id }) => [1, 2, 3, 20].map((outputDim) => [id, outputDim] as const)))(
    '%s of %d outputs is its float64 twin: loss, slope and margin',
    async (id, outputDim) => {
      const loss = losses.find((one) => one.id === id) as (typeof losses)[number];
      const [count, beta] = [64, 20];
      const source = randomSource(2, STREAMS.data);
      // One row of four words per output: F four times over, then y likewise, so that vec4 and scalar see the same numbers.
      const outputs = Float32Array.from({ length: count * outputDim }, (_, n) => source.normal() * (n % 4 === 0 ? 20 : 1));
      const targets = Float32Array.from({ length: count * outputDim }, (_, n) => {
        const p = Math.floor(n / outputDim);
        if (outputDim === 1) return p % 2 === 0 ? 1 : -1;
        // What is not asked for is left out by the squared error alone.
        if (id === 'squared' && n % 7 === 5) return UNASKED;
        return n % outputDim === p % outputDim ? 1 : 0;
      });
      const input = Float32Array.from([...outputs, ...targets].flatMap((value) => [value, value, value, value]));
      const stride = 1 + 2 * outputDim;
      const [array1, array4] = [`array<f32, ${outputDim}>`, `array<vec4f, ${outputDim}>`];
      const got = await run(
        `${lossWgsl({ loss: id, beta, outputDim })}${HEAD}
  if (i >= ${count}u) { return; }
  var f = ${array1}();
  var y = ${array1}();
  var f4 = ${array4}();
  var y4 = ${array4}();
  for (var c = 0u; c < ${outputDim}u; c++) {
    f4[c] = input[i * ${outputDim}u + c];
    y4[c] = input[${count * outputDim}u + i * ${outputDim}u + c];
    f[c] = f4[c].x;
    y[c] = y4[c].x;
  }
  result[i * ${stride}u] = vec4f(sample_loss(f, y), sample_loss4(f4, y4).y, sample_margin(f, y), sample_margin4(f4, y4).w);
  let slope = sample_slope(f, y);
  let slope4 = sample_slope4(f4, y4);
  for (var c = 0u; c < ${outputDim}u; c++) {
    result[i * ${stride}u + 1u + c] = vec4f(slope[c]);
    result[i * ${stride}u + 1u + ${outputDim}u + c] = slope4[c];
  }
}`,
        input,
        4 * count * stride,
      );
      const wrong: string[] = [];
      const slope = new Float64Array(outputDim);
      for (let p = 0; p < count; p++) {
        const [own, target] = [outputs, targets].map((values) => values.subarray(p * outputDim, (p + 1) * outputDim));
        const [value, margin] = [loss.value(own, target, beta), marginOf(own, target)];
        loss.slope(own, target, beta, slope);
        const expected = [value, value, margin, margin];
        const tolerances = [value, value, margin, margin].map((size) => TOLERANCE * Math.abs(size) + 1e-30);
        for (let at = 0; at < 2 * outputDim; at++) {
          for (let lane = 0; lane < 4; lane++) {
            expected.push(slope[at % outputDim]);
            tolerances.push(TOLERANCE_OF_ORDER_ONE * Math.max(1, Math.abs(slope[at % outputDim])));
          }
        }
        expected.forEach((number, k) => {
          const found = got[4 * stride * p + k];
          if (!(Math.abs(found - number) <= tolerances[k]))
            wrong.push(`sample ${p}, word ${k}: expected ${number}, got ${found}`);
        });
      }
      expect(wrong.slice(0, 5)).toEqual([]);
    },
  );
});
