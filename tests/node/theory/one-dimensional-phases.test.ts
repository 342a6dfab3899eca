// Phases of one-dimensional networks with the width: exponents of the closed form over drawn networks
// against the exact inequalities.

import { describe, expect, test } from 'vitest';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { SCALINGS, type ScalingExponents } from '../../../src/core/scalings.ts';
import { openDescent } from '../../../src/theory/one-dimensional/descent.ts';
import { solveFlow, stateAt } from '../../../src/theory/one-dimensional/flow.ts';
import { momentsFrom } from '../../../src/theory/one-dimensional/moments.ts';
import { emptyState, type OneDimensionalNetwork } from '../../../src/theory/one-dimensional/network.ts';
import { kernelCoordinate, phaseExponents, phaseOf } from '../../../src/theory/one-dimensional/phases.ts';

const SEEDS = 256;
const WIDTHS = [128, 512, 2048];
/** Slopes over so many seeds are uncertain by less: those of the kernel, and those of layers and rates. */
const SLOPE_TOLERANCE = { kernel: 0.1, layers: 0.05 } as const;

/** Standard normal weights of both layers, drawn once for all scalings. */
const normals = new Map<string, readonly [Float64Array, Float64Array]>();

function drawn(width: number, seed: number, exponents: ScalingExponents): OneDimensionalNetwork {
  const key = `${width} ${seed}`;
  let own = normals.get(key);
  if (own === undefined) {
    const source = randomSource(seed, STREAMS.weights, Math.log2(width));
    own = [source.normals(width), source.normals(width)];
    normals.set(key, own);
  }
  const scaled = (values: Float64Array, exponent: number) => values.map((value) => value * width ** exponent);
  return {
    output: scaled(own[0], exponents.outputWeights),
    input: scaled(own[1], exponents.hiddenWeights),
    outputScale: width ** exponents.outputScale,
    outputRate: width ** exponents.outputRate,
    inputRate: width ** exponents.hiddenRate,
    moments: momentsFrom(1, 1, 1),
  };
}

function ends(network: OneDimensionalNetwork) {
  const flow = solveFlow(network);
  return { flow, first: stateAt(flow, 0), last: stateAt(flow, Number.POSITIVE_INFINITY) };
}

/** What is measured of a network at the end of training. */
const MEASURES = ['kernelChange', 'kernelRatio', 'outputMovement', 'inputMovement', 'rate'] as const;
type Measure = (typeof MEASURES)[number];

function measured(network: OneDimensionalNetwork): Readonly<Record<Measure, number>> {
  const { flow, first, last } = ends(network);
  const end = flow.weights(Number.POSITIVE_INFINITY);
  const movement = (layer: 'output' | 'input') => {
    let [moved, size] = [0, 0];
    for (let i = 0; i < end[layer].length; i++) {
      moved += (end[layer][i] - network[layer][i]) ** 2;
      size += network[layer][i] ** 2;
    }
    return Math.sqrt(moved / size);
  };
  return {
    kernelChange: (last.rateKernel - first.rateKernel) / first.rateKernel,
    kernelRatio: last.rateKernel / first.rateKernel,
    outputMovement: movement('output'),
    inputMovement: movement('input'),
    rate: flow.rate,
  };
}

/** Least-squares slopes of ln rms over seeds against ln width. */
function slopesOf(exponents: ScalingExponents): Record<Measure, number> {
  const logs = WIDTHS.map((width) => {
    const squares = MEASURES.map(() => 0);
    for (let seed = 0; seed < SEEDS; seed++) {
      const own = measured(drawn(width, seed, exponents));
      for (const [m, id] of MEASURES.entries()) squares[m] += own[id] ** 2 / SEEDS;
    }
    return squares.map((square) => 0.5 * Math.log(square));
  });
  const x = WIDTHS.map(Math.log);
  const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = x.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const slopes = MEASURES.map((_, m) => x.reduce((sum, value, w) => sum + (value - centre) * logs[w][m], 0) / spread);
  return Object.fromEntries(MEASURES.map((id, m) => [id, slopes[m]])) as Record<Measure, number>;
}

const expected: Readonly<Record<string, readonly [number, number, number, string, string]>> = {
  standard: [1, 0, 1, 'kernel', 'unstable'],
  kaiming: [1, 0, 1, 'kernel', 'unstable'],
  ntk: [0.5, 0, 0, 'kernel', 'trainable'],
  'mean-field': [0, -0.5, 0, 'critical', 'trainable'],
  mup: [0, -0.5, 0, 'critical', 'trainable'],
  xavier: [0, -0.5, 0, 'critical', 'trainable'],
  'mup-equal-rates': [1, -0.5, 1, 'kernel', 'unstable'],
  unscaled: [1, 0.5, 1, 'kernel', 'unstable'],
  small: [-1, -1.5, 0, 'rich', 'trainable'],
};

