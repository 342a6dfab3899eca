// The benchmark: our trainer and its peers on the same full-batch descent, in one Chromium on one adapter, in turns.
// `npm run bench`, `npm run bench -- --quick`, `npm run bench -- --help`. Nothing here is asserted but the weights.

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { COMMON_FLAGS, requireChromium, SOFTWARE_FLAGS } from '../chromium.mjs';
import { activationOf, formatReport, shapeOf } from './report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const HELP = `phase-atlas bench: times the trainer against jax-js and TensorFlow.js

  --quick              two small shapes, ReLU, short timings
  --out FILE           where the JSON goes (default dist/bench.json)
  --repeats N          rounds of timing (default 7)
  --budget MS          milliseconds per timing (default 300)
  --activation NAME    relu, softplus or tanh; may be repeated (default all)
  --depth L            1 or 3; may be repeated (default both)
  --only NAME          a contender; may be repeated (default all)
  --recurrent          recurrent networks through time against jax-js, and nothing else
  --convolutional      convolutional networks instead, against jax-js
  --difference         large output scales in the difference form instead, against jax-js doing the same
  --wide               a network of three layers of 1000 units on 784 inputs instead, against jax-js
  --hardware           leave the choice of adapter to the browser instead of the software one
`;

// networks, samples, inputDim, width
const SHAPES = {
  1: [
    [64, 128, 16, 32],
    [256, 64, 16, 64],
    [1024, 32, 8, 16],
    [4096, 32, 10, 32],
  ],
  3: [
    [32, 128, 16, 64],
    [128, 64, 16, 32],
  ],
};
// networks, samples, channels, side
const CONVOLUTIONAL = [
  [16, 32, 8, 28],
  [16, 32, 16, 28],
];
const DIFFERENCE = [
  [64, 128, 10, 32, 2],
  [32, 128, 10, 64, 2],
  [32, 128, 10, 64, 3],
].flatMap(([networks, samples, inputDim, width, depth]) =>
  ['relu', 'softplus'].map((activation) => ({ networks, samples, inputDim, width, depth, activation, outputScale: 1e4 })),
);
const WIDE = [{ networks: 1, samples: 128, inputDim: 784, width: 1000, depth: 3, activation: 'softplus' }];
const ACTIVATIONS = ['relu', 'softplus', 'tanh'];
const QUICK = [
  { networks: 64, samples: 32, inputDim: 8, width: 16, depth: 1, activation: 'relu' },
  { networks: 16, samples: 32, inputDim: 8, width: 16, depth: 3, activation: 'softplus' },
];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, 'dist/bench.json') },
    repeats: { type: 'string' },
    budget: { type: 'string' },
    activation: { type: 'string', multiple: true, default: ACTIVATIONS },
    depth: { type: 'string', multiple: true, default: Object.keys(SHAPES) },
    only: { type: 'string', multiple: true, default: [] },
    recurrent: { type: 'boolean', default: false },
    convolutional: { type: 'boolean', default: false },
    difference: { type: 'boolean', default: false },
    wide: { type: 'boolean', default: false },
    hardware: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

// networks, units, trials per step; eight steps of time
const RECURRENT = [
  { networks: 64, width: 64, trials: 32 },
  { networks: 64, width: 32, trials: 32 },
];

const say = (line) => process.stderr.write(`${line}\n`);
const special = [...(options.difference ? DIFFERENCE : []), ...(options.wide ? WIDE : [])];
const problems =
  options.recurrent || options.convolutional || special.length > 0
    ? special.filter(({ activation }) => options.activation.includes(activation))
    : options.quick
      ? QUICK
      : Object.entries(SHAPES)
          .filter(([depth]) => options.depth.includes(depth))
          .flatMap(([depth, shapes]) =>
            shapes.flatMap(([networks, samples, inputDim, width]) =>
              ACTIVATIONS.filter((name) => options.activation.includes(name)).map((activation) => {
                return { networks, samples, inputDim, width, depth: Number(depth), activation };
              }),
            ),
          );
const settings = {
  repeats: Number(options.repeats ?? (options.quick ? 3 : 7)),
  budgetMs: Number(options.budget ?? (options.quick ? 60 : 300)),
  only: options.only.length === 0 && special.length > 0 ? ['phase-atlas', 'jax-js WebGPU'] : options.only,
};

const executablePath = await requireChromium(say);
const server = await createServer({
  root,
  logLevel: 'warn',
  server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  optimizeDeps: { include: ['@jax-js/jax', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu'] },
});
await server.listen();
const browser = await chromium.launch({
  executablePath,
  args: [...COMMON_FLAGS, ...(options.hardware ? ['--enable-features=Vulkan'] : SOFTWARE_FLAGS)],
});
let failed = false;
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => say(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') say(`page: ${message.text()}`);
  });
  await page.goto(`http://127.0.0.1:${server.config.server.port || server.httpServer.address().port}/tests/bench/index.html`, {
    timeout: 120_000,
  });
  await page.waitForFunction(() => globalThis.phaseAtlasBench !== undefined, undefined, { timeout: 120_000 });
  const names = await page.evaluate(() => globalThis.phaseAtlasBench.names);
  const strangers = settings.only.filter((name) => !names.includes(name));
  if (strangers.length > 0) throw new Error(`bench: expected contenders among ${names.join(', ')}, got ${strangers.join(', ')}`);
  if (options.recurrent) {
    for (const spec of RECURRENT) {
      say(`recurrent, ${spec.networks} networks of ${spec.width} units, ${spec.trials} trials of 8 steps`);
      const timings = await page.evaluate(
        ([one, { repeats, budgetMs }]) => globalThis.phaseAtlasBench.measureRecurrent(one, repeats, budgetMs),
        [spec, settings],
      );
      for (const { contender, detail, error, milliseconds, rate } of timings) {
        say(
          `    ${contender}: ${rate.toPrecision(3)} GFLOP/s, ${milliseconds.toPrecision(3)} ms a step, ` +
            `weights agree to ${error.toExponential(1)} [${detail}]`,
        );
      }
    }
  }
  const report = {
    adapter: await page.evaluate(() => globalThis.phaseAtlasBench.adapterInfo()),
    browser: `Chromium ${browser.version()}, ${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}`,
    settings,
    peaks: await page.evaluate((repeats) => globalThis.phaseAtlasBench.probePeaks(repeats), settings.repeats),
    rows: [],
  };
  for (const [i, problem] of problems.entries()) {
    say(`${i + 1}/${problems.length} depth ${problem.depth}, ${shapeOf(problem)}, ${activationOf(problem)}`);
    const row = await page.evaluate(([spec, how]) => globalThis.phaseAtlasBench.measure(spec, how), [problem, settings]);
    report.rows.push(row);
    for (const { contender, rate, check, detail, failure } of row.timings) {
      const outcome =
        failure ??
        `${rate.toPrecision(3)} GFLOP/s, weights agree to ${check.error.toExponential(1)} (moved ${check.moved.toPrecision(2)})`;
      say(`    ${contender}: ${outcome}${detail === '' ? '' : ` [${detail}]`}`);
      failed ||= failure !== null;
    }
  }
  if (options.convolutional) {
    report.convolutional = [];
    for (const [networks, samples, width, side] of CONVOLUTIONAL) {
      for (const activation of ['relu', 'softplus'].filter((name) => options.activation.includes(name))) {
        const spec = { networks, samples, width, side, activation };
        const timings = await page.evaluate(
          ([one, how]) => globalThis.phaseAtlasBench.measureConvolutional(one, how),
          [spec, settings],
        );
        report.convolutional.push({ spec, timings });
        say(`convolutional, ${networks} networks of ${width} channels, ${samples} images of ${side} × ${side}, ${activation}`);
        for (const { contender, milliseconds, rate, error, detail } of timings) {
          const ratio = (milliseconds / timings[0].milliseconds).toPrecision(3);
          say(
            `    ${contender}: ${rate.toPrecision(3)} GFLOP/s, ${milliseconds.toPrecision(4)} ms a step, ${ratio} × ours, ` +
              `weights agree to ${error.toExponential(1)} [${detail}]`,
          );
        }
      }
    }
  }
  const out = resolve(options.out);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(report, null, 1)}\n`);
  process.stdout.write(`${problems.length > 0 ? `${formatReport(report)}\n\n` : ''}written to ${out}\n`);
} catch (cause) {
  say(cause instanceof Error ? cause.message : String(cause));
  failed = true;
} finally {
  await browser.close();
  await server.close();
}
process.exit(failed ? 1 : 0);
