// The direction along which a task asks something of a network, and how much. Looks at data only, float64.

import { type TaskData, UNASKED } from './task.ts';

export interface TargetDirection {
  /** Unit vector n̂ of the inputs, (inputDim). */
  readonly direction: Float64Array;
  /**
   * Least-squares slope of the first target along it, φ* = C/M with M = mean (n̂·x)² and C = mean y (n̂·x); 0 where M is 0.
   * Samples whose first target is not asked for are left out.
   */
  readonly slope: number;
}

/** The training set that a direction is read from. */
type Asked = Pick<TaskData, 'inputDim' | 'outputDim' | 'train'>;

/**
 * n̂ along Σ_p y_p x_p of the training set, y the first output. Where that vanishes: along the longest training input. For a
 * single input n̂ = 1, so that signs are those of the weights themselves. Xu and Ziyin 2024 (arXiv:2401.07085), with x = a·n̂.
 */
export function targetDirection(data: Asked): TargetDirection {
  const { inputDim, outputDim, train } = data;
  const direction = inputDim === 1 ? Float64Array.of(1) : unit(mostAsked(data));
  let moment = 0;
  let product = 0;
  for (let p = 0; p < train.count; p++) {
    if (train.targets[p * outputDim] === UNASKED) continue;
    const along = rowOf(data, p).reduce((sum, x, i) => sum + x * direction[i], 0);
    moment += along * along;
    product += along * train.targets[p * outputDim];
  }
  return { direction, slope: moment > 0 ? product / moment : 0 };
}

const rowOf = ({ inputDim, train }: Asked, p: number) => train.inputs.subarray(p * inputDim, (p + 1) * inputDim);

function mostAsked(data: Asked): Float64Array {
  const { inputDim, outputDim, train } = data;
  const asked = new Float64Array(inputDim);
  let size = 0;
  for (let p = 0; p < train.count; p++) {
    if (train.targets[p * outputDim] === UNASKED) continue;
    rowOf(data, p).forEach((x, i) => {
      const product = train.targets[p * outputDim] * x;
      asked[i] += product;
      size += Math.abs(product);
    });
  }
  // What rounding leaves of a sum that vanishes is no direction.
  if (Math.hypot(...asked) > 1e-12 * size) return asked;
  let longest = rowOf(data, 0);
  for (let p = 1; p < train.count; p++) if (Math.hypot(...rowOf(data, p)) > Math.hypot(...longest)) longest = rowOf(data, p);
  return longest;
}

/** The vector over its length; the first axis where it has none. */
function unit(vector: Float64Array): Float64Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((x) => x / length) : Float64Array.from(vector, (_, i) => (i === 0 ? 1 : 0));
}
