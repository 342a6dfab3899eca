// Training data along one direction as one-dimensional data: x = a n̂. Knows no network.

import { InputError } from '../../core/errors.ts';
import { targetDirection } from '../../core/target-direction.ts';
import type { Samples, TaskData } from '../../core/task.ts';
import { type Moments, momentsOf } from './moments.ts';

export interface LineData {
  /** n̂, (inputDim). */
  readonly direction: Float64Array;
  readonly moments: Moments;
  /** Mean of a² over the probe samples: tangent kernels have the trace kernel · probeSquare. */
  readonly probeSquare: number;
}

/** How far from the line, as a share of its length, a sample may be: the rounding of data that were made on it. */
const SLACK = 1e-9;

/** a of every sample; null where one of them is off the line. */
function alongOf({ count, inputs }: Samples, direction: Float64Array): Float64Array | null {
  const inputDim = direction.length;
  const along = new Float64Array(count);
  for (let p = 0; p < count; p++) {
    let square = 0;
    for (let i = 0; i < inputDim; i++) {
      along[p] += inputs[p * inputDim + i] * direction[i];
      square += inputs[p * inputDim + i] ** 2;
    }
    if (inputDim > 1 && square - along[p] ** 2 > SLACK * square) return null;
  }
  return along;
}

/** The line on which the inputs stand. Throws InputError where they stand on none. */
export function lineOf(data: TaskData): LineData {
  const where = 'one-dimensional data';
  if (data.outputDim !== 1) throw new InputError(where, `expected one output, got ${data.outputDim}`);
  const { direction } = targetDirection(data);
  const [train, probe] = [alongOf(data.train, direction), alongOf(data.probe, direction)];
  if (train === null || probe === null) throw new InputError(where, 'expected inputs along one direction, got several');
  return {
    direction,
    moments: momentsOf(train, data.train.targets),
    probeSquare: probe.reduce((sum, a) => sum + a * a, 0) / probe.length,
  };
}
