// Reads the project's own source files and their import lines, for the tests of house rules.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

export interface SourceFile {
  /** Path from the root with forward slashes: `src/core/sweep.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Every file under `folder` whose name ends in one of `extensions`, sorted by path. */
export function sourceFiles(folder: string, extensions: readonly string[] = ['.ts']): SourceFile[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(ROOT, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

/**
 * Text without comments; line breaks stay, so that line numbers hold. Strings that contain `//` after a
 * colon (addresses) survive.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, (_, before: string) => before);
}

export interface ImportLine {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** Path from the root for relative imports, the specifier itself for packages. */
  readonly target: string;
  readonly line: number;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?['"`]([^'"`$]+)['"`]|new URL\(\s*['"]([^'"]+\.ts)['"],\s*import\.meta\.url/g;

/** Static and dynamic imports, re-exports and workers of a file. */
export function importsOf(file: SourceFile): ImportLine[] {
  const code = withoutComments(file.text);
  return [...code.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3];
    const plain = specifier.replace(/\?.*$/, '');
    const relativeTo = join(ROOT, dirname(file.path));
    return {
      from: file.path,
      specifier,
      target: plain.startsWith('.') ? relative(ROOT, resolve(relativeTo, plain)).split(sep).join('/') : plain,
      line: code.slice(0, match.index).split('\n').length,
    };
  });
}
