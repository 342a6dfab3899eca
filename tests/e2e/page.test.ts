// The page as visitors use it: built, opened, moved by mouse and keyboard, interrupted, asked for nonsense. Any complaint fails.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseCell } from '../../src/elements.ts';
import { finishSweep, fits, giveSweep, LONG, phaseOf, shownPixels, shownValues, TINY, waitForPhase } from './atlas-page.ts';
import { type OpenedPage, openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Everything that axe finds, in words. */
async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

async function openTiny(options: Parameters<Stage['open']>[1] = {}): Promise<OpenedPage> {
  const opened = await stage.open('/', options);
  await finishSweep(opened.page, TINY);
  return opened;
}

/** From navigation to the frame with axes, and to the first measured cells, ms. A software adapter compiles kernels slowly. */
const FRAME_WITHIN = 3000;
const CELLS_WITHIN = 30_000;

test('opens with frame and axes at once, and with cells soon after', async () => {
  const { page, close } = await stage.open('/');
  const heatmap = page.locator('phase-heatmap');
  await heatmap.locator('text.title').first().waitFor({ state: 'attached' });
  const frameAt = await page.evaluate(() => performance.now());
  expect((await heatmap.boundingBox())?.width).toBeGreaterThan(300);
  await expect.poll(async () => (await shownValues(page)).known, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
  const cellsAt = await page.evaluate(() => performance.now());
  console.log(`frame and axes after ${Math.round(frameAt)} ms, first cells after ${Math.round(cellsAt)} ms`);
  expect(frameAt).toBeLessThan(FRAME_WITHIN);
  expect(cellsAt).toBeLessThan(CELLS_WITHIN);
  expect(await axeFindings(page)).toEqual([]);
  await close();
});

test('time, cells and observables are moved by keyboard alone', async () => {
  const { page, close } = await openTiny();
  const end = await shownValues(page);
  expect(end.known).toBe(12);

  const film = page.getByRole('slider', { name: 'Training time' });
  await film.focus();
  await page.keyboard.press('Home');
  expect(await film.getAttribute('aria-valuenow')).toBe('0');
  expect((await shownValues(page)).values).not.toEqual(end.values);
  await page.keyboard.press('ArrowRight');
  expect(await film.getAttribute('aria-valuenow')).toBe('1');
  await page.keyboard.press('End');
  expect(await shownValues(page)).toEqual(end);
  const box = await film.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 3, (box?.y ?? 0) + 20);
  expect(await film.getAttribute('aria-valuenow')).toBe('0');

  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('phase-curves canvas').count()).toBe(3);
  const first = await page.locator('phase-cell h2').innerText();
  expect(await page.getByRole('gridcell').innerText()).toContain('output scale 0.01');
  await page.keyboard.press('End');
  await page.keyboard.press(' ');
  expect(await page.locator('phase-cell h2').innerText()).not.toBe(first);
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Observable shown' }).selectOption('testError');
  expect((await shownValues(page)).values).not.toEqual(end.values);
  expect(await axeFindings(page)).toEqual([]);
  await close();
});

test('the same seeds draw the same picture, after a cancelled run and a paused one', async () => {
  const { page, close } = await openTiny();
  const [values, pixels] = [await shownValues(page), await shownPixels(page)];

  await giveSweep(page, LONG);
  await waitForPhase(page, 'training');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await waitForPhase(page, 'paused');
  await page.getByRole('button', { name: 'Go on' }).click();
  await waitForPhase(page, 'training');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await waitForPhase(page, 'cancelled');
  expect((await shownValues(page)).known).toBeGreaterThan(0);
  expect(await axeFindings(page)).toEqual([]);

  await finishSweep(page, { ...TINY });
  expect(await shownValues(page)).toEqual(values);
  expect(await shownPixels(page)).toBe(pixels);
  await page.getByRole('button', { name: 'Run again' }).click();
  await waitForPhase(page, 'compiling', 'training');
  await waitForPhase(page, 'finished');
  expect(await shownValues(page)).toEqual(values);
  await close();
});

