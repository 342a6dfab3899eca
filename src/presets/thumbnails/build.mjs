// Makes the small pictures of the gallery: runs every preset small and short, keeps where its values lie on their colour scale.
// `npm run thumbnails [-- id …]` makes all or some of them anew; it needs WebGPU in Node. `--from FOLDER` reads finished results
// instead, FOLDER/<id>.json, as `phase-atlas run` writes them. Not for the page: that reads thumbnails.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { findChromium, gpuEnvironment } from '../../../tests/chromium.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'thumbnails.json');

/** Size of a picture, and how the places of its cells on the colour scale are written: see components/thumbnail.ts. */
const COLUMNS = 24;
const ROWS = 16;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LEVELS = 61;
const MARKED = 62;
const UNKNOWN_LETTER = 63;

/** What a picture of a few hundred points needs; a preset that takes longer keeps what it has. */
const MOST = { x: 13, y: 6, time: 16, seeds: 1, samples: 64, testSamples: 128, probeSamples: 12, maxSteps: 1500, seconds: 240 };
/** Reductions over seeds need some. */
const OVER_SEEDS = { ensembleError: 4, seedVariance: 6 };

const evenly = (values, most) =>
  values.length <= most
    ? values
    : Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]);

function smallAxis(axis, most) {
  if (axis.values !== undefined) return { ...axis, values: evenly(axis.values, most) };
  return axis.steps === undefined ? axis : { ...axis, steps: Math.min(axis.steps, most) };
}

/** The preset's sweep with fewer cells, seeds, samples and steps, measuring only what its view shows. */
export function smallSweep({ sweep, view }) {
  const task = { ...sweep.task };
  for (const key of ['samples', 'testSamples', 'probeSamples'])
    if (typeof task[key] === 'number') task[key] = Math.min(task[key], MOST[key]);
  const training = { ...sweep.training };
  let { stages = [] } = sweep;
  const { checkpoints } = training;
  if (view.y === 'time') training.checkpoints = typeof checkpoints === 'number' ? Math.min(checkpoints, MOST.time) : checkpoints;
  else training.checkpoints = [training.maxTime];
  if (training.method === 'flow') training.maxSteps = Math.min(training.maxSteps ?? Number.POSITIVE_INFINITY, MOST.maxSteps);
  if (sweep.family === 'recurrent') {
    // Steps in time make circuits a hundred times dearer than layers.
    training.maxTime /= 3;
    training.batchSize = Math.min(training.batchSize ?? 16, 16);
    if (Array.isArray(training.checkpoints)) training.checkpoints = training.checkpoints.map((time) => time / 3);
    stages = stages.map((stage) => ({ ...stage, from: stage.from / 3 }));
  }
  return {
    ...sweep,
    task,
    training,
    stages,
    axes: sweep.axes.map((axis) => smallAxis(axis, axis.parameter === view.x ? MOST.x : MOST.y)),
    seeds: Math.min(sweep.seeds ?? 1, OVER_SEEDS[view.observable] ?? MOST.seeds),
    observables: [view.observable],
  };
}

/**
 * Writes a picture: rows from the top. Cells that were not reached take the nearest that was, as the page does while it trains.
 */
function written(view, nearest, colours, x, y, indexAt, marked) {
  let text = '';
  for (let r = 0; r < ROWS; r++) {
    const row = y === null ? 0 : indexAt(y.edges, 1 - (r + 0.5) / ROWS);
    for (let c = 0; c < COLUMNS; c++) {
      const place = row * view.columns + indexAt(x.edges, (c + 0.5) / COLUMNS);
      const at = nearest[place] < 0 ? place : nearest[place];
      const position = colours.position(view.values[at]);
      let letter = Math.round(LEVELS * Math.min(1, Math.max(0, position)));
      if (marked(view.outcomes[at])) letter = MARKED;
      else if (Number.isNaN(position)) letter = UNKNOWN_LETTER;
      text += LETTERS[letter];
    }
  }
  return text;
}

