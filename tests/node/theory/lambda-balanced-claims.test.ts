// What the paper on λ-balanced networks claims, as facts of the exact solution: sigmoids, laziness, delayed rich learning,
// reversal, continual learning, the item hierarchy, transfer. Numbers are means over seeds or exact, as said.

import { describe, expect, test } from 'vitest';
import {
  accelerating,
  alignedTime,
  alignedValue,
  isSigmoid,
  reversalTime,
  sigmoidBalance,
} from '../../../src/theory/lambda-balanced/aligned.ts';
import { taskFrames } from '../../../src/theory/lambda-balanced/eigen-system.ts';
import { isObstructed } from '../../../src/theory/lambda-balanced/obstruction.ts';
import {
  finalKernelDistance,
  fitTime,
  isDelayed,
  plateauShare,
  rotationTime,
} from '../../../src/theory/lambda-balanced/time-scales.ts';
import { expectClose } from '../reference/expect-close.ts';
import {
  diagonal,
  flipped,
  less,
  type Matrix,
  matrixOf,
  measuresAt,
  type Network,
  networkOf,
  norm,
  scaled,
  simulate,
  solveWeights,
  steps,
  taskOf,
  timeOf,
  times,
} from './linear-network.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

/** A network that goes on from where another is at T, with another task. */
function continued({ solution }: Network, time: number, sigma: Matrix): Network {
  const { input, output, width, balance } = solution.weights(time);
  return solveWeights(sigma, [matrixOf(input, width), matrixOf(output, sigma.rows)], balance);
}

/** Least-squares slope of ln y over ln x. */
function logSlope(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const [mu, mv] = [mean(u), mean(v)];
  return mean(u.map((value, n) => (value - mu) * (v[n] - mv))) / mean(u.map((value) => (value - mu) ** 2));
}

