// λ-balanced linear networks on the GPU against the numbers that the exact solution gives: times, slopes, plateaus, ratios. The
// solution itself is held to them in tests/node/theory.

import { afterAll, describe, expect, test } from 'vitest';
import { chainWeights } from '../../shaders/families/fully-connected/deep-balanced.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { alignedTime, reversalTime } from '../../src/theory/lambda-balanced/aligned.ts';
import { solveDeepMode } from '../../src/theory/lambda-balanced/deep.ts';
import { rotationTime } from '../../src/theory/lambda-balanced/time-scales.ts';
import {
  around,
  below,
  between,
  crossing,
  curveOf,
  LINEAR,
  logSlope,
  mean,
  meet,
  near,
  obstructedSeeds,
  steps,
  trained,
  valueAt,
  valuesAt,
} from './acceptance.ts';

// Held for the whole file, so that kernels are compiled once.
const lease = await acquireDevice({ gpu: await nodeGpu(), limits: 'best', features: ['subgroups'] });
afterAll(() => lease.release());

/** One mode s̃ = 1 of a network with one unit: s is told by the loss, ½(1 − s)². */
const oneMode = {
  task: { kind: 'whitened', inputDim: 1, outputDim: 1, spectrum: 'flat', largestSingular: 1, frames: 'identity' },
  observables: ['trainingLoss'],
};
const oneUnit = { ...LINEAR, width: 1, initialisation: 'aligned' };

describe('aligned modes', () => {
  test('take the exact times to 10, 50 and 90 per cent', async () => {
    const balances = [0, 0.1, -1, 5, 100];
    const shares = [0.1, 0.5, 0.9];
    const timeOf = (balance: number, share: number) => alignedTime({ target: 1, start: 1e-3, balance }, share);
    const film = await trained({
      ...oneMode,
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { ...oneUnit, productScale: 1e-3 },
      maxTime: 5,
      at: balances.flatMap((balance) => shares.flatMap((share) => around(timeOf(balance, share)))),
    });
    meet(
      ...balances.flatMap((balance, cell) => {
        const s = curveOf(film, 'trainingLoss', cell).map((loss) => 1 - Math.sqrt(2 * loss));
        return shares.map((share) => {
          const exact = timeOf(balance, share);
          const level = 1e-3 + share * (1 - 1e-3);
          return near(`t at λ = ${balance}, share ${share}`, crossing(film.times, s, level, 0.9 * exact), exact, 0.005);
        });
      }),
    );
  });

  test('of a reversed task cross zero at the exact time', async () => {
    const balances = [0.01, 0.3, -2, 30];
    const from = 20;
    const film = await trained({
      ...oneMode,
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { ...oneUnit, productScale: 0.1 },
      maxTime: from + 4,
      at: balances.flatMap((balance) => around(reversalTime(1, balance)).map((time) => from + time)),
      stages: [{ from, task: { signs: 'reversed' } }],
    });
    meet(
      ...balances.map((balance, cell) => {
        const exact = reversalTime(1, balance);
        const s = curveOf(film, 'trainingLoss', cell).map((loss) => 1 - Math.sqrt(2 * loss));
        const found = crossing(film.times, s, 0, from + 0.9 * exact) - from;
        return near(`t₀ at λ = ${balance}`, found, exact, 0.005);
      }),
    );
  });

  test('learn in a sigmoid at |λ| = 0.65 s̃ and without inflection at 0.75 s̃', async () => {
    const times = steps(0, 4, 81);
    const film = await trained({
      ...oneMode,
      axes: [{ parameter: 'balance', values: [0.65, -0.65, 0.75, -0.75] }],
      fixed: { ...oneUnit, productScale: 1e-3 },
      maxTime: 4,
      at: times,
      tolerance: 1e-6,
    });
    const inflections = [0, 1, 2, 3].map((cell) => {
      const s = curveOf(film, 'trainingLoss', cell).map((loss) => 1 - Math.sqrt(2 * loss));
      const bends = s.slice(2).map((value, n) => value - 2 * s[n + 1] + s[n]);
      // What float32 cannot tell from straight does not count.
      const told = bends.filter((bend) => Math.abs(bend) > 3e-6);
      return told.slice(1).filter((bend, n) => bend <= 0 !== told[n] <= 0).length;
    });
    console.log(`inflections at λ = ±0.65 s̃, ±0.75 s̃: measured ${inflections.join(', ')}, target 2, 2, 0, 0`);
    // Learning accelerates between s₋ and s₊, which both lie between start and target at 0.65 s̃.
    expect(inflections).toEqual([2, 2, 0, 0]);
  });
});

