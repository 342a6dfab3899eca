// Builds the page and the files for script tags once for all files of end-to-end tests, in processes of their own: vitest's
// NODE_ENV would build what developers see. Each run has a folder of its own, so that two of them do not meet.

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { version } from '../../package.json';
import { ROOT } from '../node/house/source-files.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder with `page`, `package` (phase-atlas.js, viewer.js) and `other`, the same files as another version. */
    built: string;
  }
}

/** What the other version calls itself. */
const OTHER_VERSION = '99.0.0';

const folder = join(ROOT, `node_modules/.phase-atlas-e2e/${process.pid}`);

async function build(outDir: string, ...mode: string[]): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', ...mode, '--outDir', join(folder, outDir), '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
}

/** The same files under another version: for a page, another bundle. */
function copyAsOther(): void {
  const other = join(folder, 'other');
  cpSync(join(folder, 'package'), other, { recursive: true });
  for (const name of readdirSync(other, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const path = join(other, name);
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .replaceAll(`"${version}"`, `"${OTHER_VERSION}"`)
        .replaceAll(`\`${version}\``, `\`${OTHER_VERSION}\``),
    );
  }
}

export async function setup(project: TestProject): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await Promise.all([build('page'), build('package', '--mode', 'module').then(() => build('package', '--mode', 'viewer'))]);
  copyAsOther();
  project.provide('built', folder);
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
