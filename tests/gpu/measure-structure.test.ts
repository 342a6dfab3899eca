// The domains of structure on the GPU against plain float64: balance, output Gram matrix, hidden units and linear map, in shapes
// below, at and above tiles of 4 units, blocks of sums and the units that one workgroup takes.

import { beforeAll, describe, expect, test } from 'vitest';
import { domainCount, domainsOf } from '../../shaders/families/fully-connected/measure/domains.ts';
import type { Term } from '../../src/core/observable.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { testDevice } from './device.ts';
import { compareSums, elementsOf, loadCase, makeCase, measureCase, type Request } from './measure-fixture.ts';
import { STRUCTURE, termsOfDomain } from './measure-terms.ts';

let lease: DeviceLease;
beforeAll(async () => {
  lease = await testDevice();
});

/** Share of Σ |element| by which a float32 sum may be off: entries are short sums of products, good to 1e-6. */
const SUM_TOLERANCE = 4e-6;
/** The same for sums of (now − start)²: entries that have hardly moved lose digits in the difference. */
const CHANGE_TOLERANCE = 1e-4;

const linear = { activation: 'linear', loss: 'squared', teacher: true } as const;
const cases: readonly (Request & { readonly name: string })[] = [
  { name: 'one unit', depth: 1, width: 1, inputDim: 1, ...linear },
  { name: 'five units with bias', depth: 1, width: 5, inputDim: 3, biasScale: 0.3, ...linear },
  { name: 'three outputs with bias', depth: 1, width: 6, inputDim: 4, outputDim: 3, biasScale: 0.5, ...linear },
  { name: '33 units, three outputs', depth: 1, width: 33, inputDim: 19, outputDim: 3, parametrisation: 'mean-field', ...linear },
  { name: '65 units, nine outputs', depth: 1, width: 65, inputDim: 7, outputDim: 9, parametrisation: 'standard', ...linear },
  { name: 'ReLU', depth: 1, width: 33, inputDim: 5, activation: 'relu', loss: 'hinge', biasScale: 0.1 },
  { name: 'depth 2', depth: 2, width: 10, inputDim: 5, outputDim: 3, biasScale: 0.2, ...linear },
  { name: 'depth 2 of tanh', depth: 2, width: 5, inputDim: 3, activation: 'tanh' },
  { name: 'depth 3', depth: 3, width: 33, inputDim: 6, ...linear },
  { name: 'long rows', depth: 1, width: 4, inputDim: 530, outputDim: 1, ...linear },
  { name: 'several workgroups per network', depth: 1, width: 190, inputDim: 2, outputDim: 2, ...linear },
];

describe.each(cases)('$name', (request) => {
  const own = makeCase(request);
  const offered = domainsOf(own.shape);
  const terms: readonly Term[] = STRUCTURE.filter((domain) => offered.includes(domain)).flatMap(termsOfDomain);

  test('sums and maxima agree with float64', async () => {
    const loaded = await loadCase(lease, own, terms);
    const got = await measureCase(loaded, 3);
    loaded.dispose();
    const changes = terms.filter(({ id }) => id.endsWith('.change') || id.endsWith('.moved'));
    for (const [some, tolerance] of [
      [terms.filter((term) => !changes.includes(term)), SUM_TOLERANCE],
      [changes, CHANGE_TOLERANCE],
    ] as const) {
      if (some.length === 0) continue;
      const { share, where } = compareSums(own, got, some, tolerance);
      console.log(`${request.name}: ${(100 * share).toFixed(0)} % of the tolerance (${where})`);
      expect(share, `${where}, share of tolerance ${share}`).toBeLessThan(1);
    }
  });

  test('the number of elements is what a domain promises', () => {
    for (const { domain } of terms) {
      expect(elementsOf(own, domain, 0).flat(), domain).toHaveLength(domainCount(domain, own.shape, own.batch.data));
    }
  });
});

describe('sums of structure', () => {
  const request: Request = { depth: 1, width: 190, inputDim: 2, outputDim: 2, seeds: 3, cells: 3, ...linear };
  const terms = STRUCTURE.flatMap(termsOfDomain);

  test('are the same bit for bit in any spans', async () => {
    const runs = [9, 2].map(async (spanUnits) => {
      const loaded = await loadCase(lease, makeCase(request), terms);
      const got = await measureCase(loaded, spanUnits);
      loaded.dispose();
      return got;
    });
    const [once, again] = await Promise.all(runs);
    expect(again).toEqual(once);
  });

  test('of a network at its start show no change at all', async () => {
    const own = makeCase(request);
    const still = { ...own, weights: own.batch.networks.map(({ start }) => own.startWeights[start]) };
    const loaded = await loadCase(lease, still, terms);
    const got = await measureCase(loaded, 4);
    loaded.dispose();
    for (const id of ['outputGram.change', 'balance.change']) for (const row of got[id]) expect(row, id).toEqual([0]);
    got['map.change'].forEach((row, unit) => {
      // The centred predictor starts at zero and stays there; the plain one starts where it is.
      expect(row, `map of network ${unit}`).toEqual([0]);
    });
  });
});
