// Linear networks of any depth as the tests see them: matrices, flow and measures written out plainly,
// and integrated numerically.

import { balancedStart } from '../../../src/core/balanced-start.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { taskFrames } from '../../../src/theory/lambda-balanced/eigen-system.ts';
import { MEASURE_COUNT, MEASURES } from '../../../src/theory/lambda-balanced/measures.ts';
import { type BalancedSolution, shareTask, solveBalanced } from '../../../src/theory/lambda-balanced/solution.ts';
import { integrate } from './integrate.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export const matrixOf = (values: Float64Array, rows: number): Matrix => ({ rows, columns: values.length / rows, values });

export function times(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const own = a.values[i * a.columns + k];
      for (let j = 0; j < b.columns; j++) values[i * b.columns + j] += own * b.values[k * b.columns + j];
    }
  }
  return { rows: a.rows, columns: b.columns, values };
}

export function flipped(a: Matrix): Matrix {
  const values = new Float64Array(a.values.length);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) values[j * a.rows + i] = a.values[i * a.columns + j];
  return { rows: a.columns, columns: a.rows, values };
}

export const less = (a: Matrix, b: Matrix): Matrix => ({ ...a, values: a.values.map((value, at) => value - b.values[at]) });
export const scaled = (a: Matrix, factor: number): Matrix => ({ ...a, values: a.values.map((value) => value * factor) });
export const norm = (a: Matrix): number => Math.sqrt(a.values.reduce((sum, value) => sum + value * value, 0));
export const traceOf = (a: Matrix): number =>
  a.values.reduce((sum, value, at) => sum + (at % (a.columns + 1) === 0 ? value : 0), 0);

/** ‖a − b‖/‖b‖ in the Frobenius norm. */
export const distance = (a: Matrix, b: Matrix): number => norm(less(a, b)) / norm(b);

/** diag(values), (rows, columns). */
export function diagonal(values: ArrayLike<number>, rows = values.length, columns = values.length): Matrix {
  const matrix = new Float64Array(rows * columns);
  for (let k = 0; k < Math.min(rows, columns, values.length); k++) matrix[k * columns + k] = values[k];
  return { rows, columns, values: matrix };
}

/** O diag(values) O'ᵀ with Haar frames. */
export function taskOf(values: ArrayLike<number>, inputDim: number, outputDim: number, seed: number): Matrix {
  const left = matrixOf(haarFrame(outputDim, outputDim, randomSource(seed, STREAMS.teacher, 0)), outputDim);
  const right = matrixOf(haarFrame(inputDim, inputDim, randomSource(seed, STREAMS.teacher, 1)), inputDim);
  return times(times(left, diagonal(values, outputDim, inputDim)), flipped(right));
}

/** `count` numbers from `from` to `to` in equal steps. */
export const steps = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => (count === 1 ? from : from + ((to - from) * k) / (count - 1)));

export interface Setup {
  readonly sigma: Matrix;
  readonly width: number;
  readonly balance: number;
  readonly singularValues: ArrayLike<number>;
  readonly seed?: number;
  /** The task's own frames instead of Haar's. */
  readonly aligned?: boolean;
}

/** A balanced network with its exact solution. W₁ is `layers[0]`. */
export interface Network {
  readonly sigma: Matrix;
  readonly layers: readonly [Matrix, Matrix];
  readonly solution: BalancedSolution;
}

export function solveWeights(sigma: Matrix, layers: readonly [Matrix, Matrix], balance?: number): Network {
  const shared = shareTask(taskFrames(sigma.values, sigma.columns, sigma.rows));
  const [first, second] = layers;
  const solution = solveBalanced(shared, {
    input: first.values,
    output: second.values,
    width: first.rows,
    ...(balance === undefined ? {} : { balance }),
  });
  return { sigma, layers, solution };
}

export function networkOf({ sigma, width, balance, singularValues, seed = 0, aligned = false }: Setup): Network {
  const [inputDim, outputDim] = [sigma.columns, sigma.rows];
  const { input, output } = balancedStart({
    inputDim,
    width,
    outputDim,
    balance,
    singularValues,
    frames: aligned ? taskFrames(sigma.values, inputDim, outputDim) : 'haar',
    random: randomSource(seed, STREAMS.weights),
  });
  return solveWeights(sigma, [matrixOf(input, width), matrixOf(output, outputDim)], balance);
}

