// Polls from C++ are slowed down once they have gone on for a moment; nobody else's immediates are touched.

import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { calmPolling } from '../../../src/cli/calm-polling.ts';

const immediate = globalThis.setImmediate;
afterEach(() => {
  globalThis.setImmediate = immediate;
  vi.unstubAllGlobals();
});

/** Any callable function made in C++ serves. */
const poll = Object as () => void;

test('polls come by timer after a moment of many, and at once again after a pause', () => {
  let now = 1000;
  vi.stubGlobal('performance', { now: () => now });
  calmPolling();
  const kinds = [0, 1, 0.9, 0.2, 1, 1, 5.1, 1, 1.1].map((wait) => {
    now += wait;
    return (setImmediate(poll) as object).constructor.name;
  });
  expect(kinds).toEqual([
    'Immediate',
    'Immediate',
    'Immediate',
    'Timeout',
    'Timeout',
    'Timeout',
    'Immediate',
    'Immediate',
    'Timeout',
  ]);
});

test('other immediates stay what they are, with their arguments, promises and cancelling', async () => {
  calmPolling();
  const told: unknown[] = [];
  const tell = (...words: unknown[]) => told.push(words);
  const bound = tell.bind(null, 'bound');
  const cancelled = setImmediate(tell, 'never');
  clearImmediate(cancelled);
  setImmediate(tell, 1, 2);
  setImmediate(bound);
  expect(cancelled.constructor.name).toBe('Immediate');
  expect(await promisify(setImmediate)('done')).toBe('done');
  expect(told).toEqual([[1, 2], ['bound']]);
});
