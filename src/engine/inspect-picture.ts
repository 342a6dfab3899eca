// What there is to see inside one network, as numbers: weights, tangent kernel, similarity of representations, spectra. Float64
// and pure: from weights to matrices. Trains nothing (verify-run.ts) and draws nothing.

import { type ConnectivityPicture, connectivityPicture } from '../analysis/connectivity-picture.ts';
import { participationRatio, stableRank } from '../core/effective-rank.ts';
import type { LayerSlice, Model } from '../core/family.ts';
import { kernelProbe } from '../core/sequences.ts';
import { singularValues } from '../core/svd.ts';
import type { TaskData } from '../core/task.ts';
import { similarities } from './inspect-similarity.ts';
import { probeSamplesOf } from './sums.ts';

/** A matrix with its words. */
export interface MatrixPicture {
  /** Names it among those of one network: `kernel`, `layer 0`, … */
  readonly id: string;
  /** Lower-case words. */
  readonly label: string;
  /** Plain Unicode. */
  readonly symbol: string;
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns), row-major, float64. */
  readonly values: Float64Array;
  /** What one row and one column stand for: "hidden unit". */
  readonly row: string;
  readonly column: string;
  /** Names of rows and columns, where they have any. */
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
}

/** One layer of weights. Effective ranks are NaN and the values empty where the matrix is too large to decompose. */
export interface LayerPicture {
  readonly weights: MatrixPicture;
  /** Descending. */
  readonly singularValues: Float64Array;
  /** Frobenius norm. */
  readonly norm: number;
  readonly stableRank: number;
  readonly participationRatio: number;
}

/** A tangent kernel over probe entries (sample, output), those of one label side by side. */
export interface KernelPicture {
  readonly now: MatrixPicture;
  /** Θ_t − Θ_0; null where the start is not known. */
  readonly change: MatrixPicture | null;
  /** Σ of the whole kernel's diagonal over probe samples, as the observable `kernelTrace` has it. */
  readonly trace: number;
  /** Probe samples that the matrices show, of how many. */
  readonly shown: number;
  readonly samples: number;
}

export interface NetworkPicture {
  /** Training time of the weights. */
  readonly time: number;
  /** False: the weights have stopped being numbers, and only they are shown. */
  readonly finite: boolean;
  readonly layers: readonly LayerPicture[];
  readonly kernel: KernelPicture | null;
  /** Of hidden representations between probe samples. */
  readonly similarity: readonly MatrixPicture[];
  /** Of recurrent weights; null where there are none, or too many for their eigenvalues. */
  readonly connectivity: ConnectivityPicture | null;
}

/** Weight matrices with more entries than this are not decomposed for the screen. */
const MOST_ENTRIES = 65_536;
/** Rows of a kernel that a screen can show. */
const MOST_KERNEL_ROWS = 512;
/** Recurrent units whose eigenvalues are worth waiting for: about a second. */
const MOST_UNITS = 400;

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const subscript = (n: number) => [...String(n)].map((digit) => SUBSCRIPTS[Number(digit)]).join('');

const allFinite = (weights: Float64Array) => weights.every(Number.isFinite);

function layerPicture(weights: Float64Array, layer: LayerSlice, index: number): LayerPicture {
  const { rows = 1, row = 'row', column = 'weight' } = layer.matrix ?? {};
  const columns = layer.length / rows;
  const values = weights.slice(layer.offset, layer.offset + layer.length);
  const known = values.length <= MOST_ENTRIES && allFinite(values);
  const spectrum = known ? singularValues(values, rows, columns) : new Float64Array();
  const effective = (rank: (spectrum: Float64Array) => number) => (spectrum[0] > 0 ? rank(spectrum) : Number.NaN);
  const matrix = {
    id: `layer ${index}`,
    label: `weights, ${layer.name}`,
    symbol: `W${subscript(index + 1)}`,
    rows,
    columns,
    values,
    row,
    column,
  };
  return {
    weights: matrix,
    singularValues: spectrum,
    norm: Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)),
    stableRank: effective(stableRank),
    participationRatio: effective(participationRatio),
  };
}

