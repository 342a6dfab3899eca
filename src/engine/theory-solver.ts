// Solves the networks of a sweep by a theory: the same data, the same drawn starts as the simulation. Work comes in small steps,
// so that whoever drives it can rest in between: see theory-run.ts. Knows no worker and no page.

import { PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { InputError } from '../core/errors.ts';
import { type Model, modelOn } from '../core/family.ts';
import type { Values } from '../core/parameter.ts';
import { singularValues } from '../core/svd.ts';
import { cellValues, type Sweep } from '../core/sweep.ts';
import type { TaskData } from '../core/task.ts';
import type { Boundary, Solution, Theory, TheoryPlane } from '../core/theory.ts';
import { createBucketData } from './bucket-data.ts';
import { type Bucket, planSweep } from './plan.ts';
import { type Prediction, sharedObservables } from './theory-film.ts';

/** One cell solved at close times: what its curves show. */
export interface TheoryDetail {
  readonly cell: number;
  /** Ascending, > 0; among them all checkpoints. */
  readonly times: Float64Array;
  /** By observable: (time, seed). */
  readonly curves: Readonly<Record<string, Float64Array>>;
  /** By seed. */
  readonly exceptions: readonly (string | null)[];
  /**
   * Singular values of the weights of the first seed, by layer, input to output: (time, value), descending; null where unknown.
   */
  readonly spectrum: readonly Float64Array[] | null;
}

/** Times of the curves between the first checkpoint and the last. */
const CLOSE_TIMES = 96;
/** Weight matrices with more entries than this are not decomposed for the screen. */
const MOST_ENTRIES = 65_536;
/** Times solved between two resting points: well below a millisecond. */
const TIMES_PER_REST = 8;
/** Drawn starts that are kept for the next cells. */
const MOST_STARTS = 256;

export interface TheorySolver {
  /** Solves all cells, coarse ones first. Resting points yield null, solved cells their prediction. */
  cells(): AsyncGenerator<Prediction | null>;
  /** Solves one cell at close times; null where the theory refuses it. Resting points yield null. */
  detail(cell: number): AsyncGenerator<TheoryDetail | null>;
  /** Singular values of given weights of a network of `cell`, by layer; null where its layers are no chain of small matrices. */
  spectrum(cell: number, weights: Float64Array): Promise<readonly Float64Array[] | null>;
  boundaries(plane: TheoryPlane): readonly Boundary[];
}

/** Data and model of a bucket, made when first asked for. */
interface Bench {
  readonly data: TaskData;
  readonly model: Model;
}

/** Close times on a logarithmic scale, with the checkpoints. */
export function closeTimes(checkpoints: readonly number[]): Float64Array {
  const known = checkpoints.filter((time) => time > 0);
  const [first, last] = [known[0], known[known.length - 1]];
  const times = new Set(known);
  for (let i = 1; i < CLOSE_TIMES; i++) times.add(first * (last / first) ** (i / CLOSE_TIMES));
  return Float64Array.from(times).sort();
}

/** Singular values of a chain of matrices, inputs to outputs, in one flat vector; null where the lengths are no such chain. */
export function chainSpectrum(
  weights: Float64Array,
  lengths: readonly number[],
  inputDim: number,
  outputDim: number,
): Float64Array[] | null {
  const spectra: Float64Array[] = [];
  let [offset, columns] = [0, inputDim];
  for (const length of lengths) {
    const rows = length / columns;
    if (!Number.isInteger(rows) || length > MOST_ENTRIES) return null;
    spectra.push(singularValues(weights.subarray(offset, offset + length), rows, columns));
    offset += length;
    columns = rows;
  }
  return columns === outputDim ? spectra : null;
}

/** Throws a plain Error where the catalog lacks what the sweep names: sweeps come parsed. */
export function createTheorySolver(sweep: Sweep, catalog: Catalog, theory: Theory): TheorySolver {
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const ids = sharedObservables(sweep, theory);
  const places = ids.map((id) => theory.observables.indexOf(id));
  const row = new Float64Array(theory.observables.length);
  const times = [0, ...sweep.training.checkpoints];
  // Theories solve one task; what comes after it has changed is not theirs.
  const until = sweep.stages[0]?.from ?? Number.POSITIVE_INFINITY;
  const dataOf = createBucketData(plan);
  const benches = new Map<Bucket, Promise<Bench>>();
  const starts = new Map<string, Float64Array>();

  const settingOf = (cell: number) => ({
    family: sweep.family,
    task: sweep.task.kind,
    values: cellValues(sweep, cell),
    training: sweep.training,
  });

  const bucketOf = (cell: number): Bucket => {
    const bucket = plan.buckets.find(({ cells }) => cells.includes(cell));
    if (bucket === undefined) throw new Error(`theory: the sweep has no cell ${cell}`);
    return bucket;
  };

  function benchOf(bucket: Bucket): Promise<Bench> {
    let bench = benches.get(bucket);
    if (bench === undefined) {
      bench = dataOf(bucket).then((data) => ({ data, model: modelOn(plan.family, bucket.shape, data) }));
      benches.set(bucket, bench);
    }
    return bench;
  }

  /** Initial weights as the simulation draws them: networks that begin alike share them. */
  function startOf(values: Values, draw: number, member: number, bucket: Bucket, { model, data }: Bench): Float64Array {
    const seed = sweep.seed + member;
    const key = JSON.stringify([plan.buckets.indexOf(bucket), seed, draw, ...plan.startParameters.map((id) => values[id])]);
    let weights = starts.get(key);
    if (weights === undefined) {
      weights = model.draw({ seed, draw, values }, data);
      if (starts.size >= MOST_STARTS) starts.clear();
      starts.set(key, weights);
    }
    return weights;
  }

  const refused = (cell: number, refusal: string): Prediction => ({ cell, refusal, values: new Float64Array(0), exceptions: [] });

  /** Solves the networks of one cell, resting points in between; their solutions by seed. */
  function* solutions(cell: number, bucket: Bucket, bench: Bench): Generator<null, Solution[]> {
    const setting = settingOf(cell);
    const solved: Solution[] = [];
    for (let member = 0; member < sweep.seeds; member++) {
      const weights = startOf(setting.values, sweep.independentSeeds ? cell + 1 : 0, member, bucket, bench);
      yield null;
      solved.push(theory.solve({ ...setting, data: bench.data, weights }));
      yield null;
    }
    return solved;
  }

  /** Values of solutions at times: (observable, time, seed). */
  function* valuesOf(solved: readonly Solution[], at: ArrayLike<number>): Generator<null, Float64Array> {
    const values = new Float64Array(ids.length * at.length * solved.length).fill(Number.NaN);
    for (let seed = 0; seed < solved.length; seed++) {
      for (let t = 0; t < at.length && at[t] < until; t++) {
        row.fill(Number.NaN);
        solved[seed].at(at[t], row);
        for (let i = 0; i < ids.length; i++) values[(i * at.length + t) * solved.length + seed] = row[places[i]];
        if (t % TIMES_PER_REST === TIMES_PER_REST - 1) yield null;
      }
    }
    return values;
  }

  function* solveCell(cell: number, bucket: Bucket, bench: Bench): Generator<null, Prediction> {
    try {
      const solved = yield* solutions(cell, bucket, bench);
      const values = yield* valuesOf(solved, times);
      return { cell, refusal: null, values, exceptions: solved.map(({ exception }) => exception) };
    } catch (cause) {
      // What a theory finds wrong with one network's data or start is a refusal; anything else is a fault of ours.
      if (cause instanceof InputError) return refused(cell, cause.message);
      throw cause;
    }
  }

  return {
    async *cells() {
      for (const bucket of plan.buckets) {
        for (const cell of bucket.cells) {
          const refusal = theory.refusal(settingOf(cell));
          if (refusal !== null || ids.length === 0) {
            yield refused(cell, refusal ?? 'The theory predicts nothing that this sweep measures.');
            continue;
          }
          const work = solveCell(cell, bucket, await benchOf(bucket));
          for (;;) {
            const { done, value } = work.next();
            yield value;
            if (done === true) break;
          }
        }
      }
    },
    async *detail(cell) {
      if (theory.refusal(settingOf(cell)) !== null) return;
      const bucket = bucketOf(cell);
      const solved = yield* solutions(cell, bucket, await benchOf(bucket));
      const close = closeTimes(sweep.training.checkpoints);
      const values = yield* valuesOf(solved, close);
      const size = close.length * sweep.seeds;
      const curves = Object.fromEntries(ids.map((id, i) => [id, values.slice(i * size, (i + 1) * size)]));
      const found: Float64Array[][] = [];
      for (const time of close) {
        const spectrum = time < until ? solved[0].spectrum?.(time) : undefined;
        for (const [l, layer] of (spectrum?.layers ?? []).entries()) {
          found[l] ??= [];
          found[l].push(layer.slice());
        }
        yield null;
      }
      const complete = found.length > 0 && found.every((layer) => layer.length === close.length);
      const spectrum = complete ? found.map((layer) => Float64Array.from(layer.flatMap((one) => [...one]))) : null;
      yield { cell, times: close, curves, exceptions: solved.map(({ exception }) => exception), spectrum };
    },
    async spectrum(cell, weights) {
      const bucket = bucketOf(cell);
      const { model, data } = await benchOf(bucket);
      const lengths = model.layers.map(({ length }) => length);
      return chainSpectrum(weights, lengths, data.inputDim, data.outputDim);
    },
    boundaries: (plane) => theory.boundaries(plane),
  };
}
