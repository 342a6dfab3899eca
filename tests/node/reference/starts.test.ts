// Structured starts of fully connected networks: balance, rank, spectrum, frames, correlation, powers of the
// width; and who is obstructed.

import { describe, expect, test } from 'vitest';
import { chainWeights } from '../../../shaders/families/fully-connected/deep-balanced.ts';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { inputOutputCorrelation } from '../../../shaders/families/fully-connected/starts.ts';
import type { Value } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { exponentsOf, SCALINGS, scalingOf } from '../../../src/core/scalings.ts';
import { singularValues, svd } from '../../../src/core/svd.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { makeBatch } from '../../gpu/make-batch.ts';
import { expectClose } from './expect-close.ts';

type Given = Readonly<Record<string, Value>>;
type Matrix = { readonly rows: number; readonly columns: number; readonly at: Float64Array };

const linear: Given = { activation: 'linear', loss: 'squared', parametrisation: 'standard', predictor: 'plain' };

function multiply(a: Matrix, b: Matrix): Matrix {
  const at = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      for (let j = 0; j < b.columns; j++) at[i * b.columns + j] += a.at[i * a.columns + k] * b.at[k * b.columns + j];
    }
  }
  return { rows: a.rows, columns: b.columns, at };
}

function transposed({ rows, columns, at }: Matrix): Matrix {
  return {
    rows: columns,
    columns: rows,
    at: Float64Array.from(at, (_, n) => at[(n % rows) * columns + Math.floor(n / rows)]),
  };
}

/** Regression data Y = M X of a Gaussian map. */
function regression(inputDim: number, outputDim: number, seed = 1, samples = 20): TaskData {
  const source = randomSource(seed, STREAMS.data);
  const map: Matrix = { rows: outputDim, columns: inputDim, at: source.normals(outputDim * inputDim) };
  const inputs: Matrix = { rows: samples, columns: inputDim, at: source.normals(samples * inputDim) };
  const train = { count: samples, inputs: inputs.at, targets: multiply(inputs, transposed(map)).at };
  return { inputDim, outputDim, train, test: train, probe: train, description: 'a random linear map' };
}

interface Drawn {
  readonly matrices: readonly Matrix[];
  readonly product: Matrix;
  readonly weights: Float64Array;
}

function draw(values: Given, data: TaskData, seed = 1): Drawn {
  const { shape } = makeBatch({ values: { ...linear, ...values } });
  fullyConnected.check(shape);
  const model = fullyConnected.model(shape, data.inputDim, data.outputDim);
  const weights = model.draw({ seed, draw: 0, values: shape }, data);
  const width = shape.width as number;
  const matrices = model.layers.map(({ offset, length }, index): Matrix => {
    const columns = index === 0 ? data.inputDim : width;
    return { rows: length / columns, columns, at: weights.slice(offset, offset + length) };
  });
  const [first, ...others] = matrices;
  return { matrices, product: others.reduce((product, matrix) => multiply(matrix, product), first), weights };
}

/** W_{l+1}ᵀW_{l+1} − W_l W_lᵀ at interface l. */
function balanceAt({ matrices }: Drawn, interface_: number): Float64Array {
  const [below, above] = [matrices[interface_], matrices[interface_ + 1]];
  const [left, right] = [multiply(transposed(above), above).at, multiply(below, transposed(below)).at];
  return left.map((value, n) => value - right[n]);
}

const identity = (size: number, scale: number) =>
  Float64Array.from({ length: size * size }, (_, n) => (n % (size + 1) === 0 ? scale : 0));

const sizes: readonly (readonly [number, number, number, number])[] = [
  [4, 4, 4, 3],
  [4, 4, 4, -3],
  [4, 12, 4, 0],
  [3, 5, 7, 2],
  [7, 5, 3, -2],
  [6, 2, 5, -0.5],
  [6, 2, 5, 100],
];

