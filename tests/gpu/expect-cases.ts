// Cases of files trained on the test device and held against what the files expect.

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { checkFile, linesOf } from '../../src/cli/check.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { testLimits } from './device.ts';

/**
 * Trains the named cases of a file in tests/expected; every one has `quantities` of them compared, all within their tolerance.
 */
export async function expectCases(path: string, names: readonly string[], quantities: number): Promise<void> {
  const text = readFileSync(new URL(`../expected/${path}`, import.meta.url), 'utf8');
  const file = JSON.parse(text) as { readonly cases: readonly { readonly name: string }[] };
  const gpu = await nodeGpu();
  const acquire = () => acquireDevice({ gpu, limits: testLimits });
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
  expect(rows.filter(({ trainer }) => trainer === 'gpu')).toHaveLength(quantities * names.length);
  expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
}
