// A family's Program on a device: buffers allocated, passes compiled and bound, spans encoded. Knows no training and no clock.

import type { Batch } from '../core/family.ts';
import type { BufferSpec, Measurement, Pass, Program } from '../core/program.ts';
import { type Arena, createArena } from '../gpu/arena.ts';
import type { DeviceLease } from '../gpu/device.ts';
import { encodePass } from '../gpu/dispatch.ts';
import { type CompiledPass, compilePasses } from '../gpu/kernels.ts';
import { createReadback, type Readback } from '../gpu/readback.ts';
import { createSpans, type Span, type Spans } from '../gpu/spans.ts';

/** Bytes of scratch that a batch may take: what its networks in flight need, but no more than this. */
const SCRATCH_BYTES = 128 * 2 ** 20;

/** Passes ready to be encoded, with their bind groups. */
export interface BoundPasses {
  readonly passes: readonly { readonly compiled: CompiledPass; readonly group: GPUBindGroup }[];
}

export interface LoadedProgram {
  readonly program: Program;
  readonly batch: Batch;
  readonly arena: Arena;
  readonly readback: Readback;
  /** Most networks (or starts) of one span: what scratch has room for. */
  readonly spanCapacity: number;
  readonly prepare: BoundPasses;
  readonly begin: BoundPasses;
  /** Throws before `trainReady`. */
  readonly train: BoundPasses;
  /** Resolves when `train` is compiled; rejects with ShaderError where it could not be. */
  readonly trainReady: Promise<void>;
  readonly measurements: readonly { readonly measurement: Measurement; readonly bound: BoundPasses }[];
  /** Encodes `rounds` repetitions of the passes over each span and submits them. */
  submit(bound: BoundPasses, spans: readonly Span[], rounds?: number): void;
  /** A buffer of the program. Throws where there is none of that name. */
  buffer(name: string): GPUBuffer;
  dispose(): void;
}

/** Units that a buffer of a scope has one share for. */
function unitsOf(spec: BufferSpec, batch: Batch, spanCapacity: number): number {
  switch (spec.scope) {
    case 'shared':
      return 1;
    case 'start':
      return batch.starts.length;
    case 'network':
      return batch.networks.length;
    case 'scratch':
      return spanCapacity;
    default:
      return spec.scope satisfies never;
  }
}

/** Most networks that may be in flight at once, so that scratch stays within bounds; at least one cell's seeds. */
export function spanCapacityOf(program: Program, batch: Batch, maxBindingBytes: number): number {
  const most = Math.max(batch.networks.length, batch.starts.length);
  const capacities = program.buffers
    .filter(({ scope, words }) => scope === 'scratch' && words > 0)
    .map(({ words }) => Math.floor(Math.min(SCRATCH_BYTES, maxBindingBytes) / (4 * words)));
  return Math.max(1, batch.seeds, Math.min(most, ...capacities));
}

/** All units in spans of at most `capacity`. */
export function spansOf(units: number, capacity: number): Span[] {
  return Array.from({ length: Math.ceil(units / capacity) }, (_, k) => {
    return { first: k * capacity, count: Math.min(capacity, units - k * capacity) };
  });
}

/** Puts all networks at their start: what depends on starts, then the networks. */
export function submitStart(loaded: LoadedProgram): void {
  const { batch, spanCapacity } = loaded;
  for (const span of spansOf(batch.starts.length, spanCapacity)) loaded.submit(loaded.prepare, [span]);
  for (const span of spansOf(batch.networks.length, spanCapacity)) loaded.submit(loaded.begin, [span]);
}

/** Bytes that a program allocates for a batch. */
export function programBytes(program: Program, batch: Batch, spanCapacity: number): number {
  return program.buffers.reduce((bytes, spec) => bytes + 4 * spec.words * unitsOf(spec, batch, spanCapacity), 0);
}

function allocate(arena: Arena, { name, words, data }: BufferSpec, units: number): GPUBuffer {
  return arena.buffer({
    label: name,
    bytes: 4 * Math.max(1, words) * units,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    ...(data === undefined ? {} : { data: typeof data === 'function' ? data() : data }),
  });
}

/**
 * Allocates and compiles. On failure everything is freed again. `trainingLater` resolves before the training passes are compiled,
 * by far the longest of all, so that networks can be measured at their start meanwhile: then await `trainReady`.
 */
export async function loadProgram(
  lease: DeviceLease,
  batch: Batch,
  program: Program,
  label: string,
  { trainingLater = false } = {},
): Promise<LoadedProgram> {
  const { device } = lease;
  const arena = createArena(device, label);
  try {
    const spanCapacity = spanCapacityOf(program, batch, device.limits.maxStorageBufferBindingSize);
    const buffers = new Map(
      program.buffers.map((spec) => [spec.name, allocate(arena, spec, unitsOf(spec, batch, spanCapacity))]),
    );
    const spans: Spans = createSpans(arena);
    const bind = async (passes: readonly Pass[]): Promise<BoundPasses> => {
      const compiled = await compilePasses(device, passes);
      return { passes: compiled.map((one) => ({ compiled: one, group: one.bind(spans.buffer, buffers) })) };
    };
    const [prepare, begin, ...measured] = await Promise.all([
      bind(program.prepare),
      bind(program.begin),
      ...program.measurements.map(({ passes }) => bind(passes)),
    ]);
    let train: BoundPasses | null = null;
    const trainReady = bind(program.train.passes).then((bound) => {
      train = bound;
    });
    if (trainingLater) trainReady.catch(() => undefined);
    else await trainReady;
    return {
      program,
      batch,
      arena,
      readback: createReadback(arena),
      spanCapacity,
      prepare,
      begin,
      get train() {
        if (train === null) throw new Error(`${label}: expected training passes that are compiled, got none yet`);
        return train;
      },
      trainReady,
      measurements: program.measurements.map((measurement, index) => ({ measurement, bound: measured[index] })),
      submit(bound, list, rounds = 1) {
        const encoder = device.createCommandEncoder({ label });
        const pass = encoder.beginComputePass({ label });
        for (const span of list) {
          const offset = spans.put(span);
          for (let round = 0; round < rounds; round++) {
            for (const { compiled, group } of bound.passes) encodePass(pass, compiled, group, offset, span.count);
          }
        }
        pass.end();
        spans.upload();
        device.queue.submit([encoder.finish()]);
      },
      buffer(name) {
        const buffer = buffers.get(name);
        if (buffer === undefined) throw new Error(`${label}: the program has no buffer "${name}"`);
        return buffer;
      },
      dispose: () => arena.dispose(),
    };
  } catch (cause) {
    arena.dispose();
    throw cause;
  }
}
