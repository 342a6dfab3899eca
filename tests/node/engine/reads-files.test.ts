// Sweeps that read files stay on the thread that the files were given to.

import { expect, test } from 'vitest';
import { readsFiles } from '../../../src/engine/reads-files.ts';

const none = { task: { kind: 'stripe', settings: {} }, stages: [] };
const stage = { from: 1, task: { values: {}, settings: {} } };

test('files are found in the task, in a stage and in the connectivity', () => {
  const ask = (change: object) => readsFiles({ ...none, ...change } as Parameters<typeof readsFiles>[0]);
  expect(ask({})).toBe(false);
  expect(ask({ stages: [stage], connectivity: { matrix: [[0]] } })).toBe(false);
  expect(ask({ task: { kind: 'arrays', settings: { files: { trainInputs: 'x.npy' } } } })).toBe(true);
  expect(ask({ stages: [stage, { ...stage, task: { values: {}, settings: { files: [] } } }] })).toBe(true);
  expect(ask({ connectivity: { file: 'circuit.csv' } })).toBe(true);
});
