// Compares the values of one axis seed by seed: networks of one seed share their luck, so their differences are sharper than the
// difference of means. Draws nothing.

import { latestFrame, memberValues } from '../core/diagram.ts';
import { InputError } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import type { Value } from '../core/parameter.ts';
import { momentsOf } from '../core/statistics.ts';
import { cellIndices, type Sweep } from '../core/sweep.ts';

/** Differences to the first value of the axis, over the seeds that have a value at both. */
export interface PairedDifference {
  readonly mean: number;
  /** Unbiased standard deviation of the differences; NaN below two. */
  readonly std: number;
  /** Seeds compared, and how many of them went up and down. */
  readonly count: number;
  readonly up: number;
  readonly down: number;
}

/** One value of the axis. */
export interface PairedRow {
  readonly value: Value;
  readonly mean: number;
  readonly std: number;
  readonly count: number;
  /** Null in the first row. */
  readonly difference: PairedDifference | null;
}

/** One line of the diagram along the axis, all other axes held. */
export interface PairedTable {
  /** Values of the other axes. */
  readonly where: Readonly<Record<string, Value>>;
  readonly rows: readonly PairedRow[];
}

function differences(first: Float64Array, own: Float64Array): PairedDifference {
  const apart = [...own].map((value, seed) => value - first[seed]).filter(Number.isFinite);
  const { mean, std } = momentsOf(apart);
  return { mean, std, count: apart.length, up: apart.filter((d) => d > 0).length, down: apart.filter((d) => d < 0).length };
}

/**
 * Throws InputError where the sweep does not vary the parameter, or where cells draw their own weights and nothing pairs them.
 */
export function checkPaired(sweep: Pick<Sweep, 'axes' | 'independentSeeds'>, parameter: string): void {
  if (!sweep.axes.some((axis) => axis.parameter === parameter)) {
    const known = sweep.axes.map((axis) => axis.parameter).join(', ');
    throw new InputError('paired', `expected a parameter that the sweep varies, got "${parameter}"`, `It varies ${known}.`);
  }
  if (sweep.independentSeeds) {
    throw new InputError('paired', 'expected seeds that cells share, got independentSeeds', 'Leave it out to compare pairs.');
  }
}

/**
 * Tables of an observable per network along an axis, one for each combination of the other axes, in the sweep's order; every cell
 * at its last measured frame. Means are arithmetic whatever the observable's scale. Throws InputError as `checkPaired`.
 */
export function pairedTables(film: Film, observable: Pick<Observable, 'id' | 'per'>, parameter: string): PairedTable[] {
  const { sweep } = film;
  checkPaired(sweep, parameter);
  const axis = sweep.axes.findIndex((one) => one.parameter === parameter);
  if (observable.per !== 'network') return [];
  const lines = new Map<string, { cells: number[]; where: Record<string, Value> }>();
  for (let cell = 0; cell < film.cells; cell++) {
    const indices = cellIndices(sweep, cell);
    const others = sweep.axes.flatMap((one, a) => (a === axis ? [] : [[one.parameter, one.values[indices[a]]] as const]));
    const key = JSON.stringify(others);
    const line = lines.get(key) ?? { cells: [], where: Object.fromEntries(others) };
    line.cells.push(cell);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ cells, where }) => {
    const members = cells.map((cell) => memberValues(film, observable.id, latestFrame(film, cell), cell));
    const rows = cells.map((_, index): PairedRow => {
      const kept = members[index].filter(Number.isFinite);
      return {
        value: sweep.axes[axis].values[index],
        ...momentsOf(kept),
        count: kept.length,
        difference: index === 0 ? null : differences(members[0], members[index]),
      };
    });
    return { where, rows };
  });
}

const shown = (value: number) => (Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4))));
const signed = (value: number) => (value > 0 ? `+${shown(value)}` : shown(value));

/** The tables of several observables as text. */
export function formatPaired(film: Film, observables: readonly Pick<Observable, 'id' | 'per'>[], parameter: string): string {
  const first = film.sweep.axes.find((axis) => axis.parameter === parameter)?.values[0];
  const lines = observables.flatMap((observable) =>
    pairedTables(film, observable, parameter).flatMap(({ where, rows }) => {
      const place = Object.entries(where).map(([id, value]) => `, ${id} = ${value}`);
      const wide = Math.max(...rows.map(({ value }) => String(value).length));
      return [
        `${observable.id} over ${parameter}${place.join('')}: mean ± deviation, and against ${parameter} = ${first} seed by seed`,
        ...rows.map(({ value, mean, std, count, difference }) => {
          const head = `  ${String(value).padEnd(wide)}  ${shown(mean)} ± ${shown(std)} (${count})`;
          if (difference === null) return head;
          const { up, down } = difference;
          return `${head}  ${signed(difference.mean)} ± ${shown(difference.std)}, ${up} up, ${down} down of ${difference.count}`;
        }),
      ];
    }),
  );
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