describe('aligned modes', () => {
  const modes = [
    { target: 1, start: 1e-3, balance: 0 },
    { target: 1, start: 1e-3, balance: 0.1 },
    { target: 1, start: 1e-3, balance: -1 },
    { target: 0.7, start: 0.2, balance: 5 },
    { target: 1.3, start: 2.5, balance: 0.4 },
    { target: 1, start: -1, balance: 0.3 },
    { target: 0.8, start: -0.5, balance: -20 },
    { target: 0, start: 0.6, balance: 0 },
    { target: 0, start: 0.6, balance: 1 },
  ];

  test('follow τ ds/dt = √(λ² + 4s²)(s̃ − s), and the exact time of each share is the inverse of that', () => {
    for (const mode of modes) {
      for (const time of [0.01, 0.3, 1.2, 4]) {
        const s = alignedValue(mode, time);
        const step = 1e-4;
        const slope = (alignedValue(mode, time + step) - alignedValue(mode, time - step)) / (2 * step);
        const rate = Math.hypot(mode.balance, 2 * s) * (mode.target - s);
        expect(Math.abs(slope - rate)).toBeLessThan(1e-6 * Math.max(1, Math.abs(rate)));
      }
      for (const share of [0.001, 0.1, 0.5, 0.9, 0.9999]) {
        const time = alignedTime(mode, share);
        expectClose([alignedValue(mode, time)], [mode.start + share * (mode.target - mode.start)], 1e-12, 1);
      }
      expect(alignedValue(mode, 0)).toBe(mode.start);
      expectClose([alignedValue(mode, 1e9)], [mode.target], 1e-8, 1);
    }
  });

  test('are the singular values of the exact solution in the task’s frames', () => {
    const targets = [1.4, 0.9, 0.3];
    const network = networkOf({
      sigma: taskOf(targets, 3, 5, 1),
      width: 3,
      balance: 1.7,
      singularValues: [0.2, 0.2, 0.2],
      aligned: true,
    });
    for (const time of [0.1, 1, 5, 40]) {
      const { factor, rank } = network.solution.factor(time);
      const [input, output] = [factor.input, factor.output].map((side) => matrixOf(side, side.length / factor.columns));
      expect(rank).toBe(3);
      const expected = targets.map((target) => alignedValue({ target, start: 0.2, balance: 1.7 }, time));
      expectClose(times(output, flipped(input)).values, diagonal(expected, 5, 3).values, 1e-13);
    }
  });

  test('take the published times to 10, 50 and 90 per cent at s̃ = 1, s₀ = 1e-3', () => {
    const table = [
      [0, 2.36, 3.454, 4.553],
      [0.1, 0.749, 1.811, 2.906],
      [1, 0.105, 0.598, 1.497],
      [5, 0.0211, 0.1376, 0.4456],
      [100, 0.0011, 0.0069, 0.023],
    ];
    for (const [balance, ...expected] of table) {
      const mode = { target: 1, start: 1e-3, balance };
      const found = [0.1, 0.5, 0.9].map((share) => alignedTime(mode, share));
      for (const [n, time] of found.entries()) expect(Math.abs(time - expected[n])).toBeLessThan(expected[n] < 0.1 ? 6e-5 : 6e-4);
    }
  });

  test('of a reversed task cross zero at the exact time, as in simulation, and never without balance', () => {
    for (const balance of [0.01, 0.3, -2, 30]) {
      const [target, sigma] = [0.9, matrixOf(Float64Array.of(0.9), 1)];
      const network = networkOf({ sigma: scaled(sigma, -1), width: 1, balance, singularValues: [target], aligned: true });
      const crossing = reversalTime(target, balance);
      const [layers] = simulate(sigma, network.layers, [crossing]);
      // Slope of the product at zero: |λ|s̃.
      expect(Math.abs(times(layers[1], layers[0]).values[0])).toBeLessThan(0.005 * crossing * Math.abs(balance) * target);
      expectClose([alignedValue({ target, start: -target, balance }, crossing)], [0], 1e-12, 1);
    }
    expect(reversalTime(1, 0)).toBe(Number.POSITIVE_INFINITY);
    expectClose([alignedValue({ target: 1, start: -1, balance: 0 }, 50)], [0], 1e-15, 1);
  });

  test('learn in a sigmoid below |λ| = s̃/√2 and by ever slower steps above: inflection at 0.65 s̃, none at 0.75 s̃', () => {
    const inflections = (balance: number) => {
      const at = steps(0, 6, 4001);
      const s = at.map((time) => alignedValue({ target: 1, start: 1e-3, balance }, time));
      const curvature = s.slice(2).map((value, n) => value - 2 * s[n + 1] + s[n]);
      return curvature.slice(1).filter((value, n) => value <= 0 !== curvature[n] <= 0).length;
    };
    expect(inflections(0.65)).toBeGreaterThan(0);
    expect(inflections(0.75)).toBe(0);
    expect(isSigmoid({ target: 1, start: 1e-3, balance: 0.65 })).toBe(true);
    expect(isSigmoid({ target: 1, start: 1e-3, balance: -0.75 })).toBe(false);
    expect(accelerating(1, 0.75)).toBeNull();
    expectClose([accelerating(1, 0.6)?.from ?? Number.NaN, accelerating(1, 0.6)?.to ?? Number.NaN], [0.117712, 0.382288], 1e-5);
    // The largest |λ| of a start is where s₊ meets it.
    for (const start of [0.26, 0.4, 0.49])
      expectClose([accelerating(1, sigmoidBalance(1, start))?.to ?? Number.NaN], [start], 1e-12);
    expect(sigmoidBalance(1, 0.6)).toBe(0);
  });
});