/** The measures at T by name. */
export function measuresAt({ solution }: Network, time: number): Record<keyof typeof MEASURES, number> {
  const into = new Float64Array(MEASURE_COUNT);
  solution.measure(time, into);
  const at = (key: keyof typeof MEASURES) => into[MEASURES[key]];
  return {
    loss: at('loss'),
    kernelDistance: at('kernelDistance'),
    inputDistance: at('inputDistance'),
    outputDistance: at('outputDistance'),
    kernelTrace: at('kernelTrace'),
  };
}

/** First time at which `value(T)` is past `goal` (falling or rising, as it starts), by bisection in ln T from `from` to `to`. */
export function timeOf(value: (time: number) => number, goal: number, from = 1e-5, to = 1e5): number {
  const rising = value(from) < goal;
  let [low, high] = [Math.log(from), Math.log(to)];
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2;
    if (value(Math.exp(middle)) < goal === rising) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** Weights of a linear network of any depth at times T = t/τ under gradient flow on ½‖Σ − W_L…W_1‖², by integration. */
export function simulate(sigma: Matrix, layers: readonly Matrix[], at: readonly number[], tolerance?: number): Matrix[][] {
  const offsets = layers.map((_, l) => layers.slice(0, l).reduce((sum, { values }) => sum + values.length, 0));
  const total = layers.reduce((sum, { values }) => sum + values.length, 0);
  const view = (y: Float64Array) =>
    layers.map(({ rows, columns, values }, l) => ({ rows, columns, values: y.subarray(offsets[l], offsets[l] + values.length) }));
  const start = new Float64Array(total);
  layers.forEach(({ values }, l) => {
    start.set(values, offsets[l]);
  });
  const field = (y: Float64Array, slope: Float64Array) => {
    const weights: Matrix[] = view(y);
    // below[l] = W_{l−1}…W_1, starting with the identity left out.
    const below: Matrix[] = [weights[0]];
    for (let l = 1; l < weights.length; l++) below.push(times(weights[l], below[l - 1]));
    let above = less(sigma, below[weights.length - 1]);
    for (let l = weights.length - 1; l >= 0; l--) {
      slope.set((l === 0 ? above : times(above, flipped(below[l - 1]))).values, offsets[l]);
      above = times(flipped(weights[l]), above);
    }
  };
  return integrate(field, start, at, tolerance).map(view);
}

/** Loss, kernel distance and trace of a two-layer network from weights, the definitions written out. */
export function plainMeasures(sigma: Matrix, start: readonly Matrix[], now: readonly Matrix[]) {
  const parts = ([first, second]: readonly Matrix[]) => [times(flipped(first), first), times(second, flipped(second))] as const;
  const [[a0, c0], [a, c]] = [parts(start), parts(now)];
  const pairing = (b: Matrix, d: Matrix, e: Matrix, f: Matrix) =>
    sigma.rows * traceOf(times(b, e)) + traceOf(b) * traceOf(f) + traceOf(e) * traceOf(d) + sigma.columns * traceOf(times(d, f));
  const unit = (m: Matrix, own: number, o: Matrix, other: number) => less(scaled(m, 1 / own), scaled(o, 1 / other));
  const [size, size0] = [Math.sqrt(pairing(a, c, a, c)), Math.sqrt(pairing(a0, c0, a0, c0))];
  const [da, dc] = [unit(a, size, a0, size0), unit(c, size, c0, size0)];
  return {
    loss: norm(less(sigma, times(now[1], now[0]))) ** 2 / 2,
    kernelDistance: pairing(da, dc, da, dc) / 2,
    inputDistance: norm(unit(a, norm(a), a0, norm(a0))) ** 2 / 2,
    outputDistance: norm(unit(c, norm(c), c0, norm(c0))) ** 2 / 2,
    kernelTrace: sigma.rows * traceOf(a) + sigma.columns * traceOf(c),
  };
}
