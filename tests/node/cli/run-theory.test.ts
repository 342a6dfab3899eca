// Promises of `phase-atlas run` where a theory holds: it is found, solved from the same starts, compared, told and kept.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { type RunTools, runCommand } from '../../../src/cli/run.ts';
import { theoryFor } from '../../../src/cli/run-theory.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { parseResult } from '../../../src/core/result.ts';
import { openSession } from '../../../src/engine/session.ts';
import { fakeConsole } from './fake-console.ts';

const LINEAR = { depth: 1, activation: 'linear', parametrisation: 'standard', predictor: 'plain', loss: 'squared', width: 3 };
const FLOW = {
  method: 'flow',
  integrator: 'dormand-prince',
  tolerance: 1e-9,
  outputTolerance: null,
  maxTime: 8,
  checkpoints: [1, 4, 8],
};
const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 3, outputDim: 3 },
  axes: [
    { parameter: 'balance', values: [-2, 0, 1] },
    { parameter: 'learningRateRatio', values: [1, 2] },
  ],
  fixed: { ...LINEAR, initialisation: 'balanced', productScale: 0.1 },
  seeds: 4,
  training: FLOW,
  observables: ['trainingLoss', 'kernelDistance', 'balanceDrift'],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phase-atlas-theory-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const tools: RunTools = {
  catalog,
  theories: catalog.theories,
  open: (sweep, { signal }) => openSession(sweep, { catalog, signal, engine: 'reference' }),
  report: () => 'nothing else\n',
  onInterrupt: () => () => undefined,
};

async function run(sweep: object, ...options: string[]) {
  const [path, out] = [join(folder, 'sweep.json'), join(folder, 'result.json')];
  await writeFile(path, JSON.stringify(sweep));
  const console = fakeConsole();
  const code = await runCommand([path, '--out', out, '--engine', 'reference', ...options], console, tools);
  return { code, console, ...parseResult(JSON.parse(await readFile(out, 'utf8')), catalog) };
}

describe('a run with a theory', () => {
  test('finds it, tells the largest differences, exceptions and refusals, and keeps all in the result', async () => {
    const { code, console, film, theory } = await run(SWEEP);
    expect(code).toBe(0);
    const lines = console.printed.join('\n').split('\n');
    expect(lines[0]).toBe('nothing else');
    expect(lines[1]).toBe('theory: λ-balanced linear networks, exact (lambda-balanced)');
    expect(lines[2]).toMatch(
      /^ {2}trainingLoss: at most \S+ apart in ln over \d+ values, at t = \S+, balance \S+, learningRateRatio 1, seed [0-3]: \S+ simulated, \S+ predicted$/,
    );
    expect(lines[3]).toMatch(/^ {2}kernelDistance: at most/);
    expect(lines[lines.length - 1]).toBe(
      '  3 of 6 cells are not the theory’s: It holds for equal learning rates of the two layers.',
    );
    expect(theory?.id).toBe('lambda-balanced');
    expect(theory?.refused.cells).toBe(3);
    for (const [id, { mean, worst, compared }] of Object.entries(theory?.observables ?? {})) {
      // Obstructed networks, which λ = 0 has, are in neither.
      expect(compared).toBe(4 * (12 - (theory?.exceptions ?? 0)));
      // Relative, and of losses that have fallen by orders: what the flow's tolerance leaves.
      expect(worst?.difference).toBeLessThan(2e-5);
      const at = ((worst?.frame ?? 0) * film.cells + (worst?.cell ?? 0)) * film.seeds + (worst?.seed ?? 0);
      expect(film.network[id][at]).toBe(worst?.simulation);
      expect(Math.abs(Math.log((worst?.simulation ?? 0) / (worst?.theory ?? 0)))).toBeCloseTo(worst?.difference ?? 0, 12);
      expect(mean).toHaveLength(film.times.length * film.cells);
      // λ = −2 with equal rates is solved, with unequal ones it is not.
      expect([Number.isNaN(mean[0]), Number.isNaN(mean[1])]).toEqual([false, true]);
    }
    const obstructed = film.outcomes.slice(-film.cells * film.seeds).filter((outcome) => outcome === 5).length;
    expect(obstructed).toBe(2 * (theory?.exceptions ?? 0));
  });

  test('compares classes by name, and limits at the end alone', async () => {
    const classes = await run({
      ...SWEEP,
      task: { kind: 'line', samples: 2 },
      axes: [{ parameter: 'scaling', values: ['ntk', 'small'] }],
      fixed: { ...LINEAR, width: 16, motion: 'plain' },
      observables: ['mechanism'],
    });
    expect(classes.theory?.id).toBe('one-dimensional');
    expect(classes.console.printed.join('\n')).toContain('  mechanism: the same class over ');
    const limits = await run({
      ...SWEEP,
      family: 'diagonal',
      task: { kind: 'sparse', inputDim: 6, sparsity: 1, samples: 3 },
      axes: [{ parameter: 'initScale', values: [0.5, 1] }],
      fixed: {},
      seeds: 1,
      training: { ...FLOW, maxTime: 400, checkpoints: [1, 400] },
      observables: ['mapL1'],
    });
    const { mean, compared, worst } = limits.theory?.observables.mapL1 ?? { mean: [], compared: 0, worst: null };
    expect(compared).toBe(2);
    expect(worst?.difference).toBeLessThan(1e-5);
    expect([...mean].map(Number.isNaN)).toEqual([true, true, true, true, false, false]);
  });

  test('--theory chooses, and refuses what is unknown, holds nowhere or predicts nothing', async () => {
    const none = await run(SWEEP, '--theory', 'none');
    expect(none.theory).toBeNull();
    expect(none.console.printed).toEqual(['nothing else']);
    const parsed = (change: object) => parseSweep({ ...SWEEP, ...change }, catalog);
    const { theories } = catalog;
    expect(() => theoryFor(parsed({}), theories, 'domine')).toThrow(
      /--theory: expected one of lambda-balanced, .*none, got domine/,
    );
    expect(() => theoryFor(parsed({}), theories, 'catapult')).toThrow(
      /holds for this sweep, got catapult: It holds for gradient descent/,
    );
    const drift = parsed({ observables: ['balanceDrift'] });
    expect(() => theoryFor(drift, theories, 'lambda-balanced')).toThrow(/which predicts trainingLoss, kernelDistance/);
    expect(theoryFor(drift, theories, undefined)).toBeNull();
    const descent = parsed({
      task: { kind: 'line', samples: 1, slope: 0 },
      fixed: { ...LINEAR, learningRate: 0.1 },
      axes: [{ parameter: 'weightExponent', values: [0] }],
      training: { method: 'descent', maxTime: 1 },
    });
    expect(theoryFor(descent, theories, 'catapult')?.id).toBe('catapult');
    expect(theoryFor(parsed({ fixed: { ...SWEEP.fixed, activation: 'tanh' } }), theories, undefined)).toBeNull();
  });
});