describe('lazy learning', () => {
  test('of square networks: the final kernel distance falls as λ⁻⁴', () => {
    const balances = [20, 40, 80, 160];
    const sigma = taskOf(steps(1.5, 0.5, 5), 5, 5, 1);
    const distances = balances.map((balance) =>
      mean(
        seeds(5).map((seed) => {
          const network = networkOf({ sigma, width: 5, balance, singularValues: steps(0.02, 0.01, 5), seed });
          return measuresAt(network, 1e6).kernelDistance;
        }),
      ),
    );
    expect(Math.abs(logSlope(balances, distances) + 4)).toBeLessThan(0.1);
  });

  test('makes the product approach Σ as e^{−|λ|T}, all modes at once', () => {
    const sigma = taskOf(steps(1.5, 0.5, 4), 4, 4, 2);
    for (const balance of [50, -100]) {
      const network = networkOf({ sigma, width: 4, balance, singularValues: [0.1, 0.1, 0.1, 0.1] });
      const start = times(network.layers[1], network.layers[0]);
      for (const time of [0.5, 1, 2].map((share) => share / Math.abs(balance))) {
        const product = matrixOf(network.solution.matrices(time).product, 4);
        const rest = scaled(less(start, sigma), Math.exp(-Math.abs(balance) * time));
        expect(norm(less(less(product, sigma), rest))).toBeLessThan((1 / balance ** 2) * norm(sigma));
      }
    }
  });
});

describe('delayed rich learning', () => {
  const spectrum = steps(1.5, 0.5, 5);
  const funnels = (balance: number, width = 5) =>
    seeds(10).map((seed) =>
      networkOf({ sigma: taskOf(spectrum, 10, 5, seed), width, balance, singularValues: new Float64Array(5).fill(0.01), seed }),
    );

  test('of a funnel at λ = −30: a plateau of the loss with the kernel still, then a rotation of half the kernel', () => {
    const networks = funnels(-30);
    const sizes = { inputDim: 10, width: 5, outputDim: 5 };
    const [plateau, rotation] = [5 * fitTime(-30), rotationTime(spectrum, -30)];
    const early = networks.map((network) => measuresAt(network, plateau));
    const share = mean(early.map(({ loss }, n) => loss / measuresAt(networks[n], 0).loss));
    expect(share).toBeGreaterThan(0.42);
    expect(share).toBeLessThan(0.58);
    expect(plateauShare(sizes, -30)).toBe(0.5);
    for (const { kernelDistance } of early) expect(kernelDistance).toBeLessThan(2e-5);
    const final = networks.map((network) => measuresAt(network, 1e5).kernelDistance);
    expect(mean(final)).toBeGreaterThan(0.42);
    expect(mean(final)).toBeLessThan(0.58);
    expect(finalKernelDistance(sizes, -30)).toBe(0.5);
    const halves = networks.map(
      (network, n) => timeOf((time) => measuresAt(network, time).kernelDistance, final[n] / 2) / rotation,
    );
    expect(mean(halves)).toBeGreaterThan(0.4);
    expect(mean(halves)).toBeLessThan(0.65);
    expect(isDelayed(sizes, -30)).toBe(true);
  });

  test('is absent on the other side, and goes away as the hidden layer widens', () => {
    for (const network of funnels(30)) expect(measuresAt(network, 1e6).kernelDistance).toBeLessThan(2e-6);
    expect(isDelayed({ inputDim: 10, width: 5, outputDim: 5 }, 30)).toBe(false);
    const final = [5, 7, 9, 10].map((width) =>
      mean(funnels(-30, width).map((network) => measuresAt(network, 1e6).kernelDistance)),
    );
    for (let n = 1; n < final.length; n++) expect(final[n]).toBeLessThan(0.7 * final[n - 1]);
    expect(final[3]).toBeLessThan(2e-6);
    expect(isDelayed({ inputDim: 10, width: 10, outputDim: 5 }, -30)).toBe(false);
  });

  test('runs on the one time scale |λ|/s̃²: λ = −30 and −100 give the same curve of t/t_rot to 3 %', () => {
    const curve = (balance: number, key: 'kernelDistance' | 'loss') => {
      const [network] = funnels(balance);
      const start = key === 'loss' ? measuresAt(network, 0).loss : 1;
      return [0.1, 0.3, 1, 3, 10].map((share) => measuresAt(network, share * rotationTime(spectrum, balance))[key] / start);
    };
    for (const key of ['kernelDistance', 'loss'] as const) {
      const [slow, slower] = [curve(-30, key), curve(-100, key)];
      // The last loss is e^{−20} of the first: its digits are the time scale's own.
      const compared = slow.slice(0, key === 'loss' ? 4 : 5);
      for (const [n, value] of compared.entries()) expect(Math.abs(value / slower[n] - 1)).toBeLessThan(0.03);
    }
  });
});

