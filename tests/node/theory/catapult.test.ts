// The catapult: its map is descent on the weights, its regimes end where they should, its curvatures are the known ones.

import { describe, expect, test } from 'vitest';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { catapult, catapultRegime } from '../../../src/theory/catapult.ts';
import { openDescent } from '../../../src/theory/one-dimensional/descent.ts';
import { momentsFrom } from '../../../src/theory/one-dimensional/moments.ts';
import { emptyState } from '../../../src/theory/one-dimensional/network.ts';
import { expectClose } from '../reference/expect-close.ts';

const [width, start, curvature] = [1024, 1, 2];

describe('the map of output and curvature', () => {
  test('is descent on one sample of target zero, and the theory of one-dimensional networks says the same', () => {
    const source = randomSource(4, STREAMS.weights);
    let [u, w] = [source.normals(width), source.normals(width)];
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const f = () => dot(u, w) / Math.sqrt(width);
    const lambda = () => (dot(u, u) + dot(w, w)) / width;
    const eta = 2.6 / lambda();
    const outputScale = 1 / Math.sqrt(width);
    const moments = momentsFrom(1, 0, 0);
    const descent = openDescent({ output: u, input: w, outputScale, outputRate: 1, inputRate: 1, moments }, eta);
    const [f0, lambda0] = [f(), lambda()];
    const state = emptyState();
    for (let steps = 1; steps <= 14; steps++) {
      const move = (eta * f()) / Math.sqrt(width);
      [u, w] = [u.map((value, i) => value - move * w[i]), w.map((value, i) => value - move * u[i])];
      const end = catapult(width, f0, lambda0, eta, steps);
      descent.goTo(steps);
      descent.write(state);
      expectClose([end.output, end.curvature], [f(), lambda()], 5e-13 * Math.max(1, Math.abs(f())));
      expectClose([state.product, state.kernel], [f(), lambda()], 5e-13 * Math.max(1, Math.abs(f())));
    }
  });

  test.each([
    [1.5, 1.99756],
    [2.1, 1.79255],
    [2.3, 1.41134],
    [2.6, 0.828546],
    [3.0, 0.123574],
    [3.3, 0.11951],
    [3.6, 0.290224],
    [3.8, 0.864345],
  ])('from ηλ₀ = %f the curvature ends at %f', (product, final) => {
    const end = catapult(width, start, curvature, product / curvature);
    expectClose([end.curvature], [final], 1e-5, 1);
    expect(end.curvature).toBeLessThan((2 * curvature) / product);
  });

  test('the loss rises to a share of the width on the way', () => {
    expectClose([catapult(width, start, curvature, 1.5).mostLoss / width], [0.1849], 1e-4, 1);
    expect(catapult(width, start, curvature, 0.75).mostLoss).toBe(0.5);
  });

  test('η = 4/λ₀ is the end at every width', () => {
    for (const own of [4, 64, 1024, 65536]) {
      const below = catapult(own, start, curvature, 3.998 / curvature);
      const above = catapult(own, start, curvature, 4.002 / curvature);
      expect(Math.abs(below.output)).toBeLessThan(1e-3);
      expect([below.diverged, above.diverged]).toEqual([false, true]);
    }
  });

  test('regimes by ηλ₀', () => {
    expect([1.9, 2.1, 3.9, 4.1].map((product) => catapultRegime(product / 3, 3))).toEqual([
      'lazy',
      'catapult',
      'catapult',
      'divergent',
    ]);
  });
});
