// Compiling and dispatching passes on a real device. Knows no science.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Pass } from '../../src/core/program.ts';
import { GROUP_INDEX_WGSL, SPAN_WGSL } from '../../src/core/program.ts';
import type { Arena } from '../../src/gpu/arena.ts';
import { createArena } from '../../src/gpu/arena.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { encodePass } from '../../src/gpu/dispatch.ts';
import { compilePass } from '../../src/gpu/kernels.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { createSpans } from '../../src/gpu/spans.ts';
import { testDevice } from './device.ts';

let lease: DeviceLease;
let arena: Arena;

beforeAll(async () => {
  lease = await testDevice();
  arena = createArena(lease.device, 'kernels test');
  return () => arena.dispose();
});

const head = `${SPAN_WGSL}${GROUP_INDEX_WGSL}`;

function pass(code: string, buffers: readonly string[] = ['marks'], label = 'mark'): Pass {
  return { label, code: `${head}${code}`, entryPoint: 'main', buffers, workgroups: (count) => count };
}

const mark = pass(`
@group(0) @binding(1) var<storage, read_write> marks: array<u32>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = group_index(group, groups);
  if (index >= span.count) { return; }
  marks[span.first + index] += index + 1u;
}`);

describe('compilePass', () => {
  test('70,000 workgroups each run exactly once', async () => {
    const count = 70_000;
    const marks = arena.buffer({ label: 'marks', bytes: 4 * count, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const spans = createSpans(arena);
    const compiled = await compilePass(lease.device, mark);
    const group = compiled.bind(spans.buffer, new Map([['marks', marks]]));
    const encoder = lease.device.createCommandEncoder();
    const compute = encoder.beginComputePass();
    encodePass(compute, compiled, group, spans.put({ first: 0, count }), count);
    compute.end();
    spans.upload();
    lease.device.queue.submit([encoder.finish()]);
    const got = new Uint32Array(await createReadback(arena).read(marks));
    const wrong = got.findIndex((value, index) => value !== index + 1);
    expect(wrong, `index ${wrong}: expected ${wrong + 1}, got ${got[wrong]}`).toBe(-1);
  });

  test('several spans of one submit each work on their own range, in order', async () => {
    const marks = arena.buffer({ label: 'marks', bytes: 400, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const spans = createSpans(arena, 4);
    const compiled = await compilePass(lease.device, mark);
    const group = compiled.bind(spans.buffer, new Map([['marks', marks]]));
    const readback = createReadback(arena);
    for (let turn = 0; turn < 2; turn += 1) {
      const encoder = lease.device.createCommandEncoder();
      const compute = encoder.beginComputePass();
      for (const first of [0, 30, 60]) encodePass(compute, compiled, group, spans.put({ first, count: 30 }), 30);
      compute.end();
      spans.upload();
      lease.device.queue.submit([encoder.finish()]);
    }
    const expected = Array.from({ length: 100 }, (_, index) => (index < 90 ? 2 * ((index % 30) + 1) : 0));
    expect([...new Uint32Array(await readback.read(marks))]).toEqual(expected);
  });

  test('a compile error quotes label, line, column, the line and a caret', async () => {
    const broken = pass(`
@group(0) @binding(1) var<storage, read_write> marks: array<u32>;
@compute @workgroup_size(1)
fn main() {
  marks[0] = nothing + 1u;
}`);
    const line = broken.code.split('\n').findIndex((text) => text.includes('nothing')) + 1;
    const error: unknown = await compilePass(lease.device, broken).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: 'ShaderError', line, column: 14 });
    const rows = (error as Error).message.split('\n');
    expect(rows[0]).toMatch(new RegExp(`^shader "mark", line ${line}, column 14: .*nothing`));
    expect(rows.at(-2)).toBe(`${line} |   marks[0] = nothing + 1u;`);
    expect(rows.at(-1)?.indexOf('^')).toBe(rows.at(-2)?.indexOf('nothing'));
  });

  test('an entry point that is missing is named', async () => {
    const missing: Pass = { ...mark, entryPoint: 'elsewhere' };
    await expect(compilePass(lease.device, missing)).rejects.toThrow(/shader "mark", entry point "elsewhere"/);
  });

  test('the same source is compiled once per device', async () => {
    const twice = [mark, { ...mark, label: 'again' }].map((each) => compilePass(lease.device, each));
    const [first, second] = await Promise.all(twice);
    expect(second.pipeline).toBe(first.pipeline);
  });

  test('declarations and the buffers of a pass must agree', async () => {
    await expect(compilePass(lease.device, { ...mark, buffers: ['marks', 'more'] })).rejects.toThrow(
      'pass "mark": expected 2 storage declarations (marks, more), got 1 (1: marks read_write)',
    );
    const compiled = await compilePass(lease.device, mark);
    expect(() => compiled.bind(createSpans(arena).buffer, new Map())).toThrow('pass "mark": no buffer "marks"');
  });

  test('more storage buffers than the device has are refused before the driver sees them', async () => {
    const most = lease.device.limits.maxStorageBuffersPerShaderStage;
    const names = Array.from({ length: most + 1 }, (_, index) => `b${index}`);
    const declarations = names.map((name, index) => `@group(0) @binding(${index + 1}) var<storage> ${name}: array<u32>;`);
    const crowded = pass(`${declarations.join('\n')}\n@compute @workgroup_size(1) fn main() {}`, names);
    await expect(compilePass(lease.device, crowded)).rejects.toThrow(
      `must have at most ${most} storage buffers (maxStorageBuffersPerShaderStage), got ${most + 1}`,
    );
  });
});