describe('reversing a task, Σ → −Σ, from its solution', () => {
  const sigma = diagonal([1.2, 1, 0.8, 0.6]);
  const reversed = (balance: number) =>
    networkOf({ sigma: scaled(sigma, -1), width: 4, balance, singularValues: [1.2, 1, 0.8, 0.6], aligned: true });
  // Aligned with −Σ means a product of −Σ: learn Σ from there.
  const relearn = (balance: number) => solveWeights(sigma, reversed(balance).layers, balance);

  test('stays at a quarter of the loss without balance: exactly, and in simulation as long as rounding allows', () => {
    const network = relearn(0);
    const start = measuresAt(network, 0).loss;
    for (const time of [5, 9, 20, 1e6]) expectClose([measuresAt(network, time).loss / start], [0.25], 1e-3);
    for (const [first, second] of simulate(sigma, network.layers, [5, 9, 20])) {
      expectClose([norm(less(sigma, times(second, first))) ** 2 / 2 / start], [0.25], 1e-3);
    }
  });

  test('is learned the sooner the larger |λ|, alike for both signs', () => {
    for (const [balance, expected] of [
      [1e-4, 15.8],
      [0.01, 8.21],
      [0.1, 4.65],
      [1, 1.69],
      [10, 0.229],
    ]) {
      for (const sign of [1, -1]) {
        const network = relearn(sign * balance);
        const { loss } = measuresAt(network, 0);
        const found = timeOf((time) => measuresAt(network, time).loss, loss / 100);
        expect(Math.abs(found / expected - 1)).toBeLessThan(0.02);
      }
    }
  });
});

describe('continual learning', () => {
  test('forgets at any balance: the loss on the first task ends at ½‖Σ₁ − Σ₂‖²', () => {
    for (const balance of [-10, -1, -0.1, 0.1, 1, 10]) {
      const tasks = seeds(3).map((seed) => taskOf(steps(1.5, 0.5, 5), 5, 5, 20 + seed));
      let network = networkOf({ sigma: tasks[0], width: 5, balance, singularValues: new Float64Array(5).fill(0.01) });
      for (const task of tasks.slice(1)) {
        network = continued(network, 500, task);
        expect(measuresAt(network, 500).loss).toBeLessThan(1e-8);
        const product = matrixOf(network.solution.matrices(500).product, 5);
        const forgotten = norm(less(tasks[0], product)) ** 2 / norm(less(tasks[0], task)) ** 2;
        expectClose([forgotten], [1], 1e-3);
      }
    }
  });

  test('fails without balance exactly where the sign of the determinant forbids it: those networks are told, half of all', () => {
    const sigma = taskOf(steps(1.5, 0.5, 4), 4, 4, 3);
    const frames = taskFrames(sigma.values, 4, 4);
    let flagged = 0;
    for (const seed of seeds(60)) {
      const network = networkOf({ sigma, width: 4, balance: 0, singularValues: steps(0.1, 0.05, 4), seed });
      const obstructed = isObstructed(frames, network.solution.start, 0);
      // What stalls leaves out one mode: at least the smallest.
      const { loss } = measuresAt(network, 100);
      expect(loss > 0.5 ** 2 / 4).toBe(obstructed);
      if (obstructed) flagged += 1;
      const balanced = networkOf({ sigma, width: 4, balance: 1e-3, singularValues: steps(0.1, 0.05, 4), seed });
      expect(isObstructed(frames, balanced.solution.start, 1e-3)).toBe(false);
      expect(measuresAt(balanced, 100).loss).toBeLessThan(1e-6);
    }
    expect(flagged).toBeGreaterThan(20);
    expect(flagged).toBeLessThan(40);
  });
});

