// What two-layer linear networks do when their task changes: facts of Dominé et al. 2025, appendix D,
// and the promises of a staged session.

import { describe, expect, test } from 'vitest';
import { trainingLoss } from '../../../shaders/observables/training-loss.ts';
import { catalog } from '../../../src/catalog.ts';
import { reduceFrame } from '../../../src/core/diagram.ts';
import { type Film, UNKNOWN } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import type { Flow } from '../../../src/core/training.ts';
import { openSession } from '../../../src/engine/session.ts';
import { linear, outcomesAt, run, sweepOf, valueAt } from './staged.ts';

/** Half the squared Frobenius norm of a whitened task's map, or of the difference of two. */
async function halfSquare(kind: string, one: Record<string, unknown>, other?: Record<string, unknown>): Promise<number> {
  const teacherOf = async (options: Record<string, unknown>) => {
    const sweep = parseSweep(
      {
        version: 1,
        family: 'fully-connected',
        task: { kind, ...options },
        axes: [{ parameter: 'outputScale', values: [1] }],
        fixed: linear,
        training: { method: 'flow', maxTime: 1 },
        observables: ['trainingLoss'],
      },
      catalog,
    );
    const task = catalog.tasks.find((candidate) => candidate.kind === kind);
    const { teacher } = (await task?.load(sweep.fixed, {})) ?? {};
    if (teacher === undefined) throw new Error(`${kind}: no teacher`);
    return teacher;
  };
  const first = await teacherOf(one);
  const second = other === undefined ? first.map(() => 0) : await teacherOf(other);
  return first.reduce((sum, value, at) => sum + (value - second[at]) ** 2, 0) / 2;
}

/** Asserts that a loss falls through 1 % of `initial` within 2 % of `expected` after `from`. */
function expectOnePercent(film: Film, from: number, expected: number, cell: number, initial: number): void {
  const share = (factor: number) => valueAt(film, 'trainingLoss', from + factor * expected, cell) / initial;
  const [before, after] = [share(0.98), share(1.02)];
  expect([cell, before > 0.01, after < 0.01], `cell ${cell}: L/L0 = ${before} and ${after} about t = ${expected}`).toEqual([
    cell,
    true,
    true,
  ]);
}

const about = (from: number, times: readonly number[]) => times.flatMap((time) => [from + 0.98 * time, from + 1.02 * time]);

describe('reversal, Σ → −Σ', () => {
  test('succeeds for λ ≠ 0 alike for both signs, ever faster; at λ = 0 a quarter of the loss stays', async () => {
    const balances = [0, 0.01, 0.1, 1, 10, -0.1, -10];
    const expected = [Number.NaN, 8.21, 4.65, 1.69, 0.229, 4.65, 0.229];
    const from = 40;
    const task = { kind: 'whitened', inputDim: 4, outputDim: 4, largestSingular: 1.2, smallestSingular: 0.6 };
    const film = await run({
      task,
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { width: 4, initialisation: 'aligned' },
      maxTime: from + 20,
      tolerance: 1e-11,
      checkpoints: [...about(from, expected.slice(1)), from + 5, from + 9],
      stages: [{ from, task: { signs: 'reversed' } }],
    });
    const initial = 4 * (await halfSquare('whitened', task));
    for (const [cell, time] of expected.entries()) if (cell > 0) expectOnePercent(film, from, time, cell, initial);
    for (const later of [5, 9, 20]) {
      expect(Math.abs(valueAt(film, 'trainingLoss', from + later, 0) / initial - 0.25)).toBeLessThan(1e-3);
    }
  });
});

