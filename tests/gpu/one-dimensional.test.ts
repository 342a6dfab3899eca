// GPU networks of one input against the case file: layer-wise rates, saddles, the mean-field and the kernel scaling.

import { expect, test } from 'vitest';
import { testDevice } from './device.ts';
import { expectCases } from './expect-cases.ts';

const lease = await testDevice();

test('flow in float32 stays within 2e-5 of the largest value of every quantity', async () => {
  expect(lease.loss).toBeNull();
  const names = ['two_units_rates', 'eight_overshoot_disalignment', 'exact_saddle', 'zero_first_layer', 'mean_field_64'];
  await expectCases('one_dimensional.json', names, 9);
});
