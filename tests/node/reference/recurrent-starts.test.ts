// Initial recurrent weights: connectivities at a gain, their options, ranks and norms, as a family draws them.

import { describe, expect, test } from 'vitest';
import { recurrent } from '../../../shaders/families/recurrent/family.ts';
import type { Connectivity } from '../../../src/core/connectivity/connectivity.ts';
import { ownConnectivity } from '../../../src/core/connectivity/own.ts';
import { connectivities } from '../../../src/core/connectivity/registry.ts';
import { spectralRadius } from '../../../src/core/eigenvalues.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { singularValues, thinSvd } from '../../../src/core/svd.ts';
import type { Sequence, TaskData } from '../../../src/core/task.ts';
import { expectClose } from './expect-close.ts';

const width = 24;
const sequence: Sequence = {
  steps: 2,
  channels: 1,
  outputs: 2,
  stepWeights: Float64Array.of(0, 1),
  decisionStep: 1,
  timeStep: 1,
  kernelTrials: 1,
};
const samples = { count: 1, inputs: new Float64Array(2), targets: new Float64Array(4) };
const data: TaskData = {
  inputDim: 2,
  outputDim: 4,
  train: samples,
  test: samples,
  probe: samples,
  sequence,
  description: 'nothing',
};
const defaults: Values = Object.fromEntries(recurrent.parameters.map((parameter) => [parameter.id, parameter.default]));

function draw(own: Values, seed = 1, connectivity?: Connectivity): Float64Array {
  const values = { ...defaults, width, ...own };
  recurrent.check(values);
  const model = recurrent.model(values, 2, 4, sequence);
  const [, { offset, length }] = model.layers;
  return model.draw({ seed, draw: 0, values, connectivity }, data).subarray(offset, offset + length);
}

const norm = (vector: Float64Array) => Math.hypot(...vector);

describe('recurrent weights', () => {
  test.each(connectivities.map(({ id }) => id))('of connectivity %s have Frobenius norm g√N at every rank', (connectivity) => {
    const full = draw({ connectivity, gain: 1.25 });
    if (connectivity !== 'gauss') expectClose([norm(full)], [1.25 * Math.sqrt(width)], 1e-12);
    for (const initRank of [1, 5]) {
      const cut = draw({ connectivity, gain: 1.25, initRank });
      expectClose([norm(cut)], [norm(full)], 1e-12);
      expectClose(cut, cutToRank(thinSvd(full, width, width), initRank), 1e-10);
      expect(singularValues(cut, width, width)[initRank]).toBeLessThan(1e-12);
    }
  });

  test('scale with the gain alone', () => {
    const [one, three] = [draw({ connectivity: 'song', gain: 1 }), draw({ connectivity: 'song', gain: 3 })];
    expectClose(
      three,
      one.map((value) => 3 * value),
      1e-14,
    );
  });

  test('keep the largest singular value of the draw where that is the norm to keep', () => {
    const first = (own: Values) => singularValues(draw(own), width, width)[0];
    expectClose([first({ initRank: 3, rankNorm: 'spec' })], [first({})], 1e-12);
    expect(first({ initRank: 3, rankNorm: 'fro' })).toBeGreaterThan(1.2 * first({}));
  });

  test('have the gain as spectral radius where that is what it sets, at every rank and whatever a cut keeps', () => {
    const cuts: Values[] = [{}, { initRank: 1 }, { initRank: 5 }, { initRank: 5, rankNorm: 'none' }, { connectivity: 'chain' }];
    for (const own of cuts) {
      expectClose([spectralRadius(draw({ ...own, gain: 0.9, gainNorm: 'radius' }), width)], [0.9], 1e-10);
    }
    expect(draw({ gain: 0, gainNorm: 'radius' }).every((weight) => weight === 0)).toBe(true);
  });

  test('without loops have no spectral radius', () => {
    const rows = Array.from({ length: width }, (_, i) => Array.from({ length: width }, (_, j) => (i < j ? i + j : 0)));
    const own = ownConnectivity(rows.map((_, i) => rows.map((__, j) => rows[(5 * i) % width][(5 * j) % width])));
    expect(() => draw({ connectivity: 'own', gainNorm: 'radius' }, 1, own)).toThrow(
      'sweep: gainNorm: expected connections that close a loop, so that their spectral radius can be the gain, got none',
    );
    expectClose([norm(draw({ connectivity: 'own', gain: 2 }, 1, own))], [2 * Math.sqrt(width)], 1e-12);
  });

  test('know the options of their connectivity, cut or not', () => {
    for (const initRank of [0, 4]) {
      const own = { connectivity: 'sonet', initRank };
      expect(draw({ ...own, reciprocity: 3 })).not.toEqual(draw(own));
      expect(draw({ connectivity: 'dale', initRank, reciprocity: 0 })).toEqual(draw({ connectivity: 'dale', initRank }));
    }
    expect(() => draw({ connectivity: 'sonet', reciprocity: 100 })).toThrow(
      'connectivity "sonet": reciprocity: expected -1 … 7.333',
    );
  });
});
