// The measuring kernels against plain float64: every domain and variable, in shapes at, below and above tiles, chunks and
// workgroups.

import { beforeAll, describe, expect, test } from 'vitest';
import { domainCount } from '../../shaders/families/fully-connected/measure/domains.ts';
import { measureKernels } from '../../shaders/families/fully-connected/measure/measure.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { testDevice, testLimits } from './device.ts';
import {
  compareSums,
  elementsOf,
  LOSS_BETA,
  loadCase,
  makeCase,
  measureCase,
  type Request,
  type SumsByTerm,
} from './measure-fixture.ts';
import { allTerms } from './measure-terms.ts';

let lease: DeviceLease;
beforeAll(async () => {
  lease = await testDevice();
});

/** Share of Σ |element| by which a float32 sum may be off: activations are good to 1e-6, the steepest loss (β = 20) to 1e-5. */
const SUM_TOLERANCE = 2e-5;

async function measured(
  request: Request,
  options: { kept?: boolean; registers?: number; spanUnits?: number } = {},
): Promise<SumsByTerm> {
  const loaded = await loadCase(lease, makeCase(request), allTerms, options);
  try {
    return await measureCase(loaded, options.spanUnits ?? 3);
  } finally {
    loaded.dispose();
  }
}

const cases: readonly (Request & { readonly name: string; readonly registers?: number })[] = [
  { name: 'one unit, one input', depth: 1, width: 1, inputDim: 1, activation: 'linear', loss: 'squared' },
  { name: 'depth 1', depth: 1, width: 17, inputDim: 6, biasScale: 0.1, testSamples: 130, probeSamples: 8 },
  { name: 'depth 1, three outputs', depth: 1, width: 8, outputDim: 3, activation: 'tanh', loss: 'crossEntropy', probeSamples: 5 },
  {
    name: 'depth 1, inputs in chunks',
    depth: 1,
    width: 20,
    inputDim: 37,
    activation: 'relu',
    loss: 'hinge',
    parametrisation: 'mean-field',
  },
  {
    name: 'depth 1, many outputs',
    depth: 1,
    width: 5,
    inputDim: 4,
    outputDim: 11,
    activation: 'linear',
    loss: 'squared',
    biasScale: 0.5,
  },
  { name: 'depth 2', depth: 2, width: 16, inputDim: 5, testSamples: 600, probeSamples: 16, parametrisation: 'mean-field' },
  { name: 'depth 2, units in chunks', depth: 2, width: 37, biasScale: 0.2, registers: 128 },
  { name: 'depth 2, three outputs', depth: 2, width: 10, outputDim: 3, activation: 'gelu', biasScale: 0.3, loss: 'crossEntropy' },
  {
    name: 'depth 2, many outputs in chunks',
    depth: 2,
    width: 33,
    outputDim: 9,
    activation: 'tanh',
    loss: 'squared',
    probeSamples: 4,
  },
  { name: 'depth 3', depth: 3, width: 19, inputDim: 7, activation: 'gelu', parametrisation: 'standard', probeSamples: 12 },
  {
    name: 'depth 4, ReLU',
    depth: 4,
    width: 6,
    activation: 'relu',
    outputDim: 2,
    biasScale: 0.1,
    loss: 'softHinge',
    probeSamples: 33,
  },
];

/** Bindings and workgroup memory depend on chunks, outputs and depth: the rest of the shapes needs no second device. */
const LIMITED = ['depth 1, many outputs', 'depth 2, units in chunks', 'depth 2, three outputs', 'depth 4, ReLU'];
const shown = testLimits === 'default' ? cases.filter(({ name }) => LIMITED.includes(name)) : cases;

describe.each(shown)('$name', (request) => {
  test('sums agree with float64', async () => {
    const { share, where } = compareSums(makeCase(request), await measured(request, request), allTerms, SUM_TOLERANCE);
    console.log(`${request.name}: ${(100 * share).toFixed(0)} % of the tolerance (${where})`);
    expect(share, `${where}, share of tolerance ${share}`).toBeLessThan(1);
  });

  test('the number of elements is what a domain promises', () => {
    const own = makeCase(request);
    for (const { domain } of allTerms) {
      expect(elementsOf(own, domain, 0).flat(), domain).toHaveLength(domainCount(domain, own.shape, own.batch.data));
    }
  });
});

