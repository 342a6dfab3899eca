// The exact solution of one-dimensional two-layer linear networks: against integration in extended precision (case file), against
// our own integration, and in the limits where formulas usually break.

import { describe, expect, test } from 'vitest';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { openDescent } from '../../../src/theory/one-dimensional/descent.ts';
import { solveFlow, stateAt } from '../../../src/theory/one-dimensional/flow.ts';
import { fromGeiger } from '../../../src/theory/one-dimensional/maps.ts';
import { mechanismOf } from '../../../src/theory/one-dimensional/mechanism.ts';
import { momentsFrom, momentsOf } from '../../../src/theory/one-dimensional/moments.ts';
import { emptyState, type OneDimensionalNetwork } from '../../../src/theory/one-dimensional/network.ts';
import { expectClose } from '../reference/expect-close.ts';
import { integrate } from './integrate.ts';
import { networkOf, oneDimensionalCases } from './one-dimensional-cases.ts';

const unit = momentsFrom(1, 1, 1);

/** A network drawn with given standard deviations. */
function drawn(width: number, seed: number, own: Partial<OneDimensionalNetwork> = {}, std = [1, 1]): OneDimensionalNetwork {
  const source = randomSource(seed, STREAMS.weights);
  const output = source.normals(width).map((value) => std[0] * value);
  const input = source.normals(width).map((value) => std[1] * value);
  return { output, input, outputScale: 1, outputRate: 1, inputRate: 1, moments: unit, ...own };
}

/** u̇ and ẇ as the setting states them, on (u, w) flat. */
function motionOf(network: OneDimensionalNetwork): (y: Float64Array) => Float64Array {
  const { outputScale: gamma, outputRate, inputRate, moments, centred } = network;
  const width = network.output.length;
  const dot = (y: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += y[i] * y[width + i];
    return sum;
  };
  const offset = centred === true ? dot(Float64Array.of(...network.output, ...network.input)) : 0;
  return (y) => {
    const s = moments.inputTarget - moments.inputSquare * gamma * (dot(y) - offset);
    return y.map((_, i) => gamma * s * (i < width ? outputRate * y[width + i] : inputRate * y[i - width]));
  };
}

/** y at time `until` of ẏ = motion(y). */
function endOf(motion: (y: Float64Array) => Float64Array, start: Float64Array, until: number): Float64Array {
  const [end] = integrate((y, slope) => slope.set(motion(y)), start, [until]);
  return end;
}

