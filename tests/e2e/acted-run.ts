// A run that only looks like one: a film from a formula, at whatever phase a test wants to see. Trains nothing, so that pages
// stand still, look alike on every machine, and need no GPU. Asserts nothing.

import type { Page } from 'playwright';
import type { PhaseAtlas } from '../../src/elements.ts';
import type { Json } from './atlas-page.ts';

/** What the page is to show. */
export type ActedPhase = 'loading' | 'compiling' | 'training' | 'finished' | 'failed';

/** Twelve output scales, six widths, three seeds, nine times. */
const ACTED: Json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', samples: 16, testSamples: 32, probeSamples: 8, inputDim: 4 },
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 12 },
    { parameter: 'width', scale: 'log', values: [4, 8, 16, 32, 64, 128] },
  ],
  fixed: { depth: 1, activation: 'relu', loss: 'softHinge', lossBeta: 20 },
  seeds: 3,
  training: { method: 'flow', maxTime: 100, checkpoints: 8 },
  observables: ['kernelChange', 'testError', 'trainingLoss'],
};

/** Puts a sweep into the page as if it stood at a phase. The page must have its science. */
export async function act(page: Page, phase: ActedPhase, sweep: Json = ACTED): Promise<void> {
  await page.waitForFunction(() => document.querySelector<PhaseAtlas>('phase-atlas')?.figure != null);
  await page.evaluate(
    ([json, wanted]) => {
      const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
      const figure = atlas?.figure;
      if (atlas == null || figure == null) throw new Error('the page has no figure');
      const { science } = figure;
      const engine = { engine: 'gpu', label: 'WebGPU, float32', adapter: 'acted', kernel: 'none' } as const;
      const openSession: typeof science.openSession = (parsed) => {
        const times = [0, ...parsed.training.checkpoints];
        const cells = parsed.axes.reduce((count, { values }) => count * values.length, 1);
        const size = times.length * cells * parsed.seeds;
        const network = Object.fromEntries(parsed.observables.map((id) => [id, new Float64Array(size).fill(Number.NaN)]));
        const outcomes = new Uint8Array(size).fill(255);
        const widths = parsed.axes[1]?.values.length ?? 1;
        const known = wanted === 'training' ? 0.6 : wanted === 'finished' ? 1 : 0;
        for (let t = 0; t < times.length; t++) {
          for (let cell = 0; cell < cells * known; cell++) {
            const scale = Number(parsed.axes[0].values[Math.floor(cell / widths)]);
            const width = Number(parsed.axes[1]?.values[cell % widths] ?? 16);
            for (let seed = 0; seed < parsed.seeds; seed++) {
              const at = (t * cells + cell) * parsed.seeds + seed;
              const learned = t / (times.length - 1);
              const luck = 1 + 0.15 * Math.sin(7 * cell + 3 * seed);
              const strange = scale < 0.02 && width < 6 && t > 5;
              outcomes[at] = strange ? 4 : t === times.length - 1 ? 1 : 0;
              if (strange) continue;
              const change = (learned * luck * 8) / (scale * Math.sqrt(width));
              network.kernelChange[at] = change;
              network.testError[at] = 0.5 - learned * (0.15 + 0.2 / (1 + 1 / Math.max(1e-9, change)));
              network.trainingLoss[at] = Math.exp(-6 * learned) * luck;
            }
          }
        }
        const film = { sweep: parsed, times, cells, seeds: parsed.seeds, network, cell: {}, outcomes };
        const networks = cells * parsed.seeds;
        const step = (of: 'loading' | 'compiling' | 'training' | 'finished') => ({
          film,
          frame: times.length - 1,
          engine,
          progress: {
            phase: of,
            message: '',
            fraction: known,
            networksDone: Math.round(known * networks),
            networks,
            elapsedSeconds: 12,
            remainingSeconds: of === 'training' ? 8 : null,
          },
        });
        return {
          film,
          pause: () => {},
          resume: () => {},
          cancel: () => {},
          dispose: () => {},
          inspect: () => Promise.reject(new Error('an acted run has no networks')),
          async *[Symbol.asyncIterator]() {
            if (wanted === 'failed') throw new Error('sweep: expected a run, got an act. Take another one.');
            yield step(wanted);
            // Whatever is under way stays so until the next act.
            if (wanted !== 'finished') await new Promise(() => {});
          },
        };
      };
      atlas.science = { ...science, gpuAvailable: async () => true, openSession, thumbnails: science.thumbnails };
      atlas.sweep = json;
    },
    [sweep, phase] as const,
  );
  await page.waitForFunction(
    (wanted) => document.querySelector<PhaseAtlas>('phase-atlas')?.figure?.run.phase === wanted,
    phase === 'loading' ? 'loading' : phase,
  );
  await settled(page);
}

/** Two frames later, everything asked for has been painted. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())), 150);
      }),
  );
