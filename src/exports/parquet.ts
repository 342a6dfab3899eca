// Apache Parquet, for data frames. The table itself is long-table.ts's; the writer is loaded when it is asked for.

import { hashOfSweepJson, sweepToJson } from '../core/sweep-json.ts';
import type { ExportSource } from './export-source.ts';
import { longTable } from './long-table.ts';

/** The long table as a Parquet file. Sweep and provenance stand in its metadata under `phase-atlas`. NaN stays NaN. */
export async function parquetOf({ film, provenance }: Pick<ExportSource, 'film' | 'provenance'>): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const { columns, rows } = longTable(film);
  const sweep = sweepToJson(film.sweep);
  const about = { sweep, provenance: { ...provenance, sweepHash: hashOfSweepJson(sweep) } };
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, kind, at }) => {
      if (kind === 'text')
        return { name, type: 'STRING', nullable: false, data: Array.from({ length: rows }, (_, row) => String(at(row))) };
      const data = Float64Array.from({ length: rows }, (_, row) => Number(at(row)));
      return { name, type: 'DOUBLE', nullable: false, data };
    }),
    kvMetadata: [{ key: 'phase-atlas', value: JSON.stringify(about) }],
    createdBy: `phase-atlas ${provenance.version}`,
  });
  return new Uint8Array(buffer);
}
