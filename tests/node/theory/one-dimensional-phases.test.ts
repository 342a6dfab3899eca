// Phases of one-dimensional networks with the width: exponents of the closed form over drawn networks against the exact inequalities.

import { describe, expect, test } from 'vitest';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { SCALINGS, type ScalingExponents } from '../../../src/core/scalings.ts';
import { openDescent } from '../../../src/theory/one-dimensional/descent.ts';
import { solveFlow, stateAt } from '../../../src/theory/one-dimensional/flow.ts';
import { momentsFrom } from '../../../src/theory/one-dimensional/moments.ts';
import { emptyState, type OneDimensionalNetwork } from '../../../src/theory/one-dimensional/network.ts';
import { kernelCoordinate, phaseExponents, phaseOf } from '../../../src/theory/one-dimensional/phases.ts';

const SEEDS = 48;
const WIDTHS = [7, 8, 9, 10, 11, 12].map((power) => 2 ** power);
/** A slope of six widths of so many seeds is uncertain by less. */
const SLOPE_TOLERANCE = 0.1;

function drawn(width: number, seed: number, exponents: ScalingExponents): OneDimensionalNetwork {
  const source = randomSource(seed, STREAMS.weights, Math.log2(width));
  const scaled = (exponent: number) => source.normals(width).map((value) => value * width ** exponent);
  return {
    output: scaled(exponents.outputWeights),
    input: scaled(exponents.hiddenWeights),
    outputScale: width ** exponents.outputScale,
    outputRate: width ** exponents.outputRate,
    inputRate: width ** exponents.hiddenRate,
    moments: momentsFrom(1, 1, 1),
  };
}

/** Least-squares slope of ln rms against ln width. */
function slopeOf(measure: (network: OneDimensionalNetwork) => number, exponents: ScalingExponents): number {
  const points = WIDTHS.map((width) => {
    let sum = 0;
    for (let seed = 0; seed < SEEDS; seed++) sum += measure(drawn(width, seed, exponents)) ** 2;
    return [Math.log(width), 0.5 * Math.log(sum / SEEDS)];
  });
  const [x, y] = [0, 1].map((i) => points.reduce((sum, point) => sum + point[i], 0) / points.length);
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

function ends(network: OneDimensionalNetwork) {
  const flow = solveFlow(network);
  return { flow, first: stateAt(flow, 0), last: stateAt(flow, Number.POSITIVE_INFINITY) };
}

/** Relative movement of one layer at the end of training. */
function movement(layer: 'output' | 'input') {
  return (network: OneDimensionalNetwork) => {
    const end = solveFlow(network).weights(Number.POSITIVE_INFINITY)[layer];
    const start = network[layer];
    let [moved, size] = [0, 0];
    for (let i = 0; i < end.length; i++) {
      moved += (end[i] - start[i]) ** 2;
      size += start[i] ** 2;
    }
    return Math.sqrt(moved / size);
  };
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

  test.each(SCALINGS)('$label: the kernel changes with the predicted power of the width', ({ id, exponents }) => {
    const shift = id === 'small' ? 0 : 1;
    const slope = slopeOf((network) => {
      const { first, last } = ends(network);
      return shift === 1 ? (last.rateKernel - first.rateKernel) / first.rateKernel : last.rateKernel / first.rateKernel;
    }, exponents);
    expect(Math.abs(slope - phaseOf(exponents).kernelChange)).toBeLessThan(SLOPE_TOLERANCE);
  });

  test.each(SCALINGS)('$label: layers and the relaxation rate move with the predicted powers', ({ exponents }) => {
    const { outputMovement, inputMovement, rate } = phaseOf(exponents);
    expect(Math.abs(slopeOf(movement('output'), exponents) - outputMovement)).toBeLessThan(SLOPE_TOLERANCE);
    expect(Math.abs(slopeOf(movement('input'), exponents) - inputMovement)).toBeLessThan(SLOPE_TOLERANCE);
    expect(Math.abs(slopeOf((network) => solveFlow(network).rate, exponents) - rate)).toBeLessThan(SLOPE_TOLERANCE);
  });

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
