// Talks to the atlas in an open page: gives it small sweeps, waits for where they stand, reads what is shown. Asserts nothing.

import type { Page } from 'playwright';
import type { PhaseAtlas, PhaseHeatmap } from '../../src/elements.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Trains in seconds on a software adapter, and still has two sides. */
export const TINY: Json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', samples: 16, testSamples: 32, probeSamples: 8, inputDim: 4 },
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 6 },
    { parameter: 'width', values: [4, 8] },
  ],
  fixed: { depth: 1, activation: 'relu', loss: 'softHinge', lossBeta: 20 },
  seeds: 2,
  training: { method: 'flow', maxTime: 3, checkpoints: 8, stop: { margins: true } },
  observables: ['kernelChange', 'testError', 'trainingLoss'],
};

/** TINY that goes on long enough to be interrupted. */
export const LONG: Json = {
  ...TINY,
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 12 },
    { parameter: 'width', values: [8, 16] },
  ],
  seeds: 4,
  training: { method: 'flow', maxTime: 1e5, checkpoints: 24 },
};

/** What tests read of either element. */
interface Inside {
  readonly figure: { readonly run: { readonly phase: string } } | null;
}

/** Gives the atlas a sweep of our own. */
export function giveSweep(page: Page, sweep: Json): Promise<void> {
  return page.evaluate((json) => {
    const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
    if (atlas !== null) atlas.sweep = json;
  }, sweep);
}

export const phaseOf = (page: Page): Promise<string> =>
  page.evaluate(() => (document.querySelector('phase-atlas') as unknown as Inside).figure?.run.phase ?? '');

/** Waits until the run stands at one of these. */
export async function waitForPhase(page: Page, ...phases: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) => wanted.includes((document.querySelector('phase-atlas') as unknown as Inside | null)?.figure?.run.phase ?? ''),
    phases,
    { timeout: 60_000 },
  );
}

export async function finishSweep(page: Page, sweep: Json): Promise<void> {
  await giveSweep(page, sweep);
  await page.waitForFunction(
    (steps) =>
      document
        .querySelector('phase-atlas')
        ?.shadowRoot?.querySelector('phase-diagram')
        ?.shadowRoot?.querySelector<PhaseHeatmap>('phase-heatmap')?.view?.columns === steps,
    (sweep.axes as readonly { steps: number }[])[0].steps,
  );
  await waitForPhase(page, 'finished');
}

/** Values of the diagram that is shown, as text so that NaN compares; and the cells that are known. */
export function shownValues(page: Page): Promise<{ values: string[]; known: number }> {
  return page.evaluate(() => {
    const view = document
      .querySelector('phase-atlas')
      ?.shadowRoot?.querySelector('phase-diagram')
      ?.shadowRoot?.querySelector<PhaseHeatmap>('phase-heatmap')?.view;
    if (view == null) return { values: [], known: 0 };
    return { values: Array.from(view.values, String), known: view.measured.filter((networks) => networks > 0).length };
  });
}

/** What is on the canvas of the diagram, after everything asked for has been painted. */
export function shownPixels(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const inside = document
              .querySelector('phase-atlas')
              ?.shadowRoot?.querySelector('phase-diagram')
              ?.shadowRoot?.querySelector('phase-heatmap')?.shadowRoot;
            resolve(inside?.querySelector('canvas')?.toDataURL() ?? '');
          }),
        );
      }),
  );
}

/** True while nothing of the page is wider than its window. */
export const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
