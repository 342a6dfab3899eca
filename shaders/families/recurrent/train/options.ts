// What every kernel of the family needs to know about a batch, gathered once; and where a workgroup keeps its trials. Pure data.

import type { Batch } from '../../../../src/core/family.ts';
import { choiceOf } from '../../../../src/core/parameter.ts';
import type { Sequence } from '../../../../src/core/task.ts';
import type { Descent } from '../../../../src/core/training.ts';
import { initialRate, layoutOf, type RecurrentLayout, type RecurrentShape, shapeOf } from '../layout.ts';

export interface RecurrentOptions {
  readonly shape: RecurrentShape;
  readonly layout: RecurrentLayout;
  readonly sequence: Sequence;
  readonly training: Descent;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  /** Trials of one gradient. */
  readonly batchTrials: number;
}

export function optionsOf(batch: Batch): RecurrentOptions {
  const { data, training } = batch;
  const { sequence, train } = data;
  if (sequence === undefined || training.method !== 'descent') {
    throw new Error('recurrent: expected sequences and descent; the parser refuses everything else');
  }
  const shape = shapeOf(batch.shape, sequence);
  return {
    shape,
    layout: layoutOf(shape),
    sequence,
    training,
    loss: choiceOf(batch.shape, 'loss'),
    batchTrials: training.batchSize > 0 ? training.batchSize : train.count,
  };
}

/** How a workgroup shares a product: tiles of `rows` units by `vectors` vec4s of trials, one per lane in turn. */
export interface Geometry {
  readonly lanes: number;
  /** 4 or 8. */
  readonly rows: number;
  readonly vectors: number;
  /** True: the recurrent weights stand in workgroup memory during a dispatch. */
  readonly resident: boolean;
  /** True: no tiles; each lane carries `vectors` vec4s of trials of its own through time: see carried.wgsl.ts. */
  readonly carried?: boolean;
  /** Of carried trials: lanes that share loads of weights by subgroup operations; 0 or left out: none do. */
  readonly subgroup?: number;
}

/**
 * What one workgroup keeps of its trials, in vec4s of four trials: everything is (…, quads). Rates have a slot before the first
 * step; arguments of φ are kept where the slope cannot be told from the rate.
 */
export interface Tape {
  readonly quads: number;
  /**
   * First vec4 of: inputs (steps, channels), targets (steps, outputs), rates (steps + 1, units), arguments
   * and adjoints (steps, units).
   */
  readonly inputs: number;
  readonly targets: number;
  readonly rates: number;
  readonly arguments: number;
  readonly adjoints: number;
  /** ∂ℓ/∂o, (steps, outputs). */
  readonly errors: number;
  /** Transposed recurrent weights, (units, units) in vec4s of four columns. */
  readonly turned: number;
  /** vec4s in all. */
  readonly vectors: number;
}

/** True where the slope of φ follows from the rate alone: ReLU on the leaky sum. */
export function slopeFromRate({ activation, placement }: RecurrentShape): boolean {
  return activation === 'relu' && placement === 'inside';
}

/** Quads of `trials` trials, rounded up to whole tiles. */
export function quadsOf(trials: number, vectors: number): number {
  return Math.ceil(Math.ceil(trials / 4) / vectors) * vectors;
}

/** The tape of training (`backward`) or of an evaluation that reads its inputs elsewhere. */
export function tapeOf(shape: RecurrentShape, quads: number, backward: boolean, keepArguments: boolean, turned = false): Tape {
  const { steps, outputs } = shape;
  const { units, channels } = layoutOf(shape);
  let vectors = 0;
  const take = (rows: number) => {
    const first = vectors;
    vectors += rows * quads;
    return first;
  };
  return {
    quads,
    inputs: take(backward ? steps * channels : 0),
    targets: take(backward ? steps * outputs : 0),
    rates: take((steps + 1) * units),
    arguments: take(keepArguments ? steps * units : 0),
    adjoints: take(backward ? steps * units : 0),
    errors: take(backward ? steps * outputs : 0),
    turned: vectors,
    vectors: vectors + (turned ? units ** 2 / 4 : 0),
  };
}

/** True where the product with the rates before the first step is not zero. */
export function startsAwake(shape: RecurrentShape): boolean {
  return initialRate(shape) !== 0;
}
