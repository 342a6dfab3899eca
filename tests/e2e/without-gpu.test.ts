// A browser without WebGPU: the page says so and offers what it can do instead, and that works; stored results need none.

import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { giveSweep, shownValues, TINY, waitForPhase } from './atlas-page.ts';
import { article, type Blog, FETCHING, openBlog } from './blog.ts';
import { openStage, type Stage } from './open-page.ts';
import { storedResult } from './stored-result.ts';

let stage: Stage;
let blog: Blog;
beforeAll(async () => {
  stage = await openStage({ flags: 'no-webgpu' });
  blog = await openBlog(stage.browser, {
    '/viewer.html': {
      text: article('<phase-viewer src="stored.json"><p>A picture.</p></phase-viewer>', 'package/viewer.js'),
      policy: FETCHING,
    },
    '/stored.html': {
      text: article('<phase-diagram src="stored.json"><p>A picture.</p></phase-diagram>', 'package/phase-atlas.js'),
      policy: FETCHING,
    },
    '/stored.json': { text: storedResult() },
  });
});
afterAll(async () => {
  blog?.close();
  await stage?.close();
});

/** As openStage does it: the switches alone leave it in some builds. */
const withoutGpu = (path: string) =>
  blog.visit(path, (page) =>
    page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined, configurable: true })),
  );

test('says what is missing and trains a small version in float64, in a worker, when asked', async () => {
  const { page, close } = await stage.open('/');
  await waitForPhase(page, 'unsupported');
  await expect.poll(() => page.locator('phase-progress .line').innerText()).toMatch(/no WebGPU/);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await giveSweep(page, TINY);
  await waitForPhase(page, 'unsupported');
  await page.getByRole('button', { name: /on the CPU/ }).click();
  await waitForPhase(page, 'finished');
  await expect.poll(async () => (await shownValues(page)).known).toBe(12);
  await expect.poll(() => page.locator('phase-progress .line').innerText()).toMatch(/reference, float64.*in a worker/);
  expect(page.workers().some((worker) => /reference/.test(worker.url()))).toBe(true);
  await close();
});

test('a viewer shows a stored result: colours, film, and the curves of a cell', async () => {
  const { page, complaints } = await withoutGpu('/viewer.html');
  await page.getByText(/Stored result: 24 networks/).waitFor();
  await page.locator('phase-film').waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations.filter(({ id }) => !/landmark|region|heading/.test(id))).toEqual(
    [],
  );
  const film = page.locator('phase-film [data-film]');
  await film.press('Home');
  expect(await page.locator('phase-viewer').evaluate((viewer) => (viewer as never as { frame: number }).frame)).toBe(0);
  await film.press('End');
  await page.getByLabel('Observable shown').selectOption('testError');
  await page.getByRole('grid').press('Enter');
  await expect.poll(() => page.locator('phase-curves canvas').count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a figure shows its stored result, then offers to train a small version on the CPU', async () => {
  const { page, complaints } = await withoutGpu('/stored.html');
  await page.getByText('A stored result; nothing was trained here.').waitFor();
  expect(await page.locator('phase-progress [data-command]').count()).toBe(1);
  await page.getByRole('button', { name: /on the CPU/ }).click();
  await expect
    .poll(() => page.locator('phase-progress .line').innerText(), { timeout: 60_000 })
    .toMatch(/trained in.*in a worker/s);
  expect(complaints).toEqual([]);
  await page.close();
});