const small: Request = { depth: 2, width: 8, testSamples: 9, seeds: 3, cells: 3 };

describe('sums', () => {
  test('are the same bit for bit in any spans, and whether test outputs are kept or made again', async () => {
    const once = await measured(small, { spanUnits: 9 });
    expect(await measured(small, { spanUnits: 2 })).toEqual(once);
    expect(await measured(small, { spanUnits: 1, kept: false })).toEqual(once);
  });

  test('of a network at its start show no change at all', async () => {
    const own = makeCase(small);
    const still = {
      ...own,
      weights: own.batch.networks.map(({ start }) => own.startWeights[start]),
      predictors: own.predictors.map(() => ({ scale: 1e8, centred: 1 })),
    };
    const loaded = await loadCase(lease, still, allTerms);
    const got = await measureCase(loaded, 4);
    loaded.dispose();
    for (const id of [
      'train.square',
      'test.square',
      'ensemble.variance',
      'kernel.change',
      'representation.change',
      'weights.change',
      'gates.change',
    ]) {
      for (const row of got[id]) for (const value of row) expect(value, id).toBe(0);
    }
  });

  test('of an ensemble leave out diverged members, and are NaN where too few are left', async () => {
    const request = { ...small, diverged: [1, 3, 4, 6, 7, 8] };
    const got = await measured(request);
    const own = makeCase(request);
    const margin = (cell: number) => elementsOf(own, 'ensemble', cell)[0].reduce((sum, element) => sum + element.margin, 0);
    const variance = elementsOf(own, 'ensemble', 0)[0].reduce((sum, element) => sum + element.variance, 0);
    expect(got['ensemble.margin'][0][0]).toBeCloseTo(margin(0), 3);
    expect(got['ensemble.variance'][0][0] / variance).toBeCloseTo(1, 5);
    expect(got['ensemble.margin'][1][0]).toBeCloseTo(margin(1), 3);
    expect(got['ensemble.variance'][1][0]).toBeNaN();
    expect(got['ensemble.margin'][2][0]).toBeNaN();
  });
});

describe('measureKernels', () => {
  const kernelsOf = (terms: typeof allTerms) => {
    const { shape, batch, loss } = makeCase({ depth: 2, width: 8, outputDim: 3 });
    const { data, seeds, networks } = batch;
    const limits = { maxStorageBufferBindingSize: 2 ** 27 };
    return measureKernels({ shape, data, terms, seeds, networks: networks.length, limits, loss, lossBeta: LOSS_BETA });
  };

  test('keeps within the guaranteed 8 storage buffers and names only buffers that exist', () => {
    const { buffers, prepare, measurements } = kernelsOf(allTerms);
    const known = new Set(['weights', 'startWeights', 'networks', 'progress', ...buffers.map(({ name }) => name)]);
    expect(known.size).toBe(4 + buffers.length);
    for (const pass of [...prepare, ...measurements.flatMap(({ passes }) => passes)]) {
      expect(pass.buffers.length, pass.label).toBeLessThanOrEqual(8);
      for (const name of pass.buffers) expect(known, pass.label).toContain(name);
    }
  });

  test('computes only what a term asks for, and always the outputs of starts on the training set', () => {
    const { prepare, measurements, buffers } = kernelsOf([]);
    expect(measurements).toEqual([]);
    expect(prepare.map(({ buffers: names }) => names.includes('startTrainOutputs'))).toEqual([true]);
    expect(buffers.some(({ name }) => /Test|probe|sums/.test(name))).toBe(false);
  });

  test('sums a term that is given twice once', () => {
    const { measurements } = kernelsOf([...allTerms, ...allTerms]);
    expect(measurements.flatMap(({ terms }) => terms.map(({ id }) => id)).sort()).toEqual(allTerms.map(({ id }) => id).sort());
  });
});