describe('square networks', () => {
  test('are the lazier the larger |λ|: the final kernel distance falls as λ⁻⁴, alike for both signs at all times', async () => {
    const balances = [20, 40, 80];
    const film = await trained({
      task: { kind: 'whitened', inputDim: 5, outputDim: 5 },
      axes: [{ parameter: 'balance', values: [...balances, ...balances.map((balance) => -balance)] }],
      fixed: { ...LINEAR, width: 5, initialisation: 'balanced', productScale: 0.02 },
      seeds: 5,
      maxTime: 2,
      at: [0.01, 0.02, 0.04, 0.08, 0.16, 0.5, 1, 2],
      observables: ['kernelDistance', 'trainingLoss'],
      tolerance: 1e-6,
    });
    const finals = [0, 1, 2, 3, 4, 5].map((cell) => mean(valuesAt(film, 'kernelDistance', 2, cell)));
    let apart = 0;
    for (const id of ['kernelDistance', 'trainingLoss']) {
      for (let cell = 0; cell < 3; cell++) {
        for (let seed = 0; seed < 5; seed++) {
          const [plus, minus] = [curveOf(film, id, cell, seed), curveOf(film, id, cell + 3, seed)];
          const most = Math.max(...plus);
          plus.forEach((value, n) => {
            apart = Math.max(apart, Math.abs(value - minus[n]) / most);
          });
        }
      }
    }
    meet(
      { name: 'd ln S/d ln λ, λ > 0', measured: logSlope(balances, finals.slice(0, 3)), target: -4, tolerance: 0.1 },
      { name: 'd ln S/d ln |λ|, λ < 0', measured: logSlope(balances, finals.slice(3)), target: -4, tolerance: 0.1 },
      // What float32 leaves of distances of 1e-8.
      below('largest difference between ±λ', apart, 5e-3),
    );
  });
});

describe('delayed rich learning in a funnel 10-5-5', () => {
  const values = [1.5, 1.25, 1, 0.75, 0.5];
  const rotationOf = (balance: number) => rotationTime(values, balance);
  const shares = [0.1, 0.3, 1];
  const funnel = (balance: number, seeds: number, maxTime: number, at: readonly number[]) =>
    trained({
      task: { kind: 'whitened', inputDim: 10, outputDim: 5 },
      axes: [{ parameter: 'balance', values: [balance] }],
      fixed: { ...LINEAR, width: 5, initialisation: 'balanced', productScale: 0.01 },
      seeds,
      maxTime,
      at,
      observables: ['kernelDistance', 'trainingLoss'],
      // Stability bounds the steps, not accuracy: a lower order takes fewer gradients.
      training: { method: 'flow', integrator: 'bogacki-shampine', tolerance: 1e-4, outputTolerance: null },
    });

  test('fits, rests and rotates at λ = −30, on the one time scale |λ|/s̃²; is absent at λ = 30', async () => {
    const early = 5 / 30;
    const rotation = rotationOf(-30);
    const end = 4 * rotation;
    const halves = steps(0.3, 0.8, 26).map((share) => share * rotation);
    const film = await funnel(-30, 10, end, [early, ...halves, ...shares.map((share) => share * rotation)]);
    const slower = await funnel(
      -45,
      1,
      3 * rotationOf(-45),
      shares.map((share) => share * rotationOf(-45)),
    );
    const other = await funnel(30, 10, 2, [2]);
    const starts = valuesAt(film, 'trainingLoss', 0);
    const finals = valuesAt(film, 'kernelDistance', end);
    const half = finals.map(
      (final, seed) => crossing(film.times, curveOf(film, 'kernelDistance', 0, seed), final / 2) / rotation,
    );
    const collapsed = ['kernelDistance', 'trainingLoss'].flatMap((id) => {
      const curves = [film, slower].map((own, n) => {
        const origin = id === 'trainingLoss' ? valueAt(own, id, 0) : 1;
        return shares.map((share) => valueAt(own, id, share * rotationOf([-30, -45][n])) / origin);
      });
      return shares.map((share, n) =>
        near(`${id} at ${share} t_rot, λ = −45 over λ = −30`, curves[1][n] / curves[0][n], 1, 0.03),
      );
    });
    meet(
      between('L/L₀ at 5τ/|λ|, mean', mean(valuesAt(film, 'trainingLoss', early).map((loss, n) => loss / starts[n])), 0.42, 0.58),
      below('S at 5τ/|λ|, largest', Math.max(...valuesAt(film, 'kernelDistance', early)), 2e-5),
      between('S at the end, mean', mean(finals), 0.42, 0.58),
      between('t_half of the kernel over t_rot, mean', mean(half), 0.4, 0.65),
      below('S at the end at λ = 30, largest', Math.max(...valuesAt(other, 'kernelDistance', 2)), 2e-6),
      ...collapsed,
    );
  });
});