describe('a balanced start', () => {
  test.each(sizes)('of %d–%d–%d has W₂ᵀW₂ − W₁W₁ᵀ = λI with λ = %d, and the singular values asked for', (...of) => {
    const [inputDim, width, outputDim, balance] = of;
    const data = regression(inputDim, outputDim);
    for (const initialisation of ['balanced', 'aligned']) {
      const drawn = draw({ depth: 1, width, initialisation, balance, productScale: 0.3 }, data);
      expectClose(balanceAt(drawn, 0), identity(width, balance), 1e-12, Math.max(1, Math.abs(balance)));
      const most = Math.min(inputDim, width, outputDim);
      const expected = new Float64Array(Math.min(inputDim, outputDim)).fill(0.3, 0, most);
      expectClose(singularValues(drawn.product.at, outputDim, inputDim), expected, 1e-12, 1);
    }
  });

  test('of sizes that allow no such weights is balanced on the units in use', () => {
    // λ > 0 needs at most outputDim units: W₂ᵀW₂ − W₁W₁ᵀ = λ × projector of rank outputDim.
    const drawn = draw({ depth: 1, width: 9, initialisation: 'balanced', balance: 2 }, regression(4, 3));
    const balance: Matrix = { rows: 9, columns: 9, at: balanceAt(drawn, 0) };
    expectClose(
      multiply(balance, balance).at,
      balance.at.map((value) => 2 * value),
      1e-12,
      4,
    );
    expectClose(singularValues(balance.at, 9, 9), [2, 2, 2, 0, 0, 0, 0, 0, 0], 1e-12, 2);
  });

  test.each([0, 1.5, -1.5])('of rank r has a product of rank r at λ = %d', (balance) => {
    const drawn = draw(
      { depth: 1, width: 5, initialisation: 'balanced', balance, productScale: 2, initRank: 2 },
      regression(5, 5),
    );
    expectClose(singularValues(drawn.product.at, 5, 5), [2, 2, 0, 0, 0], 1e-12, 2);
    expect(draw({ depth: 1, width: 5, initialisation: 'balanced', balance, initRank: 77 }, regression(5, 5)).weights).toEqual(
      draw({ depth: 1, width: 5, initialisation: 'balanced', balance }, regression(5, 5)).weights,
    );
  });

  test('with a Gaussian spectrum has that of a Gaussian product, times s₀, whatever λ', () => {
    const spectrum = (balance: number, productScale: number) => {
      const values = { depth: 1, width: 5, initialisation: 'balanced', productSpectrum: 'gaussian', balance, productScale };
      return singularValues(draw(values, regression(5, 5)).product.at, 5, 5);
    };
    expectClose(spectrum(3, 1), spectrum(0, 1), 1e-12, 1);
    expectClose(
      spectrum(0, 0.1),
      spectrum(0, 1).map((value) => 0.1 * value),
      1e-12,
      1,
    );
    // E‖AB‖² = 5³ for standard Gaussian (5, 5) matrices; these seeds' mean lies within four standard errors.
    const squares = Array.from({ length: 200 }, (_, seed) => {
      const values = { depth: 1, width: 5, initialisation: 'balanced', productSpectrum: 'gaussian', productScale: 1 };
      return draw(values, regression(5, 5), seed).product.at.reduce((sum, value) => sum + value * value, 0);
    });
    expect(Math.abs(squares.reduce((a, b) => a + b) / 200 / 125 - 1)).toBeLessThan(0.2);
  });

  test('that is aligned has its product diagonal in the singular frames of Σ', () => {
    const data = regression(6, 4);
    const { left, right } = svd(inputOutputCorrelation(data), 4, 6);
    for (const [depth, balance] of [
      [1, -2],
      [1, 0],
      [3, 0.5],
    ] as const) {
      const { product } = draw({ depth, width: 4, initialisation: 'aligned', balance, productScale: 0.2 }, data);
      const inFrames = multiply(multiply(transposed({ rows: 4, columns: 4, at: left }), product), {
        rows: 6,
        columns: 6,
        at: right,
      });
      const expected = Float64Array.from({ length: 24 }, (_, n) => (Math.floor(n / 6) === n % 6 ? 0.2 : 0));
      expectClose(inFrames.at, expected, 1e-12, 1);
    }
  });

  test.each([
    [5, 4, 6, 0.7],
    [6, 4, 5, -0.7],
    [4, 7, 4, 0],
    [4, 7, 3, 1.2],
  ])('of depth 3 and sizes %d–%d–%d is balanced at every interface, λ = %d', (inputDim, width, outputDim, balance) => {
    const drawn = draw(
      { depth: 3, width, initialisation: 'aligned', balance, productScale: 0.05 },
      regression(inputDim, outputDim),
    );
    const core = balance === 0 ? width : Math.min(width, balance > 0 ? outputDim : inputDim);
    for (const at of [0, 1, 2]) {
      const found = { rows: width, columns: width, at: balanceAt(drawn, at) };
      if (core === width) expectClose(found.at, identity(width, balance), 1e-12, 1);
      const expected = new Float64Array(width).fill(Math.abs(balance), 0, core);
      expectClose(singularValues(found.at, width, width), balance === 0 ? new Float64Array(width) : expected, 1e-12, 1);
    }
    const spectrum = new Float64Array(Math.min(inputDim, outputDim)).fill(0.05, 0, Math.min(inputDim, width, outputDim));
    expectClose(singularValues(drawn.product.at, outputDim, inputDim), spectrum, 1e-12, 1);
  });

  test('a chain of weights has squares that differ by λ, and the product asked for, over twelve decades', () => {
    for (const layers of [2, 3, 7]) {
      for (const balance of [0, 1e-6, 1, -1, 1e3, -1e4]) {
        for (const product of [0, 1e-8, 1e-3, 1, 50]) {
          const chain = chainWeights(layers, balance, product);
          expect(Math.abs(chain.reduce((all, a) => all * a, 1) - product)).toBeLessThan(1e-12 * Math.max(product, 1e-12));
          for (let l = 1; l < layers; l++) {
            const scale = Math.max(1e-12, chain[l] ** 2, chain[l - 1] ** 2);
            expect(Math.abs(chain[l] ** 2 - chain[l - 1] ** 2 - balance)).toBeLessThan(1e-14 * scale);
          }
        }
      }
    }
  });

  test('keeps its balance under the flow, also with rates: W₂ᵀW₂/r₂ − W₁W₁ᵀ/r₁', async () => {
    const data = regression(4, 4);
    const values = { ...linear, depth: 1, width: 4, initialisation: 'balanced', balance: 0.8, productScale: 0.1 };
    for (const rates of [{}, { hiddenRate: 2, learningRateRatio: 0.5 }] as readonly Given[]) {
      const batch = makeBatch({
        values: { ...values, ...rates },
        seeds: 1,
        flow: { integrator: 'dormand-prince', tolerance: 1e-9, outputTolerance: 0.1 },
      });
      const trainer = createReferenceTrainer(fullyConnected, { ...batch, data }, []);
      const weighted = (weights: Float64Array) => {
        const [w1, w2] = [weights.slice(0, 16), weights.slice(16)].map((at) => ({ rows: 4, columns: 4, at }));
        const { hiddenRate, outputRate } = scalingOf({ ...values, ...rates });
        const below = multiply(w1, transposed(w1)).at;
        return multiply(transposed(w2), w2).at.map((value, n) => value / outputRate - below[n] / hiddenRate);
      };
      const before = weighted((await trainer.inspect(0)).weights);
      while ((await trainer.advance(2)).unfinished > 0);
      expectClose(weighted((await trainer.inspect(0)).weights), before, 1e-7, 1);
    }
  });
});

