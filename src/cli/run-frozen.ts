// `run --frozen`: networks of a finished run trained once more with their tangent kernel frozen, and what that gives, as lines.
// The training is engine/frozen-kernel's.

import type { Catalog } from '../core/catalog.ts';
import { latestFrame } from '../core/diagram.ts';
import { InputError } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import { sentenceOf } from '../core/outcome.ts';
import { cellIndices, type Sweep } from '../core/sweep.ts';
import { frozenKernels } from '../engine/frozen-kernel.ts';
import type { Inspection } from '../engine/trainer.ts';
import type { Console } from './console.ts';

export const KERNELS = ['initial', 'final'] as const;

export type FrozenAt = (typeof KERNELS)[number];

/** Most cells that are trained again. */
const MOST_CELLS = 8;

/**
 * The cells of a slice: at most eight, evenly along the first axis of numbers that has most values, with the last value of every
 * other axis: the widest networks of a sweep over output scale and width.
 */
export function frozenCells(sweep: Pick<Sweep, 'axes'>): number[] {
  const lengths = sweep.axes.map(({ values }) => (typeof values[0] === 'number' ? values.length : 0));
  const along = lengths.indexOf(Math.max(...lengths));
  const length = sweep.axes[along].values.length;
  const count = Math.min(length, MOST_CELLS);
  return Array.from({ length: count }, (_, k) => {
    const index = count === 1 ? 0 : Math.round((k * (length - 1)) / (count - 1));
    return sweep.axes.reduce((cell, { values }, a) => cell * values.length + (a === along ? index : values.length - 1), 0);
  });
}

/** Refuses what cannot be done before anything is trained. */
export function checkFrozen(sweep: Sweep, catalog: Catalog): void {
  if (!sweep.observables.includes('testError')) {
    throw new InputError('--frozen', 'expected a sweep that measures testError, got none', 'Add it to observables.');
  }
  frozenKernels(sweep, catalog);
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

/** Trains the first seed of each cell of the slice with the chosen kernel; one line per cell with both test errors. */
export async function frozenLines(
  film: Film,
  catalog: Catalog,
  at: FrozenAt,
  inspect: (cell: number, seed: number) => Promise<Inspection>,
  signal: AbortSignal,
  console: Pick<Console, 'progress'> | null,
): Promise<string[]> {
  const { sweep } = film;
  const kernels = frozenKernels(sweep, catalog);
  const cells = frozenCells(sweep);
  const lines = [`${at} kernel frozen, test error of the first seed (of the network whose kernel moved)`];
  for (const [done, cell] of cells.entries()) {
    console?.progress(`frozen kernels: ${done}/${cells.length} cells`, done / cells.length);
    const weights = at === 'initial' ? 'initial' : (await inspect(cell, 0)).weights;
    const run = await kernels.train(cell, 0, weights, signal);
    const own = film.network.testError[(latestFrame(film, cell) * film.cells + cell) * film.seeds];
    const place = cellIndices(sweep, cell).map((index, a) => `${sweep.axes[a].parameter} = ${sweep.axes[a].values[index]}`);
    const ended = run.outcome === 'converged' ? '' : ` ${sentenceOf(run.outcome)}`;
    lines.push(`  ${place.join(', ')}: ${percent(run.testError)} (${percent(own)})${ended}`);
  }
  return lines;
}
