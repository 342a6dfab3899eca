// What is told of sweeps of recurrent circuits that cannot be: ranks, gains, tasks, lengths, optimisers.

import { expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';

const base = {
  version: 1,
  family: 'recurrent',
  task: { kind: 'two-alternative' },
  axes: [{ parameter: 'gain', values: [1, 2] }],
  fixed: { width: 16 },
  training: { method: 'descent', maxTime: 1 },
};

test.each([
  [
    'a rank above the width',
    { fixed: { width: 16, initRank: 17 } },
    'sweep: initRank: expected at most the width 16, got 17. Use 0',
  ],
  [
    'a rank above one of the widths',
    { axes: [{ parameter: 'width', values: [64, 8] }], fixed: { initRank: 9 } },
    'sweep: initRank: expected at most the width 8, got 9',
  ],
  ['a negative rank', { fixed: { initRank: -1 } }, 'sweep.fixed.initRank: expected an integer ≥ 0 and ≤ 1024, got -1'],
  ['half a rank', { fixed: { initRank: 1.5 } }, 'sweep.fixed.initRank: expected an integer ≥ 0 and ≤ 1024, got 1.5'],
  [
    'a negative gain',
    { axes: [{ parameter: 'gain', values: [1, -1] }] },
    'sweep: axis "gain".values[1]: expected a number ≥ 0 and ≤ 100, got -1',
  ],
  ['a gain that is no number', { axes: [{ parameter: 'gain', values: [Number.NaN] }] }, 'got NaN'],
  ['too many units', { fixed: { width: 2000 } }, 'sweep.fixed.width: expected an integer ≥ 1 and ≤ 1024, got 2000'],
  ['no units', { fixed: { width: 0 } }, 'sweep.fixed.width: expected an integer ≥ 1 and ≤ 1024, got 0'],
  [
    'trials of too many steps',
    { fixed: { timeStepMultiplier: 17 } },
    'sweep.fixed.timeStepMultiplier: expected an integer ≥ 1 and ≤ 16, got 17',
  ],
  [
    'an unknown structure',
    { fixed: { connectivity: 'cortex' } },
    'sweep.fixed.connectivity: expected a known connectivity, got "cortex". Known: gauss, dale',
  ],
  [
    'an unknown norm',
    { fixed: { gainNorm: 'spec' } },
    'sweep.fixed.gainNorm: expected a known norm that the gain sets, got "spec". Known: fro, radius.',
  ],
  [
    'a task without steps',
    { task: { kind: 'stripe' } },
    'sweep.task.kind: expected a task of sequences for family "recurrent", got "stripe"',
  ],
  ['a task of another family', { family: 'fully-connected' }, 'expected a task of whole samples for family "fully-connected"'],
  ['an unknown task', { task: { kind: 'delay-mach' } }, 'delay-match'],
  [
    'a flow',
    { training: { method: 'flow', maxTime: 1 } },
    'expected "descent" for family "recurrent", got "flow". Trials are new',
  ],
  [
    'no kernel trials',
    { task: { kind: 'two-alternative', kernelTrials: 0 } },
    'kernelTrials: expected an integer ≥ 1 and ≤ 512, got 0',
  ],
  [
    'one probe trial',
    { task: { kind: 'two-alternative', probeSamples: 1 } },
    'probeSamples: expected an integer ≥ 2 and ≤ 4096, got 1',
  ],
])('%s is refused', (_, changes, message) => {
  expect(() => parseSweep({ ...base, ...changes }, catalog)).toThrow(message);
});