describe('Gaussian starts', () => {
  const standardDeviation = (values: Float64Array) => Math.sqrt(values.reduce((sum, w) => sum + w * w, 0) / values.length);

  test.each(SCALINGS.map(({ id }) => id))(
    'scaling %s: standard deviations, output scale and rates are its powers of the width',
    (id) => {
      const { outputWeights, hiddenWeights, outputScale, outputRate, hiddenRate } = exponentsOf({ scaling: id });
      const width = 4096;
      const { matrices } = draw({ depth: 1, width, scaling: id }, regression(3, 1));
      const found = [
        standardDeviation(matrices[1].at) / width ** outputWeights,
        standardDeviation(matrices[0].at) / width ** hiddenWeights,
      ];
      // Four standard errors of a standard deviation over 4096 draws are 0.045.
      for (const ratio of found) expect(Math.abs(ratio - 1)).toBeLessThan(0.045);
      const scaling = scalingOf({ scaling: id, width, outputScale: 3, hiddenRate: 2, learningRateRatio: 5, motion: 'plain' });
      const alpha = 3 * width ** outputScale;
      expectClose([scaling.outputScale], [alpha], 1e-14);
      expectClose([scaling.outputRate], [5 * width ** outputRate * alpha], 1e-14);
      expectClose([scaling.hiddenRate], [2 * width ** hiddenRate * alpha], 1e-14);
    },
  );

  test('rows have the exponents E, e₀ and c_r of Xu and Ziyin’s phases', () => {
    const phases = Object.fromEntries(
      SCALINGS.map(({ id, exponents: { outputScale: g, outputWeights: u, hiddenWeights: w, outputRate, hiddenRate } }) => {
        const tilt = (hiddenRate - outputRate) / 2;
        const boundary = g + 1 + Math.max(2 * u + tilt, 2 * w - tilt);
        return [id, [boundary, g + u + w + 0.5, g + (outputRate + hiddenRate) / 2 + Math.max(boundary, 0)]];
      }),
    );
    expect(phases).toEqual({
      standard: [1, 0, 1],
      kaiming: [1, 0, 1],
      ntk: [0.5, 0, 0],
      'mean-field': [0, -0.5, 0],
      mup: [0, -0.5, 0],
      xavier: [0, -0.5, 0],
      'mup-equal-rates': [1, -0.5, 1],
      unscaled: [1, 0.5, 1],
      small: [-1, -1.5, 0],
    });
  });

  test('free exponents multiply what is there; imbalances leave the product of the layers’ powers alone', () => {
    const data = regression(2, 1);
    const base = draw({ depth: 1, width: 16 }, data).matrices;
    const scaled = draw({ depth: 1, width: 16, weightExponent: -0.5, weightImbalanceExponent: 0.5 }, data).matrices;
    // c_w = c + b/2 = −1/4, c_u = c − b/2 = −3/4: factors 1/2 and 1/8.
    expectClose(
      scaled[0].at,
      base[0].at.map((w) => w / 2),
      1e-15,
    );
    expectClose(
      scaled[1].at,
      base[1].at.map((w) => w / 8),
      1e-15,
    );
    const rates = scalingOf({ width: 16, rateExponent: 1, rateImbalanceExponent: -0.5 });
    expect([rates.hiddenRate, rates.outputRate]).toEqual([8, 32]);
    expect(scalingOf({})).toEqual({ outputScale: 1, hiddenRate: 1, outputRate: 1, outputWeights: 1, hiddenWeights: 1 });
  });

  test.each([0.6, -0.3, 1])('correlation ρ = %d is the cosine between output weights and input weights along Σ y x', (rho) => {
    const width = 20_000;
    for (const inputDim of [1, 3]) {
      const data = regression(inputDim, 1, 5);
      const { matrices } = draw({ depth: 1, width, weightCorrelation: rho }, data);
      const sums = inputDim === 1 ? Float64Array.of(1) : inputOutputCorrelation(data);
      const along = multiply(matrices[0], { rows: inputDim, columns: 1, at: sums.map((s) => s / Math.hypot(...sums)) }).at;
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, n) => sum + value * b[n], 0);
      const cosine = dot(along, matrices[1].at) / Math.sqrt(dot(along, along) * dot(matrices[1].at, matrices[1].at));
      expect(Math.abs(cosine - rho)).toBeLessThan((4 * (1 - rho * rho)) / Math.sqrt(width) + 1e-12);
      expect(draw({ depth: 1, width, weightCorrelation: rho }, data).matrices[0].at).toEqual(
        draw({ depth: 1, width }, data).matrices[0].at,
      );
    }
  });
});

