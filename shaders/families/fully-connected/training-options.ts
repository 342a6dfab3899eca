// What every training kernel of the family needs to know about a batch, gathered once. Pure data.

import type { Batch } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import type { Training } from '../../../src/core/training.ts';
import { type Layout, paddedSamples } from '../../lib/layout.ts';
import { needsDifferences } from './difference-form.ts';
import { shapeOf } from './family.ts';
import { type FullyConnectedShape, layoutOf } from './layout.ts';

export interface TrainingOptions {
  readonly shape: FullyConnectedShape;
  readonly layout: Layout;
  readonly training: Training;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  readonly lossBeta: number;
  /** Training samples P. */
  readonly samples: number;
  /** Samples of one gradient: P, or the mini-batch. */
  readonly batchSamples: number;
  /** Words from output to output in `outputs` and `startTrainOutputs`. */
  readonly outputStride: number;
  /** True: `weights` are differences from the start and outputs f − f₀, see difference-form.ts. */
  readonly difference: boolean;
}

export function trainingOptionsOf(batch: Batch): TrainingOptions {
  const { data, training } = batch;
  const shape = shapeOf(batch.shape, data.inputDim, data.outputDim);
  const samples = data.train.count;
  return {
    shape,
    layout: layoutOf(shape),
    training,
    loss: choiceOf(batch.shape, 'loss'),
    lossBeta: numberOf(batch.shape, 'lossBeta'),
    samples,
    batchSamples: training.method === 'descent' && training.batchSize > 0 ? training.batchSize : samples,
    outputStride: paddedSamples(samples),
    difference: needsDifferences(batch, shape),
  };
}
