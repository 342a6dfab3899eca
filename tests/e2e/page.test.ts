// The page as a visitor first meets it: built, opened, computing by itself, without a word of complaint.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('opens with a diagram that starts to form, and complains about nothing', async () => {
  // The test itself reads the canvas back.
  const { page, close } = await stage.open('/', { expected: [/willReadFrequently/] });
  await page.waitForFunction(() => customElements.get('phase-atlas') !== undefined);
  const heatmap = page.locator('phase-heatmap').first();
  await heatmap.waitFor({ state: 'visible' });
  await expect.poll(async () => (await heatmap.boundingBox())?.width ?? 0).toBeGreaterThan(300);
  await page.waitForFunction(
    () => {
      const inside = document.querySelector('phase-atlas')?.shadowRoot?.querySelector('phase-heatmap')?.shadowRoot;
      const canvas = inside?.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels !== undefined && new Set(new Uint32Array(pixels.buffer)).size > 4;
    },
    undefined,
    { timeout: 90_000 },
  );
  await close();
});
