// A browser without WebGPU: the page says so and offers what it can do instead, and that works.

import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { giveSweep, shownValues, TINY, waitForPhase } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ flags: 'no-webgpu' });
});
afterAll(() => stage.close());

test('says what is missing and trains a small version in float64 when asked', async () => {
  const { page, close } = await stage.open('/');
  await waitForPhase(page, 'unsupported');
  await expect.poll(() => page.locator('phase-progress .line').innerText()).toMatch(/no WebGPU/);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await giveSweep(page, TINY);
  await waitForPhase(page, 'unsupported');
  await page.getByRole('button', { name: /on the CPU/ }).click();
  await waitForPhase(page, 'finished');
  await expect.poll(async () => (await shownValues(page)).known).toBe(12);
  await expect.poll(() => page.locator('phase-progress .line').innerText()).toMatch(/reference, float64/);
  await close();
});
