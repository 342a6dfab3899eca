// House rules that a reader can check line by line: determinism, safety, initialised WGSL variables,
// file heads and lengths, names.

import { describe, expect, test } from 'vitest';
import { type SourceFile, sourceFiles, withoutComments } from './source-files.ts';

const science = [...sourceFiles('src'), ...sourceFiles('shaders')];
const everything = [...science, ...sourceFiles('tests', ['.ts', '.mjs', '.mts'])];

/** `path:line: text` of every match in code, comments left out. */
function matches(files: readonly SourceFile[], pattern: RegExp, comments = false): string[] {
  return files.flatMap((file) => {
    const code = comments ? file.text : withoutComments(file.text);
    return [...code.matchAll(new RegExp(pattern, 'g'))].map((match) => {
      const line = code.slice(0, match.index).split('\n').length;
      return `${file.path}:${line}: ${match[0].trim()}`;
    });
  });
}

const UNINITIALISED = /\bvar\s*(?:<\s*(?:function|private)\s*>)?\s+[A-Za-z_]\w*\s*(?::[^=;{}`]*)?;/;

describe('numbers', () => {
  test('no source of unseeded randomness and no calendar in src and shaders', () => {
    expect(matches(science, /Math\.random|getRandomValues|randomUUID|Date\.now/)).toEqual([]);
  });

  test('every WGSL var has an initialiser', () => {
    expect(matches(science, UNINITIALISED)).toEqual([]);
  });

  test('the search for uninitialised variables finds them, and nothing else', () => {
    const found = (text: string) => matches([{ path: 'x', text }], UNINITIALISED).length;
    expect(found('var sum: f32;')).toBe(1);
    expect(found('var<private> row: array<f32, 4>;')).toBe(1);
    expect(found('for (;;) { var g: array<vec4f, 4>; }')).toBe(1);
    expect(found('var sum = 0.0f;')).toBe(0);
    expect(found('var sum: f32 = 0.0f;')).toBe(0);
    expect(found('var<workgroup> tile: array<f32, 64>;')).toBe(0);
    expect(found('@group(0) @binding(1) var<storage, read> x: array<f32>;')).toBe(0);
  });
});

describe('safety', () => {
  test('text is never run or parsed as markup', () => {
    expect(matches(science, /\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML|\beval\(|new Function\(|document\.write/)).toEqual(
      [],
    );
  });

  test('types are not switched off', () => {
    expect(matches(everything, /@ts-(?:ignore|nocheck)/, true)).toEqual([]);
  });
});

describe('files', () => {
  test('every file begins by saying what it is', () => {
    const heads = everything.filter((file) => !file.path.endsWith('.d.ts'));
    expect(heads.filter((file) => !/^(?:#!.*\n+)?(?:\/\/|\/\*)/.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const long = everything.map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }));
    expect(long.filter((file) => file.lines > 400).map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
  });

  test('names say what a thing is', () => {
    expect(matches(science, /\b[A-Za-z]*(?:Manager|Helper)\b|\bModelType\b/)).toEqual([]);
    expect(everything.map((file) => file.path).filter((path) => /\b(?:utils?|helpers?|misc)\.\w+$/.test(path))).toEqual([]);
  });

  test('files are kebab-case', () => {
    const names = everything
      .map((file) => file.path)
      .filter((path) => !/^(?:[a-z0-9-]+\/)*[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(path));
    expect(names).toEqual([]);
  });

  test('nothing speaks of one machine, and nothing is left for later', () => {
    const tests = everything.filter((file) => !file.path.startsWith('tests/node/house/'));
    expect(matches(tests, /["'`\s(](?:\/work|\/home|\/root|\/Users)\/|\b(?:TODO|FIXME|XXX|HACK)\b/, true)).toEqual([]);
  });
});
