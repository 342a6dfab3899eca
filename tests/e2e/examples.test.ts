// The page of examples: every figure on it trains or shows what is stored, nothing complains, and axe finds nothing.

import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Frame, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseCurves, PhaseDiagram, PhaseHeatmap } from '../../src/elements.ts';
import { COMMON_FLAGS, requireChromium, SOFTWARE_FLAGS } from '../chromium.mjs';
import { type Blog, openBlog } from './blog.ts';

let browser: Browser;
let blog: Blog;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await requireChromium(), args: [...COMMON_FLAGS, ...SOFTWARE_FLAGS] });
  blog = await openBlog(browser, {});
});
afterAll(async () => {
  await browser?.close();
  blog?.close();
});

/** Waits until a live figure trains. */
const trains = (where: Page | Frame, selector: string) =>
  where.waitForFunction(
    (wanted) => ['training', 'finished'].includes(document.querySelector<PhaseDiagram>(wanted)?.figure?.run.phase ?? ''),
    selector,
    { timeout: 100_000 },
  );

test('every example shows what it says', async () => {
  const { page, complaints } = await blog.visit('/page/src/examples/index.html');
  const scrollTo = (id: string) => page.evaluate((wanted) => document.getElementById(wanted)?.scrollIntoView(), id);

  await page.getByText(/Stored result: 66 networks/).waitFor();
  const alone = await page.waitForFunction(() => {
    const view = document.querySelector<PhaseHeatmap>('main > section > phase-heatmap')?.view;
    const plots =
      document.querySelector<PhaseCurves>('main > section > phase-curves')?.shadowRoot?.querySelectorAll('canvas').length ?? 0;
    return view != null && plots > 0 && { cells: view.cells.length, plots };
  });
  expect(await alone.jsonValue()).toEqual({ cells: 33, plots: 2 });

  await page.locator('phase-diagram[loading=click]').getByRole('button', { name: 'Train it here' }).waitFor();
  for (const id of ['live', 'themed', 'own']) {
    await scrollTo(id);
    await trains(page, `[aria-labelledby=${id}] phase-diagram`);
  }
  await page.locator('#own-sweep').getByRole('grid').press('Enter', { timeout: 100_000 });
  await expect.poll(() => page.locator('#heard').innerText()).toMatch(/^Cell \d+: outputScale [\d.e-]+, width \d+\.$/);
  expect((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations).toEqual([]);

  await scrollTo('frame');
  await expect.poll(() => page.frames().length).toBe(2);
  await trains(page.frames()[1], 'phase-diagram');

  expect((await page.locator('pre').allInnerTexts()).filter((text) => /\{(cdn|version)\}/.test(text))).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
}, 240_000);
