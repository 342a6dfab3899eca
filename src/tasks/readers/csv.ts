// Comma-, semicolon- or tab-separated tables of numbers, RFC 4180 quoting, optional header line. Strict: every cell is a
// finite number with a decimal point, or its whole column is text and stands for categories.

import { InputError, quoted } from '../../core/errors.ts';

export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns). In a column of categories: the index of the text in `categories`. */
  readonly values: Float64Array;
  /** Column names of the header line, if there is one. */
  readonly names?: readonly string[];
  /** By column: the different texts in alphabetical order; null for numbers. */
  readonly categories: readonly (readonly string[] | null)[];
}

/** Most bytes of a table: 64 MiB. */
const MAXIMUM_TEXT = 64 * 1024 * 1024;
const MAXIMUM_COLUMNS = 65536;
/** Most different texts in a column. */
const MAXIMUM_CATEGORIES = 1000;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads a table from UTF-8 text. The first line is a header when none of its cells is a number and another line follows. */
export function readCsv(bytes: Uint8Array, where: string): Table {
  if (bytes.length > MAXIMUM_TEXT)
    throw new InputError(where, `expected at most ${MAXIMUM_TEXT} bytes of text, got ${bytes.length}`, 'Use NPY.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(
      where,
      'expected a table as UTF-8 text, got other bytes',
      'Known formats are CSV, NPY, IDX, each also gzipped.',
    );
  }
  let columns = 0;
  let names: string[] | undefined;
  let texts: (Map<string, number> | null)[] = [];
  let numbers = new Float64Array(1024);
  let used = 0;
  let pending: { cells: string[]; line: number } | null = null;
  const add = (cells: string[], line: number) => {
    if (cells.length !== columns)
      throw new InputError(where, `expected ${columns} cells as in the first line, got ${cells.length} in line ${line}`);
    if (used === 0) texts = cells.map((cell) => (NUMBER.test(cell) || cell === '' ? null : new Map<string, number>()));
    if (used + columns > numbers.length) {
      const wider = new Float64Array(2 * (used + columns));
      wider.set(numbers);
      numbers = wider;
    }
    cells.forEach((cell, column) => {
      numbers[used++] = readCell(cell, texts[column], `${where}: line ${line}, column ${names?.[column] ?? column + 1}`);
    });
  };
  for (const record of records(text, where)) {
    if (columns === 0) {
      columns = record.cells.length;
      if (columns > MAXIMUM_COLUMNS) throw new InputError(where, `expected at most ${MAXIMUM_COLUMNS} columns, got ${columns}`);
      if (record.cells.every((cell) => !NUMBER.test(cell))) pending = record;
      else add(record.cells, record.line);
      continue;
    }
    if (pending !== null) {
      names = pending.cells;
      pending = null;
    }
    add(record.cells, record.line);
  }
  if (pending !== null) add(pending.cells, pending.line);
  if (used === 0) throw new InputError(where, 'expected a table, got no rows');
  const values = numbers.slice(0, used);
  const categories = texts.map((seen, column) => (seen === null ? null : sortCategories(seen, values, column, columns)));
  return { rows: used / columns, columns, values, categories, ...(names === undefined ? {} : { names }) };
}

function readCell(cell: string, seen: Map<string, number> | null, where: string): number {
  if (seen === null) {
    const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
    if (!Number.isFinite(value)) throw new InputError(where, `expected a finite number, got ${quoted(cell)}`);
    return value;
  }
  if (cell === '' || NUMBER.test(cell)) throw new InputError(where, `expected text as in the first row, got ${quoted(cell)}`);
  const index = seen.get(cell) ?? seen.size;
  if (index >= MAXIMUM_CATEGORIES)
    throw new InputError(where, `expected at most ${MAXIMUM_CATEGORIES} different texts, got more`);
  seen.set(cell, index);
  return index;
}

/** Renumbers a column of categories from order of appearance to alphabetical order. */
function sortCategories(seen: Map<string, number>, values: Float64Array, column: number, columns: number): string[] {
  const sorted = [...seen.keys()].sort();
  const rank = new Float64Array(seen.size);
  sorted.forEach((text, i) => {
    rank[seen.get(text) as number] = i;
  });
  for (let i = column; i < values.length; i += columns) values[i] = rank[values[i]];
  return sorted;
}

/** Splits text into records of trimmed cells. Empty lines are passed over; quoted cells may hold separators and line ends. */
function* records(text: string, where: string): Generator<{ cells: string[]; line: number }> {
  const separator = separatorOf(text);
  let cells: string[] = [];
  let position = 0;
  let line = 1;
  while (position < text.length) {
    const first = line;
    for (;;) {
      let cell: string;
      const lead = /[^\S\r\n\t]*/y;
      lead.lastIndex = position;
      lead.exec(text);
      if (text[lead.lastIndex] === '"') {
        cell = '';
        position = lead.lastIndex + 1;
        for (;;) {
          const end = text.indexOf('"', position);
          if (end < 0) throw new InputError(where, `expected a closing quote for line ${first}, got the end of the file`);
          cell += text.slice(position, end);
          position = end + 1;
          if (text[position] !== '"') break;
          cell += '"';
          position++;
        }
        line += cell.split('\n').length - 1;
        while (text[position] === ' ') position++;
      } else {
        const start = position;
        while (position < text.length && text[position] !== separator && text[position] !== '\n' && text[position] !== '\r')
          position++;
        cell = text.slice(start, position).trim();
      }
      cells.push(cell);
      if (text[position] !== separator) break;
      position++;
    }
    if (position < text.length && text[position] !== '\n' && text[position] !== '\r') {
      throw new InputError(where, `expected a separator after the closing quote, got ${quoted(text[position])} in line ${line}`);
    }
    position += text[position] === '\r' && text[position + 1] === '\n' ? 2 : 1;
    line++;
    if (cells.length > 1 || cells[0] !== '') yield { cells, line: first };
    cells = [];
  }
}

/** The separator that occurs most often in the first line. */
function separatorOf(text: string): string {
  const first =
    text
      .slice(0, 65536)
      .split(/[\r\n]/)
      .find((line) => line.trim() !== '') ?? '';
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: first.split(mark).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).mark;
}
