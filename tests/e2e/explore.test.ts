// What a reader does with a diagram besides reading it: zooms and goes back, chooses colours and seeds,
// compares, scales, follows a story.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseAtlas, PhaseHeatmap } from '../../src/elements.ts';
import { finishSweep, fits, type Json, shownPixels, shownValues, TINY, waitForPhase } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Enough seeds to be resampled. */
const SEEDS: Json = { ...TINY, seeds: 3 };

async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

/** Values of the first two axes, and whether the film that is shown is the one that was marked. */
const shown = (page: Page) =>
  page.evaluate(() => {
    const figure = document.querySelector<PhaseAtlas>('phase-atlas')?.figure;
    return {
      axes: (figure?.sweep?.axes ?? []).map(({ values }) => values.map(Number)),
      phase: figure?.run.phase ?? '',
      marked: figure?.film === (globalThis as { marked?: unknown }).marked,
    };
  });

const panel = (page: Page, id: string) => page.locator(`[data-panel="${id}"]`).click();

test('a part is dragged, said, trained and taken back at once; colours, seeds and uncertainty are chosen', async () => {
  const { page, close } = await stage.open('/');
  await finishSweep(page, SEEDS);
  const before = await shown(page);
  const values = await shownValues(page);
  const pixels = await shownPixels(page);
  await page.evaluate(() => {
    Object.assign(globalThis, { marked: document.querySelector<PhaseAtlas>('phase-atlas')?.figure?.film });
  });
  const will = page.locator('phase-explore .will');
  const box = await page.locator('phase-heatmap .grid').boundingBox();
  if (box === null) throw new Error('no diagram');
  const drag = async (to: readonly [number, number]) => {
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.2 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 4 });
  };

  // Escape leaves a rectangle that is being drawn.
  await page.getByRole('grid').focus();
  await drag([0.7, 0.25]);
  await expect.poll(() => will.innerText()).toMatch(/^Trains output scale .* in 6 steps, width .*: \d+ cells, \d+ networks/);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await shown(page)).toEqual({ ...before, marked: true });

  await drag([0.7, 0.9]);
  await page.mouse.up();
  await waitForPhase(page, 'finished');
  const zoomed = await shown(page);
  expect(zoomed.marked).toBe(false);
  expect(zoomed.axes[0][0]).toBeGreaterThan(before.axes[0][0]);
  expect(zoomed.axes[0][5]).toBeLessThan(before.axes[0][5]);
  expect(zoomed.axes[1].every(Number.isInteger)).toBe(true);

  // The earlier run is still there: nothing is trained again.
  await page.keyboard.press('Control+z');
  expect(await shown(page)).toEqual({ ...before, marked: true });
  await expect.poll(() => shownValues(page)).toEqual(values);
  await page.keyboard.press('Control+Shift+Z');
  expect((await shown(page)).axes).toEqual(zoomed.axes);
  await page.getByRole('button', { name: 'Undo' }).click();

  const colours = page.locator('[data-colours]');
  await colours.selectOption('grey');
  await expect.poll(() => shownPixels(page)).not.toBe(pixels);
  await colours.selectOption('blue-orange');
  await expect.poll(() => shownPixels(page)).toBe(pixels);

  const band = page.locator('phase-heatmap [part="band"]');
  await expect.poll(() => band.count()).toBe(1);
  expect(await page.getByRole('grid').getAttribute('aria-label')).toMatch(
    /By its seeds the boundary lies|other seeds may put the mean/,
  );
  await page.getByRole('checkbox', { name: 'uncertainty' }).uncheck();
  await expect.poll(() => band.count()).toBe(0);

  const seeds = page.locator('[data-seeds]');
  await seeds.selectOption('spread');
  await expect.poll(() => shownValues(page)).not.toEqual(values);
  await seeds.selectOption('0');
  await seeds.selectOption('mean');
  await expect.poll(() => shownValues(page)).toEqual(values);
  await page.getByRole('button', { name: 'Swap the axes' }).click();
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-colcount')).toBe('2');
  await page.keyboard.press('Control+z');
  expect(await axeFindings(page)).toEqual([]);

  // The keyboard selects two columns, and trains them.
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  expect(await will.innerText()).toMatch(/^Trains output scale 0\.01 to/);
  await page.keyboard.press('Enter');
  await waitForPhase(page, 'finished');
  expect((await shown(page)).axes[0][5]).toBeLessThan(before.axes[0][2]);
  await close();
});

/** Side of the diagram whose painting is timed. */
const SIDE = 64;

