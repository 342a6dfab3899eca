// Comma-separated values, RFC 4180, for people and their spreadsheets. The table itself is long-table.ts's.

import type { ExportSource } from './export-source.ts';
import { longTable } from './long-table.ts';

/** Rows between two pieces of text. */
const PIECE = 4096;

/**
 * Text as one cell. Spreadsheets run what begins with = + - @, a tab or a carriage return: an apostrophe before it keeps it text.
 * Numbers never come here: −1 is a number, not a formula.
 */
export function csvText(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A number in the shortest form that reads back to the same bits; nothing for NaN, inf for ∞. */
export function csvNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** The long table in pieces of text; their joining is the file. Lines end in CR LF. */
export function* csvPieces({ film }: Pick<ExportSource, 'film'>): Generator<string> {
  const { columns, rows } = longTable(film);
  let piece = `${columns.map(({ name }) => csvText(name)).join(',')}\r\n`;
  for (let row = 0; row < rows; row++) {
    const cells = columns.map((column) => {
      const value = column.at(row);
      return typeof value === 'number' ? csvNumber(value) : csvText(value);
    });
    piece += `${cells.join(',')}\r\n`;
    if ((row + 1) % PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}
