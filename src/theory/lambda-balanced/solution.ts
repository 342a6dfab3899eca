// The exact course of one λ-balanced network: weights in, matrices and measures at any time out. Knows no sweep: see theory.ts.

import { singularValues } from '../../core/svd.ts';
import { eigenSystem, type TaskFrames, toEigen } from './eigen-system.ts';
import { type FramedWeights, frameWeights, type MeasuredBalance, measureBalance } from './framed-weights.ts';
import { createWorkspace, eigenStart, factorAt, type Workspace } from './graded.ts';
import { createMeter, type Factor, type KernelOrigin, type Meter } from './measures.ts';

/** |λ − measured λ| over ‖QᵀQ‖ up to which the two count as the same. */
const SAME_BALANCE = 1e-10;

/** What solutions of one task share; buffers are reused, so that a solution is cheap. */
export interface SharedTask {
  readonly frames: TaskFrames;
  readonly meter: Meter;
  /** Buffers for a number of hidden directions. */
  workspace(columns: number): Workspace;
}

/** `meter` defaults to that of a whitened probe, XXᵀ = P·I. */
export function shareTask(frames: TaskFrames, meter?: Meter): SharedTask {
  const { inputDim, outputDim, values } = frames;
  const made = new Map<number, Workspace>();
  return {
    frames,
    meter: meter ?? createMeter(values, inputDim, outputDim, null),
    workspace(columns) {
      const work = made.get(columns) ?? createWorkspace(inputDim, outputDim, columns);
      made.set(columns, work);
      return work;
    },
  };
}

/** W₂W₁ (outputDim, inputDim), W₁ᵀW₁ (inputDim, inputDim), W₂W₂ᵀ (outputDim, outputDim), row-major. */
export interface Matrices {
  readonly product: Float64Array;
  readonly inputGram: Float64Array;
  readonly outputGram: Float64Array;
}

export interface BalancedSolution {
  readonly balance: number;
  readonly measured: MeasuredBalance;
  /** The start in the task's frames. */
  readonly start: FramedWeights;
  /**
   * Q̃ at T = t/τ ≥ 0 in the task's frames, and its rank. The arrays are overwritten by the next call of
   * any solution of the task.
   */
  factor(time: number): { readonly factor: Factor; readonly rank: number };
  /** Writes the numbers of `MEASURES` at T = t/τ ≥ 0. Allocates nothing. */
  measure(time: number, into: Float64Array): void;
  /** In the frames of the data. */
  matrices(time: number): Matrices;
  /**
   * W₁ and W₂ up to a rotation of hidden space, of which only the directions in use are kept: where a later task may go on from.
   */
  weights(time: number): BalancedNetwork;
  /** Singular values of W₁ and W₂, min(width, inputDim) and min(width, outputDim) of them, descending. */
  spectrum(time: number): readonly [Float64Array, Float64Array];
}

export interface BalancedNetwork {
  /** W₁, (width, inputDim), and W₂, (outputDim, width), row-major. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly width: number;
  /** λ where it is known; taken for the measured one, which has rounding, where the two agree to SAME_BALANCE of the weights. */
  readonly balance?: number;
}

/** frame · side, the first `rank` columns of a side: (rows, rank). */
function unframed(frame: Float64Array, side: Float64Array, columns: number, rank: number): Float64Array {
  const rows = side.length / columns;
  const product = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < rows; k++) {
      const own = frame[i * rows + k];
      for (let j = 0; j < rank; j++) product[i * rank + j] += own * side[k * columns + j];
    }
  }
  return product;
}

/** left · matrix · rightᵀ for square frames, (rows, columns) row-major. */
function turned(left: Float64Array, matrix: Float64Array, right: Float64Array, rows: number, columns: number): Float64Array {
  const half = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < rows; k++) {
      for (let j = 0; j < columns; j++) half[i * columns + j] += left[i * rows + k] * matrix[k * columns + j];
    }
  }
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += half[i * columns + k] * right[j * columns + k];
      product[i * columns + j] = sum;
    }
  }
  return product;
}

/** a bᵀ over the first `rank` columns. */
function outer(a: Float64Array, b: Float64Array, columns: number, rank: number): Float64Array {
  const [rows, others] = [a.length / columns, b.length / columns];
  return Float64Array.from({ length: rows * others }, (_, at) => {
    const [first, second] = [Math.floor(at / others) * columns, (at % others) * columns];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += a[first + k] * b[second + k];
    return sum;
  });
}

/** The first `rank` columns of a factor's side, with the values of a (rows, rank) matrix, padded with zeros to `count`. */
function valuesOf(side: Float64Array, columns: number, rank: number, count: number): Float64Array {
  const rows = side.length / columns;
  const padded = new Float64Array(count);
  if (rank === 0) return padded;
  const dense = Float64Array.from({ length: rows * rank }, (_, at) => side[Math.floor(at / rank) * columns + (at % rank)]);
  padded.set(singularValues(dense, rows, rank).subarray(0, count));
  return padded;
}

/** Solves a network whose start is balanced on the row space of Q; see `measured.residual` for how far it is from that. */
export function solveBalanced(shared: SharedTask, network: BalancedNetwork): BalancedSolution {
  const { frames, meter } = shared;
  const { inputDim, outputDim } = frames;
  const start: FramedWeights & Factor = frameWeights(frames, network.input, network.output, network.width);
  const { columns } = start;
  const measured = measureBalance(start);
  const { balance = measured.balance } = network;
  const isSame = Math.abs(balance - measured.balance) <= SAME_BALANCE * measured.size;
  const system = eigenSystem(frames, isSame ? balance : measured.balance);
  const q = new Float64Array((inputDim + outputDim) * columns);
  toEigen(system, start.input, start.output, q, columns);
  const eigen = eigenStart(q, columns);
  const work = shared.workspace(columns);
  let origin: KernelOrigin | null = null;

  const rankAt = (time: number) => (columns === 0 ? 0 : factorAt(system, eigen, time, work));
  const sidesAt = (time: number) => (time > 0 ? { factor: work, rank: rankAt(time) } : { factor: start, rank: columns });

  return {
    balance: system.balance,
    measured,
    start,
    factor: sidesAt,
    measure(time, into) {
      origin ??= meter.origin(start, columns);
      if (time > 0) meter.measure(work, rankAt(time), origin, into);
      else meter.measure(start, columns, origin, into);
    },
    matrices(time) {
      const { factor, rank } = sidesAt(time);
      const { left, right } = frames;
      const [a, b] = [factor.input, factor.output];
      return {
        product: turned(left, outer(b, a, columns, rank), right, outputDim, inputDim),
        inputGram: turned(right, outer(a, a, columns, rank), right, inputDim, inputDim),
        outputGram: turned(left, outer(b, b, columns, rank), left, outputDim, outputDim),
      };
    },
    weights(time) {
      const { factor, rank } = sidesAt(time);
      const input = unframed(frames.right, factor.input, columns, rank);
      return {
        width: rank,
        input: Float64Array.from(input, (_, at) => input[(at % inputDim) * rank + Math.floor(at / inputDim)]),
        output: unframed(frames.left, factor.output, columns, rank),
        balance: system.balance,
      };
    },
    spectrum(time) {
      const { factor, rank } = sidesAt(time);
      return [
        valuesOf(factor.input, columns, rank, Math.min(network.width, inputDim)),
        valuesOf(factor.output, columns, rank, Math.min(network.width, outputDim)),
      ];
    },
  };
}
