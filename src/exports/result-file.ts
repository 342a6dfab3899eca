// The result itself as a file: everything, in the format that phase-atlas reads back. Also unfolded from gzip.

import { gzipSync, strToU8 } from 'fflate';
import { resultOf } from '../core/result.ts';
import type { ExportSource } from './export-source.ts';

/** The result as JSON text, as the command line writes it. */
export function resultText({ film, observables, provenance, theory = null, labels }: ExportSource): string {
  return `${JSON.stringify(resultOf(film, observables, provenance, theory, labels ?? null))}\n`;
}

/** The same, folded by gzip: about a tenth of the size. */
export function resultBytes(source: ExportSource): Uint8Array {
  return gzipSync(strToU8(resultText(source)), { level: 6, mtime: 0 });
}
