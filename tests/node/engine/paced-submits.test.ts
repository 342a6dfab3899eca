// Submits under way: whoever waits for them waits until they have ended, however many wait at once.

import { expect, test } from 'vitest';
import { createPacedSubmits } from '../../../src/engine/paced-submits.ts';
import { createFakeClock } from '../gpu/fake-clock.ts';

function openRead(): { readonly read: Promise<number>; end(): void; fail(): void } {
  let end = (): void => undefined;
  let fail = (): void => undefined;
  const read = new Promise<number>((resolve, reject) => {
    end = () => resolve(0);
    fail = () => reject(new Error('the read failed'));
  });
  return { read, end, fail };
}

const worked = () => ({ units: 1, steps: 1 });

test('two who drain at once both wait for the read', async () => {
  const pacer = createPacedSubmits(createFakeClock());
  const { read, end } = openRead();
  await pacer.run(() => read, worked);
  const drained: string[] = [];
  const both = ['first', 'second'].map((name) => pacer.drain().then(() => drained.push(name)));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(drained).toEqual([]);
  end();
  await Promise.all(both);
  expect(drained).toEqual(['first', 'second']);
});

test('a failed read is told once to each who waits, and is forgotten after', async () => {
  const pacer = createPacedSubmits(createFakeClock());
  const { read, fail } = openRead();
  await pacer.run(() => read, worked);
  const both = [pacer.drain(), pacer.drain()].map((drained) => expect(drained).rejects.toThrow('the read failed'));
  fail();
  await Promise.all(both);
  await pacer.drain();
});
