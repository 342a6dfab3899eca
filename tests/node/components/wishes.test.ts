// Whatever stands in an attribute, a figure takes over what it can and says the rest in words.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fulfil, WISHES, type Wishes } from '../../../src/components/wishes.ts';
import { catalog, sweepJson } from '../core/fixtures.ts';

const NONE: Wishes = { observable: '', x: '', y: '', frame: null, threshold: null, layer: '', colours: '' };

test('known names and numbers become a change of view; unknown ones a sentence each', () => {
  const said: string[] = [];
  const wishes = {
    ...NONE,
    observable: 'testError',
    x: 'width',
    y: 'time',
    frame: 3,
    threshold: 0.5,
    layer: 'theory',
    colours: 'cividis',
  };
  const { observable, x, y, frame, threshold, layer, colours } = wishes;
  const take = (wish: Wishes) => fulfil(wish, WISHES, sweepJson(), catalog, (message) => said.push(message));
  expect(take(wishes)).toEqual({ observable, x, y, frame, threshold, layer, colours });
  expect(said).toEqual([]);
  expect(take({ ...NONE, observable: 'constructor', frame: -1, x: 'depth', layer: '__proto__' })).toEqual({ threshold: null });
  expect(said).toEqual([
    'observable: expected one of kernelChange, testError, seedVariance, got "constructor"',
    'x: expected one of outputScale, width, got "depth"',
    'frame: expected an index from 0 on, got -1',
    'layer: expected one of simulation, theory, residual, got "__proto__"',
  ]);
});

test('nothing that a host may put there breaks it', () => {
  const anything = fc.oneof(fc.anything(), fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '<b>'));
  const record = fc.record(Object.fromEntries(WISHES.map((key) => [key, anything])));
  const axes = fc.oneof(fc.anything(), fc.array(fc.anything()));
  fc.assert(
    fc.property(record, axes, (wishes, swept) => {
      const patch = fulfil(wishes as unknown as Wishes, WISHES, { axes: swept }, catalog, (message) =>
        expect(message.length).toBeLessThan(4000),
      );
      for (const value of Object.values(patch)) expect(['string', 'number', 'object']).toContain(typeof value);
    }),
    { numRuns: 2000 },
  );
});
