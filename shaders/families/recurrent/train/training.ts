// The training kernel in the geometries worth timing, with the buffers it needs. The kernel itself is train.wgsl.ts.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { readsTrainingSet } from './batch.wgsl.ts';
import { type Geometry, quadsOf, type RecurrentOptions, slopeFromRate, tapeOf } from './options.ts';
import { trainPass } from './train.wgsl.ts';

export interface TrainingKernel {
  readonly label: string;
  readonly buffers: readonly BufferSpec[];
  readonly pass: Pass;
}

/** Rows of inputs and targets step by step, (samples, steps, channels + outputs); one word where trials are made afresh. */
function trainSet(options: RecurrentOptions, { count, inputs, targets }: Samples): Float32Array {
  if (!readsTrainingSet(options)) return new Float32Array(1);
  const { steps, channels, outputs } = options.shape;
  const row = channels + outputs;
  const set = new Float32Array(count * steps * row);
  for (let n = 0; n < count * steps; n++) {
    set.set(inputs.subarray(n * channels, (n + 1) * channels), n * row);
    set.set(targets.subarray(n * outputs, (n + 1) * outputs), n * row + channels);
  }
  return set;
}

/** Words of a network's moments. */
export function momentWords({ layout, training }: RecurrentOptions): number {
  if (training.adam !== undefined) return 2 * layout.words;
  return training.momentum === 0 ? 4 : layout.words;
}

function kernelOf(options: RecurrentOptions, geometry: Geometry, train: Samples, mostLoss: number): TrainingKernel {
  const { shape, batchTrials } = options;
  const { lanes, rows, vectors, resident, carried = false } = geometry;
  const quads = carried ? lanes * vectors : quadsOf(batchTrials, vectors);
  const tape = tapeOf(shape, quads, true, !slopeFromRate(shape), carried);
  const set = trainSet(options, train);
  return {
    label: carried
      ? `through time, ${lanes} lanes with ${4 * vectors} trials each${(geometry.subgroup ?? 0) > 1 ? ', subgroups' : ''}`
      : `through time, ${lanes} lanes of ${rows} × ${4 * vectors}${resident ? ', resident weights' : ''}`,
    buffers: [
      { name: 'trainSet', scope: 'shared', words: set.length, data: set },
      { name: 'tape', scope: 'scratch', words: 4 * tape.vectors },
    ],
    pass: trainPass(options, geometry, tape, train.count, mostLoss),
  };
}

/** Bytes of workgroup memory. */
function workgroupBytes(units: number, { lanes, resident }: Geometry): number {
  return 8 * lanes + 8 + (resident ? 4 * units ** 2 : 0);
}

/** Lanes up to which trials are carried, one vec4 each. */
const MOST_CARRYING = 64;

/**
 * Geometries to time, best guess first. Adapters with few lanes: trials carried through registers where lanes can share loads,
 * else large tiles. GPUs: a small tile for each of many lanes.
 */
export function geometriesOf(
  { layout, batchTrials }: Pick<RecurrentOptions, 'layout' | 'batchTrials'>,
  limits: Pick<DeviceLimits, 'lanes' | 'subgroupSize' | 'maxComputeInvocationsPerWorkgroup' | 'maxComputeWorkgroupStorageSize'>,
): Geometry[] {
  const of = (lanes: number, rows: number, vectors: number, resident = false): Geometry => ({ lanes, rows, vectors, resident });
  const quads = Math.ceil(batchTrials / 4);
  const { subgroupSize: subgroup } = limits;
  const carrying = Math.ceil(quads / Math.max(1, subgroup)) * subgroup;
  const carried: Geometry[] =
    subgroup > 1 && carrying <= MOST_CARRYING ? [{ ...of(carrying, 8, 1), carried: true, subgroup }] : [];
  const all = limits.lanes <= 8 ? [...carried, of(16, 8, 2)] : [of(64, 8, 1, true), of(64, 8, 1), of(32, 8, 2), of(128, 8, 1)];
  const fitting = all.filter(
    (geometry) =>
      (geometry.vectors === 1 || quads >= geometry.vectors) &&
      geometry.lanes <= limits.maxComputeInvocationsPerWorkgroup &&
      workgroupBytes(layout.units, geometry) <= limits.maxComputeWorkgroupStorageSize,
  );
  return fitting.length > 0 ? fitting : [of(Math.min(16, limits.maxComputeInvocationsPerWorkgroup), 8, 1)];
}

export function trainingKernels(
  options: RecurrentOptions,
  train: Samples,
  limits: DeviceLimits,
  mostLoss: number,
): TrainingKernel[] {
  return geometriesOf(options, limits).map((geometry) => kernelOf(options, geometry, train, mostLoss));
}

/** One geometry, for tests and timings. */
export { kernelOf as trainingKernel };
