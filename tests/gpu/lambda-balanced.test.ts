// λ-balanced networks trained on the GPU against the case file: rich and lazy, delayed, wide, a bottleneck.

import { expect, test } from 'vitest';
import { testDevice } from './device.ts';
import { expectCases } from './expect-cases.ts';

const lease = await testDevice();

test('flow in float32 keeps matrices, loss and kernel within 2e-4 of the exact course', async () => {
  expect(lease.loss).toBeNull();
  const names = ['sq4_lam0_small', 'sq3_lam20_lazy', 'funnel633_lam-3_delayed', 'wide383_lam-1.5_active', 'bottleneck625_lam0.7'];
  await expectCases('lambda_balanced.json', names, 6);
});
