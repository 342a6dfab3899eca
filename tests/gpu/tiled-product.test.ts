// The product that all tiled passes are made of, in every geometry that is offered, at sizes that fit no tile.

import { describe, expect, it } from 'vitest';
import { type ProductForm, product } from '../../shaders/families/fully-connected/tiled/product.wgsl.ts';
import { tiledGeometries } from '../../shaders/families/fully-connected/tiled/tiled.ts';
import { tiledPass } from '../../shaders/lib/training/tiled/pass.ts';
import type { TiledGeometry } from '../../shaders/lib/training/tiled/sizes.ts';
import { PROGRESS_WORDS } from '../../src/core/program.ts';
import { randomSource } from '../../src/core/random.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { encodePass } from '../../src/gpu/dispatch.ts';
import { compilePass } from '../../src/gpu/kernels.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { createSpans } from '../../src/gpu/spans.ts';
import { testDevice } from './device.ts';
import { worstError } from './drive-program.ts';

const lease = await testDevice('best', ['subgroups']);

const limits = {
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
};

interface Size {
  readonly rows: number;
  /** vec4s. */
  readonly columns: number;
  readonly length: number;
}

/** left (rows, length) · right (length, 4·columns) on the device; operands stored as the form wants them. */
async function multiply(form: ProductForm, geometry: TiledGeometry, size: Size, left: Float32Array, right: Float32Array) {
  const { rows, columns, length } = size;
  const turn = (m: Float32Array, height: number, width: number) =>
    Float32Array.from({ length: m.length }, (_, n) => m[(n % height) * width + Math.floor(n / height)]);
  const a = form === 'backward' ? turn(left, rows, length) : left;
  const b = form === 'gradient' ? turn(right, length, 4 * columns) : right;
  const text = product(
    {
      form,
      rows,
      columns,
      length,
      left: (first, second) => `a[${first} * ${form === 'backward' ? rows / 4 : length / 4}u + ${second}]`,
      right: (first, second) => `b[${first} * ${form === 'gradient' ? length / 4 : columns}u + ${second}]`,
      finish: (row, column, value) => `result[${row} * ${columns}u + ${column}] = ${value};`,
    },
    geometry,
  );
  const arena = createArena(lease.device, 'product test');
  try {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffers = new Map([
      ['progress', arena.buffer({ label: 'progress', bytes: 4 * PROGRESS_WORDS, usage })],
      ['a', arena.buffer({ label: 'a', bytes: a.byteLength, usage, data: a })],
      ['b', arena.buffer({ label: 'b', bytes: b.byteLength, usage, data: b })],
      ['result', arena.buffer({ label: 'result', bytes: 16 * rows * columns, usage })],
    ]);
    const pass = tiledPass({
      label: `product, ${form}`,
      bindings: [
        { buffer: 'a', name: 'a', type: 'vec4f' },
        { buffer: 'b', name: 'b', type: 'vec4f' },
        { buffer: 'result', name: 'result', type: 'vec4f', write: true },
      ],
      declarations: text.declarations,
      lanes: text.lanes,
      subgroups: text.subgroups,
      groups: text.groups,
      gate: 'open',
      body: text.body,
    });
    const compiled = await compilePass(lease.device, pass);
    const spans = createSpans(arena);
    const group = compiled.bind(spans.buffer, buffers);
    const encoder = lease.device.createCommandEncoder();
    const compute = encoder.beginComputePass();
    encodePass(compute, compiled, group, spans.put({ first: 0, count: 1 }), 1);
    compute.end();
    spans.upload();
    lease.device.queue.submit([encoder.finish()]);
    const result = buffers.get('result');
    if (result === undefined) throw new Error('no result');
    return new Float32Array(await createReadback(arena).read(result));
  } finally {
    arena.dispose();
  }
}

const geometries = [
  ...tiledGeometries({ ...limits, lanes: 4, subgroupSize: 0 }),
  ...tiledGeometries({ ...limits, lanes: 4, subgroupSize: lease.info.subgroupSize }).filter(
    ({ staging }) => staging === 'resident',
  ),
  ...tiledGeometries({ ...limits, lanes: 32, subgroupSize: 0 }),
];
const forms: readonly ProductForm[] = ['forward', 'backward', 'gradient'];
const sizes: readonly Size[] = [
  { rows: 20, columns: 5, length: 28 },
  { rows: 84, columns: 19, length: 36 },
  { rows: 132, columns: 33, length: 8 },
];

describe.each(geometries)('$staging, $threadRows × $threadColumns threads of $rows × $vectors', (geometry) => {
  it.each(forms)('%s product', async (form) => {
    for (const size of sizes) {
      const { rows, columns, length } = size;
      const source = randomSource(5, 1);
      const left = Float32Array.from(source.normals(rows * length));
      const right = Float32Array.from(source.normals(length * 4 * columns));
      const expected = Float64Array.from({ length: rows * 4 * columns }, (_, n) => {
        let sum = 0;
        for (let k = 0; k < length; k++)
          sum += left[Math.floor(n / 4 / columns) * length + k] * right[k * 4 * columns + (n % (4 * columns))];
        return sum;
      });
      const { error, index } = worstError(await multiply(form, geometry, size, left, right), expected);
      expect(error, `${rows} × ${4 * columns}, worst at ${index}`).toBeLessThan(1e-6);
    }
  });
});
