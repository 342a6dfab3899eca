// Regimes of wide two-layer ReLU networks: points of the published diagram, and slopes that change sign on its boundary.

import { describe, expect, test } from 'vitest';
import type { Values } from '../../../src/core/parameter.ts';
import { SCALINGS } from '../../../src/core/scalings.ts';
import type { TheoryPlane } from '../../../src/core/theory.ts';
import { movementSlope, reluExponentsOf, reluRegime, twoLayerRelu } from '../../../src/theory/two-layer-relu.ts';

const at = (scale: number, imbalance: number) => ({ scale, imbalance });

describe('the diagram of two-layer ReLU networks', () => {
  test.each([
    ['ntk', 0.5, 0, 'linear'],
    ['kaiming', 0.5, 0.5, 'linear'],
    ['xavier', 1, 0, 'critical'],
    ['mean-field', 1, 0, 'critical'],
  ])('%s is at (%f, %f): %s', (id, scale, imbalance, regime) => {
    const row = SCALINGS.find((own) => own.id === id);
    if (row === undefined) throw new Error(`no row ${id}`);
    expect(reluExponentsOf(row.exponents)).toEqual(at(scale, imbalance));
    expect(reluRegime(at(scale, imbalance))).toBe(regime);
  });

  test('linear left of γ = 1 and above γ′ = γ − 1, condensed elsewhere', () => {
    expect(reluRegime(at(0.9, -3))).toBe('linear');
    expect(reluRegime(at(2, 1.1))).toBe('linear');
    expect(reluRegime(at(2, 0.9))).toBe('condensed');
    expect(reluRegime(at(1.1, -1))).toBe('condensed');
    expect(reluRegime(at(2, 1))).toBe('critical');
    expect(reluRegime(at(1, -1))).toBe('critical');
  });

  test('the predicted slope has the sign of the regime everywhere', () => {
    const signs = { linear: -1, critical: 0, condensed: 1 };
    for (let scale = 0; scale <= 2; scale += 0.125) {
      for (let imbalance = -1; imbalance <= 1; imbalance += 0.125) {
        const own = at(scale, imbalance);
        expect(Math.sign(movementSlope(own)) + 0).toBe(signs[reluRegime(own)]);
      }
    }
  });

  test.each([
    [0.5, 0, -0.5],
    [0.75, 0, -0.25],
    [1, 0, 0],
    [1.25, 0, 0.125],
    [1.5, 0, 0.25],
    [1.25, 0.5, -0.5],
    [1.5, 0.5, 0],
    [1.75, 0.5, 0.125],
    [0.75, -0.25, -0.25],
    [1.25, -0.25, 0.25],
    [0.5, 0.5, -1.5],
  ])('slope at (%f, %f) is %f', (scale, imbalance, slope) => {
    expect(movementSlope(at(scale, imbalance))).toBeCloseTo(slope, 12);
  });

  test('its line over planes of exponents is the boundary', () => {
    const values: Values = { activation: 'relu', loss: 'squared', depth: 1, bias: 0.1, parametrisation: 'ntk', width: 64 };
    const training = { method: 'flow' } as TheoryPlane['training'];
    const plane: TheoryPlane = {
      family: 'fully-connected',
      task: 'xor',
      values,
      training,
      x: 'outputScaleExponent',
      y: 'weightImbalanceExponent',
      xRange: [-1, 0.25],
      yRange: [-1, 1],
    };
    expect(twoLayerRelu.refusal(plane)).toBeNull();
    expect(twoLayerRelu.refusal({ ...plane, values: { ...values, rateImbalanceExponent: 1 } })).toMatch(/rates/);
    expect(twoLayerRelu.refusal({ ...plane, values: { ...values, depth: 2 } })).toMatch(/one hidden layer/);
    const [line] = twoLayerRelu.boundaries(plane);
    expect(line.points.length).toBeGreaterThan(50);
    for (const [x, y] of line.points) {
      if (Number.isNaN(x)) continue;
      // The ntk factor is h^{−1/2}: γ = ½ − c_γ, γ′ = b.
      expect(Math.abs(Math.max(1 - (0.5 - x), y - (0.5 - x) + 1))).toBeLessThan(1e-9);
    }
    expect(twoLayerRelu.boundaries({ ...plane, x: 'width' })).toEqual([]);
  });
});