describe('reversing a task, s̃ = 1.2, 1, 0.8, 0.6', () => {
  test('stays at a quarter of the loss at λ = 0, and is learned the sooner the larger |λ|, alike for both signs', async () => {
    const [balances, expected] = [
      [0.01, 0.1, 1, 10],
      [8.21, 4.65, 1.69, 0.229],
    ];
    const from = 20;
    const cells = [0, ...balances, ...balances.map((balance) => -balance)];
    const film = await trained({
      task: { kind: 'whitened', inputDim: 4, outputDim: 4, largestSingular: 1.2, smallestSingular: 0.6 },
      axes: [{ parameter: 'balance', values: cells }],
      fixed: { ...LINEAR, width: 4, initialisation: 'aligned', productScale: 0.1 },
      maxTime: from + 9,
      at: [...steps(from + 5, from + 9, 5), ...expected.flatMap((time) => around(time).map((own) => from + own))],
      stages: [{ from, task: { signs: 'reversed' } }],
      observables: ['trainingLoss'],
    });
    // ½‖2Σ‖²: the loss of the old solution under the new task.
    const initial = 2 * (1.44 + 1 + 0.64 + 0.36);
    const later = (cell: number) =>
      film.times.map((time, n) => (time > from ? curveOf(film, 'trainingLoss', cell)[n] / initial : 1));
    meet(
      ...steps(5, 9, 5).map((time) => ({
        name: `L/L₀ at λ = 0, T = ${time}`,
        measured: valueAt(film, 'trainingLoss', from + time, 0) / initial,
        target: 0.25,
        tolerance: 1e-3,
      })),
      ...cells.slice(1).map((balance, n) => {
        const time = expected[n % balances.length];
        const found = crossing(film.times, later(n + 1).map(Math.log), Math.log(0.01), from + 0.9 * time) - from;
        return near(`t(1 %) at λ = ${balance}`, found, time, 0.02);
      }),
    );
  });
});

describe('continual learning', () => {
  test('forgets the first task whatever λ; starts of the wrong determinant are flagged at λ = 0 alone, and not averaged', async () => {
    const balances = [-5, -1, 0, 0.1, 1, 5];
    const film = await trained({
      task: { kind: 'whitened' },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { ...LINEAR, width: 5, initialisation: 'balanced' },
      seeds: 6,
      maxTime: 80,
      at: [80],
      stages: [{ from: 40, task: { taskSeed: 2 }, test: 'first' }],
      observables: ['forgetting', 'trainingLoss'],
    });
    const flagged = balances.map((_, cell) => obstructedSeeds(film, cell));
    console.log(`obstructed of 6 by λ: ${balances.map((balance, cell) => `${balance}: ${flagged[cell].length}`).join(', ')}`);
    expect(flagged.map(({ length }) => length > 0)).toEqual(balances.map((balance) => balance === 0));
    meet(
      ...balances.map((balance, cell) => {
        const kept = valuesAt(film, 'forgetting', 80, cell).filter((_, seed) => !flagged[cell].includes(seed));
        const furthest = kept.reduce((worst, value) => (Math.abs(value - 1) > Math.abs(worst - 1) ? value : worst), 1);
        return {
          name: `forgetting at λ = ${balance}, furthest of ${kept.length}`,
          measured: furthest,
          target: 1,
          tolerance: 1e-3,
        };
      }),
    );
  });
});

describe('three layers', () => {
  test('follow the quadrature of their modes; lazy where one layer alone starts small, rich where all do', async () => {
    const balances = [0, 3, -3];
    const targets = [1.5, 7 / 6, 5 / 6, 0.5];
    const times = [0.05, 0.1, 0.3, 1, 2, 3, 5, 10, 20, 60];
    const film = await trained({
      task: { kind: 'whitened', inputDim: 4, outputDim: 4 },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { ...LINEAR, depth: 2, width: 4, initialisation: 'aligned', productScale: 0.008 },
      maxTime: 60,
      at: times,
      observables: ['trainingLoss', 'kernelDistance', 'balanceDrift'],
      tolerance: 1e-6,
    });
    const initial = valueAt(film, 'trainingLoss', 0);
    const apart = balances.map((balance, cell) => {
      const weights = [...chainWeights(3, balance, 0.008)];
      const modes = targets.map((target) => ({ target, course: solveDeepMode({ target, weights }) }));
      const exact = (time: number) =>
        modes.reduce((sum, { target, course }) => sum + (target - course.product(time)) ** 2 / 2, 0);
      return Math.max(...times.map((time) => Math.abs(valueAt(film, 'trainingLoss', time, cell) - exact(time)) / initial));
    });
    const [rich, ...lazy] = balances.map((_, cell) => valueAt(film, 'kernelDistance', 60, cell));
    meet(
      ...balances.map((balance, cell) => below(`loss from the quadrature at λ = ${balance}, over L₀`, apart[cell], 2e-4)),
      ...balances.map((balance, cell) =>
        below(`drift of the balance at λ = ${balance}`, valueAt(film, 'balanceDrift', 60, cell), 1e-4),
      ),
      between('S at the end, all layers small', rich, 0.03, 0.3),
      below('S at the end, first layer small', lazy[0], 0.01),
      below('S at the end, last layer small', lazy[1], 0.01),
    );
  });
});
