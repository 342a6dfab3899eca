// Theories beside simulations: the same data, the same starts, the same places in the film;
// what is refused or excepted stays out.

import { describe, expect, test } from 'vitest';
import { kernelDistance } from '../../../shaders/observables/kernel-alignment.ts';
import { trainingLoss } from '../../../shaders/observables/training-loss.ts';
import { catalog } from '../../../src/catalog.ts';
import { InputError } from '../../../src/core/errors.ts';
import { createFilm } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { leastResolved, residualOf } from '../../../src/core/residual.ts';
import { cellValues, type Sweep } from '../../../src/core/sweep.ts';
import type { Theory, TheoryNetwork } from '../../../src/core/theory.ts';
import { openSession } from '../../../src/engine/session.ts';
import { openTheory } from '../../../src/engine/theory-client.ts';
import { createTheoryFilm, enterPrediction, Residuals, type TheoryFilm } from '../../../src/engine/theory-film.ts';
import { runInSlices } from '../../../src/engine/theory-run.ts';
import { chainSpectrum, closeTimes, createTheorySolver } from '../../../src/engine/theory-solver.ts';
import { createFakeClock } from '../gpu/fake-clock.ts';

const JSON_SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 3, outputDim: 3, samples: 4, testSamples: 4, probeSamples: 4 },
  axes: [
    { parameter: 'balance', values: [-1, 0, 2] },
    { parameter: 'productScale', values: [0.1, 0.5] },
  ],
  fixed: {
    width: 3,
    depth: 1,
    activation: 'linear',
    loss: 'squared',
    parametrisation: 'standard',
    predictor: 'plain',
    initialisation: 'balanced',
  },
  seeds: 2,
  seed: 5,
  training: { method: 'flow', integrator: 'dormand-prince', tolerance: 1e-8, maxTime: 2, checkpoints: [0.5, 1, 2] },
  observables: ['trainingLoss', 'kernelDistance', 'testError'],
};
const sweep = parseSweep(JSON_SWEEP, catalog);

/** Predicts 1000 t + the first weight for the loss, and nothing of kernels; refuses λ = 2; excepts what `excepted` says. */
function stub(excepted: (network: TheoryNetwork) => boolean = () => false): Theory {
  return {
    id: 'stub',
    label: 'stub',
    description: '',
    source: '',
    observables: ['kernelTrace', 'trainingLoss'],
    reach: 'trajectory',
    refusal: ({ values }) => (values.balance === 2 ? 'Two is too much.' : null),
    solve: (network) => ({
      at: (time, into) => {
        into[1] = 1000 * time + network.weights[0];
      },
      exception: excepted(network) ? 'It is the odd one.' : null,
      spectrum: (time) => ({ time, layers: [Float64Array.of(time, 1), Float64Array.of(2)] }),
    }),
    boundaries: () => [],
  };
}

async function solved(theory: Theory, of: Sweep = sweep): Promise<TheoryFilm> {
  const film = createTheoryFilm(of, theory);
  for await (const prediction of createTheorySolver(of, catalog, theory).cells()) {
    if (prediction !== null) enterPrediction(film, prediction);
  }
  return film;
}

/** Index of (frame, cell, seed). */
const at = (frame: number, cell: number, seed: number) => (frame * 6 + cell) * 2 + seed;

test('predictions stand where the simulation of the same start stands', async () => {
  const film = await solved(stub());
  expect(Object.keys(film.network)).toEqual(['trainingLoss']);
  expect(film.times).toEqual([0, 0.5, 1, 2]);
  const session = openSession(sweep, { catalog, engine: 'reference' });
  for await (const { frame } of session) if (frame === 0) break;
  for (let cell = 0; cell < 4; cell++) {
    for (let seed = 0; seed < 2; seed++) {
      const { weights } = await session.inspect(cell, seed);
      for (let frame = 0; frame < 4; frame++) {
        const own = film.network.trainingLoss[at(frame, cell, seed)] - 1000 * film.times[frame];
        expect(own, `frame ${frame}, cell ${cell}, seed ${seed}`).toBeCloseTo(weights[0], 9);
      }
    }
  }
  session.dispose();
});

test('a refused cell is empty and says why; the others are not touched', async () => {
  const film = await solved(stub());
  expect(film.refusals).toEqual([null, null, null, null, 'Two is too much.', 'Two is too much.']);
  for (let frame = 0; frame < 4; frame++) {
    expect(Array.from(film.network.trainingLoss.slice(at(frame, 4, 0), at(frame, 5, 1) + 1))).toEqual([NaN, NaN, NaN, NaN]);
    expect(Array.from(film.network.trainingLoss.slice(at(frame, 0, 0), at(frame, 3, 1) + 1)).every(Number.isFinite)).toBe(true);
  }
  expect(film.done).toBe(6);
});