describe('continual learning', () => {
  const from = 60;
  const continual = (taskSeed: number, balances: readonly number[], seeds: number) =>
    run({
      task: { kind: 'whitened' },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { width: 5, initialisation: 'balanced' },
      seeds,
      maxTime: 2 * from,
      checkpoints: 2,
      tolerance: 1e-7,
      stages: [{ from, task: { taskSeed }, test: 'first' }],
      observables: ['trainingLoss', 'testLoss', 'forgetting'],
    });

  test('forgets the first task entirely for every λ; starts of the wrong determinant are counted, not averaged', async () => {
    const balances = [-10, -1, 0, 0.1, 1, 10];
    const film = await continual(2, balances, 4);
    const distance = await halfSquare('whitened', {}, { taskSeed: 2 });
    const last = film.times.length - 1;
    const kept: number[] = [];
    for (const [cell, balance] of balances.entries()) {
      const outcomes = outcomesAt(film, last, cell);
      outcomes.forEach((outcome, seed) => {
        if (outcome === outcomeCode.obstructed) {
          expect(balance).toBe(0);
          return;
        }
        kept.push(cell);
        const forgetting = valueAt(film, 'forgetting', 2 * from, cell, seed);
        expect(forgetting).toBeCloseTo(valueAt(film, 'testLoss', 2 * from, cell, seed) / distance, 9);
        expect([cell, seed, forgetting, Math.abs(forgetting - 1) < 1e-3]).toEqual([cell, seed, forgetting, true]);
        expect(valueAt(film, 'trainingLoss', 2 * from, cell, seed)).toBeLessThan(1e-6);
      });
    }
    const zero = balances.indexOf(0);
    const obstructed = outcomesAt(film, last, zero).filter((outcome) => outcome === outcomeCode.obstructed).length;
    const diagram = reduceFrame(film, last, trainingLoss);
    expect(obstructed).toBeGreaterThan(0);
    expect([diagram.outcomes.obstructed[zero], diagram.excluded[zero], diagram.count[zero]]).toEqual([
      obstructed,
      obstructed,
      4 - obstructed,
    ]);
  });
});

describe('determinants of the wrong sign', () => {
  test('are found where a later task begins too, also after a coarse integrator, and stay what they are', async () => {
    const request = {
      task: { kind: 'whitened', inputDim: 3, outputDim: 3, taskSeed: 1 },
      axes: [{ parameter: 'balance', values: [0, 1] }],
      fixed: { width: 3, initialisation: 'aligned', productScale: 0.1 },
      maxTime: 60,
      checkpoints: 1,
      // det(−Σ) = −det Σ in three dimensions.
      stages: [
        { from: 20, task: { signs: 'reversed' } },
        { from: 40, task: { signs: 'usual' } },
      ],
    };
    const sweep = sweepOf(request);
    const coarse = {
      ...sweep,
      training: { ...sweep.training, integrator: 'euler', tolerance: 1e-2, outputTolerance: 0.3 } as Flow,
    };
    for (const one of [sweep, coarse]) {
      const session = openSession(one, { catalog, engine: 'reference' });
      for await (const { progress } of session) expect(progress.phase).not.toBe('cancelled');
      const outcomes = session.film.times.map((_, frame) => outcomesAt(session.film, frame, 0)[0]);
      const { running, obstructed } = outcomeCode;
      expect(outcomes).toEqual([running, running, obstructed, obstructed]);
      expect((await session.inspect(0, 0)).outcome).toBe('obstructed');
      expect((await session.inspect(1, 0)).outcome).toBe('converged');
      session.dispose();
    }
  });
});

describe('fine-tuning after re-balancing to λ_FT', () => {
  const from = 30;
  const tuned = (variant: string, balances: readonly number[], expected: readonly number[]) =>
    run({
      task: { kind: 'hierarchy' },
      axes: [{ parameter: 'laterBalance', values: balances }],
      fixed: { width: 8, initialisation: 'aligned', balance: 1 },
      maxTime: from + 20,
      checkpoints: [...about(from, expected), from + 15],
      stages: [{ from, task: { variant }, rebalance: true }],
    });

  test('is faster for larger λ_FT when a feature flips its sign, and fails at 0, where the determinant is obstructed', async () => {
    const balances = [0, 0.01, 0.1, 1, 5, 10];
    const times = [11.3, 6.67, 2.05, 0.46, 0.23];
    const film = await tuned('last-flipped', balances, times);
    const initial = await halfSquare('hierarchy', {}, { variant: 'last-flipped' });
    for (const [i, time] of times.entries()) expectOnePercent(film, from, time, i + 1, initial);
    expect(valueAt(film, 'trainingLoss', from + 15, 0) / initial).toBeCloseTo(0.25, 3);
    const last = film.times.length - 1;
    expect(outcomesAt(film, film.times.indexOf(from), 0)).toEqual([outcomeCode.running]);
    expect(outcomesAt(film, last, 0)).toEqual([outcomeCode.obstructed]);
    expect(outcomesAt(film, last, 1)).toEqual([outcomeCode.converged]);
  });

  test('and when the hierarchy is rearranged', async () => {
    const times = [3.35, 1.73, 0.23];
    const film = await tuned('colour', [0, 1, 10], times);
    const initial = await halfSquare('hierarchy', {}, { variant: 'colour' });
    for (const [i, time] of times.entries()) expectOnePercent(film, from, time, i, initial);
  });
});

