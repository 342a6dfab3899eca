// Initial weights of fully connected networks in float64: Gaussian, correlated between layers, of low rank, λ-balanced, aligned
// with the task. Draws only; what the parameters mean stands in parameters.ts, the order of the flat vector in reference.ts.

import { balancedObstacle, balancedStart, type Frames } from '../../../src/core/balanced-start.ts';
import type { Start } from '../../../src/core/family.ts';
import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import { type RandomSource, randomSource, STREAMS } from '../../../src/core/random.ts';
import { NO_SCALING, scalingOf } from '../../../src/core/scalings.ts';
import { singularValues, svd } from '../../../src/core/svd.ts';
import { type TaskData, UNASKED } from '../../../src/core/task.ts';
import { deepBalancedStart } from './deep-balanced.ts';
import type { FullyConnectedShape } from './layout.ts';
import { lowRankStart } from './low-rank-start.ts';

/** Substreams of `STREAMS.weights` per draw: one per layer, with room to spare. */
const SUBSTREAMS_PER_DRAW = 16;
/** Substream of the structured starts' spectrum; their frames take the first. */
const SPECTRUM_SUBSTREAM = 8;
/** Substream of the outputs' frame of a balanced output layer on top of a low-rank one. */
const OUTPUT_FRAME_SUBSTREAM = 9;

/** Where a weight matrix stands in the flat vector. */
export interface StartLayer {
  readonly offset: number;
  readonly rows: number;
  /** Fan-in, the bias not counted. */
  readonly fanIn: number;
  /** Columns: fan-in and the bias. */
  readonly columns: number;
}

type Drawn = Pick<Start, 'seed' | 'draw' | 'values'>;

/** Correlation of targets and inputs, Σ = Y Xᵀ/P of the training set: (outputDim, inputDim). */
export function inputOutputCorrelation({ inputDim, outputDim, train }: TaskData): Float64Array {
  const sums = new Float64Array(outputDim * inputDim);
  for (let p = 0; p < train.count; p++) {
    for (let c = 0; c < outputDim; c++) {
      if (train.targets[p * outputDim + c] === UNASKED) continue;
      const target = train.targets[p * outputDim + c] / train.count;
      for (let i = 0; i < inputDim; i++) sums[c * inputDim + i] += target * train.inputs[p * inputDim + i];
    }
  }
  return sums;
}

/** Singular frames of data that have been asked for: many starts share them. */
const knownFrames = new WeakMap<TaskData, Frames>();

/** Singular frames of the task's input-output correlation. */
export function taskFrames(data: TaskData): Frames {
  let frames = knownFrames.get(data);
  if (frames === undefined) {
    frames = svd(inputOutputCorrelation(data), data.outputDim, data.inputDim);
    knownFrames.set(data, frames);
  }
  return frames;
}

/** Initial weights of a start, flat in the order of `layers` (input to output); biases start at 0. */
export function drawWeights(
  shape: FullyConnectedShape,
  layers: readonly StartLayer[],
  start: Drawn,
  data: TaskData,
): Float64Array {
  const kind = choiceOf(start.values, 'initialisation');
  if (kind === 'gaussian') return gaussianWeights(shape, layers, start, data);
  if (kind === 'low-rank') return lowRankWeights(shape, layers, start, data);
  return structuredWeights(shape, layers, start, data);
}

function sourceOf({ seed, draw }: Drawn, substream: number): RandomSource {
  return randomSource(seed, STREAMS.weights, draw * SUBSTREAMS_PER_DRAW + substream);
}

function gaussianWeights(shape: FullyConnectedShape, layers: readonly StartLayer[], start: Drawn, data: TaskData): Float64Array {
  const { values } = start;
  const last = layers[shape.depth];
  const weights = new Float64Array(last.offset + last.rows * last.columns);
  const correlation = numberOf(values, 'weightCorrelation');
  layers.forEach(({ offset, rows, fanIn, columns }, index) => {
    const source = sourceOf(start, index);
    const std = standardDeviation(shape, values, index, fanIn);
    const common = index === shape.depth && correlation !== 0 ? projections(shape, start, data) : null;
    const rest = Math.sqrt(1 - correlation * correlation);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < fanIn; i++) {
        const normal = source.normal();
        weights[offset + j * columns + i] =
          std * (common === null ? normal : correlation * common[j * fanIn + i] + rest * normal);
      }
    }
  });
  return weights;
}

/** Standard deviation of the initial weights of layer `index`. */
function standardDeviation(shape: FullyConnectedShape, values: Values, index: number, fanIn: number): number {
  const scaling = scalingOf(values);
  const isOutput = index === shape.depth;
  let std = numberOf(values, 'initScale');
  if (isOutput) std *= numberOf(values, 'initScaleOutput');
  std *= isOutput ? scaling.outputWeights : scaling.hiddenWeights;
  // A named scaling states standard deviations itself.
  if (shape.parametrisation === 'standard' && choiceOf(values, 'scaling') === NO_SCALING) std /= Math.sqrt(fanIn);
  return std;
}

