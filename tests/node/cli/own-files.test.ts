// Files that a sweep names are read from beside it; a missing one is named.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { provideFiles } from '../../../src/cli/own-files.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { loadConnectivity } from '../../../src/engine/own-connectivity.ts';
import { planSweep } from '../../../src/engine/plan.ts';
import { fileNames, forgetFile } from '../../../src/tasks/files.ts';

const sweep = parseSweep(
  {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'arrays', samples: 2, testSamples: 2, probeSamples: 2, files: { inputs: 'own.csv' } },
    axes: [{ parameter: 'width', values: [4] }],
    training: { method: 'flow', maxTime: 1 },
  },
  catalog,
);
const folder = mkdtempSync(join(tmpdir(), 'phase-atlas-files-'));

afterEach(() => {
  for (const name of fileNames()) forgetFile(name);
});

test('a file beside the sweep becomes the task’s data', async () => {
  writeFileSync(join(folder, 'own.csv'), '1,2,1\n3,-1,-1\n0.5,1,1\n-2,1,-1\n');
  await provideFiles(sweep, join(folder, 'sweep.json'));
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const data = await plan.task.load(plan.buckets[0].taskValues, sweep.task.settings);
  expect([data.inputDim, data.outputDim, data.train.count, data.test.count]).toEqual([2, 1, 2, 2]);
});

test('a file that is not there is named', async () => {
  await expect(provideFiles(sweep, join(folder, 'elsewhere', 'sweep.json'))).rejects.toThrow(
    /"own\.csv".*expected a file that can be read/,
  );
});

test('the file of an own connectivity is read too', async () => {
  const own = parseSweep(
    {
      version: 1,
      family: 'recurrent',
      task: { kind: 'two-alternative' },
      axes: [{ parameter: 'gain', values: [1] }],
      fixed: { width: 2 },
      connectivity: { file: 'circuit.csv' },
      training: { method: 'descent', maxTime: 1 },
    },
    catalog,
  );
  await expect(provideFiles(own, join(folder, 'sweep.json'))).rejects.toThrow(/^sweep\.connectivity: "circuit\.csv"/);
  writeFileSync(join(folder, 'circuit.csv'), '0,1\n-1,0\n');
  await provideFiles(own, join(folder, 'sweep.json'));
  expect((await loadConnectivity(own))?.id).toBe('own');
});