/** Trains the small form of a preset; what is known after the time limit. */
async function trained(preset, { catalog, parseSweep, openSession, gpu }) {
  const sweep = parseSweep(smallSweep(preset), catalog);
  const abort = new AbortController();
  const clock = setTimeout(() => abort.abort(), 1000 * MOST.seconds);
  const session = openSession(sweep, { catalog, gpu, signal: abort.signal });
  try {
    for await (const _ of session);
  } finally {
    clearTimeout(clock);
    session.dispose();
  }
  return session.film;
}

async function main(folder, wanted) {
  if (folder === null) Object.assign(process.env, gpuEnvironment(await findChromium()));
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
  });
  const modules = {};
  for (const path of [
    'catalog.ts',
    'core/parse-sweep.ts',
    'core/outcome.ts',
    'core/stored-result.ts',
    'components/colour-scale.ts',
    'components/diagram-view.ts',
    'components/atlas-pictures.ts',
    'components/paint.ts',
    'components/scale.ts',
    ...(folder === null ? ['engine/session.ts', 'cli/node-gpu.ts'] : []),
  ])
    Object.assign(modules, await server.ssrLoadModule(`/src/${path}`));
  const { AtlasPictures, OUTCOMES, axisOf, catalog, colourScale, fittingSlice, indexAt, nearestKnown, scaleOf } = modules;
  const tools = folder === null ? { ...modules, gpu: await modules.nodeGpu() } : null;

  const marked = (code) => ['diverged', 'stalled', 'obstructed'].includes(OUTCOMES[code]);
  const made = existsSync(target) ? JSON.parse(readFileSync(target, 'utf8')) : {};
  const known = catalog.presets.map(({ id }) => id);
  const strangers = wanted.filter((id) => !known.includes(id));
  if (strangers.length > 0) throw new Error(`thumbnails: expected ids of presets, got ${strangers.join(', ')}`);
  for (const preset of catalog.presets) {
    const file = folder === null ? '' : join(folder, `${preset.id}.json`);
    if ((wanted.length > 0 && !wanted.includes(preset.id)) || (folder !== null && !existsSync(file))) continue;
    const start = performance.now();
    const film = tools === null ? modules.parseStored(JSON.parse(readFileSync(file, 'utf8'))).film : await trained(preset, tools);
    const observable = catalog.observables.find(({ id }) => id === preset.view.observable);
    const slice = fittingSlice(film.sweep, { x: preset.view.x, y: preset.view.y ?? null, at: {} });
    const frame = modules.lastKnownFrame(film);
    const { cache } = new AtlasPictures().of(film, observable, slice);
    const view = cache.view(frame);
    const all = observable.role === 'order' || slice.y === 'time';
    const colours = colourScale(observable, cache.extent(all ? 0 : frame));
    const scale = (parameter) =>
      scaleOf(
        parameter === 'time'
          ? modules.timeAxis({ training: { checkpoints: film.times.slice(1) } }).axis
          : axisOf(film.sweep, parameter),
      );
    const map = colours.classes !== undefined ? 'class' : colours.threshold !== undefined ? 'diverging' : 'sequential';
    const y = slice.y === null ? null : scale(slice.y);
    const cells = written(view, nearestKnown(view), colours, scale(slice.x), y, indexAt, marked);
    made[preset.id] = { map, ...(map === 'class' ? { classes: colours.classes.length } : {}), cells };
    // In the gallery's order, after each one: a long run may be interrupted.
    const ordered = Object.fromEntries(known.filter((id) => id in made).map((id) => [id, made[id]]));
    writeFileSync(target, `${JSON.stringify(ordered, null, 2)}\n`);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const empty = [...cells].filter((letter) => letter === LETTERS[UNKNOWN_LETTER]).length;
    process.stdout.write(`${preset.id}: ${seconds} s${empty > 0 ? `, ${empty} of ${cells.length} points unknown` : ''}\n`);
  }
  await server.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let code = 0;
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { from: { type: 'string' } } });
    await main(values.from ?? null, positionals);
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : cause}\n`);
    code = 1;
  }
  // Dawn may keep the process alive.
  process.exit(code);
}
