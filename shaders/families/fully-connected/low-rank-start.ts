// Initial input weights of low rank and chosen direction, for one hidden layer, in float64. Cuts and turns Gaussian weights that
// starts.ts has drawn; draws no weights itself.

import { InputError } from '../../../src/core/errors.ts';
import type { Start } from '../../../src/core/family.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import type { RandomSource } from '../../../src/core/random.ts';
import { type ThinSvd, thinSvd } from '../../../src/core/svd.ts';
import type { TaskData } from '../../../src/core/task.ts';
import type { FullyConnectedShape } from './layout.ts';

/** Decompositions that are kept: cells differ in rank, scale and direction, and share the draw. */
const MOST_KEPT = 64;
const kept = new Map<string, ThinSvd>();

/** The decomposition of the first `width · inputDim` standard normals of a start, (width, inputDim). */
function decomposed(
  { width, inputDim }: FullyConnectedShape,
  { seed, draw }: Pick<Start, 'seed' | 'draw'>,
  normals: () => Float64Array,
): ThinSvd {
  const key = [width, inputDim, seed, draw].join(' ');
  let parts = kept.get(key);
  if (parts === undefined) {
    parts = thinSvd(normals(), width, inputDim);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, parts);
  }
  return parts;
}

/** A direction of inputs and the outputs that ask for it. */
interface Asked {
  /** Unit vector, (inputDim). */
  readonly input: Float64Array;
  /** Unit vector, (outputDim). */
  readonly output: Float64Array;
}

/** The leading singular vectors of a map (outputDim, inputDim). */
function leadingMode(map: Float64Array, outputDim: number, inputDim: number): Asked {
  const { left, right, values } = thinSvd(map, outputDim, inputDim);
  const column = (frame: Float64Array, rows: number) => Float64Array.from({ length: rows }, (_, i) => frame[i * values.length]);
  return { input: column(right, inputDim), output: column(left, outputDim) };
}

/** cos·n + sin·(what `other` has orthogonal to n, as a unit vector); n itself where that is nothing. */
function tilted(direction: Float64Array, other: Float64Array, cosine: number): Float64Array {
  const along = direction.reduce((sum, value, i) => sum + value * other[i], 0);
  const rest = other.map((value, i) => value - along * direction[i]);
  const length = Math.hypot(...rest);
  if (!(length > 1e-12)) return direction;
  const sine = Math.sqrt(1 - cosine * cosine);
  return direction.map((value, i) => cosine * value + (sine / length) * rest[i]);
}

/** The frame's columns reflected so that the first one becomes the unit vector `goal`: (rows, columns) row-major. */
function turned(frame: Float64Array, rows: number, goal: Float64Array): Float64Array {
  const columns = frame.length / rows;
  const mirror = goal.map((value, i) => frame[i * columns] - value);
  const square = mirror.reduce((sum, value) => sum + value * value, 0);
  if (square === 0) return frame;
  const reflected = frame.slice();
  for (let k = 0; k < columns; k++) {
    let along = 0;
    for (let i = 0; i < rows; i++) along += mirror[i] * frame[i * columns + k];
    for (let i = 0; i < rows; i++) reflected[i * columns + k] -= ((2 * along) / square) * mirror[i];
  }
  return reflected;
}

/** The mode that the start's first direction is turned towards, or null for a random one. */
function askedMode(choice: string, data: TaskData, correlation: () => Float64Array): Asked | null {
  const { inputDim, outputDim, leadingTeacher } = data;
  if (choice === 'random') return null;
  // A task that asks for nothing has no direction.
  const modeOf = (map: Float64Array) => (map.some((value) => value !== 0) ? leadingMode(map, outputDim, inputDim) : null);
  if (choice === 'task') return modeOf(correlation());
  if (leadingTeacher === undefined) {
    const where = 'fully-connected: initDirection';
    throw new InputError(where, 'expected a task with leading features, got one without', 'Task features has them.');
  }
  return modeOf(leadingTeacher);
}

export interface LowRankRequest {
  readonly shape: FullyConnectedShape;
  readonly start: Pick<Start, 'seed' | 'draw' | 'values'>;
  readonly data: TaskData;
  /** Standard deviation of the Gaussian input weights whose Frobenius norm is kept. */
  readonly std: number;
  /** The (width, inputDim) standard normals of that draw. */
  readonly normals: () => Float64Array;
  /** Σ = YXᵀ/P, (outputDim, inputDim). */
  readonly correlation: () => Float64Array;
  /** Draws of the outputs' frame of balanced output weights. */
  readonly random: () => RandomSource;
}

export interface LowRankStart {
  /** W₁, (width, inputDim). */
  readonly input: Float64Array;
  /** W₂, (outputDim, width), where it is balanced with W₁; null where it stays Gaussian. */
  readonly output: Float64Array | null;
}

/** Input weights of rank `initRank` with the Frobenius norm of the Gaussian draw, and what follows for the output weights. */
export function lowRankStart({ shape, start, data, std, normals, correlation, random }: LowRankRequest): LowRankStart {
  const { width, inputDim, outputDim } = shape;
  const { values } = start;
  const parts = decomposed(shape, start, normals);
  const most = parts.values.length;
  const rank = Math.min(numberOf(values, 'initRank') || most, most);
  const asked = askedMode(choiceOf(values, 'initDirection'), data, correlation);
  let right = parts.right;
  if (asked !== null) {
    const first = Float64Array.from({ length: inputDim }, (_, i) => parts.right[i * most]);
    right = turned(right, inputDim, tilted(asked.input, first, numberOf(values, 'initAlignment')));
  }
  // Singular values of the cut: those of the draw or equal ones, with the draw's Frobenius norm.
  const flat = choiceOf(values, 'productSpectrum') === 'flat';
  const square = (from: Float64Array) => from.reduce((sum, value) => sum + value * value, 0);
  const shaped = parts.values.map((value, k) => (k < rank ? (flat ? 1 : value) : 0));
  const factor = std * Math.sqrt(square(parts.values) / square(shaped));
  const singular = shaped.map((value) => factor * value);
  const input = cutToRank({ ...parts, values: singular, right }, rank, 'none');
  if (choiceOf(values, 'initOutput') === 'gaussian') return { input, output: null };
  // W₂ = O diag(s) Uᵀ on as many modes as there are outputs: balanced, W₂ᵀW₂ = W₁W₁ᵀ, where the rank is no larger than that.
  const modes = Math.min(rank, outputDim);
  const frame = haarFrame(outputDim, modes, random());
  const outputs = asked === null ? frame : turned(frame, outputDim, asked.output);
  const output = new Float64Array(outputDim * width);
  for (let k = 0; k < modes; k++) {
    for (let c = 0; c < outputDim; c++) {
      const value = outputs[c * modes + k] * singular[k];
      for (let j = 0; j < width; j++) output[c * width + j] += value * parts.left[j * most + k];
    }
  }
  return { input, output };
}