/** (feature, item), over √8. */
const hierarchy = scaled(
  flipped(
    matrixOf(
      Float64Array.from(
        [
          [1, 1, 1, 0, 1, 0, 0, 0],
          [1, 1, 1, 0, -1, 0, 0, 0],
          [1, 1, -1, 0, 0, 1, 0, 0],
          [1, 1, -1, 0, 0, -1, 0, 0],
          [1, -1, 0, 1, 0, 0, 1, 0],
          [1, -1, 0, 1, 0, 0, -1, 0],
          [1, -1, 0, -1, 0, 0, 0, 1],
          [1, -1, 0, -1, 0, 0, 0, -1],
        ].flat(),
      ),
      8,
    ),
  ),
  1 / Math.sqrt(8),
);

describe('the item hierarchy', () => {
  const frames = taskFrames(hierarchy.values, 8, 8);
  const started = (balance: number, seed: number) =>
    networkOf({ sigma: hierarchy, width: 8, balance, singularValues: new Float64Array(8).fill(1e-3), seed });
  /** Ratio of the times at which the third and the first level are half learned. */
  const levelRatio = (network: Network) => {
    const level = (from: number, to: number) =>
      timeOf((time) => {
        const { factor, rank } = network.solution.factor(time);
        let sum = 0;
        for (let k = from; k < to; k++) {
          for (let j = 0; j < rank; j++) sum += factor.output[k * factor.columns + j] * factor.input[k * factor.columns + j];
        }
        return sum / (to - from) / frames.values[from];
      }, 0.5);
    return level(4, 8) / level(0, 2);
  };

  test('has the levels 1, 1/√2 and 1/2', () => {
    expectClose(frames.values, [1, 1, Math.SQRT1_2, Math.SQRT1_2, 0.5, 0.5, 0.5, 0.5], 1e-14);
  });

  test('is learned level by level at λ = 0 and all at once at large |λ|', () => {
    const matched = seeds(24)
      .map((seed) => started(0, seed))
      .filter((network) => !isObstructed(frames, network.solution.start, 0));
    const ratios = matched.map(levelRatio);
    expect(Math.min(...ratios)).toBeGreaterThan(1.8);
    expect(mean(ratios)).toBeLessThan(2.8);
    const at = (balance: number) => mean(seeds(6).map((seed) => levelRatio(started(balance, seed))));
    for (const sign of [1, -1]) {
      expect(Math.abs(at(sign) - 1.117)).toBeLessThan(0.01);
      expect(Math.abs(at(5 * sign) - 1.014)).toBeLessThan(0.01);
    }
  });

  test('lets a new feature of one item generalise along the hierarchy for λ ≫ 0 and not for λ ≪ 0', () => {
    const table: readonly (readonly [number, number, number])[] = [
      [-10, 0.0025, 0.0012],
      [0, 0.261, 0.108],
      [2, 0.46, 0.217],
      [10, 0.498, 0.248],
    ];
    for (const [balance, sibling, cousin] of table) {
      const seed = seeds(24).find((candidate) => balance !== 0 || !isObstructed(frames, started(0, candidate).solution.start, 0));
      const gram = started(balance, seed ?? 0).solution.matrices(2000).inputGram;
      const found = [1, 2, 4].map((item) => gram[item * 8] / gram[0]);
      expectClose(found, [sibling, cousin, 0], 0.002, 1);
    }
  });
});
