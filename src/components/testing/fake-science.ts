// Stands in for the engine while the face is built and tested: a made-up crossover that forms over time, coarse to fine.
// Nothing in the product may import this.

import type { Catalog } from '../../core/catalog.ts';
import { createFilm, type Film } from '../../core/film.ts';
import { outcomeCode } from '../../core/outcome.ts';
import { numberOf } from '../../core/parameter.ts';
import { parseSweep } from '../../core/parse-sweep.ts';
import { gaussian } from './noise.ts';
import { cellIndices, cellValues, type Sweep } from '../../core/sweep.ts';
import type { Phase, Snapshot } from '../../engine/snapshot.ts';
import type { Preset } from '../../core/preset.ts';
import type { RunningSession, RunOptions, Science } from '../science.ts';

/** Made-up values of one network at training time t. */
function made(sweep: Sweep, cell: number, seed: number, t: number): Record<string, number> {
  const values = cellValues(sweep, cell);
  const depth = numberOf(values, 'depth');
  const width = numberOf(values, 'width');
  const luck = Math.exp(0.12 * gaussian(seed, width) + 0.04 * gaussian(seed + 991, cell));
  const u = numberOf(values, 'outputScale') / (9 * (1 + 8 / width) * luck);
  const a = (2 * depth) / (depth + 1);
  const end = u < 1 ? u ** -a : 0.6 / u + 0.4 / u ** 2;
  const progress = 1 - Math.exp(-((t * Math.max(1, u) * 1.4) ** 2) / (0.5 + t));
  const loss = Math.max(0.004, Math.exp(-t * (u > 1 ? 1.2 * u : 0.25 * t)));
  return {
    kernelChange: end * progress + (u < 1 ? 0 : 0),
    testError: 0.5 - (0.5 - 0.06 - 0.1 / (1 + 1 / u) - 0.8 / width) * progress,
    trainingLoss: loss,
  };
}

class FakeSession implements RunningSession {
  readonly film: Film;
  #paused = false;
  #cancelled = false;
  readonly #signal: AbortSignal | undefined;
  readonly #engine: 'gpu' | 'reference';

  constructor(sweep: Sweep, options: RunOptions) {
    this.film = createFilm(sweep, () => false);
    this.#signal = options.signal;
    this.#engine = options.engine ?? 'gpu';
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  cancel(): void {
    this.#cancelled = true;
  }

  inspect(): Promise<never> {
    return Promise.reject(new Error('the stand-in has no weights'));
  }

  #snapshot(frame: number, done: number, work: number, phase: Phase): Snapshot {
    const networks = this.film.cells * this.film.seeds;
    const fraction = done / work;
    return {
      film: this.film,
      frame,
      engine: {
        engine: this.#engine,
        label: this.#engine === 'gpu' ? 'WebGPU, float32' : 'reference, float64, slow',
        adapter: this.#engine === 'gpu' ? 'stand-in adapter' : '',
        kernel: 'fused depth 2, 32 lanes',
      },
      progress: {
        phase,
        message: phase === 'compiling' ? 'Compiling kernels.' : `Training ${networks} networks.`,
        fraction,
        networksDone: Math.floor(fraction * networks),
        networks,
        elapsedSeconds: done * 0.05,
        remainingSeconds: done < 3 ? null : (work - done) * 0.05,
      },
    };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Snapshot> {
    const { film } = this;
    const levels = [4, 2, 1];
    const work = levels.length * film.times.length;
    const pace = Number(new URLSearchParams(location.search).get('pace') ?? 60);
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    yield this.#snapshot(-1, 0, work, 'compiling');
    await wait(pace * 4);
    let done = 0;
    for (const level of levels) {
      for (let frame = 0; frame < film.times.length; frame++) {
        this.#fill(frame, level);
        done++;
        yield this.#snapshot(frame, done, work, this.#paused ? 'paused' : 'training');
        await wait(pace);
        while (this.#paused && !this.#cancelled) await wait(50);
        if (this.#cancelled || this.#signal?.aborted) {
          yield this.#snapshot(frame, done, work, 'cancelled');
          return;
        }
      }
    }
    yield this.#snapshot(film.times.length - 1, work, work, 'finished');
  }

  #fill(frame: number, level: number): void {
    const { film } = this;
    for (let cell = 0; cell < film.cells; cell++) {
      const indices = cellIndices(film.sweep, cell);
      if (!indices.every((index) => index % level === 0)) continue;
      for (let seed = 0; seed < film.seeds; seed++) {
        const at = (frame * film.cells + cell) * film.seeds + seed;
        const values = made(film.sweep, cell, seed, film.times[frame]);
        const last = frame > film.times.length * 0.6;
        const code = last && indices[0] === 0 && indices[1] === 0 ? 'diverged' : last && indices[0] < 2 && indices[1] < 2 ? 'out-of-budget' : last ? 'converged' : 'running';
        film.outcomes[at] = outcomeCode[code];
        for (const id of Object.keys(film.network)) film.network[id][at] = code === 'diverged' ? Number.NaN : (values[id] ?? Math.abs(gaussian(seed, cell)));
      }
    }
  }
}

/** The stand-in over a real catalog. */
export function fakeScience(catalog: Catalog, presets: readonly Preset[]): Science {
  return {
    catalog,
    presets,
    parseSweep: (json) => parseSweep(json, catalog),
    runSession: (sweep, options) => new FakeSession(sweep, options),
    gpuAvailable: () => Promise.resolve(!new URLSearchParams(location.search).has('nogpu')),
  };
}
