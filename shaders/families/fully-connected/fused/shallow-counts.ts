// Geometry of the shallow fused kernel, how its work divides, and what it takes of workgroup memory.
// Pure arithmetic: see shallow.wgsl.ts.

import { isMiniBatch } from '../../../lib/training/head.ts';
import { u32 } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';

export interface ShallowGeometry {
  /** Invocations of the workgroup. */
  readonly lanes: number;
  /** Samples that a thread carries at once in the forward phase. */
  readonly samplesPerLane: number;
  /** Hidden units that a thread carries at once in the backward phase; 1 with subgroups. */
  readonly unitsPerLane: number;
  /**
   * True: the workgroup is one subgroup, and in the backward phase too a thread keeps to its own samples, whose inputs it has in
   * registers; a fixed tree of shuffles adds the threads' shares. Needs `samplesPerLane × lanes ≥ batch` and no mini-batches.
   */
  readonly subgroups: boolean;
}

/** How the backward phase gets at activations: see the head of this file. */
export type Backward = 'linear' | 'gates' | 'recompute';

export function backwardOf({ shape }: TrainingOptions): Backward {
  const plain = shape.outputDim === 1 && shape.biasScale === 0;
  if (plain && shape.activation === 'linear') return 'linear';
  return plain && shape.activation === 'relu' ? 'gates' : 'recompute';
}

export interface ShallowCounts {
  readonly vectors: number;
  readonly sampleBlocks: number;
  readonly unitBlocks: number;
  readonly paddedSamples: number;
  readonly words: number;
}

export function countsOf({ shape, layout, batchSamples }: TrainingOptions, geometry: ShallowGeometry): ShallowCounts {
  const samplesAtOnce = geometry.lanes * geometry.samplesPerLane;
  const sampleBlocks = Math.ceil(batchSamples / samplesAtOnce);
  const units = shape.width + (shape.biasScale > 0 ? 1 : 0);
  return {
    vectors: layout.inputStride / 4,
    sampleBlocks,
    unitBlocks: Math.ceil(units / (geometry.lanes * geometry.unitsPerLane)),
    paddedSamples: sampleBlocks * samplesAtOnce,
    words: Math.ceil(shape.width / 32),
  };
}

/** Expressions of the weights that backward products read: what workgroup memory holds, and W₀ with it in the difference form. */
export function wholeWeights({ difference }: TrainingOptions) {
  return {
    /** vec4 `v` of the hidden matrix. */
    hidden: (v: string) => (difference ? `(hidden[${v}] + start_weights[origin_base + ${v}])` : `hidden[${v}]`),
    /** Weight of unit `unit` to output `k`. */
    readout: (k: number, unit: string) => {
      const place = `${u32(k)} * HIDDEN + ${unit}`;
      return difference ? `(readout[${place}] + start_readout(origin_base, ${place}))` : `readout[${place}]`;
    },
  };
}

/** Bytes of workgroup memory that a geometry takes. */
export function shallowBytes(options: TrainingOptions, geometry: ShallowGeometry): number {
  const { layout, shape } = options;
  const { paddedSamples, words } = countsOf(options, geometry);
  const gates = backwardOf(options) === 'gates' ? paddedSamples * words : 0;
  const miniBatch = isMiniBatch(options.training);
  const perSample = miniBatch ? 1 + shape.outputDim : 3 * shape.outputDim;
  const weights = layout.hiddenStride * (layout.inputStride + shape.outputDim);
  return 4 * (weights + paddedSamples * perSample + gates) + 16 * 2 * geometry.lanes + 16;
}
