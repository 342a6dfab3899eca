// How alike a network represents its probe samples: from its hidden layer, and from what its outputs imply. Pure, float64.

import type { Model } from '../core/family.ts';
import { thinSvd } from '../core/svd.ts';
import type { TaskData } from '../core/task.ts';
import type { MatrixPicture } from './inspect-picture.ts';
import { gramOf } from './reference-elements.ts';

/** Probe samples that a screen can show. */
const MOST_SAMPLES = 256;
/** Singular values of the output matrix below this share of the largest count as zero. */
const NEGLIGIBLE = 1e-10;
/** How far outputs may be from s H Wᵀ, as a share, to count as a linear readout. */
const READOUT_SLACK = 1e-9;

/** Rows `order` of a row-major (…, columns) matrix. */
function rowsOf(matrix: Float64Array, columns: number, order: readonly number[]): Float64Array {
  const rows = new Float64Array(order.length * columns);
  order.forEach((p, r) => {
    rows.set(matrix.subarray(p * columns, (p + 1) * columns), r * columns);
  });
  return rows;
}

/** The factor s with outputs = s H Wᵀ, H (count, width), W (outputs, width); null where no such factor holds. */
export function readoutScale(
  outputs: Float64Array,
  hidden: Float64Array,
  readout: Float64Array,
  width: number,
  outputDim: number,
): number | null {
  const count = outputs.length / outputDim;
  if (readout.length !== width * outputDim || hidden.length !== count * width) return null;
  const product = new Float64Array(outputs.length);
  for (let p = 0; p < count; p++) {
    for (let c = 0; c < outputDim; c++) {
      for (let i = 0; i < width; i++) product[p * outputDim + c] += hidden[p * width + i] * readout[c * width + i];
    }
  }
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, n) => sum + value * b[n], 0);
  const square = dot(product, product);
  if (!(square > 0)) return null;
  const scale = dot(outputs, product) / square;
  const rest = outputs.map((value, n) => value - scale * product[n]);
  return dot(rest, rest) <= READOUT_SLACK ** 2 * dot(outputs, outputs) ? scale : null;
}

/** Yᵀ (W Wᵀ)⁺ Y with Y (count, outputDim) row-major by sample and W (outputDim, width): (count, count). */
export function impliedSimilarity(targets: Float64Array, readout: Float64Array, outputDim: number, width: number): Float64Array {
  const count = targets.length / outputDim;
  const { left, values } = thinSvd(readout, outputDim, width);
  const modes = values.length;
  const kept = Array.from(values, (value) => (value > NEGLIGIBLE * values[0] ? 1 / value : 0));
  const hidden = new Float64Array(count * modes);
  for (let p = 0; p < count; p++) {
    for (let k = 0; k < modes; k++) {
      let sum = 0;
      for (let c = 0; c < outputDim; c++) sum += targets[p * outputDim + c] * left[c * modes + k];
      hidden[p * modes + k] = sum * kept[k];
    }
  }
  return gramOf(hidden, count);
}

/**
 * RSM_I, the Gram matrix of the last hidden layer over probe samples (XᵀW₁ᵀW₁X for one linear layer), and RSM_O = Yᵀ(W₂W₂ᵀ)⁺Y,
 * the one that the targets imply through the readout, where that is linear without bias. Dominé et al. 2025, section 5. None for
 * networks without hidden units.
 */
export function similarities(model: Model, data: TaskData, weights: Float64Array, order: readonly number[]): MatrixPicture[] {
  const { probe, names, inputDim } = data;
  const taken = order.slice(0, MOST_SAMPLES);
  const hidden = model.representation(weights, rowsOf(probe.inputs, inputDim, taken));
  const width = hidden.length / taken.length;
  if (width === 0) return [];
  const own = names === undefined ? undefined : taken.map((sample) => names[sample] ?? '');
  const words = {
    rows: taken.length,
    columns: taken.length,
    row: names === undefined ? 'probe sample' : 'item',
    column: names === undefined ? 'probe sample' : 'item',
    ...(own === undefined ? {} : { rowNames: own, columnNames: own }),
  };
  const inputs: MatrixPicture = {
    id: 'RSM_I',
    label: 'similarity of hidden representations',
    symbol: 'RSM_I',
    ...words,
    values: gramOf(hidden, taken.length),
  };
  const { outputDim } = model;
  const { offset, length } = model.layers[model.layers.length - 1];
  const readout = weights.slice(offset, offset + length);
  const outputs = model.outputs(weights, rowsOf(probe.inputs, inputDim, taken));
  const scale = data.sequence === undefined ? readoutScale(outputs, hidden, readout, width, outputDim) : null;
  if (scale === null) return [inputs];
  const targets = rowsOf(probe.targets, outputDim, taken);
  const scaled = readout.map((weight) => scale * weight);
  return [
    inputs,
    {
      id: 'RSM_O',
      label: 'similarity that the targets imply through the output weights',
      symbol: 'RSM_O',
      ...words,
      values: impliedSimilarity(targets, scaled, outputDim, width),
    },
  ];
}
