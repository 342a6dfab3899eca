// The headless library as its users see it: theories solve sweeps without training, and closed forms stand by themselves.

import { describe, expect, test } from 'vitest';
import { randomSource } from '../../src/core/random.ts';
import {
  compareTheory,
  InputError,
  parseResult,
  parseSweep,
  predictSweep,
  runSweep,
  theories,
  theory,
  toResult,
} from '../../src/index.ts';

const json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 4, outputDim: 3 },
  axes: [
    { parameter: 'balance', values: [-1, 0.5] },
    { parameter: 'activation', values: ['linear', 'tanh'] },
  ],
  fixed: {
    depth: 1,
    width: 3,
    parametrisation: 'standard',
    predictor: 'plain',
    loss: 'squared',
    initialisation: 'balanced',
    productScale: 0.2,
  },
  seeds: 2,
  training: {
    method: 'flow',
    integrator: 'dormand-prince',
    tolerance: 1e-9,
    outputTolerance: null,
    maxTime: 5,
    checkpoints: [0.5, 2, 5],
  },
  observables: ['trainingLoss', 'kernelDistance', 'weightChange'],
};

describe('predictSweep', () => {
  test('solves the networks that runSweep trains, and says why it leaves others out', async () => {
    const sweep = parseSweep(json);
    const solved: number[] = [];
    const predicted = await predictSweep(sweep, { progress: (done) => solved.push(done) });
    expect(predicted.theory).toBe('lambda-balanced');
    expect(Object.keys(predicted.network)).toEqual(['trainingLoss', 'kernelDistance']);
    expect(predicted.refusals.map((refusal) => refusal === null)).toEqual([true, false, true, false]);
    expect(solved.at(-1)).toBe(4);
    const session = runSweep(sweep, { engine: 'reference' });
    let film = session.film;
    for await (const snapshot of session) film = snapshot.film;
    session.dispose();
    const found = compareTheory(film, predicted);
    for (const { worst, compared } of Object.values(found.observables)) {
      expect(compared).toBe(2 * 2 * 4);
      expect(worst?.difference).toBeLessThan(1e-7);
    }
    const provenance = { version: '0', engine: 'reference', adapter: '', kernel: '', created: '', seconds: 0 };
    expect(parseResult(JSON.parse(JSON.stringify(toResult(film, provenance, found)))).theory).toEqual(found);
  });

  test('refuses unknown theories, those that hold nowhere, and sweeps of which none predicts anything', async () => {
    const sweep = parseSweep(json);
    await expect(predictSweep(sweep, { theory: 'none' })).rejects.toThrow(/predictSweep.theory: expected one of .*, got "none"/);
    await expect(predictSweep(sweep, { theory: 'catapult' })).rejects.toThrow(/It holds for gradient descent/);
    const other = parseSweep({ ...json, observables: ['weightChange'] });
    await expect(predictSweep(other)).rejects.toThrow(InputError);
  });

  test('stops when told to', async () => {
    const stopped = await predictSweep(parseSweep(json), { signal: AbortSignal.abort() });
    expect(stopped.done).toBe(0);
    expect(stopped.network.trainingLoss.every(Number.isNaN)).toBe(true);
  });
});

describe('theory', () => {
  test('every theory has an id of its own, a source and sentences', () => {
    expect(new Set(theories.map(({ id }) => id)).size).toBe(theories.length);
    for (const { label, source, description } of theories)
      for (const text of [label, source, description]) expect(text).not.toBe('');
  });

  test('λ-balanced: a drawn start is solved exactly, to the task at the end', () => {
    const { start, solve, alignedValue } = theory.lambdaBalanced;
    const sizes = { inputDim: 3, width: 3, outputDim: 3 };
    const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const frames = { left: identity, right: identity };
    const own = start({ ...sizes, balance: -2, singularValues: [0.1, 0.1, 0.1], frames, random: randomSource(1, 1) });
    const sigma = Float64Array.of(1.5, 0, 0, 0, 1, 0, 0, 0, 0.5);
    const solution = solve({ ...sizes, sigma, ...own });
    expect(solution.obstructed).toBe(false);
    const { product } = solution.matrices(0.7);
    [1.5, 1, 0.5].forEach((target, k) => {
      expect(product[4 * k]).toBeCloseTo(alignedValue({ target, start: 0.1, balance: -2 }, 0.7), 12);
    });
    expect([...solution.matrices(1e4).product].map((value) => Math.abs(value))).toEqual(
      [...sigma].map((value) => expect.closeTo(value, 10) as number),
    );
  });

  test('λ-balanced: what is no such network is refused with its place', () => {
    const { solve } = theory.lambdaBalanced;
    const one = Float64Array.of(1, 0, 0, 1);
    const square = { inputDim: 2, width: 2, outputDim: 2, sigma: one, input: one, output: one };
    expect(() => solve({ ...square, width: 0 })).toThrow('λ-balanced network: expected an integer width ≥ 1, got 0');
    expect(() => solve({ ...square, input: Float64Array.of(1) })).toThrow('λ-balanced network.input: expected 4 numbers, got 1');
    expect(() => solve({ ...square, sigma: Float64Array.of(1, 0, Number.NaN, 1) })).toThrow(
      'λ-balanced network.sigma[2]: expected a finite number, got NaN',
    );
    expect(() => solve({ ...square, output: Float64Array.of(2, 0, 0, 5) })).toThrow(/miss it by/);
  });

  test('the other closed forms at points that are known by hand', () => {
    const { oneDimensional, catapult, diagonal, twoLayerRelu } = theory;
    const network = {
      output: Float64Array.of(0.5),
      input: Float64Array.of(0.5),
      outputScale: 1,
      outputRate: 1,
      inputRate: 1,
      moments: oneDimensional.momentsOf([1, -1], [2, -2]),
    };
    // φ̇ = 2φ(2 − φ) from ¼: φ = 2/(1 + 7e^{−4t}).
    expect(oneDimensional.stateAt(oneDimensional.solveFlow(network), 0.3).slope).toBeCloseTo(2 / (1 + 7 * Math.exp(-1.2)), 13);
    expect(catapult.regimeOf(1, 3)).toBe('catapult');
    const problem = { inputs: Float64Array.of(2, 1), targets: Float64Array.of(2) };
    expect([...diagonal.leastL1(problem)]).toEqual([1, 0]);
    const large = diagonal.uniformLimit(problem, 2, 1e3).coefficients;
    expect(large[0]).toBeCloseTo(0.8, 9);
    expect(large[1]).toBeCloseTo(0.4, 9);
    expect(twoLayerRelu.regimeOf({ scale: 0.5, imbalance: 0 })).toBe('linear');
    const ntk = oneDimensional.scalings.find(({ id }) => id === 'ntk');
    expect(ntk === undefined ? '' : oneDimensional.phaseOf(ntk.exponents).phase).toBe('kernel');
  });
});