describe('a staged session', () => {
  const small = {
    task: { kind: 'whitened', inputDim: 2, outputDim: 2 },
    axes: [{ parameter: 'balance', values: [0.5, 1] }],
    fixed: { width: 2, initialisation: 'balanced', productScale: 0.5 },
    maxTime: 3,
    checkpoints: 2,
    tolerance: 1e-6,
  };

  test('measures changes and halving times from the start of the stage', async () => {
    const observables = ['halvingTime', 'weightChange', 'kernelChange'];
    const film = await run({
      ...small,
      checkpoints: [0.7, 1.001],
      stages: [{ from: 1, task: { taskSeed: 4 } }],
      observables,
    });
    const change = (time: number) => valueAt(film, 'weightChange', time, 0);
    expect(change(1)).toBeGreaterThan(change(0.7));
    expect(change(1.001)).toBeLessThan(0.01 * change(1));
    const [first, second] = [valueAt(film, 'halvingTime', 1, 1), valueAt(film, 'halvingTime', 3, 1)];
    expect(first > 0 && first < 1 && second > 0 && second < 2 && second !== first).toBe(true);
  });

  test('fills every frame of large sweeps too, coarse cells first, and descends as it flows', async () => {
    const axes = [
      { parameter: 'balance', from: -1, to: 1, steps: 16 },
      { parameter: 'learningRate', scale: 'log', from: 0.01, to: 0.04, steps: 16 },
    ];
    const training = { method: 'descent', maxTime: 2, checkpoints: 2 };
    const sweep = parseSweep(
      {
        version: 1,
        family: 'fully-connected',
        ...{ task: small.task, axes, fixed: { ...linear, ...small.fixed }, training },
        stages: [{ from: 1, task: { signs: 'reversed' }, frozen: ['output'] }],
        observables: ['trainingLoss', 'weightChangeLayer1', 'weightChangeLayer2'],
      },
      catalog,
    );
    const session = openSession(sweep, { catalog, engine: 'reference' });
    const messages = new Set<string>();
    let fraction = 0;
    for await (const { progress } of session) {
      messages.add(progress.message);
      fraction = progress.fraction;
    }
    const { film } = session;
    expect([fraction, film.outcomes.includes(UNKNOWN)]).toEqual([1, false]);
    expect([...messages]).toContain('Training, pass 3 of 3, stage 2 of 2.');
    const last = (id: string) => [...film.network[id].slice(-film.cells)];
    expect(last('weightChangeLayer2').every((value) => value === 0)).toBe(true);
    expect(last('weightChangeLayer1').every((value) => value > 0)).toBe(true);
    session.dispose();
  });

  test.each([
    [{ from: 1, task: { variant: 'new-feature' } }, /stages\[0\]: expected 8 outputs, as the networks have, got 1.*head: "new"/],
    [
      { from: 1, task: { variant: 'new-feature' }, head: 'new', test: 'first' },
      /stages\[0\]\.test: expected "own" for a task of 1 outputs/,
    ],
  ])('refuses a task that does not fit before anything is trained: %j', async (stage, words) => {
    const request = {
      ...small,
      task: { kind: 'hierarchy' },
      fixed: { width: 2 },
      axes: [{ parameter: 'outputScale', values: [1] }],
    };
    const session = openSession(sweepOf({ ...request, stages: [stage] }), { catalog, engine: 'reference' });
    const whole = async () => {
      for await (const { progress } of session) expect(progress.phase).not.toBe('training');
    };
    await expect(whole()).rejects.toThrow(words);
    session.dispose();
  });

  test('keeps a network that diverged out of later stages', async () => {
    const sweep = parseSweep(
      {
        version: 1,
        family: 'fully-connected',
        ...{ task: small.task, fixed: { ...linear, ...small.fixed, balance: 1 }, seeds: 2 },
        axes: [{ parameter: 'learningRate', values: [0.05, 50] }],
        training: { method: 'descent', maxTime: 20_000, maxSteps: 400, checkpoints: [10, 10_000] },
        stages: [{ from: 10_000, task: { taskSeed: 1 }, head: 'new' }],
        observables: ['trainingLoss'],
      },
      catalog,
    );
    const session = openSession(sweep, { catalog, engine: 'reference' });
    for await (const { progress } of session) expect(progress.phase).not.toBe('cancelled');
    const last = session.film.times.length - 1;
    expect(outcomesAt(session.film, last, 1)).toEqual([outcomeCode.diverged, outcomeCode.diverged]);
    expect(outcomesAt(session.film, last, 0)).toEqual([outcomeCode['out-of-budget'], outcomeCode['out-of-budget']]);
    expect(Number.isNaN(session.film.network.trainingLoss[last * 4 + 2])).toBe(true);
    session.dispose();
  });
});