test('an exception is counted and stays out of every mean', async () => {
  const first = cellValues(sweep, 0);
  const seen: number[] = [];
  const odd = stub(({ values, weights }) => {
    if (values.balance !== first.balance || values.productScale !== first.productScale) return false;
    seen.push(weights[0]);
    return seen.length === 2;
  });
  const film = await solved(odd);
  expect(film.exceptions.map((sentence, i) => (sentence === null ? -1 : i)).filter((i) => i >= 0)).toEqual([1]);
  expect(film.network.trainingLoss[at(2, 0, 0)]).toBeGreaterThan(900);
  expect(film.network.trainingLoss[at(2, 0, 1)]).toBeNaN();
});

test('what is wrong with data or start is a refusal with its reason; a fault of the theory is a fault', async () => {
  const unwilling: Theory = {
    ...stub(),
    solve: () => {
      throw new InputError('theory', 'expected balanced weights, got others');
    },
  };
  expect((await solved(unwilling)).refusals[0]).toBe('theory: expected balanced weights, got others.');
  const broken: Theory = { ...stub(), solve: () => ({ at: () => fail(), exception: null }) };
  const fail = (): never => {
    throw new Error('division of nothing by nothing');
  };
  await expect(solved(broken)).rejects.toThrow('division of nothing');
});

test('after the task changes nothing is predicted', async () => {
  const staged = parseSweep({ ...JSON_SWEEP, stages: [{ from: 1, task: { signs: 'reversed' } }] }, catalog);
  const film = await solved(stub(), staged);
  const places = film.times.map((time, frame) => [time, film.network.trainingLoss[(frame * 6 + 0) * 2]] as const);
  for (const [time, value] of places) expect(Number.isFinite(value), `time ${time}`).toBe(time < 1);
});

