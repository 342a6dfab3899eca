// Reads the cases of λ-balanced files: sizes, task, start, times and what is expected of them. Compares nothing.

import { InputError } from '../core/errors.ts';
import {
  integerOf,
  isObject,
  itemsOf,
  matrixOf,
  memberOf,
  numberOf,
  type Place,
  positiveOf,
  stringOf,
  timesOf,
  vectorOf,
} from './case-json.ts';

/** Matrices that a case gives at every time, relative Frobenius errors. */
export const MATRICES = ['W2W1', 'W1tW1', 'W2W2t'] as const;
/** Numbers that a case gives at every time. */
export const NUMBERS = ['ntk_distance', 'ntk_trace_over_P', 'loss'] as const;

export interface LambdaBalancedCase {
  readonly name: string;
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
  readonly balance: number;
  /** Σ, (outputDim, inputDim), row-major. */
  readonly sigma: Float64Array;
  /** W₁(0), (width, inputDim), and W₂(0), (outputDim, width), row-major. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** T = t/τ, ascending from 0 on. */
  readonly times: readonly number[];
  /** Row-major, by time. */
  readonly matrices: Readonly<Record<(typeof MATRICES)[number], readonly Float64Array[]>>;
  readonly numbers: Readonly<Record<(typeof NUMBERS)[number], Float64Array>>;
  /** Relative tolerance that a closed form must meet. */
  readonly tolerance: number;
}

/** What a closed form must meet where a file does not say. */
const USUAL_TOLERANCE = 1e-10;

function toleranceOf(place: Place): number {
  if (!isObject(place.value) || place.value.rtol_suggested === undefined) return USUAL_TOLERANCE;
  return positiveOf(memberOf(place, 'rtol_suggested'));
}

/** Reads a case. Throws InputError that names the place. */
export function readLambdaBalancedCase(place: Place): LambdaBalancedCase {
  const at = (key: string) => memberOf(place, key);
  const [inputDim, width, outputDim] = ['Ni', 'Nh', 'No'].map((key) => integerOf(at(key), 1));
  const tau = positiveOf(at('tau'));
  const times = Array.from(timesOf(at('times')), (time) => time / tau);
  const eachTime = (key: string, rows: number, columns: number) => {
    const items = itemsOf(at(key));
    if (items.length !== times.length) {
      throw new InputError(at(key).where, `expected ${times.length} matrices, one per time, got ${items.length}`);
    }
    return items.map((item) => matrixOf(item, rows, columns));
  };
  return {
    name: stringOf(at('name')),
    inputDim,
    width,
    outputDim,
    balance: numberOf(at('lambda')),
    sigma: matrixOf(at('Sigma_yx'), outputDim, inputDim),
    input: matrixOf(at('W1_0'), width, inputDim),
    output: matrixOf(at('W2_0'), outputDim, width),
    times,
    matrices: {
      W2W1: eachTime('W2W1', outputDim, inputDim),
      W1tW1: eachTime('W1tW1', inputDim, inputDim),
      W2W2t: eachTime('W2W2t', outputDim, outputDim),
    },
    numbers: {
      ntk_distance: vectorOf(at('ntk_distance'), times.length),
      ntk_trace_over_P: vectorOf(at('ntk_trace_over_P'), times.length),
      loss: vectorOf(at('loss'), times.length),
    },
    tolerance: toleranceOf(place),
  };
}
