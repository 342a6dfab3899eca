// Who may import whom: the layers of the project, held by reading every import line.

import { describe, expect, test } from 'vitest';
import { type ImportLine, importsOf, sourceFiles } from './source-files.ts';

/**
 * Layer of a path from the root: `src/core/sweep.ts` is `core`, `src/catalog.ts` is `catalog`,
 * everything in shaders is `shaders`.
 */
function layerOf(path: string): string {
  const [top, second] = path.split('/');
  if (top !== 'src') return top;
  return second.replace(/\.(?:d\.ts|ts|json)$/, '');
}

const EVERYTHING = '*';

/** What each layer may import besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  version: ['package.json'],
  env: [],
  theory: ['core'],
  tasks: ['core'],
  analysis: ['core'],
  shaders: ['core'],
  exports: ['core', 'analysis', 'CITATION.cff'],
  gpu: ['core'],
  presets: ['core'],
  stories: ['core'],
  catalog: ['core', 'theory', 'tasks', 'analysis', 'shaders', 'presets'],
  engine: ['core', 'theory', 'tasks', 'analysis', 'shaders', 'gpu', 'catalog'],
  words: [],
  components: ['core', 'engine', 'analysis', 'catalog', 'exports', 'stories', 'words'],
  cli: [EVERYTHING],
  index: [EVERYTHING],
  elements: [EVERYTHING],
  viewer: [EVERYTHING],
  examples: [EVERYTHING],
  page: [EVERYTHING],
};

/** Packages with one door, and where the door is. */
const DOORS: readonly { readonly pattern: RegExp; readonly where: RegExp }[] = [
  { pattern: /^wgsl-preprocessor(\/|$)/, where: /^shaders\/wgsl\.ts$/ },
  { pattern: /^webgpu$/, where: /^src\/cli\// },
  { pattern: /^ml-matrix$/, where: /^src\/cli\// },
  { pattern: /^lit(\/|$)/, where: /^src\/(components|page)\b/ },
  { pattern: /^uplot(\/|$)/, where: /^src\/components\// },
  { pattern: /^d3-/, where: /^src\/(analysis|components)\// },
  { pattern: /^fflate$/, where: /^src\/(core\/link-pack\.ts|exports\/)/ },
  { pattern: /^hyparquet-writer$/, where: /^src\/exports\// },
  { pattern: /^idb-keyval$/, where: /^src\/components\/local-store\.ts$/ },
  { pattern: /^node:/, where: /^src\/(cli|tasks)\// },
];

const files = [...sourceFiles('src'), ...sourceFiles('shaders')];
const imports = files.flatMap(importsOf);
const isRelative = (line: ImportLine): boolean => line.specifier.startsWith('.');
const told = (line: ImportLine): string => `${line.from}:${line.line} imports ${line.specifier}`;

describe('layers', () => {
  test('every source file belongs to a known layer', () => {
    expect(files.map((file) => file.path).filter((path) => !(layerOf(path) in ALLOWED))).toEqual([]);
  });

  test('every relative import points at a layer that its own may see', () => {
    const wrong = imports.filter(isRelative).filter((line) => {
      const from = layerOf(line.from);
      const to = layerOf(line.target);
      const allowed = ALLOWED[from] ?? [];
      return to !== from && to !== 'version' && !allowed.includes(to) && !allowed.includes(EVERYTHING);
    });
    expect(wrong.map(told)).toEqual([]);
  });

  test('packages with one door are imported there only', () => {
    const wrong = imports
      .filter((line) => !isRelative(line))
      .filter((line) => DOORS.some(({ pattern, where }) => pattern.test(line.specifier) && !where.test(line.from)));
    expect(wrong.map(told)).toEqual([]);
  });

  test('nothing but wgsl.ts imports the shader preprocessor, and wgsl.ts does', () => {
    const importers = imports.filter((line) => line.specifier.startsWith('wgsl-preprocessor')).map((line) => line.from);
    expect(importers).toEqual(['shaders/wgsl.ts']);
  });

  test('the reader sees static, dynamic, side-effect and re-exporting imports', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import './c.ts';",
      "export { d } from '../d.ts';",
      "const e = await import('./e.ts');",
      "// import { no } from './no.ts';",
      "/* import './no.ts'; */",
      'import {',
      '  f,',
      "} from 'f';",
      "const w = new Worker(new URL('./worker.ts', import.meta.url));",
    ].join('\n');
    const targets = importsOf({ path: 'src/core/x.ts', text }).map((line) => line.target);
    expect(targets).toEqual([
      'src/core/a.ts',
      'src/core/b.ts',
      'src/core/c.ts',
      'src/d.ts',
      'src/core/e.ts',
      'f',
      'src/core/worker.ts',
    ]);
  });
});