const norm = (vector: Float64Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

describe('the case file', () => {
  const keys = {
    f_coefficient: 'product',
    loss: 'loss',
    ntk: 'kernel',
    ntk_weighted: 'rateKernel',
    cos: 'cosine',
    norm_u: 'outputNorm',
    norm_w: 'inputNorm',
  } as const;

  test.each(oneDimensionalCases)('$name: outputs, kernels, angle and norms to 1e-11, residual to 1e-9 of itself', (own) => {
    const flow = solveFlow(networkOf(own));
    const states = own.inputs.times.map((time) => stateAt(flow, time));
    for (const [key, ours] of Object.entries(keys) as [keyof typeof keys, (typeof keys)[keyof typeof keys]][]) {
      expectClose(
        states.map((state) => state[ours]),
        own.outputs[key],
        1e-11,
      );
    }
    const ratios = (ours: 'residual' | 'lossExcess', key: 'residual_s' | 'loss_excess') =>
      states.map((state, i) => state[ours] / own.outputs[key][i]);
    for (const found of [ratios('residual', 'residual_s'), ratios('lossExcess', 'loss_excess')]) {
      expectClose(
        found,
        found.map(() => 1),
        1e-9,
      );
    }
    const end = flow.weights(own.inputs.times[own.inputs.times.length - 1]);
    if (own.outputs.u_end !== undefined) expectClose(end.output, own.outputs.u_end, 1e-11);
    if (own.outputs.w_end !== undefined) expectClose(end.input, own.outputs.w_end, 1e-11);
  });

  test.each(oneDimensionalCases)('$name: mechanism and shares', (own) => {
    const found = mechanismOf(solveFlow(networkOf(own)), own.inputs.times[own.inputs.times.length - 1]);
    expect(found.label).toBe(own.outputs.mechanism_end);
    expectClose([found.cosineStart, found.cosineChange], [own.outputs.cos_start_used, own.outputs.delta_cos], 1e-14, 1);
    expectClose([found.kernelRatio], [own.outputs.ntk_weighted_ratio], 1e-11);
    expectClose([found.rotationShare ?? 0], [own.outputs.rotation_share ?? 0], 1e-11, 1);
  });
});

describe('the exact flow', () => {
  const widths = [1, 2, 8, 64];
  const rates = [
    [1, 1],
    [0.05, 3],
    [0, 0.7],
    [2, 0],
  ];
  const grid = widths.flatMap((width) =>
    rates.flatMap(([outputRate, inputRate]) =>
      [-0.8, 0, 2].map((target) => ({ width, outputRate, inputRate, target, centred: width === 8 })),
    ),
  );

  test.each(grid)('follows the weights of the integrated network: %o', ({ width, outputRate, inputRate, target, centred }) => {
    const outputScale = width === 2 ? -0.6 : 1 / Math.sqrt(width);
    const own = { outputScale, outputRate, inputRate, moments: momentsFrom(1.3, target, 5), centred };
    const network = drawn(width, 17 + width, own, [0.7, 1.1]);
    const flow = solveFlow(network);
    const time = 2.5;
    const end = endOf(motionOf(network), Float64Array.of(...network.output, ...network.input), time);
    const found = flow.weights(time);
    expectClose([...found.output, ...found.input], end, 1e-11);
    const { product, slope, change, kernel, kernelChange, rateKernel, outputNorm, inputNorm, cosine } = stateAt(flow, time);
    const [u, w] = [end.slice(0, width), end.slice(width)];
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const before = outputScale * dot(network.output, network.input);
    const phi = outputScale * dot(u, w);
    expectClose([product, slope, change], [phi, centred ? phi - before : phi, phi - before], 1e-11);
    const kernels = [
      outputScale ** 2 * (dot(u, u) + dot(w, w)),
      outputScale ** 2 * (outputRate * dot(w, w) + inputRate * dot(u, u)),
    ];
    expectClose([kernel, rateKernel], kernels, 1e-11);
    const start = outputScale ** 2 * (dot(network.output, network.output) + dot(network.input, network.input));
    expectClose([kernelChange], [kernels[0] / start - 1], 1e-10, 1);
    expectClose([outputNorm, inputNorm, cosine], [norm(u), norm(w), dot(u, w) / norm(u) / norm(w)], 1e-11);
  });

  test('a wide network is followed as well', () => {
    const network = drawn(512, 31, { outputScale: 512 ** -0.5, inputRate: 2 });
    const end = endOf(motionOf(network), Float64Array.of(...network.output, ...network.input), 1);
    const { output, input } = solveFlow(network).weights(1);
    expectClose([...output, ...input], end, 1e-11);
  });

  test('wherever it starts it stays finite, |cos| ≤ 1 and the residual never grows', () => {
    const source = randomSource(3, STREAMS.shuffle);
    const pick = (list: readonly number[]) => list[source.below(list.length)];
    const sizes = [0, 1e-12, 1e-6, 1e-3, 0.1, 1, 10, 1e3];
    for (let n = 0; n < 4000; n++) {
      const [first, second] = [pick(sizes), pick(sizes)];
      const output = source.normals(pick([1, 2, 3, 8])).map((value) => first * value);
      const nearly = pick([1, -1, 0.3, -1 - 1e-13]);
      const input = source.below(2) === 0 ? output.map((u) => nearly * u) : source.normals(output.length).map((v) => second * v);
      const [M, C] = [pick([1, 1e-3, 1e3]), pick([0, 1, -1, 1e-6, 100])];
      const flow = solveFlow({
        output,
        input,
        outputScale: pick([0, 1, -1, 1e-4, 100]),
        outputRate: pick([0, 1, 1e-3, 1e3]),
        inputRate: pick([0, 1, 1e-3, 1e3]),
        moments: momentsFrom(M, C, (C * C) / M + 1),
        centred: n % 2 === 0,
      });
      let last = Number.POSITIVE_INFINITY;
      for (const time of [0, 1e-3, 1, 30, 1e4, 1e8, Number.POSITIVE_INFINITY]) {
        const { kernelChange, ...rest } = stateAt(flow, time);
        // Without weights there is no kernel to change.
        const change = flow.opened.kernel === 0 ? 0 : kernelChange;
        const weights = flow.weights(time);
        const numbers = [...Object.values(rest), change, ...weights.output, ...weights.input];
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(Math.abs(rest.cosine)).toBeLessThanOrEqual(1 + 1e-15);
        expect(Math.abs(rest.residual)).toBeLessThanOrEqual(last * (1 + 1e-12));
        last = Math.abs(rest.residual);
      }
      expect(flow.horizon(1e-3)).toBeGreaterThanOrEqual(0);
    }
  });

  test('conserves p qᵀ: PQ, the imbalance and the area between the layers', () => {
    const network = drawn(16, 4, { outputRate: 0.3, inputRate: 2, moments: momentsFrom(1, -1.5, 4) });
    const flow = solveFlow(network);
    const { sumSquare, differenceSquare, imbalance, area } = flow.opened;
    expectClose([sumSquare * differenceSquare], [4 * area ** 2 + imbalance ** 2], 1e-14);
    for (const time of [0.3, 2, 30]) {
      const { opened } = solveFlow({ ...network, ...flow.weights(time) });
      expectClose([opened.imbalance, opened.area], [imbalance, area], 1e-13);
      expectClose([opened.sumSquare * opened.differenceSquare], [sumSquare * differenceSquare], 1e-13);
    }
  });

  test('the end of training is the least squares slope, and Θ grows as the closed form says', () => {
    for (const centred of [false, true]) {
      const network = drawn(8, 5, { moments: momentsFrom(2, 3, 5), outputScale: 0.4, centred });
      const flow = solveFlow(network);
      const [first, last] = [stateAt(flow, 0), stateAt(flow, Number.POSITIVE_INFINITY)];
      expectClose([last.slope, last.residual], [1.5, 0], 1e-14, 1);
      expectClose([flow.rate], [2 * last.rateKernel], 1e-13);
      const PQ = flow.opened.sumSquare * flow.opened.differenceSquare * flow.opened.coupling ** 2;
      expectClose(
        [last.rateKernel / first.rateKernel],
        [Math.sqrt((4 * last.product ** 2 + PQ) / (4 * first.product ** 2 + PQ))],
        1e-13,
      );
    }
  });

  test('the horizon is when the residual has fallen to its share, plateau included', () => {
    for (const std of [1e-5, 1e-2, 1]) {
      const flow = solveFlow(drawn(6, 8, {}, [std, std]));
      for (const share of [1e-4, 1e-7]) {
        expectClose([stateAt(flow, flow.horizon(share)).residual / flow.opened.residual], [share], 4 * share ** 0.5 * 1e-1);
      }
    }
  });

  test('near a saddle the time of escape keeps its digits', () => {
    // u = −w + 1e-12 on unequal rates: p is 1e-12 of the weights, and decides when the network leaves.
    const source = randomSource(3, STREAMS.weights);
    const input = source.normals(8);
    const [outputRate, inputRate] = [0.25, 1];
    // √(η_w/η_u) = 2 exactly, so that p√η_w = 2u + w is the deviation itself.
    const deviation = source.normals(8).map((value) => value * 2 ** -40);
    const output = input.map((value, i) => (deviation[i] - value) / 2);
    const exact = output.map((value, i) => 2 * value + input[i]);
    const flow = solveFlow({ output, input, outputScale: 1, outputRate, inputRate, moments: unit });
    expectClose([flow.opened.sumSquare], [norm(exact) ** 2], 1e-14);
    expectClose([stateAt(flow, flow.horizon(1e-4)).residual / flow.opened.residual], [1e-4], 4e-3);
    // The plateau: the deviation has to grow by 2⁴⁰ at the rate k C = ½.
    expect(flow.horizon(1e-4) * 0.5).toBeGreaterThan(40 * Math.LN2);
  });

  test('lazy networks: the kernel change keeps its digits where it is 1e-7', () => {
    const flow = solveFlow(fromGeiger(drawn(64, 2), 1e4));
    const { change, kernelChange } = stateAt(flow, 1e4);
    const { output, input } = flow.weights(1e4);
    const before = drawn(64, 2);
    let moved = 0;
    let start = 0;
    for (let i = 0; i < 64; i++) {
      moved += (output[i] - before.output[i]) * (output[i] + before.output[i]);
      moved += (input[i] - before.input[i]) * (input[i] + before.input[i]);
      start += before.output[i] ** 2 + before.input[i] ** 2;
    }
    expectClose([change], [1], 1e-9);
    expect(Math.abs(kernelChange)).toBeLessThan(1e-6);
    expectClose([kernelChange], [moved / start], 1e-5);
  });

  test('an exact saddle is reached and kept; with target zero it is approached as 1/t', () => {
    const input = randomSource(9, STREAMS.weights).normals(5);
    const saddle = solveFlow({ output: input.map((v) => -v), input, outputScale: 1, outputRate: 1, inputRate: 1, moments: unit });
    const late = stateAt(saddle, 1e4);
    expectClose([late.residual, late.product, late.outputNorm], [1, 0, 0], 1e-14, 1);
    expect(saddle.horizon(0.5)).toBe(Number.POSITIVE_INFINITY);
    const zero = momentsFrom(1, 0, 0);
    const slow = solveFlow({ output: input, input, outputScale: 1, outputRate: 1, inputRate: 1, moments: zero });
    const D = 2 * norm(input) ** 2;
    expectClose([stateAt(slow, 1e6).residual / slow.opened.residual], [1 / (1 + D * 1e6)], 1e-12);
    expectClose([slow.horizon(1e-3)], [999 / D], 1e-12);
    expect(stateAt(slow, Number.POSITIVE_INFINITY).residual).toBeCloseTo(0, 100);
  });

  test('nothing moves without weights, scale or rates', () => {
    const network = drawn(3, 1);
    const still: OneDimensionalNetwork[] = [
      { ...network, output: new Float64Array(3), input: new Float64Array(3) },
      { ...network, outputScale: 0 },
      { ...network, outputRate: 0, inputRate: 0 },
    ];
    for (const own of still) {
      const flow = solveFlow(own);
      const [first, last] = [stateAt(flow, 0), stateAt(flow, 1e3)];
      expectClose([last.residual, last.product, last.change], [first.residual, first.product, 0], 1e-15, 1);
      expect(mechanismOf(flow, 1e3).label).toBe('static');
    }
  });

  test('what is no network is refused in words', () => {
    const network = drawn(3, 1);
    expect(() => solveFlow({ ...network, outputRate: -1 })).toThrow('expected finite rates of at least 0, got -1');
    expect(() => solveFlow({ ...network, input: new Float64Array(2) })).toThrow('got 2 and 3');
    expect(() => solveFlow({ ...network, input: new Float64Array(0), output: new Float64Array(0) })).toThrow('at least one');
    expect(() => solveFlow({ ...network, outputScale: Number.NaN })).toThrow('expected finite weights and output scale, got NaN');
    expect(() => momentsFrom(0, 0, 1)).toThrow('expected inputs with mean x² > 0, got 0');
    expect(() => momentsFrom(1, 2, 3)).toThrow('expected mean y² of at least (mean xy)²/mean x² = 4, got 3');
    expect(() => momentsOf([0, 0], [1, 2])).toThrow('mean x² > 0');
    expect(() => momentsOf([], [])).toThrow('at least one');
    expect(() => solveFlow(network).at(-1, emptyState())).toThrow('expected a time of at least 0, got -1');
    expect(() => openDescent(network, 0)).toThrow('expected a learning rate above 0, got 0');
    expect(() => openDescent({ ...network, outputRate: 0 }, 0.1)).toThrow('frozen');
  });
});

describe('exact descent', () => {
  test.each([0.02, 0.3, 0.9])('two numbers follow all weights at any step: %f', (learningRate) => {
    const network = drawn(12, 6, { outputScale: 0.3, outputRate: 0.7, inputRate: 1.4, moments: momentsFrom(1, 0.6, 1) });
    const descent = openDescent(network, learningRate);
    const state = emptyState();
    const motion = motionOf(network);
    let y = Float64Array.of(...network.output, ...network.input);
    for (const steps of [1, 2, 5, 10, 20]) {
      while (descent.steps < steps) {
        const move = motion(y);
        y = y.map((value, i) => value + learningRate * move[i]);
        descent.goTo(descent.steps + 1);
      }
      descent.write(state);
      const [u, w] = [y.slice(0, 12), y.slice(12)];
      const product = u.reduce((sum, value, i) => sum + value * w[i], 0);
      expectClose([state.product, state.outputNorm, state.inputNorm], [0.3 * product, norm(u), norm(w)], 1e-13);
      expectClose([state.cosine, state.kernel], [product / norm(u) / norm(w), 0.09 * (norm(u) ** 2 + norm(w) ** 2)], 1e-13);
    }
    descent.goTo(0);
    descent.write(state);
    expect(state.change).toBe(0);
  });

  test('Euler steps are first order in the step: errors of 1 to 4 % at step·rate 0.1, a tenth of that at 0.01', () => {
    const errorAt = (share: number) => {
      const network = drawn(32, 3, { outputScale: 1 / Math.sqrt(32) });
      const flow = solveFlow(network);
      const step = share / flow.rate;
      const descent = openDescent(network, step);
      const state = emptyState();
      let most = 0;
      for (let n = 0; n * step * flow.rate < 10; n++) {
        descent.goTo(n);
        descent.write(state);
        most = Math.max(most, Math.abs(state.product - stateAt(flow, n * step).product));
      }
      return most;
    };
    const [coarse, fine] = [errorAt(0.1), errorAt(0.01)];
    expect(coarse).toBeGreaterThan(0.01);
    expect(coarse).toBeLessThan(0.04);
    expect(coarse / fine).toBeGreaterThan(9);
    expect(coarse / fine).toBeLessThan(12);
  });
});

describe('maps to other papers', () => {
  test('Geiger’s centred network on loss/α² is this flow', () => {
    const alpha = 3;
    const width = 9;
    const start = drawn(width, 12);
    const flow = solveFlow(fromGeiger(start, alpha));
    // F = α(f − f₀), f = Σuwx/√d, L = ½(F − y)²/α², plain gradient flow.
    const factor = 1 / Math.sqrt(width);
    const dot = (y: Float64Array) => factor * y.reduce((sum, value, i) => (i < width ? sum + value * y[width + i] : sum), 0);
    const y0 = Float64Array.of(...start.output, ...start.input);
    const motion = (y: Float64Array) => {
      const residual = 1 - alpha * (dot(y) - dot(y0));
      return y.map((_, i) => (residual / alpha) * factor * (i < width ? y[width + i] : y[i - width]));
    };
    const end = endOf(motion, y0, 2);
    expectClose([stateAt(flow, 2).slope], [alpha * (dot(end) - dot(y0))], 1e-12);
  });

  test('one hidden unit: λ is the imbalance times the rate, lazy where |γλ| is large', () => {
    const [lambda, gamma, phi] = [-3, 2, 0.5];
    const flow = solveFlow({
      output: Float64Array.of(1),
      input: Float64Array.of(2),
      outputScale: gamma,
      outputRate: 0.5,
      inputRate: 0.5,
      moments: momentsFrom(1, phi, 1),
    });
    expectClose([flow.opened.imbalance], [lambda / 0.5], 1e-15);
    const ratio = stateAt(flow, 1e3).rateKernel / stateAt(flow, 0).rateKernel;
    const kernel = (slope: number) => Math.hypot(2 * slope, gamma * lambda);
    expectClose([ratio], [kernel(phi) / kernel(gamma * 2)], 1e-13);
  });
});
