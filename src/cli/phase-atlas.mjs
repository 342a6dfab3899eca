#!/usr/bin/env node
// The file that `phase-atlas` runs: there in every checkout, built or not, and executable. The program is
// main.ts, built to dist/cli.js.

import { existsSync } from 'node:fs';

const program = new URL('../../dist/cli.js', import.meta.url);
if (existsSync(program)) {
  await import(program);
} else {
  process.stderr.write('phase-atlas: expected dist/cli.js, got none. Run "npm run build" in the checkout first.\n');
  process.exitCode = 2;
}
