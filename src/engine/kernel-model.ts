// A network linearised in its weights, as a Model: its tangent kernel never changes. Trained by the reference trainer like
// any other model, it takes the same steps by the same rules as a network whose kernel stood still. Jacot et al. 2018;
// Geiger et al. 2020, section 2.
//
// Its weights are coordinates c in an orthonormal basis of what the training gradients span, so that f = f₀ + Φ c with
// Φ Φᵀ = Θ on the training set: the pivoted Cholesky factor of Θ. Distances in c are those of the weights themselves
// (times √rate of each layer).

import { InputError } from '../core/errors.ts';
import type { Model } from '../core/family.ts';
import type { Samples } from '../core/task.ts';

/** Most entries of the training gradients: 512 MiB. */
const MAXIMUM_ENTRIES = 2 ** 26;
/** A squared pivot below this share of the first is rounding: the gradients span no more. */
const SMALLEST_PIVOT = 1e-13;

export interface KernelModelOptions {
  /** The family's model of the network's shape. */
  readonly model: Model;
  /** Flat weights whose tangent kernel is kept. */
  readonly kernelAt: Float64Array;
  /** Flat weights at which training begins: they give f₀. */
  readonly start: Float64Array;
  /** Factor on the rate of each layer of `model`, ≥ 0. */
  readonly rates: readonly number[];
  readonly train: Samples;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The linear model. Throws InputError where the training gradients are too large to hold. */
export function createKernelModel({ model, kernelAt, start, rates, train }: KernelModelOptions): Model {
  const { outputDim, parameterCount } = model;
  const size = train.count * outputDim;
  if (size * parameterCount > MAXIMUM_ENTRIES) {
    throw new InputError(
      'frozen kernel',
      `expected training samples × outputs × weights of at most ${MAXIMUM_ENTRIES}, got ${size * parameterCount}`,
      'Take fewer samples or a smaller width.',
    );
  }
  const inputDim = train.inputs.length / train.count;

  /** √rate · ∂f_c/∂W at the kernel's weights for one sample; one vector per output. */
  function gradients(input: Float64Array): Float64Array[] {
    return Array.from({ length: outputDim }, (_, c) => {
      const unit = new Float64Array(outputDim);
      unit[c] = 1;
      const gradient = model.pullback(kernelAt, input, unit);
      model.layers.forEach(({ offset, length }, layer) => {
        const factor = Math.sqrt(rates[layer]);
        for (let n = offset; n < offset + length; n++) gradient[n] *= factor;
      });
      return gradient;
    });
  }

  const rowOf = (inputs: Float64Array, p: number) => inputs.subarray(p * inputDim, (p + 1) * inputDim);
  const all = Array.from({ length: train.count }, (_, p) => gradients(rowOf(train.inputs, p))).flat();
  /** Entries chosen as pivots, and for every entry n the coordinates of its gradient so far: L (n, rank). */
  const pivots: number[] = [];
  const factor = all.map(() => [] as number[]);
  const rest = all.map((gradient) => dot(gradient, gradient));
  const first = Math.max(...rest);
  while (pivots.length < size) {
    const pivot = rest.indexOf(Math.max(...rest));
    if (!(rest[pivot] > SMALLEST_PIVOT * first)) break;
    const scale = Math.sqrt(rest[pivot]);
    const chosen = factor[pivot].slice();
    all.forEach((gradient, n) => {
      let sum = dot(gradient, all[pivot]);
      for (let k = 0; k < chosen.length; k++) sum -= factor[n][k] * chosen[k];
      factor[n].push(n === pivot ? scale : sum / scale);
      rest[n] = n === pivot ? 0 : Math.max(0, rest[n] - (sum / scale) ** 2);
    });
    // Pivots are exhausted: their later coordinates are 0, not the rounding that the loop would leave.
    for (const done of pivots) factor[done][pivots.length] = 0;
    pivots.push(pivot);
  }
  const rank = pivots.length;

  /** Coordinates of ∂f/∂W of any samples: (count · outputDim, rank), by substitution in the pivots' triangle. */
  function coordinates(inputs: Float64Array): Float64Array {
    const count = inputs.length / inputDim;
    const rows = new Float64Array(count * outputDim * rank);
    for (let p = 0; p < count; p++) {
      gradients(rowOf(inputs, p)).forEach((gradient, c) => {
        const row = rows.subarray((p * outputDim + c) * rank, (p * outputDim + c + 1) * rank);
        for (let k = 0; k < rank; k++) {
          const own = factor[pivots[k]];
          let sum = dot(gradient, all[pivots[k]]);
          for (let j = 0; j < k; j++) sum -= own[j] * row[j];
          row[k] = sum / own[k];
        }
      });
    }
    return rows;
  }

  const known = new WeakMap<Float64Array, { readonly rows: Float64Array; readonly start: Float64Array }>();
  function featuresOf(inputs: Float64Array) {
    let found = known.get(inputs);
    if (found === undefined) {
      const rows = inputs === train.inputs ? Float64Array.from(factor.flat()) : coordinates(inputs);
      found = { rows, start: model.outputs(start, inputs) };
      known.set(inputs, found);
    }
    return found;
  }

  const refused = (what: string) => () => {
    throw new Error(`kernel model: a linear model has no ${what}`);
  };

  return {
    layers: [{ name: 'output', offset: 0, length: rank }],
    parameterCount: rank,
    outputDim,
    gain: model.gain,
    draw: () => new Float64Array(rank),
    outputs(weights, inputs) {
      const { rows, start: offset } = featuresOf(inputs);
      return offset.map((f, n) => f + dot(rows.subarray(n * rank, (n + 1) * rank), weights));
    },
    pullback(_, inputs, cotangent) {
      const { rows } = featuresOf(inputs);
      const gradient = new Float64Array(rank);
      for (let n = 0; n < cotangent.length; n++) {
        for (let k = 0; k < rank; k++) gradient[k] += cotangent[n] * rows[n * rank + k];
      }
      return gradient;
    },
    tangentKernel(_, inputs) {
      const { rows } = featuresOf(inputs);
      const entries = rows.length / rank;
      return Float64Array.from({ length: entries * entries }, (__, i) => {
        const [n, m] = [Math.floor(i / entries), i % entries];
        return dot(rows.subarray(n * rank, (n + 1) * rank), rows.subarray(m * rank, (m + 1) * rank));
      });
    },
    representation: refused('representation'),
    preactivations: refused('pre-activations'),
  };
}
