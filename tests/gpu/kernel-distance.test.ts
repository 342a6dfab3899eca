// How small a distance between kernels float32 still sees: measured at given weights, and after training in float32.

import { beforeAll, describe, expect, test } from 'vitest';
import { centredKernelDistance, kernelDistance } from '../../shaders/observables/kernel-alignment.ts';
import { inputDistance, outputDistance } from '../../shaders/observables/representation-alignment.ts';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { Domain, Sums, Term } from '../../src/core/observable.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { openSession } from '../../src/engine/session.ts';
import { combine, termsOf } from '../../src/engine/sums.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { testDevice } from './device.ts';
import { elementsOf, loadCase, makeCase, measureCase } from './measure-fixture.ts';

let lease: DeviceLease;
beforeAll(async () => {
  lease = await testDevice();
});

/**
 * Errors of a distance S, from entries that are good to some 1e-7: the relative error of sums, the angle's error times the
 * angle, and that error squared.
 */
const tolerance = (exact: number) => 1e-4 * exact + 2e-7 * Math.sqrt(exact) + 1e-13;

/** Relative error of S after training in float32: twice that of an angle of 1e-4, which weights good to 1e-7 make. */
const TRAINED_TOLERANCE = 5e-3;

describe('at given weights', () => {
  test.each([1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])('weights that moved by %d of themselves', async (share) => {
    const usual = makeCase({ depth: 1, width: 33, inputDim: 5, outputDim: 3, activation: 'linear', loss: 'squared' });
    const own = {
      ...usual,
      weights: usual.weights.map((weights, n) => {
        const start = usual.startWeights[usual.batch.networks[n].start];
        return weights.map((weight, i) => Math.fround(start[i] + (share / 0.3) * (weight - start[i])));
      }),
    };
    const distances = [kernelDistance, centredKernelDistance, inputDistance, outputDistance];
    const terms = termsOf(distances);
    const loaded = await loadCase(lease, own, terms);
    const got = await measureCase(loaded, 4);
    loaded.dispose();
    const wrong = own.weights.flatMap((_, n) => {
      const elements = new Map(terms.map(({ domain }) => [domain, elementsOf(own, domain, n)[0]] as const));
      const ofDomain = (domain: Domain) => elements.get(domain) ?? [];
      const count = (domain: Domain) => ofDomain(domain).length;
      const truth = { count, of: (term: Term) => combine(term, ofDomain(term.domain).map(term.measure)) } as Sums;
      const measured = { count, of: (term: Term) => got[term.id][n][0] } as Sums;
      return distances.flatMap(({ id, finish }) => {
        const [exact, found] = [finish(truth), finish(measured)];
        const off = Math.abs(found - exact) / tolerance(exact);
        return off <= 1 ? [] : [`${id} of network ${n}: expected ${exact}, got ${found}, ${off} of the tolerance`];
      });
    });
    expect(wrong).toEqual([]);
  });
});

describe('after training in float32', () => {
  const DISTANCES = ['kernelDistance', 'centredKernelDistance', 'inputDistance', 'outputDistance'];
  const balances = [1, 10, 100];
  const sweep = parseSweep(
    {
      version: 1,
      family: 'fully-connected',
      task: { kind: 'whitened', inputDim: 5, outputDim: 5 },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: {
        depth: 1,
        width: 5,
        activation: 'linear',
        loss: 'squared',
        parametrisation: 'standard',
        predictor: 'plain',
        initialisation: 'balanced',
        productScale: 0.01,
      },
      seeds: 2,
      training: { method: 'flow', integrator: 'dormand-prince', tolerance: 1e-5, maxTime: 20, checkpoints: [20], stop: {} },
      observables: [...DISTANCES, 'kernelTrace', 'balanceDrift', 'mapError'],
    },
    catalog,
  );

  async function finish(engine: 'gpu' | 'reference') {
    const session = openSession(sweep, { catalog, engine, gpu: await nodeGpu() });
    for await (const _ of session);
    const { film } = session;
    session.dispose();
    return film;
  }

  test('distances of balanced networks are seen down to 5e-9, where they fall as 1/λ⁴', async () => {
    const [reference, gpu] = [await finish('reference'), await finish('gpu')];
    const last = (values: Float64Array) => [...values.slice(-2 * balances.length)];
    const wrong = [...DISTANCES, 'kernelTrace'].flatMap((id) => {
      const found = last(gpu.network[id]);
      return last(reference.network[id]).flatMap((exact, n) => {
        const off = Math.abs(found[n] - exact) / (TRAINED_TOLERANCE * exact);
        return off <= 1 ? [] : [`${id} of network ${n}: expected ${exact}, got ${found[n]}, ${off} of the tolerance`];
      });
    });
    expect(wrong).toEqual([]);
    // Dominé et al. 2025, figure 5: 4.7e-5 at |λ| = 10, 5.1e-9 at 100 for square networks.
    const distances = last(gpu.network.kernelDistance);
    expect(distances[2]).toBeCloseTo(4.7e-5, 6);
    expect(distances[4]).toBeCloseTo(5.1e-9, 10);
    // The balance is kept to the rounding of weights of size √λ.
    last(gpu.network.balanceDrift).forEach((drift, n) => {
      expect(drift).toBeLessThan(1e-6 * Math.max(10, balances[Math.floor(n / 2)]));
    });
  });
});
