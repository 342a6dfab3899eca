// The interface behind which float64 reference and GPU train: one batch, all its networks together.

import type { Batch } from '../core/family.ts';
import type { Outcome } from '../core/outcome.ts';

/** What runs, for the badge and the provenance. */
export interface EngineInfo {
  readonly engine: 'gpu' | 'reference';
  /** "WebGPU, float32" (with the program's form, where it has one) or "reference, float64, slow". */
  readonly label: string;
  /** Adapter's own description; empty for the reference. */
  readonly adapter: string;
  /** Kernel in use, for example "fused depth 1, 32 lanes, 4 × 4". */
  readonly kernel: string;
  /** Of the reference in a page: where it computes. Left out elsewhere. */
  readonly thread?: 'worker' | 'page';
}

/** Numbers of all networks of a batch at the present time. */
export interface Measured {
  /** By observable id; per network in batch order, or per cell in batch order. */
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly outcomes: readonly Outcome[];
}

/** One network opened up. */
export interface Inspection {
  readonly time: number;
  readonly attempts: number;
  readonly accepted: number;
  readonly loss: number;
  readonly outcome: Outcome;
  /** Flat weights in the order of `Model.layers`. */
  readonly weights: Float64Array;
}

/** Predictor F of one network: (count, outputDim) each. */
export interface PredictorOutputs {
  readonly train: Float64Array;
  readonly test: Float64Array;
}

export interface AdvanceReport {
  /** Networks that are still running and short of the horizon. Zero: the horizon is reached. */
  readonly unfinished: number;
  /** Training time that they have left to the horizon, summed. */
  readonly ahead: number;
  /** Steps or attempts taken by all networks in this call. */
  readonly steps: number;
  /**
   * Steps that all networks have left to the end of training (`training.maxTime` of this stage), each as long as their next one,
   * summed. Those of a flow change, those of descent do not. Infinity before all have begun.
   */
  readonly stepsAhead: number;
}

export interface Trainer {
  readonly batch: Batch;
  readonly info: EngineInfo;
  /**
   * Trains for about one submit budget towards `horizon` (training time). Call again until `unfinished` is 0.
   * Returns early when aborted.
   */
  advance(horizon: number, signal?: AbortSignal): Promise<AdvanceReport>;
  measure(): Promise<Measured>;
  /** Opens network `index` (batch order). */
  inspect(index: number): Promise<Inspection>;
  /**
   * Flat weights of all networks, in the order of the batch and of `Model.layers`, to go on from. All NaN for a network that has
   * diverged: where it was when its loss did may still be finite, but nothing is to begin there.
   */
  weights(): Promise<Float64Array[]>;
  /** Predictor F of network `index` on training and test samples, each (count, outputDim). */
  outputs(index: number): Promise<PredictorOutputs>;
  /** Puts network `index` at other weights (flat, in the order of `Model.layers`), its start unchanged. */
  replaceWeights(index: number, weights: Float64Array): Promise<void>;
  /** Frees everything. Safe to call twice. */
  dispose(): void;
}
