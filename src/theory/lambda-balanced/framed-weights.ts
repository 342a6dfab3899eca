// Weights of a two-layer linear network in the frames of its task, and the test whether they are λ-balanced. Solves nothing.

import { basisOf } from '../../core/orthonormal.ts';
import type { TaskFrames } from './eigen-system.ts';

/** Q = [W₁ᵀ; W₂] in the task's frames; hidden space may be rotated, which changes neither function nor kernels. */
export interface FramedWeights {
  /** Hidden directions kept: at most inputDim + outputDim. */
  readonly columns: number;
  /** (inputDim, columns), row-major: ṼᵀW₁ᵀ. */
  readonly input: Float64Array;
  /** (outputDim, columns), row-major: ŨᵀW₂. */
  readonly output: Float64Array;
}

/** `inputWeights` is W₁, (width, inputDim); `outputWeights` is W₂, (outputDim, width); both row-major. */
export function frameWeights(
  { inputDim, outputDim, left, right }: TaskFrames,
  inputWeights: Float64Array,
  outputWeights: Float64Array,
  width: number,
): FramedWeights {
  const input = new Float64Array(inputDim * width);
  for (let j = 0; j < width; j++) {
    for (let i = 0; i < inputDim; i++) {
      const weight = inputWeights[j * inputDim + i];
      for (let k = 0; k < inputDim; k++) input[k * width + j] += weight * right[i * inputDim + k];
    }
  }
  const output = new Float64Array(outputDim * width);
  for (let i = 0; i < outputDim; i++) {
    for (let k = 0; k < outputDim; k++) {
      const share = left[i * outputDim + k];
      for (let j = 0; j < width; j++) output[k * width + j] += share * outputWeights[i * width + j];
    }
  }
  const size = inputDim + outputDim;
  if (width <= size) return { columns: width, input, output };
  // Only the row space of Q matters: rotate it into as many hidden directions as it has.
  const rows = [
    ...Array.from({ length: inputDim }, (_, k) => input.subarray(k * width, (k + 1) * width)),
    ...Array.from({ length: outputDim }, (_, k) => output.subarray(k * width, (k + 1) * width)),
  ];
  const longest = rows.reduce((most, row) => row.reduce((own, value) => Math.max(own, Math.abs(value)), most), 0);
  const basis = basisOf(rows, 4 * size * Number.EPSILON * longest);
  const turned = Float64Array.from({ length: size * basis.length }, (_, at) => {
    const row = rows[Math.floor(at / basis.length)];
    const unit = basis[at % basis.length];
    let sum = 0;
    for (let j = 0; j < width; j++) sum += row[j] * unit[j];
    return sum;
  });
  const split = inputDim * basis.length;
  return { columns: basis.length, input: turned.slice(0, split), output: turned.slice(split) };
}

/** The balance that fits best, and how far from it the weights are. */
export interface MeasuredBalance {
  /** λ = ⟨Q𝓑, Q⟩/‖Q‖², 𝓑 = W₂ᵀW₂ − W₁W₁ᵀ; 0 where all weights are 0. */
  readonly balance: number;
  /** ‖Q𝓑 − λQ‖/(‖Q‖·‖QᵀQ‖) ≥ 0: 0 where 𝓑 acts as λ on the row space of Q, which is what the exact solution needs. */
  readonly residual: number;
  /** ‖QᵀQ‖ in the Frobenius norm: the size that λ is to be compared with. */
  readonly size: number;
}

export function measureBalance({ columns, input, output }: FramedWeights): MeasuredBalance {
  const gram = (side: Float64Array, a: number, b: number) => {
    let sum = 0;
    for (let at = 0; at < side.length; at += columns) sum += side[at + a] * side[at + b];
    return sum;
  };
  const difference = new Float64Array(columns * columns);
  let square = 0;
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b < columns; b++) {
      const [first, second] = [gram(input, a, b), gram(output, a, b)];
      difference[a * columns + b] = second - first;
      square += (first + second) ** 2;
    }
  }
  let along = 0;
  let total = 0;
  const images = [input, output].map((side) => {
    const image = new Float64Array(side.length);
    for (let at = 0; at < side.length; at += columns) {
      for (let b = 0; b < columns; b++) {
        let sum = 0;
        for (let a = 0; a < columns; a++) sum += side[at + a] * difference[a * columns + b];
        image[at + b] = sum;
        along += sum * side[at + b];
        total += side[at + b] ** 2;
      }
    }
    return image;
  });
  if (total === 0) return { balance: 0, residual: 0, size: 0 };
  const balance = along / total;
  let off = 0;
  [input, output].forEach((side, s) => {
    for (let at = 0; at < side.length; at++) off += (images[s][at] - balance * side[at]) ** 2;
  });
  return { balance, residual: Math.sqrt(off / (total * square)), size: Math.sqrt(square) };
}
