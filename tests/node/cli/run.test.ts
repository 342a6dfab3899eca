// Promises of `phase-atlas run`, with a stand-in for training: where results and words go, and what an interruption keeps.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { families } from '../../../shaders/families/registry.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import { type RunTools, runCommand } from '../../../src/cli/run.ts';
import type { Catalog } from '../../../src/core/catalog.ts';
import { createFilm } from '../../../src/core/film.ts';
import { parseResult } from '../../../src/core/result.ts';
import type { Snapshot } from '../../../src/engine/snapshot.ts';
import { tasks } from '../../../src/tasks/registry.ts';
import { theories } from '../../../src/theory/registry.ts';
import { fakeConsole } from './fake-console.ts';

const catalog: Catalog = { families, tasks, observables };
const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: tasks[0].kind },
  axes: [{ parameter: 'outputScale', scale: 'log', from: 0.1, to: 10, steps: 3 }],
  training: { method: 'flow', maxTime: 1 },
  observables: [observables.find(({ per }) => per === 'network')?.id],
};

let folder: string;
let sweepPath: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phase-atlas-run-'));
  sweepPath = join(folder, 'sweep.json');
  await writeFile(sweepPath, JSON.stringify(SWEEP));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Training that measures every frame at once; interrupted, it stops after the first. */
function tools(interrupt = false): RunTools {
  let stop = (): void => {};
  return {
    catalog,
    theories,
    async *open(sweep, { signal, engine }): AsyncGenerator<Snapshot> {
      const film = createFilm(sweep, () => false);
      const stride = film.cells * film.seeds;
      for (let frame = 0; frame < film.times.length; frame++) {
        film.outcomes.fill(frame === film.times.length - 1 ? 1 : 0, frame * stride, (frame + 1) * stride);
        for (const values of Object.values(film.network)) values.fill(frame, frame * stride, (frame + 1) * stride);
        const fraction = (frame + 1) / film.times.length;
        yield {
          film,
          frame,
          progress: {
            phase: 'training',
            message: 'training',
            fraction,
            networksDone: 0,
            networks: stride,
            elapsedSeconds: frame,
            remainingSeconds: null,
          },
          engine: { engine, label: 'stand-in', adapter: 'none', kernel: '' },
        };
        if (interrupt) stop();
        if (signal.aborted) return;
      }
    },
    report: () => 'boundary at 1.0\n',
    onInterrupt(listener) {
      stop = listener;
      return () => {};
    },
  };
}

describe('run', () => {
  test('writes a result that loads back, and prints the report', async () => {
    const console = fakeConsole();
    const out = join(folder, 'result.json');
    expect(await runCommand([sweepPath, '--out', out, '--engine', 'reference'], console, tools())).toBe(0);
    const { film, provenance } = parseResult(JSON.parse(await readFile(out, 'utf8')), catalog);
    expect(film.cells).toBe(3);
    expect(provenance.engine).toBe('stand-in');
    expect(console.printed).toEqual(['boundary at 1.0']);
    expect(console.progressed.at(-1)).toBe(1);
  });

  test('without --out the result alone goes to standard output', async () => {
    const console = fakeConsole();
    expect(await runCommand([sweepPath], console, tools())).toBe(0);
    expect(console.printed).toHaveLength(1);
    expect(() => parseResult(JSON.parse(console.printed[0]), catalog)).not.toThrow();
    expect(console.noted).toContain('boundary at 1.0');
  });

  test('an interrupted run keeps what it has measured and says so', async () => {
    const console = fakeConsole();
    const out = join(folder, 'partial.json');
    expect(await runCommand([sweepPath, '--out', out], console, tools(true))).toBe(130);
    const { film } = parseResult(JSON.parse(await readFile(out, 'utf8')), catalog);
    expect(film.outcomes[0]).toBe(0);
    expect(console.noted.join('\n')).toContain('stopped early');
  });

  test('--quiet says nothing but the report', async () => {
    const console = fakeConsole();
    await runCommand([sweepPath, '--out', join(folder, 'quiet.json'), '--quiet'], console, tools());
    expect(console.noted).toEqual([]);
    expect(console.progressed).toEqual([]);
  });

  test('wrong options and files are told in one sentence', async () => {
    const attempt = (...args: string[]) => runCommand(args, fakeConsole(), tools());
    await expect(attempt()).rejects.toThrow('expected one sweep file, got 0');
    await expect(attempt(sweepPath, '--engine', 'cuda')).rejects.toThrow('--engine: expected gpu or reference, got cuda');
    await expect(attempt(sweepPath, '--limits', 'all')).rejects.toThrow('--limits: expected default, got all');
    await expect(attempt(sweepPath, '--colour')).rejects.toThrow('--colour');
    await expect(attempt(join(folder, 'none.json'))).rejects.toThrow('expected a readable file');
    await writeFile(join(folder, 'bad.json'), '{ "version": 1,');
    await expect(attempt(join(folder, 'bad.json'))).rejects.toThrow('expected JSON');
    await writeFile(
      join(folder, 'large.json'),
      JSON.stringify({ ...SWEEP, seeds: 4096, axes: [{ ...SWEEP.axes[0], steps: 400 }] }),
    );
    await expect(attempt(join(folder, 'large.json'))).rejects.toThrow(/expected at most \d+ networks/);
  });
});