describe('exact λ-balanced networks', () => {
  const theory = catalog.theories.find(({ id }) => id === 'lambda-balanced') as Theory;

  test('agree with the float64 simulation of the same sweep, and the worst place is named', async () => {
    const film = await solved(theory);
    const session = openSession(sweep, { catalog, engine: 'reference' });
    for await (const _ of session);
    const residuals = new Residuals(session.film, film, trainingLoss);
    for (let frame = 0; frame < 4; frame++) residuals.refresh(frame, 1);
    const { worst } = residuals;
    // Relative, and of losses that have fallen by orders: what the flow's tolerance leaves.
    expect(worst?.value).toBeLessThan(1e-5);
    const place = at(worst?.frame ?? -1, worst?.cell ?? -1, worst?.seed ?? -1);
    expect(residuals.film.network.trainingLoss[place]).toBe(worst?.value);
    expect(Math.max(...residuals.film.network.trainingLoss.filter(Number.isFinite))).toBe(worst?.value);
    session.dispose();
  });

  test('are the same from a client and from the solver, with curves that pass through the film', async () => {
    const film = await solved(theory);
    const run = await openTheory(sweep, theory, catalog);
    const told: number[] = [];
    await run.cells((portion) => told.push(...portion.map(({ cell }) => cell)));
    expect([...told].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const detail = await run.detail(5);
    const place = detail?.times.indexOf(1) ?? -1;
    expect(detail?.curves.trainingLoss[place * 2 + 1]).toBe(film.network.trainingLoss[at(2, 5, 1)]);
    const count = 3 * (detail?.times.length ?? 0);
    expect(detail?.spectrum?.map((layer) => layer.length)).toEqual([count, count]);
    run.dispose();
  });
});

describe('residuals', () => {
  const theory = createTheoryFilm(sweep, { id: 'x', observables: ['trainingLoss'], reach: 'trajectory' });
  theory.network.trainingLoss.fill(1);
  const simulation = createFilm(sweep, () => false);

  test('compare networks that stand at their frame’s time: running ones, and converged ones at the end', () => {
    const values = simulation.network.trainingLoss;
    const put = (frame: number, cell: number, outcome: keyof typeof outcomeCode, value: number) => {
      values[at(frame, cell, 0)] = value;
      simulation.outcomes[at(frame, cell, 0)] = outcomeCode[outcome];
    };
    put(1, 0, 'running', 1.5);
    put(1, 1, 'converged', 9);
    put(1, 2, 'diverged', 9);
    put(1, 3, 'obstructed', 9);
    put(3, 0, 'converged', 1.25);
    const residuals = new Residuals(simulation, theory, { id: 'trainingLoss', scale: 'linear' });
    for (let frame = 0; frame < 4; frame++) residuals.refresh(frame, 1);
    expect(residuals.kind).toBe('absolute');
    const known = Array.from(residuals.film.network.trainingLoss.entries()).filter(([, value]) => !Number.isNaN(value));
    expect(known).toEqual([
      [at(1, 0, 0), 0.5],
      [at(3, 0, 0), 0.25],
    ]);
    expect(residuals.worst).toEqual({ value: 0.5, frame: 1, cell: 0, seed: 0 });
  });

  test('of what is drawn on a logarithmic scale are |ln s − ln t|, down to what single precision resolves of a network', () => {
    const values = simulation.network.trainingLoss;
    const own: TheoryFilm = { ...theory, network: { trainingLoss: theory.network.trainingLoss.slice() } };
    const pairs = [
      [2e-5, 1e-5, Math.LN2],
      [1e-5, 2e-5, Math.LN2],
      [1 + 1e-9, 1, 1e-9],
      [0, 0, 0],
      // Both are below 1e-6 of the network's largest loss.
      [0, 3e-8, 0],
      [1e-5, 0, Math.log(10)],
    ];
    const residuals = new Residuals(simulation, own, trainingLoss);
    expect(residuals.kind).toBe('relative');
    for (const [cell, [s, t]] of pairs.entries()) {
      values[at(1, cell, 0)] = s;
      simulation.outcomes[at(1, cell, 0)] = outcomeCode.running;
      own.network.trainingLoss[at(1, cell, 0)] = t;
    }
    residuals.refresh(1, 1);
    for (const [cell, [s, t, expected]] of pairs.entries()) {
      const found = residuals.film.network.trainingLoss[at(1, cell, 0)];
      expect([s, t, Math.abs(found - expected) <= 1e-6 * expected]).toEqual([s, t, true]);
    }
    expect(residuals.worst).toMatchObject({ frame: 1, cell: 5, seed: 0 });
    // A distance whose square is rounding is not told from another.
    expect(residualOf('relative', 1e-14, 1e-17, leastResolved(kernelDistance, 0.1))).toBe(0);
    expect(residualOf('relative', Number.NaN, 1, 1)).toBeNaN();
    // A theory of nothing but zeros gives finite numbers still: results are JSON.
    expect(Number.isFinite(residualOf('relative', 1, 0, leastResolved({}, 0)))).toBe(true);
  });

  test('of classes are 0 or 1', () => {
    const residuals = new Residuals(simulation, theory, { id: 'trainingLoss', scale: 'class' });
    residuals.refresh(1, 1);
    expect(residuals.worst?.value).toBe(1);
  });

  test('of a theory of limits are taken at the end alone', () => {
    const limit = { ...theory, reach: 'limit' as const };
    const residuals = new Residuals(simulation, limit, { id: 'trainingLoss', scale: 'linear' });
    for (let frame = 0; frame < 4; frame++) residuals.refresh(frame, 1);
    expect(residuals.worst).toEqual({ value: 0.25, frame: 3, cell: 0, seed: 0 });
  });
});

describe('slices', () => {
  test('never work longer than asked between two rests, and stop when disposed', async () => {
    const clock = createFakeClock();
    const takingTime = (network: TheoryNetwork) => {
      clock.advance(3);
      return stub().solve(network);
    };
    const slow: Theory = { ...stub(), solve: takingTime };
    let since = 0;
    const stretches: number[] = [];
    const run = runInSlices(createTheorySolver(sweep, catalog, slow), {
      clock,
      sliceMs: 8,
      rest: async () => {
        stretches.push(clock.now() - since);
        since = clock.now();
        if (stretches.length === 2) run.dispose();
      },
    });
    const told: number[] = [];
    await run.cells((portion) => told.push(portion.length));
    expect(stretches.length).toBe(2);
    for (const stretch of stretches) expect(stretch).toBeLessThanOrEqual(11);
    expect(told.reduce((sum, count) => sum + count, 0)).toBeLessThan(6);
  });
});

test('curves are close in log time and hold every checkpoint', () => {
  const times = closeTimes([0.01, 0.5, 100]);
  expect([times[0], times[times.length - 1]]).toEqual([0.01, 100]);
  expect(times).toContain(0.5);
  expect(Array.from(times)).toEqual([...times].sort((a, b) => a - b));
  expect(times.length).toBeGreaterThan(80);
});

test('singular values of a chain of matrices, and none where the lengths are no chain', () => {
  const weights = Float64Array.of(3, 0, 0, 4, 1, 0);
  const spectra = chainSpectrum(weights, [4, 2], 2, 1);
  expect(spectra?.map((values) => Array.from(values))).toEqual([[4, 3], [1]]);
  expect(chainSpectrum(weights, [5, 1], 2, 1)).toBeNull();
  expect(chainSpectrum(weights, [4, 2], 2, 3)).toBeNull();
});
