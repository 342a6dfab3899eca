// The package as others install it: entries, dependencies, lock file, and that the headless entry is safe to import in Node.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../../package.json';
import { importsOf, ROOT, sourceFiles } from './source-files.ts';

const imported = new Set(
  [...sourceFiles('src'), ...sourceFiles('shaders')]
    .flatMap(importsOf)
    .map((line) => line.specifier)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    ),
);

describe('manifest', () => {
  test('every imported package is a dependency, and every dependency is imported', () => {
    // The optional peer is imported by a name that bundlers cannot see through, so it is not among the import lines.
    expect([...imported].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  test('Dawn for Node is an optional peer: embedding does not download it', () => {
    expect(manifest.peerDependenciesMeta.webgpu.optional).toBe(true);
    expect(Object.keys(manifest.dependencies)).not.toContain('webgpu');
  });

  test('the lock file names no address', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(
      /"resolved"|https?:\/\/(?!opencollective|github|www|tidelift|paypal|feross)/,
    );
  });

  test('the executable is there and may be run before anything is built', () => {
    const path = join(ROOT, manifest.bin['phase-atlas']);
    expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(manifest.files).toContain(manifest.bin['phase-atlas']);
  });

  test('an install never fails because a build did', () => {
    expect(manifest.scripts.prepare).toMatch(/\|\| echo/);
  });
});

describe('built library', () => {
  // Below node_modules, so that external packages resolve as they do for a user.
  const out = join(ROOT, 'node_modules/.phase-atlas-package-test');
  const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });

  beforeAll(() => {
    rmSync(out, { recursive: true, force: true });
    const build = node('node_modules/vite/bin/vite.js', 'build', '--mode', 'library', '--outDir', out, '--logLevel', 'warn');
    expect(build.stderr).toBe('');
    expect(build.status).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  test('holds the three entries', () => {
    for (const entry of ['index.js', 'elements.js', 'cli.js']) expect(existsSync(join(out, entry)), entry).toBe(true);
  });

  test('the headless entry imports in plain Node, prints nothing, needs no browser and ends by itself', () => {
    const { status, stdout, stderr } = node(
      '--input-type=module',
      '--eval',
      `const m = await import('file://${out}/index.js'); console.log(typeof m.parseSweep)`,
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'function\n', stderr: '' });
  });

  test('the command line knows its version', () => {
    const { status, stdout, stderr } = node(join(out, 'cli.js'), '--version');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test('data files are files, not text inside the code', () => {
    const scripts = (readdirSync(out, { recursive: true }) as string[]).filter((name) => name.endsWith('.js'));
    const inlined = scripts.filter((name) =>
      /data:application\/octet-stream|base64,[A-Za-z0-9+/]{200}/.test(readFileSync(join(out, name), 'utf8')),
    );
    expect(inlined).toEqual([]);
  });
});
