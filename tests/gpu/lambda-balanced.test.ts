// λ-balanced networks trained on the GPU against the case file: rich and lazy, delayed, wide, a bottleneck.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { checkFile, linesOf } from '../../src/cli/check.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { testDevice, testLimits } from './device.ts';

const lease = await testDevice();
const path = new URL('../expected/lambda_balanced.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly { readonly name: string }[] };

test('flow in float32 keeps matrices, loss and kernel within 2e-4 of the exact course', async () => {
  expect(lease.loss).toBeNull();
  const gpu = await nodeGpu();
  const acquire = () => acquireDevice({ gpu, limits: testLimits });
  const names = ['sq4_lam0_small', 'sq3_lam20_lazy', 'funnel633_lam-3_delayed', 'wide383_lam-1.5_active', 'bottleneck625_lam0.7'];
  const cases = file.cases.filter(({ name }) => names.includes(name));
  const { rows, unchecked } = await checkFile(
    { ...file, cases },
    {
      reference: false,
      gpuTrainer: (batch, observables) =>
        openGpuTrainer(fullyConnected, batch, observables, { acquire, clock: wallClock, tune: false }),
    },
  );
  expect(unchecked).toEqual([]);
  expect(rows.filter(({ trainer }) => trainer === 'gpu')).toHaveLength(6 * names.length);
  expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
});
