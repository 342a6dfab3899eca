// What two-layer linear networks do when their task changes: facts of Dominé et al. 2025, appendix D, and the promises of a staged session.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { type Film, UNKNOWN } from '../../../src/core/film.ts';
import { reduceFrame } from '../../../src/core/diagram.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { openSession } from '../../../src/engine/session.ts';
import { trainingLoss } from '../../../shaders/observables/training-loss.ts';

const linear = { depth: 1, activation: 'linear', parametrisation: 'standard', predictor: 'plain', loss: 'squared' };

interface Request {
  readonly task: Record<string, unknown>;
  readonly axes: readonly Record<string, unknown>[];
  readonly fixed: Record<string, unknown>;
  readonly maxTime: number;
  readonly checkpoints: readonly number[] | number;
  readonly stages: readonly Record<string, unknown>[];
  readonly seeds?: number;
  readonly tolerance?: number;
  readonly observables?: readonly string[];
}

function sweepOf({
  maxTime,
  checkpoints,
  tolerance = 1e-9,
  fixed,
  observables = ['trainingLoss', 'testLoss'],
  ...rest
}: Request) {
  const times = typeof checkpoints === 'number' ? checkpoints : [...new Set(checkpoints)].sort((a, b) => a - b);
  const training = {
    method: 'flow',
    maxTime,
    checkpoints: times,
    integrator: 'dormand-prince',
    tolerance,
    outputTolerance: null,
  };
  return parseSweep(
    { version: 1, family: 'fully-connected', fixed: { ...linear, ...fixed }, training, observables, ...rest },
    catalog,
  );
}

async function run(request: Request): Promise<Film> {
  const session = openSession(sweepOf(request), { catalog, engine: 'reference' });
  for await (const { progress } of session) expect(progress.fraction).toBeLessThanOrEqual(1);
  session.dispose();
  return session.film;
}

/** Value of an observable of one network; the time must be a checkpoint. */
function valueAt(film: Film, id: string, time: number, cell: number, seed = 0): number {
  const frame = film.times.indexOf(time);
  expect(frame, `checkpoint ${time} of ${film.times.join(', ')}`).toBeGreaterThanOrEqual(0);
  return film.network[id][(frame * film.cells + cell) * film.seeds + seed];
}

function outcomesAt(film: Film, frame: number, cell: number): number[] {
  const first = (frame * film.cells + cell) * film.seeds;
  return [...film.outcomes.subarray(first, first + film.seeds)];
}

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
        const forgetting = valueAt(film, 'testLoss', 2 * from, cell, seed) / distance;
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

describe('transfer of a new feature, W₁ frozen', () => {
  test('generalises along the hierarchy for λ ≫ 0, by the square root of it at 0, not at all for λ ≪ 0', async () => {
    const balances = [-10, 0, 2, 10];
    const relatives = ['sibling', 'cousin', 'other'];
    const expected = [
      [0.0025, 0.0012, 0],
      [0.261, 0.108, 0],
      [0.46, 0.217, 0],
      [0.498, 0.248, 0],
    ];
    const from = 40;
    const film = await run({
      task: { kind: 'hierarchy' },
      axes: [
        { parameter: 'balance', values: balances },
        { parameter: 'relative', values: relatives },
      ],
      fixed: { width: 8, initialisation: 'aligned' },
      maxTime: from + 60,
      checkpoints: 1,
      tolerance: 1e-6,
      stages: [{ from, task: { variant: 'new-feature' }, frozen: ['hidden'], head: 'new' }],
    });
    const wrong = expected.flatMap((row, b) =>
      row.flatMap((value, r) => {
        const got = 1 - Math.sqrt(2 * valueAt(film, 'testLoss', from + 60, b * relatives.length + r));
        return Math.abs(got - value) < 2e-3 ? [] : [`λ = ${balances[b]}, ${relatives[r]}: expected ${value}, got ${got}`];
      }),
    );
    expect(wrong).toEqual([]);
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
