// One number that a film shows, with its uncertainty and what is known about it; and a table of them as text.

export interface Finding {
  /** Stable name, for files and tests: `crossover-exponent`. */
  readonly id: string;
  /** Words and symbols. */
  readonly name: string;
  /** Which slice of the sweep: "width = 64", "activation = relu"; empty for the whole. */
  readonly where: string;
  readonly value: number;
  /** Standard error of the fit, or standard deviation over the curves it averages; NaN where there is none. */
  readonly error: number;
  /** Bootstrap interval over seeds, 95 %. */
  readonly interval: readonly [number, number] | null;
  readonly theory: number | null;
  /** Where careful runs have been found to land. Null where nothing is known. */
  readonly band: readonly [number, number] | null;
}

/** Whether the value lies in its band; null without one. */
export function isInBand({ value, band }: Pick<Finding, 'value' | 'band'>): boolean | null {
  return band === null ? null : value >= band[0] && value <= band[1];
}

/** A number as tables show it: four significant digits, tiny ones as 0. */
function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

const range = (pair: readonly [number, number] | null) => (pair === null ? '–' : `${shown(pair[0])} … ${shown(pair[1])}`);

/**
 * A table as text, one line per finding: quantity, value ± error, bootstrap interval, theory,
 * band and whether the value lies in it.
 */
export function formatReport(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No boundary or exponent can be read from this sweep.\n';
  const header = ['quantity', 'measured', '95 % over seeds', 'theory', 'band', ''];
  const rows = findings.map((finding) => {
    const { name, where, value, error, interval, theory, band } = finding;
    const verdict = isInBand(finding);
    return [
      where === '' ? name : `${name}, ${where}`,
      Number.isNaN(error) ? shown(value) : `${shown(value)} ± ${shown(error)}`,
      range(interval),
      theory === null ? '–' : shown(theory),
      range(band),
      verdict === null ? '' : verdict ? 'inside' : 'OUTSIDE',
    ];
  });
  // Combining marks (the tilde of α̃) take no column.
  const widthOf = (text: string) => [...text.replace(/\p{M}/gu, '')].length;
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => widthOf(row[column]))));
  const line = (row: readonly string[]) =>
    row
      .map((text, c) => text + ' '.repeat(widths[c] - widthOf(text)))
      .join('  ')
      .trimEnd();
  return `${[
    line(header),
    widths
      .map((width) => '─'.repeat(width))
      .join('  ')
      .trimEnd(),
    ...rows.map(line),
  ].join('\n')}\n`;
}
