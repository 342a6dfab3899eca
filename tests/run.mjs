// The test command. `node tests/run.mjs [step …]` runs all steps or the named ones and ends with `N passed, N failed` on a line
// alone. Every test of vitest counts as one, every other check as one. Nothing is skipped: what cannot run has failed; a second
// engine alone is no must, and left out aloud where there is none.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBudgets } from './budgets.mjs';
import { gpuEnvironment, OVERRIDE, requireChromium } from './chromium.mjs';
import { FIREFOX, wantFirefox } from './firefox.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'phase-atlas-test-'));
const say = (line) => process.stdout.write(`${line}\n`);

/** @type {{ title: string, passed: number, failed: number, seconds: number }[]} */
const results = [];

/** Runs a tool of node_modules with its output shown; its exit code. */
function tool(script, args, environment = {}) {
  const { status, signal, error } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    timeout: 20 * 60_000,
  });
  if (error !== undefined) say(`${script}: ${error.message}`);
  if (signal !== null) say(`${script}: ended by ${signal}`);
  return status ?? 1;
}

/** Runs one step; `work` returns counts, or true and false for a single check. A throw is one failure. */
async function step(title, work) {
  say(`\n── ${title}`);
  const start = performance.now();
  let outcome;
  try {
    outcome = await work();
  } catch (cause) {
    say(String(cause instanceof Error ? (cause.stack ?? cause.message) : cause));
    outcome = false;
  }
  const counts = typeof outcome === 'boolean' ? { passed: outcome ? 1 : 0, failed: outcome ? 0 : 1 } : outcome;
  results.push({ title, ...counts, seconds: (performance.now() - start) / 1000 });
  return counts.failed === 0;
}

/** Runs one vitest project and counts its tests. Skipped tests, files that fail to load and stray errors are failures. */
function vitest(project, { environment = {}, filters = [] } = {}) {
  const report = join(scratch, `${project}-${results.length}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters];
  const status = tool('vitest/vitest.mjs', args, environment);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  let passed = 0;
  let failed = 0;
  for (const file of testResults) {
    for (const { status: verdict, fullName } of file.assertionResults) {
      if (verdict === 'passed') passed++;
      else failed++;
      if (verdict !== 'passed' && verdict !== 'failed')
        say(`${verdict}, which counts as failed: ${relative(root, file.name)}: ${fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      say(`failed to load: ${relative(root, file.name)}`);
      failed++;
    }
  }
  if (passed + failed === 0) say(`${project}: expected tests, found none`);
  if ((status !== 0 || passed + failed === 0) && failed === 0) failed++;
  return { passed, failed };
}

/** Names the WebGPU adapter that Node gets, in a process of its own because Dawn may hang at exit. */
function adapterCheck(environment) {
  const probe = `
    import { createServer } from 'vite';
    const server = await createServer({ configFile: false, logLevel: 'error', appType: 'custom', server: { middlewareMode: true, ws: false } });
    const { nodeGpu } = await server.ssrLoadModule('/src/cli/node-gpu.ts');
    const adapter = await (await nodeGpu()).requestAdapter();
    const { info } = adapter ?? {};
    console.log(adapter === null ? 'none' : [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(', '));
    process.exit(adapter === null ? 1 : 0);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', probe], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
  say(`WebGPU adapter in Node: ${stdout.trim() || stderr.trim()}`);
  if (status !== 0) say('expected a WebGPU adapter, got none. Install a Vulkan driver, or name one in VK_DRIVER_FILES.');
  return status === 0;
}

let chromium = null;
/** The environment of everything that touches WebGPU or a browser. */
async function gpuSettings() {
  chromium ??= await requireChromium(say);
  return { ...gpuEnvironment(chromium), [OVERRIDE]: chromium };
}

const steps = {
  types: () => step('types', () => tool('typescript/bin/tsc', ['-p', '.']) === 0),
  lint: () => step('lint and format', () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings']) === 0),
  node: () => step('node', () => vitest('node')),
  browser: () =>
    step('browser', async () => {
      await gpuSettings();
      say(`Chromium: ${chromium}`);
      return true;
    }),
  gpu: async () => {
    const present = await step('adapter', async () => adapterCheck(await gpuSettings()));
    if (!present) return;
    await step('gpu', async () => vitest('gpu', { environment: await gpuSettings() }));
    await step('gpu at default limits', async () =>
      vitest('gpu', {
        environment: { ...(await gpuSettings()), PHASE_ATLAS_LIMITS: 'default' },
        filters: ['tests/gpu/device.test', 'tests/gpu/fused', 'tests/gpu/tiled', 'tests/gpu/measure.test', 'tests/gpu/session'],
      }),
    );
  },
  size: () => step('sizes', () => checkBudgets(root, say)),
  e2e: () =>
    step('e2e', async () => {
      const firefox = wantFirefox(say);
      say(firefox === null ? 'NOT TESTED IN FIREFOX: none was found and none could be installed.' : `Firefox: ${firefox}`);
      return vitest('e2e', {
        environment: { ...(await gpuSettings()), [FIREFOX]: firefox ?? '' },
        filters: firefox === null ? ['--exclude', 'tests/e2e/firefox.test.ts'] : [],
      });
    }),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  say(`tests: expected steps among ${Object.keys(steps).join(', ')}, got ${unknown.join(', ')}.`);
  process.exit(2);
}

try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(steps)) await steps[name]();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

say('');
for (const { title, passed, failed, seconds } of results) {
  say(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${title.padEnd(24)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  );
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
say(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