test('a wrong setting is named beside its field, and nothing is lost', async () => {
  const { page, close } = await openTiny();
  const before = await shownValues(page);
  await page.getByRole('button', { name: 'Change the experiment' }).click();
  await expect
    .poll(() => page.locator('phase-controls .size').innerText())
    .toMatch(/^Trains 24 networks in 12 cells\. No more than 65,536 cells, 262,144 networks or 1,024 MiB.*every 1 h of/);
  const seeds = page.getByRole('textbox', { name: 'seeds per cell' });
  await seeds.fill('many');
  await page.getByRole('button', { name: 'Run this sweep' }).click();
  await expect.poll(() => seeds.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('phase-controls .general').innerText()).toMatch(/^sweep\.seeds: expected .*, got "many"/);
  expect(await seeds.inputValue()).toBe('many');
  expect(await shownValues(page)).toEqual(before);
  expect(await phaseOf(page)).toBe('finished');
  expect(await axeFindings(page)).toEqual([]);

  // So is a sweep beyond all caps, before anything of the figure is lost.
  const steps = page.getByRole('textbox', { name: 'steps' });
  await steps.fill('40');
  await seeds.fill('4096');
  await page.getByRole('button', { name: 'Run this sweep' }).click();
  await expect
    .poll(() => page.locator('phase-controls .general').innerText())
    .toMatch(/^sweep: expected at most 262144 networks, got 327680/);
  expect(await phaseOf(page)).toBe('finished');

  await steps.fill('6');
  await seeds.fill('1');
  await page.getByRole('button', { name: 'Run this sweep' }).click();
  const trained = () =>
    page.evaluate(() => document.querySelector('phase-atlas')?.shadowRoot?.querySelector<PhaseCell>('phase-cell')?.film?.seeds);
  await expect.poll(trained, { timeout: 30_000 }).toBe(1);
  await waitForPhase(page, 'finished');
  expect(await page.locator('phase-cell table').innerText()).toContain('test error');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Output scale × width');
  await close();
});

test('dark and light, by system and by button, change the diagram’s surroundings and not its meaning', async () => {
  const { page, close } = await openTiny({ colorScheme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.querySelector('phase-atlas') as Element).backgroundColor);
  const values = await shownValues(page);
  const dark = await paper();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Light or dark' }).click();
  await expect.poll(paper).not.toBe(dark);
  expect(await shownValues(page)).toEqual(values);
  expect(await axeFindings(page)).toEqual([]);
  await close();
});

test('with reduced motion the film steps', async () => {
  const { page, close } = await openTiny({ reducedMotion: 'reduce' });
  const film = page.getByRole('slider', { name: 'Training time' });
  await film.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press(' ');
  await page.waitForTimeout(700);
  expect(Number(await film.getAttribute('aria-valuenow'))).toBeLessThanOrEqual(1);
  await close();
});

test('fits a phone', async () => {
  const { page, close } = await openTiny({ width: 360, height: 740 });
  expect(await fits(page)).toBe(true);
  expect((await page.locator('phase-heatmap').boundingBox())?.width).toBeGreaterThan(300);
  await page.getByRole('button', { name: 'Change the experiment' }).click();
  expect(await fits(page)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);

  // The diagram stays while the rest is read, but not on a phone held sideways, where nothing else would fit.
  const bottom = () =>
    page.locator('phase-heatmap').evaluate(async (heatmap) => {
      document.documentElement.scrollTop = 1e6;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return heatmap.getBoundingClientRect().bottom;
    });
  expect(await bottom()).toBeGreaterThan(100);
  await page.setViewportSize({ width: 740, height: 360 });
  expect(await bottom()).toBeLessThan(0);
  await close();
});

test('a run goes on when the device is lost', async () => {
  const { page, close } = await stage.open('/', { expected: [/device|lost/i] });
  await finishSweep(page, TINY);
  const values = await shownValues(page);
  await giveSweep(page, { ...TINY, training: { ...(TINY.training as object), maxTime: 2.999 } });
  await waitForPhase(page, 'training');
  const lost = await page.evaluate(async () => {
    const slots = (globalThis as { [key: symbol]: unknown })[Symbol.for('phase-atlas.device')] as {
      opening: Promise<{ device: GPUDevice }>;
    }[];
    const devices = await Promise.all(slots.map(async ({ opening }) => (await opening).device));
    for (const device of devices) device.destroy();
    return devices.length;
  });
  expect(lost).toBe(1);
  await waitForPhase(page, 'finished');
  expect((await shownValues(page)).known).toBe(values.known);
  await close();
});
