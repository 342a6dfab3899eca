// GPU networks of one input against the case file: layer-wise rates, saddles, the mean-field and the kernel scaling.

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
const path = new URL('../expected/one_dimensional.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly { readonly name: string }[] };

test('flow in float32 stays within 2e-5 of the largest value of every quantity', async () => {
  expect(lease.loss).toBeNull();
  const gpu = await nodeGpu();
  const acquire = () => acquireDevice({ gpu, limits: testLimits });
  const names = ['two_units_rates', 'eight_overshoot_disalignment', 'exact_saddle', 'zero_first_layer', 'mean_field_64'];
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
  expect(rows.filter(({ trainer }) => trainer === 'gpu')).toHaveLength(9 * names.length);
  expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
});