test('differences, scaling, stories and the film, on a phone', async () => {
  const { page, close } = await stage.open('/', { width: 360, height: 780, reducedMotion: 'reduce' });
  await finishSweep(page, SEEDS);
  const values = await shownValues(page);
  const grid = page.getByRole('grid');

  await panel(page, 'compare');
  const compare = page.locator('phase-compare');
  await compare.getByRole('radio', { name: 'an earlier time' }).check();
  await expect.poll(() => shownValues(page)).not.toEqual(values);
  expect(await compare.locator('.said').innerText()).toMatch(
    /^Shown: relative kernel change, ratio to that at t = .* Larger in \d+ of \d+/,
  );
  expect(await grid.getAttribute('aria-label')).toMatch(/Phase diagram of relative kernel change, ratio.*Larger in/);
  await compare.getByRole('radio', { name: 'a kept run' }).check();
  expect(await compare.locator('.said').innerText()).toBe('No run has been kept for comparison.');
  await compare.getByRole('button', { name: 'Keep this run for comparison' }).click();
  await expect.poll(() => compare.locator('.said').innerText()).toMatch(/The same in every known cell/);
  expect(await axeFindings(page)).toEqual([]);
  await compare.getByRole('radio', { name: 'nothing' }).check();
  await expect.poll(() => shownValues(page)).toEqual(values);

  await panel(page, 'scaling');
  const scaling = page.locator('phase-scaling');
  await expect.poll(() => scaling.locator('canvas').count()).toBeGreaterThan(0);
  await scaling.getByRole('textbox', { name: 'exponent b' }).fill('0.5');
  await page.keyboard.press('Tab');
  expect(await scaling.getByRole('slider').inputValue()).toBe('0.5');
  expect(await axeFindings(page)).toEqual([]);
  expect(await fits(page)).toBe(true);

  const film = page.getByRole('slider', { name: 'Training time' });
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  expect(await film.getAttribute('aria-valuenow')).toBe('7');
  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('combobox', { name: 'Speed of the film' }).selectOption('4');

  const ms = await page.evaluate(async (side) => {
    const frames = (count: number) =>
      new Promise((done) => requestAnimationFrame(count > 1 ? () => frames(count - 1).then(done) : done));
    const size = side * side;
    const axis = (parameter: string) => ({
      axis: { parameter, scale: 'linear' as const, values: Array.from({ length: side }, (_, i) => i) },
      label: parameter,
      symbol: parameter,
    });
    const heatmap = document.createElement('phase-heatmap') as PhaseHeatmap;
    document.body.append(heatmap);
    heatmap.x = axis('a');
    heatmap.y = axis('b');
    heatmap.observable = {
      id: 'kernelChange',
      label: 'change',
      symbol: '',
      description: '',
      range: [0, 10],
      scale: 'log',
      role: 'order',
      threshold: 1,
      richSide: 'above',
      per: 'network',
    };
    const times: number[] = [];
    for (let round = 0; round < 12; round++) {
      heatmap.view = {
        columns: side,
        rows: side,
        cells: Int32Array.from({ length: size }, (_, i) => i),
        values: Float64Array.from({ length: size }, (_, i) => Math.exp((i % side) / 9 - 3 + round / 9)),
        spread: new Float64Array(size).fill(0.1),
        counts: new Uint16Array(size).fill(3),
        measured: new Uint16Array(size).fill(3),
        outcomes: new Uint8Array(size).fill(0),
      };
      await heatmap.updateComplete;
      await frames(2);
      let before = 0;
      requestAnimationFrame(() => {
        before = performance.now();
      });
      heatmap.repaint();
      await new Promise<void>((done) => {
        requestAnimationFrame(() => {
          times.push(performance.now() - before);
          done();
        });
      });
    }
    heatmap.remove();
    return times.sort((a, b) => a - b)[times.length >> 1];
  }, SIDE);
  console.log(`${SIDE} × ${SIDE} cells painted in ${ms.toFixed(1)} ms`);

  await panel(page, 'stories');
  const story = page.locator('phase-story');
  await story.getByRole('button', { name: 'From lazy to rich by output scale' }).click();
  await page.keyboard.press('PageDown');
  expect(await story.locator('h2').innerText()).toMatch(/2 of 6/);
  expect(await film.getAttribute('aria-valuemax')).toBe('16');
  expect(await axeFindings(page)).toEqual([]);
  // The text stands under the diagram here, and beside it where there is room.
  const boxes = async () => {
    const [text, diagram] = await Promise.all([story.boundingBox(), page.locator('phase-heatmap .grid').boundingBox()]);
    if (text === null || diagram === null) throw new Error('no story or no diagram');
    return { text, diagram };
  };
  const stacked = await boxes();
  expect(stacked.text.y).toBeGreaterThan(stacked.diagram.y + stacked.diagram.height);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect
    .poll(async () => {
      const { text, diagram } = await boxes();
      return text.x > diagram.x + diagram.width && text.y < diagram.y + diagram.height && text.y + text.height > 0;
    })
    .toBe(true);
  await close();
});