/**
 * Standard normals that the output weights share with the input weights: for output c and hidden unit i,
 * w_i·n̂_c over the standard deviation of w_i, (outputDim, width). n̂_c is the unit vector along Σ_p y_pc x_p; with one input
 * it is 1 whatever the task.
 */
function projections({ width, inputDim, outputDim }: FullyConnectedShape, start: Drawn, data: TaskData): Float64Array {
  const directions = inputDim === 1 ? new Float64Array(outputDim).fill(1) : inputOutputCorrelation(data);
  const normals = sourceOf(start, 0).normals(width * inputDim);
  const shared = new Float64Array(outputDim * width);
  for (let c = 0; c < outputDim; c++) {
    const direction = directions.subarray(c * inputDim, (c + 1) * inputDim);
    const length = Math.hypot(...direction);
    for (let i = 0; i < width; i++) {
      // Without a direction of the task any one will do: the first input's.
      let sum = length === 0 ? normals[i * inputDim] : 0;
      for (let k = 0; length > 0 && k < inputDim; k++) sum += (direction[k] / length) * normals[i * inputDim + k];
      shared[c * width + i] = sum;
    }
  }
  return shared;
}

/**
 * Gaussian weights whose input layer is cut to a rank and turned: full rank with its own spectrum is the Gaussian start itself.
 */
function lowRankWeights(shape: FullyConnectedShape, layers: readonly StartLayer[], start: Drawn, data: TaskData): Float64Array {
  const { width, inputDim } = shape;
  const weights = gaussianWeights(shape, layers, start, data);
  const [first, second] = layers;
  const { input, output } = lowRankStart({
    shape,
    start,
    data,
    std: standardDeviation(shape, start.values, 0, first.fanIn),
    normals: () => sourceOf(start, 0).normals(width * inputDim),
    correlation: () => inputOutputCorrelation(data),
    random: () => sourceOf(start, OUTPUT_FRAME_SUBSTREAM),
  });
  // Rows are followed by biases where there are any.
  const place = (layer: StartLayer, matrix: Float64Array) => {
    matrix.forEach((value, at) => {
      weights[layer.offset + Math.floor(at / layer.fanIn) * layer.columns + (at % layer.fanIn)] = value;
    });
  };
  place(first, input);
  if (output !== null) place(second, output);
  return weights;
}

/** Singular values of the initial product, as `productSpectrum` says; the draw depends on seed and sizes only. */
function productSpectrum(shape: FullyConnectedShape, start: Drawn): Float64Array {
  const { inputDim, width, outputDim } = shape;
  const { values } = start;
  const most = Math.min(inputDim, width, outputDim);
  const rank = numberOf(values, 'initRank');
  const count = rank === 0 ? most : Math.min(rank, most);
  const scale = numberOf(values, 'productScale');
  if (choiceOf(values, 'productSpectrum') === 'flat') return new Float64Array(count).fill(scale);
  const balance = numberOf(values, 'balance');
  const embedded = balancedObstacle({ inputDim, width, outputDim, balance }) !== null;
  const units = !embedded ? width : balance > 0 ? outputDim : inputDim;
  const source = sourceOf(start, SPECTRUM_SUBSTREAM);
  const left = source.normals(outputDim * units);
  const right = source.normals(units * inputDim);
  const product = new Float64Array(outputDim * inputDim);
  for (let c = 0; c < outputDim; c++) {
    for (let j = 0; j < units; j++) {
      for (let i = 0; i < inputDim; i++) product[c * inputDim + i] += left[c * units + j] * right[j * inputDim + i];
    }
  }
  return singularValues(product, outputDim, inputDim)
    .subarray(0, count)
    .map((value) => scale * value);
}

function structuredWeights(
  shape: FullyConnectedShape,
  layers: readonly StartLayer[],
  start: Drawn,
  data: TaskData,
): Float64Array {
  const { inputDim, width, outputDim, depth } = shape;
  const { values } = start;
  const sizes = { inputDim, width, outputDim, balance: numberOf(values, 'balance') };
  const spectrum = productSpectrum(shape, start);
  const random = sourceOf(start, 0);
  const aligned = choiceOf(values, 'initialisation') === 'aligned';
  let matrices: readonly Float64Array[];
  if (depth === 1) {
    const frames = aligned ? taskFrames(data) : 'haar';
    const { input, output } = balancedStart({ ...sizes, singularValues: spectrum, frames, random });
    matrices = [input, output];
  } else {
    if (!aligned) throw new Error('initialisation: balanced starts of more than one hidden layer are aligned ones');
    matrices = deepBalancedStart({ ...sizes, layers: depth + 1, singularValues: spectrum, frames: taskFrames(data), random });
  }
  const last = layers[depth];
  const weights = new Float64Array(last.offset + last.rows * last.columns);
  matrices.forEach((matrix, index) => {
    weights.set(matrix, layers[index].offset);
  });
  return weights;
}
