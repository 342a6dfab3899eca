// `phase-atlas bench`: starts the benchmark of a checkout. The benchmark needs a browser and its peers,
// which a package does not carry.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UsageError } from './console.ts';

/** tests/bench/run.mjs of the checkout that this file belongs to: from src/cli, dist or dist/chunks. */
function benchScript(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return ['..', '../..'].map((up) => join(here, up, 'tests', 'bench', 'run.mjs')).find((path) => existsSync(path));
}

/** Hands all arguments on; the benchmark's exit code. */
export async function benchCommand(args: readonly string[]): Promise<number> {
  const script = benchScript();
  if (script === undefined) {
    throw new UsageError('the benchmark runs in a checkout of the repository only: clone it, npm install, npm run bench');
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? EXIT.failed));
  });
}
