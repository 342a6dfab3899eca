// Every sum that the measuring kernels make against plain float64, in shapes at, below and above tiles and workgroups.

import { beforeAll, describe, expect, test } from 'vitest';
import { domainCount } from '../../shaders/families/fully-connected/measure/measure.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { testDevice } from './device.ts';
import { allTerms, elementsOf, loadCase, makeCase, measureCase, type Request } from './measure-fixture.ts';

let lease: DeviceLease;
beforeAll(async () => {
  lease = await testDevice();
});

/** Share of Σ |element| by which a float32 sum may be off: activations are good to 1e-6, the steepest term (loss, β = 20) to 1e-5. */
const SUM_TOLERANCE = 2e-5;

const cases: readonly (Request & { readonly name: string })[] = [
  { name: 'one unit, one input', depth: 1, width: 1, inputDim: 1, activation: 'linear', loss: 'squared' },
  { name: 'depth 1, inputs in registers', depth: 1, width: 17, inputDim: 6, biasScale: 0.1, testSamples: 130 },
  { name: 'depth 1, three outputs', depth: 1, width: 8, outputDim: 3, activation: 'tanh', loss: 'crossEntropy', probeSamples: 5 },
  { name: 'depth 1, wide inputs', depth: 1, width: 20, inputDim: 37, activation: 'relu', loss: 'hinge', parametrisation: 'mean-field' },
  { name: 'depth 1, many outputs', depth: 1, width: 5, inputDim: 4, outputDim: 11, activation: 'linear', loss: 'squared', biasScale: 0.5 },
  { name: 'depth 2', depth: 2, width: 16, inputDim: 5, testSamples: 300, probeSamples: 16, parametrisation: 'mean-field' },
  { name: 'depth 2, three outputs, bias', depth: 2, width: 10, outputDim: 3, activation: 'gelu', biasScale: 0.3, loss: 'crossEntropy' },
  { name: 'depth 2, many outputs', depth: 2, width: 9, outputDim: 9, activation: 'tanh', loss: 'squared', probeSamples: 4 },
  { name: 'depth 3', depth: 3, width: 19, inputDim: 7, activation: 'gelu', parametrisation: 'standard', probeSamples: 12 },
  { name: 'depth 3, bias', depth: 3, width: 24, biasScale: 0.2, testSamples: 257, probeSamples: 33 },
  { name: 'depth 4, ReLU', depth: 4, width: 6, activation: 'relu', outputDim: 2, biasScale: 0.1, loss: 'softHinge' },
];

describe.each(cases)('$name', (request) => {
  const own = makeCase(request);

  test('sums agree with float64', async () => {
    const loaded = await loadCase(lease, own, allTerms);
    try {
      const got = await measureCase(loaded, 3);
      let worst = 0;
      for (const domain of new Set(allTerms.map((term) => term.domain))) {
        const units = domain === 'ensemble' ? own.batch.networks.length / own.batch.seeds : own.batch.networks.length;
        for (let unit = 0; unit < units; unit++) {
          const parts = elementsOf(own, domain, unit);
          expect(parts.flat()).toHaveLength(domainCount(domain, own.shape, own.batch.data));
          for (const term of allTerms.filter((one) => one.domain === domain)) {
            parts.forEach((elements, part) => {
              const values = elements.map(term.measure);
              const expected = values.reduce((a, b) => a + b, 0);
              const size = values.reduce((a, b) => a + Math.abs(b), 0);
              const value = got[term.id][unit][part];
              const share = Math.abs(value - expected) / (SUM_TOLERANCE * size || 1e-30);
              worst = Math.max(worst, share);
              expect(share, `${term.id}, unit ${unit}, part ${part}: expected ${expected}, got ${value}, share ${share}`).toBeLessThan(1);
            });
          }
        }
      }
      console.log(`${request.name}: ${(100 * worst).toFixed(0)} % of the tolerance`);
    } finally {
      loaded.dispose();
    }
  });
});

