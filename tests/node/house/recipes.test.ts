// The README's recipes for adding to the project lead to files that are there, and one line or entry is really all it takes.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { families } from '../../../shaders/families/registry.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import { catalog } from '../../../src/catalog.ts';
import { PANELS } from '../../../src/components/panels.ts';
import { stories } from '../../../src/stories/registry.ts';
import { ROOT } from './source-files.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const recipes = readme.slice(readme.indexOf('## Adding to it'), readme.indexOf('| folder | holds |'));

describe('recipes', () => {
  test('name files, folders and commands that exist', () => {
    const named = [...recipes.matchAll(/`((?:src|shaders|tests)\/[\w./-]+)`/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThanOrEqual(12);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const commands = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('a family is a folder with its record and its float64 model', () => {
    const folders = readdirSync(join(ROOT, 'shaders/families'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(families.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
    const parts = folders.flatMap(({ name }) =>
      ['family.ts', 'reference.ts'].map((part) => join('shaders/families', name, part)),
    );
    expect(parts.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('a preset is a file named after it, and a line', () => {
    expect(catalog.presets.filter(({ id }) => !existsSync(join(ROOT, 'src/presets', `${id}.ts`))).map(({ id }) => id)).toEqual(
      [],
    );
  });

  test('a task is a file named after it, and a line', () => {
    expect(
      catalog.tasks.filter(({ kind }) => !existsSync(join(ROOT, 'src/tasks', `${kind}.ts`))).map(({ kind }) => kind),
    ).toEqual([]);
  });

  test('observables, panels and stories come from their registries, each id once', () => {
    for (const ids of [observables.map(({ id }) => id), PANELS.map(({ id }) => id), stories.map(({ id }) => id)]) {
      expect(new Set(ids).size).toBe(ids.length);
    }
    const tags = PANELS.map(({ tag }) => join('src/components', `${tag}.ts`));
    expect(tags.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('pictures of the README are there', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path);
    expect(pictures.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