describe('parametrisations', () => {
  test.each(SCALINGS)('$label: exponents and phase', ({ id, exponents }) => {
    const { kernel, output, rate, phase, training } = phaseOf(exponents);
    expect([kernel, output, rate, phase, training]).toEqual(expected[id]);
  });

  test.each(SCALINGS)(
    '$label: kernel, layers and relaxation rate go with the predicted powers of the width',
    ({ id, exponents }) => {
      const { kernelChange, outputMovement, inputMovement, rate } = phaseOf(exponents);
      const slopes = slopesOf(exponents);
      const rows: readonly (readonly [string, number, number, number])[] = [
        ['kernel', id === 'small' ? slopes.kernelRatio : slopes.kernelChange, kernelChange, SLOPE_TOLERANCE.kernel],
        ['output layer', slopes.outputMovement, outputMovement, SLOPE_TOLERANCE.layers],
        ['input layer', slopes.inputMovement, inputMovement, SLOPE_TOLERANCE.layers],
        ['relaxation rate', slopes.rate, rate, SLOPE_TOLERANCE.layers],
      ];
      for (const [what, slope, exponent, tolerance] of rows) {
        expect([what, slope, exponent, Math.abs(slope - exponent) < tolerance]).toEqual([what, slope, exponent, true]);
      }
    },
  );

  test.each([
    ['ntk', 1.0001, 2e-4],
    ['mean-field', Math.SQRT2, 0.01],
    ['mup', Math.SQRT2, 0.01],
    // With variances 1/h; Xavier's own 2/(h + 1) make it √1.25.
    ['xavier', Math.SQRT2, 0.01],
    ['mup-equal-rates', 1, 1e-5],
  ])('%s at width 4096: Θ_∞/Θ₀ is %f', (id, ratio, tolerance) => {
    const exponents = SCALINGS.find((own) => own.id === id)?.exponents as ScalingExponents;
    let sum = 0;
    for (let seed = 0; seed < 16; seed++) {
      const { first, last } = ends(drawn(4096, seed, exponents));
      sum += last.rateKernel / first.rateKernel / 16;
    }
    expect(Math.abs(sum - ratio)).toBeLessThan(tolerance);
  });
});

describe('boundaries', () => {
  test('layers align below e₀ = −½ whatever E: a standing kernel with cos → 1/√2 at equal rates', () => {
    const exponents = { outputScale: -1, outputWeights: 0.25, hiddenWeights: -0.25, outputRate: 0, hiddenRate: 0 };
    expect(phaseOf(exponents)).toMatchObject({ kernel: 0.5, output: -0.5, phase: 'kernel', alignment: 'partial' });
    const { first, last } = ends(drawn(4096, 1, exponents));
    expect(Math.abs(last.cosine - Math.SQRT1_2)).toBeLessThan(0.01);
    expect(Math.abs(last.rateKernel / first.rateKernel - 1)).toBeLessThan(2e-3);
    expect(phaseOf({ ...exponents, outputScale: -1.5 }).alignment).toBe('full');
    expect(phaseOf({ ...exponents, outputScale: -0.5 }).alignment).toBe('none');
  });

  test('layer-wise rates lower E to e₀ + ½ at balance and no further; a common factor never changes it', () => {
    const base = { outputScale: -0.3, outputWeights: 0.4, hiddenWeights: -0.1, outputRate: 0, hiddenRate: 0 };
    const least = phaseExponents(base).output + 0.5;
    for (const difference of [-3, -1, 0, 1, 3]) {
      const { kernel } = phaseExponents({ ...base, outputRate: 2 - difference / 2, hiddenRate: 2 + difference / 2 });
      expect(kernel).toBeCloseTo(phaseExponents({ ...base, outputRate: -difference / 2, hiddenRate: difference / 2 }).kernel, 12);
      if (difference === 2 * (base.hiddenWeights - base.outputWeights)) expect(kernel).toBeCloseTo(least, 12);
      else expect(kernel).toBeGreaterThan(least);
    }
  });

  test('χ gives the kernel’s growth of one network from zero output', () => {
    const network: OneDimensionalNetwork = { ...drawn(64, 3, SCALINGS[2].exponents), centred: false };
    // Orthogonal layers: φ₀ = 0.
    const { input } = network;
    const dot = network.output.reduce((sum, u, i) => sum + u * input[i], 0);
    const square = input.reduce((sum, w) => sum + w * w, 0);
    const output = network.output.map((u, i) => u - (dot / square) * input[i]);
    const { flow, first, last } = ends({ ...network, output });
    const { coupling, sumSquare, differenceSquare } = flow.opened;
    const chi = kernelCoordinate(coupling, sumSquare, differenceSquare, 1, 0);
    expect(last.rateKernel / first.rateKernel).toBeCloseTo(Math.sqrt(1 + 1 / chi), 12);
  });

  test('unit steps times a common factor diverge beyond the power −c_r of the width', () => {
    const stays = (network: OneDimensionalNetwork, factor: number) => {
      const descent = openDescent(network, factor);
      const state = emptyState();
      descent.goTo(400);
      descent.write(state);
      return Math.abs(state.residual) < 1e3 * (1 + Math.abs(descent.opened.residual));
    };
    for (const id of ['standard', 'ntk', 'mean-field']) {
      const exponents = SCALINGS.find((own) => own.id === id)?.exponents as ScalingExponents;
      const largest = [256, 4096].map((width) => {
        const network = drawn(width, 2, exponents);
        let [low, high] = [-30, 30];
        for (let n = 0; n < 40; n++) {
          const middle = (low + high) / 2;
          if (stays(network, Math.exp(middle))) low = middle;
          else high = middle;
        }
        return low;
      });
      const slope = (largest[1] - largest[0]) / Math.log(16);
      expect(Math.abs(slope + phaseOf(exponents).rate)).toBeLessThan(0.1);
    }
  });

  test('exponents that are no numbers are refused', () => {
    expect(() => phaseExponents({ ...SCALINGS[0].exponents, hiddenRate: Number.NaN })).toThrow(
      'expected finite numbers, got NaN',
    );
  });
});
