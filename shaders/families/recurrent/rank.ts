// Cuts a square matrix to a rank by its singular values, keeping a norm. Pure float64.

import { type Svd, svd } from '../../../src/core/svd.ts';

/** What a cut keeps: the Frobenius norm; or what is left of the matrix, and with it the largest singular value. */
export type RankNorm = 'fro' | 'spec' | 'none';

/** A square matrix as its singular value decomposition. */
export type Decomposed = Svd;

export function decomposed(matrix: Float64Array, size: number): Decomposed {
  return svd(matrix, size, size);
}

/** Σ_{k < rank} s_k u_k v_kᵀ, times ‖W‖_F/‖W_r‖_F for `fro`: (size, size) row-major. Liu et al. 2024, code. */
export function cutToRank({ rows: size, left, values, right }: Decomposed, rank: number, norm: RankNorm): Float64Array {
  const kept = Math.min(rank, size);
  const square = (count: number) => values.subarray(0, count).reduce((sum, s) => sum + s * s, 0);
  const factor = norm === 'fro' && square(kept) > 0 ? Math.sqrt(square(size) / square(kept)) : 1;
  const cut = new Float64Array(size * size);
  for (let k = 0; k < kept; k++) {
    for (let i = 0; i < size; i++) {
      const scaled = factor * values[k] * left[i * size + k];
      for (let j = 0; j < size; j++) cut[i * size + j] += scaled * right[j * size + k];
    }
  }
  return cut;
}
