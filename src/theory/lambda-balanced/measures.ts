// Loss and tangent-kernel measures of a two-layer linear network from its factor in the task's frames. No time, no balance.
//
//   Θ = I ⊗ XᵀAX + C ⊗ XᵀX,  A = W₁ᵀW₁, C = W₂W₂ᵀ;  with X = R-images of the probe, RRᵀ = XXᵀ/P, B = RᵀAR, H = RᵀR:
//   ⟨Θ, Θ'⟩/P² = N_o⟨B, B'⟩ + ⟨B, H⟩ tr C' + ⟨B', H⟩ tr C + ⟨C, C'⟩‖H‖²
//
// A distance 1 − cos is computed as half the squared chord between unit kernels: no cancellation however lazy the network.

/** Where `Meter.measure` puts each number. */
export const MEASURES = { loss: 0, kernelDistance: 1, inputDistance: 2, outputDistance: 3, kernelTrace: 4 } as const;
export const MEASURE_COUNT = 5;

/** Second moment of the probe in the task's input frame; null stands for whitened probes, XXᵀ = P·I. */
export interface ProbeFactor {
  /** R, (inputDim, columns) row-major. */
  readonly factor: Float64Array;
  readonly columns: number;
}

/** The factor Q̃: rows of both sides are `columns` apart, the first `rank` of them count. */
export interface Factor {
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly columns: number;
}

/** Unit kernels at the start of training. */
export interface KernelOrigin {
  /** B₀ and C₀, upper triangles, over ‖Θ₀‖. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** ‖Θ₀‖/‖B₀‖ and ‖Θ₀‖/‖C₀‖: the same over their own norms; Infinity where they vanish. */
  readonly inputShare: number;
  readonly outputShare: number;
}

export interface Meter {
  /** Takes note of a start. */
  origin(factor: Factor, rank: number): KernelOrigin;
  /** Writes MEASURE_COUNT numbers: ½‖S̃ − W₂W₁‖², three distances from `origin`, tr Θ/P. */
  measure(factor: Factor, rank: number, origin: KernelOrigin, into: Float64Array): void;
}

/** Upper triangle, row by row, of the Gram matrix of `count` rows. */
function fillGram(side: Float64Array, columns: number, rank: number, count: number, gram: Float64Array): void {
  for (let a = 0, at = 0; a < count; a++) {
    const first = a * columns;
    for (let b = a; b < count; b++, at++) {
      const second = b * columns;
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += side[first + k] * side[second + k];
      gram[at] = sum;
    }
  }
}

function traceOf(gram: Float64Array, count: number): number {
  let sum = 0;
  for (let a = 0, at = 0; a < count; at += count - a, a++) sum += gram[at];
  return sum;
}

/** ⟨M, M'⟩ of symmetric matrices from upper triangles. */
function pairing(first: Float64Array, second: Float64Array, count: number): number {
  let diagonal = 0;
  let others = 0;
  for (let a = 0, at = 0; a < count; a++) {
    diagonal += first[at] * second[at];
    at++;
    for (let b = a + 1; b < count; b++, at++) others += first[at] * second[at];
  }
  return diagonal + 2 * others;
}

/** `values` are the singular values s̃ of the task. */
export function createMeter(values: Float64Array, inputDim: number, outputDim: number, probe: ProbeFactor | null): Meter {
  const size = probe?.columns ?? inputDim;
  const triangle = (count: number) => new Float64Array((count * (count + 1)) / 2);
  const [B, C, deltaB, deltaC] = [triangle(size), triangle(outputDim), triangle(size), triangle(outputDim)];
  const metric = probe === null ? null : triangle(size);
  let metricSquare = inputDim;
  let metricTrace = inputDim;
  if (probe !== null && metric !== null) {
    const images = transposed(probe.factor, inputDim, probe.columns);
    fillGram(images, inputDim, inputDim, size, metric);
    metricSquare = pairing(metric, metric, size);
    metricTrace = traceOf(metric, size);
  }
  let images = new Float64Array(0);

  /** B and C of a factor. */
  function fill({ input, output, columns }: Factor, rank: number): void {
    if (probe === null) fillGram(input, columns, rank, inputDim, B);
    else {
      if (images.length < size * columns) images = new Float64Array(size * columns);
      images.fill(0);
      for (let i = 0; i < inputDim; i++) {
        for (let p = 0; p < size; p++) {
          const share = probe.factor[i * size + p];
          for (let k = 0; k < rank; k++) images[p * columns + k] += share * input[i * columns + k];
        }
      }
      fillGram(images, columns, rank, size, B);
    }
    fillGram(output, columns, rank, outputDim, C);
  }

  /** ⟨B, H⟩. */
  const overlap = (gram: Float64Array) => (metric === null ? traceOf(gram, size) : pairing(gram, metric, size));
  /** ⟨Θ, Θ⟩/P² of a kernel with parts (b, c). */
  const square = (bb: number, cc: number, b: Float64Array, c: Float64Array) =>
    outputDim * bb + 2 * overlap(b) * traceOf(c, outputDim) + metricSquare * cc;

  return {
    origin(factor, rank) {
      fill(factor, rank);
      const bb = pairing(B, B, size);
      const cc = pairing(C, C, outputDim);
      const norm = Math.sqrt(square(bb, cc, B, C));
      return {
        input: B.map((value) => value / norm),
        output: C.map((value) => value / norm),
        inputShare: norm / Math.sqrt(bb),
        outputShare: norm / Math.sqrt(cc),
      };
    },

    measure(factor, rank, origin, into) {
      const { input, output, columns } = factor;
      let loss = 0;
      for (let o = 0; o < outputDim; o++) {
        const row = o * columns;
        for (let i = 0; i < inputDim; i++) {
          const other = i * columns;
          let rest = o === i ? values[o] : 0;
          for (let k = 0; k < rank; k++) rest -= output[row + k] * input[other + k];
          loss += rest * rest;
        }
      }
      fill(factor, rank);
      const bb = pairing(B, B, size);
      const cc = pairing(C, C, outputDim);
      const reciprocal = 1 / Math.sqrt(square(bb, cc, B, C));
      for (let at = 0; at < B.length; at++) deltaB[at] = B[at] * reciprocal - origin.input[at];
      for (let at = 0; at < C.length; at++) deltaC[at] = C[at] * reciprocal - origin.output[at];
      into[MEASURES.loss] = loss / 2;
      into[MEASURES.kernelDistance] =
        square(pairing(deltaB, deltaB, size), pairing(deltaC, deltaC, outputDim), deltaB, deltaC) / 2;
      into[MEASURES.inputDistance] = chord(B, 1 / Math.sqrt(bb), origin.input, origin.inputShare, size);
      into[MEASURES.outputDistance] = chord(C, 1 / Math.sqrt(cc), origin.output, origin.outputShare, outputDim);
      into[MEASURES.kernelTrace] = outputDim * traceOf(B, size) + metricTrace * traceOf(C, outputDim);
    },
  };
}

/** Half the squared chord between two symmetric matrices after scaling each to unit norm. */
function chord(first: Float64Array, scale: number, second: Float64Array, other: number, count: number): number {
  let diagonal = 0;
  let others = 0;
  for (let a = 0, at = 0; a < count; a++) {
    for (let b = a; b < count; b++, at++) {
      const difference = first[at] * scale - second[at] * other;
      if (a === b) diagonal += difference * difference;
      else others += difference * difference;
    }
  }
  return diagonal / 2 + others;
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(matrix, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}
