// The page stays responsive while it trains: how long the main thread was held, by the browser's own long-task entries.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { giveSweep, waitForPhase } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Some hundred networks of two shapes: enough for several levels, seconds on a software adapter. */
const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', samples: 32, testSamples: 100, probeSamples: 16, inputDim: 5 },
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 36 },
    { parameter: 'width', values: [8, 16] },
  ],
  fixed: { depth: 1, activation: 'relu' },
  seeds: 4,
  training: { method: 'flow', maxTime: 30, checkpoints: 16 },
  observables: ['kernelChange', 'testError', 'trainingLoss', 'weightChange'],
};

/**
 * A reader notices from 50 ms on, and that is the aim. Here the main thread shares two cores with a GPU that is a
 * program on the same cores, and is taken off them for longer than that: the bound leaves room for the scheduler and
 * none for a page that blocks.
 */
const HELD_AT_MOST = 250;

test('no task holds the main thread while a sweep runs', async () => {
  const { page, close } = await stage.open('/');
  await waitForPhase(page, 'training');
  await page.evaluate(() => {
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    Object.assign(globalThis, { longTasks: tasks });
  });
  await giveSweep(page, SWEEP);
  await page.waitForTimeout(1000);
  await waitForPhase(page, 'finished');
  const tasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  console.log(`tasks over 50 ms: ${tasks.length === 0 ? 'none' : tasks.map((ms) => `${ms} ms`).join(', ')}`);
  expect(Math.max(0, ...tasks)).toBeLessThan(HELD_AT_MOST);
  await close();
});
