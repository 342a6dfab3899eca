// The measuring kernels of the difference form against float64: every domain keeps its digits however
// little the weights have moved.

import { beforeAll, describe, expect, test } from 'vitest';
import { domainsOf } from '../../shaders/families/fully-connected/measure/domains.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { testDevice } from './device.ts';
import { compareSums, loadCase, makeCase, measureCase, type Request } from './measure-fixture.ts';
import { allTerms, STRUCTURE, termsOfDomain } from './measure-terms.ts';

let lease: DeviceLease;
beforeAll(async () => {
  lease = await testDevice();
});

/**
 * Share of Σ |element| by which a float32 sum may be off. Elements are sums of products of differences, good to some 1e-6,
 * but with either sign: an element near zero has the error of its parts. The float64 side subtracts what has moved by 1e-6
 * or 1e-4 and is good to 1e-9.
 */
const SUM_TOLERANCE = 2e-5;

const cases: readonly (Request & { readonly name: string; readonly motion: number })[] = [
  { name: 'depth 1', depth: 1, width: 17, inputDim: 6, biasScale: 0.1, testSamples: 130, probeSamples: 8, motion: 1e-6 },
  { name: 'depth 1, three outputs', depth: 1, width: 8, outputDim: 3, activation: 'tanh', loss: 'squared', motion: 1e-6 },
  {
    name: 'depth 1, linear with bias',
    depth: 1,
    width: 6,
    outputDim: 3,
    activation: 'linear',
    biasScale: 0.5,
    teacher: true,
    motion: 1e-4,
  },
  {
    name: 'depth 2',
    depth: 2,
    width: 16,
    inputDim: 5,
    testSamples: 600,
    probeSamples: 16,
    parametrisation: 'mean-field',
    motion: 1e-6,
  },
  {
    name: 'depth 2, far',
    depth: 2,
    width: 10,
    outputDim: 3,
    activation: 'gelu',
    biasScale: 0.3,
    loss: 'crossEntropy',
    motion: 0.3,
  },
  {
    name: 'depth 3',
    depth: 3,
    width: 19,
    inputDim: 7,
    activation: 'silu',
    probeSamples: 12,
    motion: 1e-5,
  },
  { name: 'depth 4, ReLU', depth: 4, width: 6, activation: 'relu', outputDim: 2, biasScale: 0.1, loss: 'squared', motion: 1e-6 },
];

describe.each(cases)('$name', (request) => {
  test('sums agree with float64, whatever the spans', async () => {
    const own = makeCase(request);
    const offered = domainsOf(own.shape);
    const terms = [...allTerms, ...STRUCTURE.filter((domain) => offered.includes(domain)).flatMap(termsOfDomain)];
    const loaded = await loadCase(lease, own, terms);
    const got = await measureCase(loaded, 3);
    expect(await measureCase(loaded, 2)).toEqual(got);
    loaded.dispose();
    const { share, where } = compareSums(own, got, terms, SUM_TOLERANCE);
    console.log(`${request.name}: ${(100 * share).toFixed(0)} % of the tolerance (${where})`);
    expect(share, `${where}, share of tolerance ${share}`).toBeLessThan(1);
  });
});