/** Probe samples in the order in which they are drawn: by label where there is one, else as they come. */
export function probeOrder({ probe, outputDim, names, sequence }: TaskData): readonly number[] {
  const order = Array.from({ length: probe.count }, (_, p) => p);
  if (outputDim !== 1 || names !== undefined || sequence !== undefined) return order;
  return order.sort((p, q) => probe.targets[q] - probe.targets[p] || p - q);
}

/** Rows and columns of a square matrix in another order. */
function reordered(matrix: Float64Array, size: number, order: readonly number[]): Float64Array {
  const taken = new Float64Array(order.length ** 2);
  order.forEach((p, r) => {
    order.forEach((q, c) => {
      taken[r * order.length + c] = matrix[p * size + q];
    });
  });
  return taken;
}

function kernelPicture(model: Model, data: TaskData, weights: Float64Array, start: Float64Array | null): KernelPicture {
  const probe = kernelProbe(data);
  const kernel = model.tangentKernel(weights, probe.inputs);
  const size = Math.round(Math.sqrt(kernel.length));
  const entries = size / probe.count;
  const samples = probeOrder(data).filter((sample) => sample < probe.count);
  const shown = Math.min(samples.length, Math.max(1, Math.floor(MOST_KERNEL_ROWS / entries)));
  const order = samples.slice(0, shown).flatMap((sample) => Array.from({ length: entries }, (_, e) => sample * entries + e));
  let trace = 0;
  for (let n = 0; n < size; n++) trace += kernel[n * size + n];
  const name = (n: number) => `${data.names?.[Math.floor(n / entries)]}${entries === 1 ? '' : `, output ${(n % entries) + 1}`}`;
  const names = data.names === undefined ? {} : { rowNames: order.map(name), columnNames: order.map(name) };
  const what =
    entries === 1 ? 'probe sample' : data.sequence === undefined ? 'probe sample and output' : 'trial, step and output';
  const words = { rows: order.length, columns: order.length, row: what, column: what, ...names };
  const values = reordered(kernel, size, order);
  const before = start === null ? null : reordered(model.tangentKernel(start, probe.inputs), size, order);
  return {
    now: { id: 'kernel', label: 'tangent kernel', symbol: 'Θ', ...words, values },
    change:
      before === null
        ? null
        : {
            id: 'kernel change',
            label: 'its change since the start',
            symbol: 'Θ − Θ₀',
            ...words,
            values: values.map((value, n) => value - before[n]),
          },
    trace: trace / probeSamplesOf(data),
    shown,
    samples: probe.count,
  };
}

/**
 * The picture of a network with `weights` (flat, in the order of `Model.layers`) at `time`. `start`: w₀ of its
 * stage, where it is known.
 */
export function networkPicture(
  model: Model,
  data: TaskData,
  weights: Float64Array,
  time: number,
  start: Float64Array | null,
): NetworkPicture {
  if (weights.length !== model.parameterCount) {
    throw new Error(`inspection: expected ${model.parameterCount} weights, got ${weights.length}`);
  }
  const layers = model.layers.map((layer, index) => layerPicture(weights, layer, index));
  const finite = allFinite(weights);
  if (!finite) return { time, finite, layers, kernel: null, similarity: [], connectivity: null };
  const recurrent = layers[model.layers.findIndex(({ name }) => name === 'recurrent')]?.weights;
  return {
    time,
    finite,
    layers,
    kernel: kernelPicture(model, data, weights, start),
    similarity: similarities(model, data, weights, probeOrder(data)),
    connectivity:
      recurrent === undefined || recurrent.rows > MOST_UNITS ? null : connectivityPicture(recurrent.values, recurrent.rows),
  };
}
