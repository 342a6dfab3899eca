// Tells which of the user's files are connectivities, and changes a sweep to begin from one. Registers and shows nothing.

import { ownConnectivity } from '../core/connectivity/own.ts';
import { quoted } from '../core/errors.ts';
import { OWN } from '../core/parse-connectivity.ts';
import type { JsonObject } from '../core/plain-json.ts';
import type { Sweep } from '../core/sweep.ts';
import { sweepToJson } from '../core/sweep-json.ts';
import { rowsOf } from './own-connectivity.ts';

/** A registered file that can serve as a connectivity. */
export interface OwnMatrix {
  /** N, 1 … 1024. */
  readonly size: number;
  /** (N, N) row-major as in the file, not rescaled; row = target (post), column = source (pre). */
  readonly matrix: Float64Array;
}

/**
 * The square matrix in the registered CSV or NPY file `name`, also gzipped; null where it is a table or an array of another kind
 * (a data set, images). Rejects with InputError where it is square but no connectivity (all zeros), too large, or cannot be read.
 */
export async function recogniseConnectivity(name: string): Promise<OwnMatrix | null> {
  const { readFile } = await import('../tasks/files.ts');
  const { format, array, categories = [] } = await readFile(name);
  const [rows, columns] = array.shape;
  const table = (format === 'csv' || format === 'npy') && array.shape.length === 2 && rows === columns;
  if (!table || categories.some((texts) => texts !== null)) return null;
  const where = `file ${quoted(name)}`;
  ownConnectivity(await rowsOf(name, where), where);
  return { size: rows, matrix: Float64Array.from(array.values) };
}

/** Ranks of a circuit of `size` units worth comparing, at most five, and 0 for the whole matrix. */
function ranksOf(size: number): number[] {
  const most = Math.floor(Math.log2(Math.max(1, size - 1)));
  const powers = Array.from({ length: Math.min(5, most + 1) }, (_, k, count = Math.min(5, most + 1)) =>
    Math.round(2 ** (count === 1 ? 0 : (k * most) / (count - 1))),
  );
  return [...new Set(size > 1 ? powers : []), 0];
}

/**
 * Two-alternative choice over ranks, for sweeps of families that have no recurrent weights. 2000 steps
 * at the learning rate 0.003.
 */
const CIRCUIT: JsonObject = {
  version: 1,
  family: 'recurrent',
  task: { kind: 'two-alternative' },
  axes: [{ parameter: 'initRank', values: [0] }],
  fixed: { gain: 1.25 },
  seeds: 4,
  training: {
    method: 'descent',
    momentum: 0.9,
    batchSize: 32,
    learningRate: 0.003,
    maxTime: 6,
    checkpoints: [0.1, 0.5, 1.5, 3, 6],
  },
  observables: [
    'kernelAlignment',
    'representationAlignment',
    'recurrentWeightChange',
    'trainingLoss',
    'testError',
    'participationRatio',
  ],
};

interface AxisJson extends JsonObject {
  readonly parameter: string;
  readonly values: readonly (string | number)[];
}

/**
 * The sweep as JSON for `parseSweep`, changed so that its networks begin from the matrix of `size` units in the file `name`: the
 * width becomes its own, ranks above it go, an axis of connectivities gets "own" beside what it has. A sweep of another family
 * gives way to one over the rank of the matrix.
 */
export function withOwnConnectivity(sweep: Sweep, name: string, size: number): JsonObject {
  const { title: _, ...base } = sweep.family === 'recurrent' ? sweepToJson(sweep) : CIRCUIT;
  const kept = (base.axes as readonly AxisJson[]).flatMap((axis): AxisJson[] => {
    const { parameter, values } = axis;
    if (parameter === 'width') return [];
    if (parameter === 'connectivity') return [{ parameter, values: [...new Set([...values, OWN])] }];
    if (parameter !== 'initRank') return [axis];
    const ranks = values.filter((rank) => Number(rank) <= size);
    return [{ parameter, values: ranks.length > 1 ? ranks : ranksOf(size) }];
  });
  const axes = kept.length > 0 ? kept : [{ parameter: 'initRank', values: ranksOf(size) }];
  const swept = new Set(axes.map(({ parameter }) => parameter));
  const given = base.fixed as JsonObject;
  const own = {
    ...given,
    width: size,
    connectivity: OWN,
    initRank: Number(given.initRank ?? 0) <= size ? (given.initRank ?? 0) : 0,
  };
  const fixed = Object.fromEntries(Object.entries(own).filter(([id]) => !swept.has(id)));
  return { ...base, axes, fixed, connectivity: { file: name } };
}
