// A case of a file as a batch of one network, trained by a flow as exact as the comparison wants it. Reads and compares nothing.

import { fullyConnectedParameters } from '../../shaders/families/fully-connected/parameters.ts';
import { activationIds, activationOf } from '../../shaders/lib/activations.ts';
import type { Batch } from '../core/family.ts';
import { choiceOf, type Values } from '../core/parameter.ts';
import type { TaskData } from '../core/task.ts';
import { trainingParameters } from '../core/training.ts';
import { nameOf, type Place } from './case-json.ts';

/** Two-layer linear networks without factors; what else a case leaves open is as usual. */
export const LINEAR_VALUES: Values = {
  ...Object.fromEntries([...fullyConnectedParameters, ...trainingParameters].map(({ id, default: usual }) => [id, usual])),
  depth: 1,
  activation: 'linear',
  normalisation: 'none',
  parametrisation: 'standard',
  predictor: 'plain',
  loss: 'squared',
};

/** No bound on max|ΔF|: the error bound rules. Finite, so that it has a float32. */
const OUTPUT_TOLERANCE = 1e30;

/** The activation that a case names, by our name or by that of other case files. */
export const activationNamed = (place: Place): string => nameOf(place, activationIds, { swish: 'silu' });

/**
 * Share of hidden values that keep their sign. Gates are signs of what enters an activation; what leaves a
 * positive one has one sign.
 */
export const keptSigns = (values: Values, gateFlips: number): number =>
  activationOf(choiceOf(values, 'activation')).value(0, 1) > 0 ? 1 : 1 - gateFlips;

export interface FlowCase {
  readonly values: Values;
  readonly data: TaskData;
  /** Flat initial weights. */
  readonly weights: Float64Array;
  /** Training times > 0, ascending. */
  readonly checkpoints: readonly number[];
  /** Local error per step, relative to the distance moved. */
  readonly tolerance: number;
  readonly maxSteps: number;
}

export function flowBatch({ values, data, weights, checkpoints, tolerance, maxSteps }: FlowCase): Batch {
  return {
    shape: values,
    data,
    training: {
      method: 'flow',
      integrator: 'dormand-prince',
      tolerance,
      outputTolerance: OUTPUT_TOLERANCE,
      maxTime: checkpoints[checkpoints.length - 1] ?? 1,
      maxSteps,
      stop: {},
      checkpoints,
    },
    starts: [{ seed: 0, draw: 0, values, weights }],
    networks: [{ cell: 0, member: 0, start: 0, values }],
    seeds: 1,
  };
}
