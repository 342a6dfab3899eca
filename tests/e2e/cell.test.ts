// The chosen cell as readers explore it: curves that move the film, a pinned cell, the insides of a
// network, and its verification.

import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseAtlas } from '../../src/elements.ts';
import { finishSweep, TINY } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

/** Time for a worker to load and to answer on a busy machine, ms. */
const PATIENCE = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('a cell is read, pinned, looked into and verified, by mouse and by keyboard', async () => {
  const { page, close } = await stage.open('/');
  await finishSweep(page, { ...TINY, observables: ['kernelChange', 'kernelTrace', 'trainingLoss'] });

  // Curves: exact values by keyboard, and the film follows.
  const film = page.getByRole('slider', { name: 'Training time' });
  const moment = page.getByRole('slider', { name: 'Moment read out of the curves' });
  await moment.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await film.getAttribute('aria-valuenow')).toBe('1');
  expect(await moment.getAttribute('aria-valuetext')).toMatch(
    /^time .*: relative kernel change .*; kernel trace .*; training loss /,
  );
  const plot = page.locator('phase-curves .u-over').first();
  const width = (await plot.boundingBox())?.width ?? 0;
  // Pointing moves nothing: a time is read out of all plots, and another cell of the diagram stands beside this one.
  const readOut = page.locator('phase-curves .value');
  const shown = await readOut.allInnerTexts();
  await plot.hover({ position: { x: width - 3, y: 20 } });
  await expect.poll(async () => (await readOut.allInnerTexts()).map((text, i) => text !== shown[i])).toEqual([true, true, true]);
  expect(await page.locator('phase-film .pointed').count()).toBe(1);
  await page.locator('phase-heatmap .grid').hover({ position: { x: 5, y: 5 } });
  await expect.poll(() => readOut.locator('i').count()).toBe(3);
  expect(await page.locator('phase-film .pointed').count()).toBe(0);
  expect(await film.getAttribute('aria-valuenow')).toBe('1');
  await plot.click({ position: { x: width - 3, y: 20 } });
  await expect.poll(async () => Number(await film.getAttribute('aria-valuenow'))).toBeGreaterThan(1);

  // Pin, then choose another cell: the table has both and their ratio.
  await page.getByRole('button', { name: 'Pin this cell' }).press('Enter');
  await page.getByRole('grid', { name: /^Phase diagram/ }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const table = page.locator('phase-cell table.compare');
  await expect.poll(() => table.locator('thead th').allInnerTexts()).toEqual(['Observable', 'this', 'pinned', 'ratio']);
  expect(await table.locator('tbody tr').first().innerText()).toMatch(/×|equal/);

  // Inside the network: the drawn kernel's trace is the measured one; entries are read by keyboard.
  await page.getByRole('button', { name: 'Inside the network' }).click();
  const traces = page.locator('phase-inspector [data-trace]');
  await traces.waitFor({ timeout: PATIENCE });
  await expect.poll(() => traces.innerText(), { timeout: PATIENCE }).toContain(' and ');
  const measured = await page.evaluate(() => {
    const figure = document.querySelector<PhaseAtlas>('phase-atlas')?.figure;
    if (figure?.film == null) return [];
    const { cells, seeds, times, network } = figure.film;
    return [figure.cell, figure.state.pinned].map((cell) => network.kernelTrace[((times.length - 1) * cells + cell) * seeds]);
  });
  const drawn = (await traces.innerText()).split(' and ').map(Number);
  expect(drawn.map((value, n) => Math.abs(value / measured[n] - 1) < 1e-4)).toEqual([true, true]);
  const kernel = page.locator('phase-inspector phase-matrix').first().getByRole('grid');
  expect(await kernel.getAttribute('aria-label')).toMatch(/: tangent kernel, 8 by 8, from .* to /);
  await kernel.focus();
  await page.keyboard.press('ArrowDown');
  expect(await kernel.getByRole('gridcell').innerText()).toMatch(/^probe sample 2, probe sample 1: /);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);

  // Verified; and no longer once the film has been tampered with.
  await page.getByRole('button', { name: 'Verify this cell' }).click();
  const verdict = page.locator('phase-verify [data-verdict]');
  await page.locator('phase-verify [data-verify]').click();
  await verdict.waitFor({ timeout: PATIENCE });
  expect(await verdict.innerText()).toMatch(/^Verified: float32 and float64 agree within 5 %/);
  expect(await page.locator('phase-verify li').first().innerText()).toMatch(/kernel change differs by at most .* at t = /i);
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await page.evaluate(() => {
    const figure = document.querySelector<PhaseAtlas>('phase-atlas')?.figure;
    if (figure?.film == null) return;
    const { cells, seeds, times, network } = figure.film;
    network.kernelChange[((times.length - 1) * cells + figure.cell) * seeds] *= 1.2;
    figure.change({ frame: 1 });
  });
  await expect.poll(() => verdict.getAttribute('data-verdict')).toBe('false');
  expect(await page.locator('phase-verify li.beyond').allInnerTexts()).toHaveLength(1);
  await close();
});
