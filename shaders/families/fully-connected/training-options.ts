// What every training kernel of the family needs to know about a batch, gathered once. Pure data.

import type { Batch } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { paddedSamples } from '../../lib/layout.ts';
import type { TiledOptions, TiledSizes } from '../../lib/training/tiled/sizes.ts';
import { needsDifferences } from './difference-form.ts';
import { shapeOf } from './family.ts';
import { type FullyConnectedShape, layoutOf, timeGain } from './layout.ts';

export interface TrainingOptions extends TiledOptions {
  readonly shape: FullyConnectedShape;
}

/** Sizes of the tiled path of the family. */
export type FullyConnectedSizes = TiledSizes<TrainingOptions>;

export function trainingOptionsOf(batch: Batch): TrainingOptions {
  const { data, training } = batch;
  const shape = shapeOf(batch.shape, data.inputDim, data.outputDim);
  const samples = data.train.count;
  return {
    shape,
    gain: timeGain(shape),
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
