// Leading principal components of a large set of rows that are made one at a time, by a block Krylov method (Musco
// and Musco 2015). Holds no covariance matrix: for images of 3,072 numbers that alone would take minutes. Knows no
// images: see image-features.ts.

import { randomSource, STREAMS } from '../core/random.ts';
import { svd } from '../core/svd.ts';
import type { Components } from './image-features.ts';

export interface RowSource {
  readonly count: number;
  readonly inputDim: number;
  /** Writes row `index` into `row`, length inputDim. */
  fill(index: number, row: Float64Array): void;
}

/** Vectors that every pass over the rows multiplies at once: degenerate components up to so many are told apart. */
const BLOCK = 8;
/** A component is found once ‖Cv − λv‖ is below this share of λ. */
const TOLERANCE = 1e-6;
/** Components below this share of the largest variance are rounding. */
const SMALLEST = 1e-13;
/** Numbers read between two turns of the event loop. */
const NUMBERS_PER_TURN = 2 ** 22;

function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** y += factor · x. */
function add(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
}

/** Takes the parts along `basis` out of `vector`, twice for rounding, and scales it to 1; false where nothing of it is left. */
function orthonormalise(vector: Float64Array, basis: readonly Float64Array[]): boolean {
  const before = Math.sqrt(dot(vector, vector));
  for (let pass = 0; pass < 2; pass++) for (const other of basis) add(vector, -dot(vector, other), other);
  const after = Math.sqrt(dot(vector, vector));
  if (!(after > 1e-10 * before)) return false;
  for (let i = 0; i < vector.length; i++) vector[i] /= after;
  return true;
}

/**
 * The `wanted` leading components of the rows about their mean, whitened, with their standard deviations; fewer where the rows
 * span fewer dimensions. The largest entry of each direction is positive. Time goes as count × inputDim × (wanted + some tens);
 * the event loop gets its turns, and `signal` is heard in between.
 */
export async function principalComponents(rows: RowSource, wanted: number, signal?: AbortSignal): Promise<Components> {
  const { count, inputDim } = rows;
  const row = new Float64Array(inputDim);
  const mean = new Float64Array(inputDim);
  const perTurn = Math.max(1, Math.floor(NUMBERS_PER_TURN / inputDim));

  async function forEachRow(visit: (index: number) => void): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (i % perTurn === 0) {
        await breathe();
        signal?.throwIfAborted();
      }
      rows.fill(i, row);
      for (let j = 0; j < inputDim; j++) row[j] -= mean[j];
      visit(i);
    }
  }

  /** C v of each vector, C the covariance. */
  async function covarianceTimes(vectors: readonly Float64Array[]): Promise<Float64Array[]> {
    const products = vectors.map(() => new Float64Array(inputDim));
    await forEachRow(() => {
      for (const [k, vector] of vectors.entries()) add(products[k], dot(row, vector) / count, row);
    });
    return products;
  }

  const centre = new Float64Array(inputDim);
  await forEachRow(() => add(centre, 1 / count, row));
  mean.set(centre);

  const source = randomSource(0, STREAMS.data);
  const basis: Float64Array[] = [];
  const images: Float64Array[] = [];
  let block = Array.from({ length: Math.min(BLOCK, inputDim) }, () => source.normals(inputDim));
  let found: { value: number; direction: Float64Array }[] = [];
  for (;;) {
    const fresh = block.filter((vector) => {
      const isNew = basis.length < inputDim && orthonormalise(vector, basis);
      if (isNew) basis.push(vector);
      return isNew;
    });
    if (fresh.length > 0) images.push(...(await covarianceTimes(fresh)));
    // Vectors that the next round changes: the images themselves stay for the residuals.
    block = images.slice(images.length - fresh.length).map((image) => image.slice());
    if (basis.length < wanted && fresh.length > 0) continue;
    const size = basis.length;
    const projected = new Float64Array(size * size);
    for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) projected[a * size + b] = dot(basis[a], images[b]);
    const { values, left } = svd(projected, size, size);
    const kept = Math.min(wanted, values.filter((value) => value > SMALLEST * values[0]).length);
    let worst = 0;
    found = Array.from({ length: kept }, (_, k) => {
      const direction = new Float64Array(inputDim);
      const residual = new Float64Array(inputDim);
      for (let a = 0; a < size; a++) {
        add(direction, left[a * size + k], basis[a]);
        add(residual, left[a * size + k], images[a]);
      }
      add(residual, -values[k], direction);
      worst = Math.max(worst, Math.sqrt(dot(residual, residual)) / values[k]);
      return { value: values[k], direction };
    });
    if (fresh.length === 0 || worst < TOLERANCE) break;
  }

  for (const { direction } of found) {
    const largest = direction.reduce((most, value, j) => (Math.abs(value) > Math.abs(direction[most]) + 1e-9 ? j : most), 0);
    if (direction[largest] < 0) for (let j = 0; j < inputDim; j++) direction[j] *= -1;
  }
  const coefficients = new Float64Array(found.length * count);
  await forEachRow((i) => {
    for (const [k, { value, direction }] of found.entries()) coefficients[k * count + i] = dot(row, direction) / Math.sqrt(value);
  });
  return { count, coefficients, stds: found.map(({ value }) => Math.sqrt(value)) };
}