describe('contradictions are refused', () => {
  test.each([
    [{ initialisation: 'balanced', depth: 2 }, 'expected one hidden layer with a balanced start, got 2'],
    [{ initialisation: 'aligned', depth: 1, bias: 0.1 }, 'expected no bias with a start that is aligned, got bias 0.1'],
    [{ initialisation: 'balanced', depth: 1, weightExponent: 1 }, 'weightExponent: expected 0'],
    [{ initialisation: 'balanced', depth: 1, scaling: 'ntk' }, 'scaling: expected none'],
    [{ initialisation: 'balanced', depth: 1, weightCorrelation: 0.1 }, 'expected a Gaussian start of one hidden layer'],
    [{ depth: 2, weightCorrelation: 0.1 }, 'got 2 hidden layers'],
    [{ depth: 1, initRank: 2 }, 'initRank: expected a start of low rank, balanced or aligned'],
    [{ depth: 2, scaling: 'mup' }, 'expected one hidden layer with "mup", got 2'],
    [{ depth: 1, scaling: 'mup', parametrisation: 'ntk' }, 'expected the standard parametrisation with "mup", got ntk'],
  ] as const)('%j', (values, message) => {
    expect(() => fullyConnected.check(makeBatch({ values: { ...linear, ...values } }).shape)).toThrow(message);
  });
});

