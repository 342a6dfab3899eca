// A film as one long table, one row per measured network and time: what CSV and Parquet hold. Writes no file.

import { type Film, UNKNOWN } from '../core/film.ts';
import { OUTCOMES } from '../core/outcome.ts';
import { cellIndices } from '../core/sweep.ts';

export interface TableColumn {
  readonly name: string;
  readonly kind: 'number' | 'integer' | 'text';
  /** Value of a row; NaN where there is none. */
  at(row: number): number | string;
}

export interface LongTable {
  readonly rows: number;
  /** `time`, the axes, `seed`, the observables and `outcome`. An observable per cell stands in the rows of all its seeds. */
  readonly columns: readonly TableColumn[];
}

/** Rows in the order time, cell (row-major over the axes), seed; networks that have not been measured are left out. */
export function longTable(film: Film): LongTable {
  const { sweep, times, cells, seeds, outcomes } = film;
  const places = new Uint32Array(outcomes.reduce((count, code) => count + (code === UNKNOWN ? 0 : 1), 0));
  for (let place = 0, row = 0; place < outcomes.length; place++) if (outcomes[place] !== UNKNOWN) places[row++] = place;
  const cellOf = (row: number) => Math.floor(places[row] / seeds) % cells;
  const indices = Array.from({ length: cells }, (_, cell) => cellIndices(sweep, cell));
  const axes = sweep.axes.map(
    ({ parameter, values }, a): TableColumn => ({
      name: parameter,
      kind: values.some((value) => typeof value === 'string') ? 'text' : 'number',
      at: (row) => values[indices[cellOf(row)][a]],
    }),
  );
  const measured = sweep.observables.map((id): TableColumn => {
    const perCell = film.cell[id];
    const perNetwork = film.network[id];
    const at = (row: number) => (perCell === undefined ? perNetwork[places[row]] : perCell[Math.floor(places[row] / seeds)]);
    return { name: id, kind: 'number', at };
  });
  return {
    rows: places.length,
    columns: [
      { name: 'time', kind: 'number', at: (row) => times[Math.floor(places[row] / seeds / cells)] },
      ...axes,
      { name: 'seed', kind: 'integer', at: (row) => sweep.seed + (places[row] % seeds) },
      ...measured,
      { name: 'outcome', kind: 'text', at: (row) => OUTCOMES[outcomes[places[row]]] },
    ],
  };
}
