// Beyond its caps an element asks before it runs, says what it would cost, and goes on when it may.

import { describe, expect, test } from 'vitest';
import { catalog as whole } from '../../../src/catalog.ts';
import { boundedScience } from '../../../src/components/bounded-science.ts';
import type { RunningSession, Science } from '../../../src/components/science.ts';
import { CapError, type Caps, EMBED_CAPS, PAGE_CAPS } from '../../../src/core/caps.ts';
import { createFilm } from '../../../src/core/film.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { openReference } from '../../../src/engine/reference-client.ts';
import type { Progress, Snapshot } from '../../../src/engine/snapshot.ts';
import { catalog, sweepJson } from '../core/fixtures.ts';

const small = parseSweep(sweepJson(), catalog);
const large = parseSweep(sweepJson({ seeds: 2000 }), catalog);
const engine = { engine: 'gpu', label: 'stand-in', adapter: '', kernel: '' } as const;

/** Yields `steps` snapshots of training, honours pause, and records the caps it was opened with. */
function standIn(opened: (Caps | undefined)[], steps: number, needs = 0, tick = (): void => undefined): Science {
  const openSession: Science['openSession'] = (sweep, { caps }) => {
    opened.push(caps);
    const film = createFilm(sweep, () => false);
    let paused = false;
    let wake = (): void => undefined;
    const at = (phase: Progress['phase']): Snapshot => ({
      film,
      frame: 0,
      engine,
      progress: { phase, message: '', fraction: 0.5, networksDone: 0, networks: 1, elapsedSeconds: 1, remainingSeconds: 90 },
    });
    const session: RunningSession = {
      film,
      async *[Symbol.asyncIterator]() {
        if (needs > (caps?.bytes ?? 0)) throw new CapError('sweep', 'expected at most 64 MiB of memory, got 99 MiB');
        for (let n = 0; n < steps; n++) {
          if (paused) {
            yield at('paused');
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (!paused) resolve();
            });
          }
          tick();
          yield at('training');
        }
        yield at('finished');
      },
      pause: () => {
        paused = true;
      },
      resume: () => {
        paused = false;
        wake();
      },
      cancel: () => undefined,
      inspect: () => Promise.reject(new Error('none')),
      dispose: () => undefined,
    };
    return session;
  };
  return { catalog, presets: [], theories: [], openSession } as unknown as Science;
}

/** Lets a session run, allowing whatever it asks; the questions. */
async function questionsOf(session: RunningSession): Promise<string[]> {
  const asked: string[] = [];
  for await (const { progress } of session) {
    if (progress.asks === undefined) continue;
    asked.push(progress.asks);
    setTimeout(() => session.resume(), 0);
  }
  return asked;
}

const bounds = (now = () => 0) => ({ caps: () => EMBED_CAPS, lost: () => undefined, now });

describe('a figure within caps', () => {
  test('asks nothing', async () => {
    const opened: (Caps | undefined)[] = [];
    const science = boundedScience(standIn(opened, 3), bounds());
    expect(await questionsOf(science.openSession(small, {}))).toEqual([]);
    expect(opened).toEqual([EMBED_CAPS]);
  });

  test('names networks and cells before it runs too many', async () => {
    const opened: (Caps | undefined)[] = [];
    const session = boundedScience(standIn(opened, 1), bounds()).openSession(large, {});
    const iterator = session[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect((first.value as Snapshot).progress.asks).toBe(
      'This sweep trains 42,000 networks in 21 cells; without asking, this figure runs at most 16,384 in 4,096.',
    );
    expect(opened).toEqual([]);
    setTimeout(() => session.resume(), 0);
    expect(((await iterator.next()).value as Snapshot).progress.phase).toBe('training');
    expect(opened).toEqual([{ ...EMBED_CAPS, cells: PAGE_CAPS.cells, networks: PAGE_CAPS.networks }]);
  });

  test('asks for memory once it is known, and runs with more when it may', async () => {
    const opened: (Caps | undefined)[] = [];
    const science = boundedScience(standIn(opened, 1, 99 * 2 ** 20), bounds());
    expect(await questionsOf(science.openSession(small, {}))).toEqual([
      expect.stringMatching(/got 99 MiB\. That is what this figure takes without asking\.$/),
    ]);
    expect(opened.map((caps) => caps?.bytes)).toEqual([EMBED_CAPS.bytes, PAGE_CAPS.bytes]);
  });

  test('asks each time its seconds are used up, and says what is left', async () => {
    let time = 0;
    const science = boundedScience(
      standIn([], 10, 0, () => {
        time += 20_000;
      }),
      bounds(() => time),
    );
    const asked = await questionsOf(science.openSession(small, {}));
    expect(asked.length).toBe(2);
    expect(asked[0]).toBe('The 1 min that this figure computes without asking are used up. About 1 min 30 s of work are left.');
  });

  test('is over when it is cancelled while it asks', async () => {
    const session = boundedScience(standIn([], 1), bounds()).openSession(large, {});
    for await (const _ of session) setTimeout(() => session.cancel(), 0);
    expect(session.film.times.length).toBe(large.training.checkpoints.length + 1);
  });

  test('refuses what even the atlas does not run', () => {
    const endless = parseSweep(
      sweepJson({ seeds: 4096, axes: [{ parameter: 'outputScale', scale: 'log', from: 1, to: 9, steps: 99 }] }),
      catalog,
    );
    expect(() => boundedScience(standIn([], 1), bounds()).openSession(endless, {})).toThrow(CapError);
  });
});

test('without workers the reference runs on the page’s own thread and says so', async () => {
  const sweep = parseSweep(
    {
      version: 1,
      family: 'fully-connected',
      task: { kind: 'stripe', samples: 4, testSamples: 4, probeSamples: 2, inputDim: 2 },
      axes: [{ parameter: 'width', values: [2, 3] }],
      seeds: 1,
      training: { method: 'flow', maxTime: 0.1, checkpoints: 2 },
      observables: ['trainingLoss'],
    },
    whole,
  );
  const session = openReference(sweep, { catalog: whole, caps: EMBED_CAPS });
  let last: Snapshot | null = null;
  for await (const snapshot of session) last = snapshot;
  expect(last?.engine).toMatchObject({ engine: 'reference', thread: 'page' });
  expect(last?.progress.phase).toBe('finished');
  expect([...session.film.network.trainingLoss].every(Number.isFinite)).toBe(true);
  expect((await session.inspect(1, 0)).weights.length).toBeGreaterThan(0);
});