describe('obstructed networks', () => {
  const values = { ...linear, depth: 1, width: 5, initialisation: 'balanced', productScale: 0.1 };
  const obstructed = (given: Given, data: TaskData, seed: number) => {
    const { shape } = makeBatch({ values: { ...values, ...given } });
    const { weights } = draw({ ...values, ...given }, data, seed);
    return fullyConnected.obstruction?.(shape, weights, data);
  };

  test('are those balanced square maps whose determinant has the wrong sign: they end above the least loss', async () => {
    // Whitened inputs √3·e_n, and a map whose singular values are near 1.
    const inputs = identity(3, Math.sqrt(3));
    const map = { rows: 3, columns: 3, at: Float64Array.of(1.2, 0.3, 0, -0.3, 0.9, 0.2, 0, -0.2, 1) };
    const targets = multiply({ rows: 3, columns: 3, at: inputs }, transposed(map)).at;
    const train = { count: 3, inputs, targets };
    const data = { inputDim: 3, outputDim: 3, train, test: train, probe: train, description: 'a map near the identity' };
    const seeds = Array.from({ length: 6 }, (_, seed) => seed);
    const flags = seeds.map((seed) => obstructed({}, data, seed));
    expect(new Set(flags)).toEqual(new Set([true, false]));
    const flow = { integrator: 'dormand-prince', tolerance: 1e-6, outputTolerance: 0.1 } as const;
    const batch = makeBatch({ values: { ...linear, ...values }, seeds: 1, flow });
    const starts = seeds.map((seed) => ({ seed, draw: 0, values: batch.shape }));
    const networks = seeds.map((start) => ({ cell: 0, member: start, start, values: batch.shape }));
    const trainer = createReferenceTrainer(fullyConnected, { ...batch, data, starts, networks, seeds: 6 }, []);
    while ((await trainer.advance(15)).unfinished > 0);
    const losses = await Promise.all(seeds.map(async (n) => (await trainer.inspect(n)).loss));
    expect(losses.map((loss) => loss > 1e-3)).toEqual(flags);
  }, 20_000);

  test('about half of all seeds; none where λ ≠ 0, sizes differ, the start is aligned or the task is singular', () => {
    const data = regression(4, 4);
    const share = (given: Given, on = data) =>
      Array.from({ length: 60 }, (_, seed) => obstructed(given, on, seed)).filter((flag) => flag).length / 60;
    // 60 fair coins: four standard deviations.
    expect(Math.abs(share({}) - 0.5)).toBeLessThan(0.26);
    expect(share({ balance: 0.001 })).toBe(0);
    expect(share({ initialisation: 'aligned' })).toBe(0);
    expect(share({}, regression(4, 3))).toBe(0);
    expect(share({ initialisation: 'gaussian' })).toBe(0);
    expect(share({ width: 3 })).toBe(0);
    const singular = { ...data.train, targets: data.train.targets.map((target, n) => (n % 4 === 0 ? 0 : target)) };
    expect(share({}, { ...data, train: singular })).toBe(0);
  });
});
