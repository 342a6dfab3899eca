// NumPy's NPY format, version 1, and a zip of all arrays that numpy.load opens. Reading files back is the business of src/tasks.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { strToU8, zipSync } from 'fflate';
import type { Film } from '../core/film.ts';
import { OUTCOMES } from '../core/outcome.ts';
import { hashOfSweepJson, sweepToJson } from '../core/sweep-json.ts';
import type { ExportSource } from './export-source.ts';

/** Bytes to which the header is padded, as NumPy asks. */
const ALIGNMENT = 64;
/** Files in a zip carry a date; one for all keeps equal results equal bytes. */
const MTIME = new Date('1980-01-01T00:00:00');

/** An array as an NPY file: float64 or bytes, C order, little-endian. `shape` multiplies to its length. */
export function npyOf(values: Float64Array | Uint8Array, shape: readonly number[]): Uint8Array {
  const bytes = values instanceof Uint8Array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${bytes ? '|u1' : '<f8'}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + values.byteLength);
  file.set([0x93, ...strToU8('NUMPY'), 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  file.set(strToU8(`${header.padEnd(start - 11)}\n`), 10);
  if (bytes) file.set(values, start);
  else {
    const view = new DataView(file.buffer, start);
    values.forEach((value, i) => {
      view.setFloat64(8 * i, value, true);
    });
  }
  return file;
}

/** Shape of an observable: (time, axis…, seed), or (time, axis…) where it is per cell. */
export function shapeOf(film: Film, id: string): number[] {
  const cells = [film.times.length, ...film.sweep.axes.map(({ values }) => values.length)];
  return film.cell[id] === undefined ? [...cells, film.seeds] : cells;
}

/** One observable as an NPY file, NaN where it has not been measured. */
export function observableNpy(film: Film, id: string): Uint8Array {
  return npyOf(film.cell[id] ?? film.network[id], shapeOf(film, id));
}

/**
 * All arrays of a result as a zip that numpy.load opens: every observable, `outcomes` (codes, 255 not measured),
 * `time`, and the values of the axes that are numbers as `axis_PARAMETER`; beside them `about.json`: sweep, names of
 * outcomes and axes, provenance.
 */
export function npzOf({ film, provenance }: Pick<ExportSource, 'film' | 'provenance'>): Uint8Array {
  const { sweep } = film;
  const entries: [string, Uint8Array][] = sweep.observables.map((id) => [id, observableNpy(film, id)]);
  const shape = [film.times.length, ...sweep.axes.map(({ values }) => values.length), film.seeds];
  entries.push(['outcomes', npyOf(film.outcomes, shape)], ['time', npyOf(Float64Array.from(film.times), [film.times.length])]);
  for (const { parameter, values } of sweep.axes) {
    if (values.every((value) => typeof value === 'number'))
      entries.push([`axis_${parameter}`, npyOf(Float64Array.from(values), [values.length])]);
  }
  const json = sweepToJson(sweep);
  const about = {
    order: 'row-major over (time, axis…, seed)',
    sweep: json,
    axes: sweep.axes,
    outcomes: OUTCOMES,
    provenance: { ...provenance, sweepHash: hashOfSweepJson(json) },
  };
  const files = entries.map(([name, bytes]) => [`${name}.npy`, bytes] as const);
  return zipSync(Object.fromEntries([...files, ['about.json', strToU8(`${JSON.stringify(about, null, 1)}\n`)] as const]), {
    level: 6,
    mtime: MTIME,
  });
}
