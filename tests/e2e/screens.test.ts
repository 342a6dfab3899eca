// How the page looks: its main states beside the pictures in tests/expected/screens, which the README shows too.
// Compared small and in grey, so that fonts and antialiasing of another machine hardly count.
// PHASE_ATLAS_WRITE_SCREENS=1 writes them anew.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseAtlas } from '../../src/elements.ts';
import { ROOT } from '../node/house/source-files.ts';
import { act, settled } from './acted-run.ts';
import { openStage, type Stage } from './open-page.ts';

const FOLDER = join(ROOT, 'tests/expected/screens');
const WRITES = process.env.PHASE_ATLAS_WRITE_SCREENS === '1';

/** Side of the blocks that are averaged before they are compared, pixels. */
const BLOCK = 8;
/**
 * Grey levels, of 255, by which pictures may differ in the mean: letters of another font move a tenth of
 * the blocks by some levels.
 */
const MEAN_TOLERANCE = 3;
/** Share of blocks that may differ by more than `FAR` levels: moved lines of text, no missing diagram. */
const FAR = 48;
const FAR_TOLERANCE = 0.04;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ flags: 'no-webgpu' });
});
afterAll(() => stage.close());

/**
 * A film that was trained once: MNIST parity, 33 output scales, 8 widths, 2 seeds, 9 times, as float32 wrote it, to three digits.
 */
async function showStored(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector<PhaseAtlas>('phase-atlas')?.figure != null);
  const stored = readFileSync(join(FOLDER, 'mnist.json'), 'utf8');
  await page.evaluate((text) => {
    const { preset, sweep: json, observables, outcomes } = JSON.parse(text);
    const figure = document.querySelector<PhaseAtlas>('phase-atlas')?.figure;
    if (figure == null) throw new Error('the page has no figure');
    const sweep = figure.science.parseSweep(json);
    const numbers = (values: (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);
    const film = {
      sweep,
      times: [0, ...sweep.training.checkpoints],
      cells: sweep.axes.reduce((count, { values }) => count * values.length, 1),
      seeds: sweep.seeds,
      network: Object.fromEntries(Object.entries(observables).map(([id, values]) => [id, numbers(values as (number | null)[])])),
      cell: {},
      outcomes: Uint8Array.from(outcomes as (number | null)[], (code) => code ?? 255),
    };
    const { view } = figure.science.presets.find(({ id }) => id === preset) ?? {};
    const shown = {
      ...figure.state,
      preset,
      sweep: null,
      observable: view?.observable ?? '',
      x: view?.x ?? '',
      y: view?.y ?? null,
    };
    const engine = { engine: 'gpu', label: 'WebGPU, float32', adapter: '', kernel: '' } as const;
    figure.showFilm(shown, json, film, engine);
  }, stored);
  await page.waitForFunction(() => document.querySelector<PhaseAtlas>('phase-atlas')?.figure?.run.phase === 'finished');
  await page.locator('phase-curves canvas').first().waitFor();
  await settled(page);
}

/** Mean difference in grey levels and share of far blocks of two pictures, in the browser, which can read them. */
function difference(page: Page, one: Buffer, other: Buffer): Promise<{ mean: number; far: number; size: string }> {
  return page.evaluate(
    async ([first, second, block, far]) => {
      const greys = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const [width, height] = [Math.ceil(bitmap.width / block), Math.ceil(bitmap.height / block)];
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('no canvas');
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        const sums = new Float64Array(width * height);
        const counts = new Float64Array(width * height);
        for (let y = 0; y < bitmap.height; y++) {
          for (let x = 0; x < bitmap.width; x++) {
            const i = 4 * (y * bitmap.width + x);
            const b = Math.floor(y / block) * width + Math.floor(x / block);
            sums[b] += 0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2];
            counts[b]++;
          }
        }
        return { size: `${bitmap.width} × ${bitmap.height}`, values: sums.map((sum, b) => sum / counts[b]) };
      };
      const [a, b] = [await greys(first), await greys(second)];
      if (a.size !== b.size) return { mean: 255, far: 1, size: `${a.size}, ${b.size}` };
      const distances = a.values.map((value, i) => Math.abs(value - b.values[i]));
      const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
      return { mean, far: distances.filter((distance) => distance > far).length / distances.length, size: a.size };
    },
    [one.toString('base64'), other.toString('base64'), BLOCK, FAR] as const,
  );
}

/** Compares what the page shows with its picture, or writes the picture. */
async function compare(page: Page, name: string): Promise<void> {
  await page.mouse.move(1, 1);
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const path = join(FOLDER, `${name}.png`);
  if (WRITES) {
    writeFileSync(path, shot);
    return;
  }
  expect(existsSync(path), `${path}: write it with PHASE_ATLAS_WRITE_SCREENS=1`).toBe(true);
  const { mean, far, size } = await difference(page, readFileSync(path), shot);
  const told = `${name} (${size}): mean difference ${mean.toFixed(2)} of ${MEAN_TOLERANCE}, far blocks ${(100 * far).toFixed(1)} of ${100 * FAR_TOLERANCE} %`;
  console.log(told);
  if (mean > MEAN_TOLERANCE || far > FAR_TOLERANCE) writeFileSync(join(ROOT, 'node_modules', `.phase-atlas-${name}.png`), shot);
  expect(mean, told).toBeLessThanOrEqual(MEAN_TOLERANCE);
  expect(far, told).toBeLessThanOrEqual(FAR_TOLERANCE);
}

const opening = (page: Page, panel: string) =>
  page.evaluate((id) => {
    const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
    if (atlas !== null) atlas.panel = id;
  }, panel);

test('a finished figure, light: as a whole, as a table, and how to read it', async () => {
  const { page, close } = await stage.open('/', { width: 1440, height: 1000 });
  await showStored(page);
  await compare(page, 'wide-light');
  await page.getByRole('button', { name: 'How to read this' }).first().click();
  await page.getByRole('dialog').waitFor();
  await settled(page);
  await compare(page, 'guide-light');
  await page.keyboard.press('Escape');
  await act(page, 'failed');
  await compare(page, 'failed-light');
  await close();
});

test('a finished figure and one under way, dark', async () => {
  const { page, close } = await stage.open('/', { width: 1440, height: 1000, colorScheme: 'dark' });
  await showStored(page);
  await opening(page, 'table');
  await page.locator('phase-table tbody tr').first().waitFor();
  await settled(page);
  await compare(page, 'wide-dark');
  await act(page, 'training');
  await compare(page, 'training-dark');
  await close();
});

test('on a phone, light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await stage.open('/', { width: 360, height: 740, colorScheme });
    if (colorScheme === 'dark') await page.locator('phase-progress').first().waitFor();
    else await showStored(page);
    await settled(page);
    await compare(page, colorScheme === 'light' ? 'phone-light' : 'phone-unsupported-dark');
    await close();
  }
});
