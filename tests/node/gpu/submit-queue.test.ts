// The submit queue on a fake device and a fake clock. Needs no GPU.

import { expect, test } from 'vitest';
import { createFakeClock } from '../../../src/gpu/clock.ts';
import type { SubmitPlan } from '../../../src/gpu/submit-budget.ts';
import { createBudget, observeSubmit, planSubmit } from '../../../src/gpu/submit-budget.ts';
import { createSubmitQueue, nextTask, paceFor } from '../../../src/gpu/submit-queue.ts';

/** A queue whose submits end when the test says so, oldest first. */
function fakeDevice(): { device: GPUDevice; end(count: number): Promise<void>; lose(): Promise<void> } {
  const waiting: { resolve(): void; reject(cause: Error): void }[] = [];
  const queue = {
    submit: () => undefined,
    onSubmittedWorkDone: () =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
      }),
  };
  return {
    device: { queue } as unknown as GPUDevice,
    async end(count) {
      for (const { resolve } of waiting.splice(0, count)) resolve();
      await nextTask();
    },
    async lose() {
      for (const { reject } of waiting.splice(0)) reject(new Error('device lost'));
      await nextTask();
    },
  };
}

const commands = {} as GPUCommandBuffer;

test('time runs from the submit when the GPU was idle, else from the end of the one before', async () => {
  const { device, end } = fakeDevice();
  const clock = createFakeClock();
  const queue = createSubmitQueue<string>(device, { clock, depth: 3 });
  await queue.submit(commands, 'a', 1);
  clock.advance(2);
  await queue.submit(commands, 'b', 1);
  clock.advance(8);
  await end(1);
  clock.advance(5);
  await end(1);
  clock.advance(100);
  await queue.submit(commands, 'c', 1);
  clock.advance(7);
  await end(1);
  expect(queue.take()).toEqual([
    { tag: 'a', ms: 10 },
    { tag: 'b', ms: 5 },
    { tag: 'c', ms: 7 },
  ]);
  expect(queue.take()).toEqual([]);
});

test('ends that are told in one tick share its time by work', async () => {
  const { device, end } = fakeDevice();
  const clock = createFakeClock();
  const queue = createSubmitQueue<string>(device, { clock, depth: 4 });
  for (const [tag, work] of [
    ['a', 1],
    ['b', 3],
    ['c', 4],
  ] as const)
    await queue.submit(commands, tag, work);
  clock.advance(100);
  await end(2);
  // The tick may still be coming in.
  expect(queue.take()).toEqual([]);
  clock.advance(100);
  expect(queue.take()).toEqual([
    { tag: 'a', ms: 25 },
    { tag: 'b', ms: 75 },
  ]);
  await end(1);
  expect(queue.take()).toEqual([{ tag: 'c', ms: 100 }]);
});

test('a submit beyond the depth waits for room', async () => {
  const { device, end } = fakeDevice();
  const queue = createSubmitQueue<number>(device, { clock: createFakeClock(), depth: 2 });
  await queue.submit(commands, 0, 1);
  let room = false;
  const second = queue.submit(commands, 1, 1).then(() => (room = true));
  await nextTask();
  expect(room).toBe(false);
  await end(1);
  await second;
  expect(queue.underWay).toBe(1);
});

test('submits that a device loss swallows give room but no times', async () => {
  const { device, lose } = fakeDevice();
  const queue = createSubmitQueue<number>(device, { clock: createFakeClock(), depth: 2 });
  await queue.submit(commands, 0, 1);
  const waiting = queue.submit(commands, 1, 1);
  await lose();
  await waiting;
  await queue.drain();
  expect(queue.underWay).toBe(0);
  expect(queue.take()).toEqual([]);
});

test('a coarse tick asks for more submits, so that those under way outlast two ticks', () => {
  expect(paceFor(0.3)).toEqual({ depth: 2, aimMs: 16 });
  for (const tickMs of [20, 50, 100]) {
    const { depth, aimMs } = paceFor(tickMs);
    expect(depth * aimMs).toBeGreaterThan(2 * tickMs);
    expect(aimMs).toBeLessThanOrEqual(30);
  }
});

const many = [1, 3, 50, 4096];
test.each(many)('completions told every 100 ms keep the GPU busy with %i networks, no submit over 100 ms', async (networks) => {
  const tickMs = 100;
  const { depth, aimMs } = paceFor(tickMs);
  const clock = createFakeClock();
  const { device, end } = fakeDevice();
  const queue = createSubmitQueue<SubmitPlan>(device, { clock, depth });
  let budget = createBudget({ aimMs });
  /** When each submit under way ends on the GPU, ms. */
  let ends: number[] = [];
  let freeAt = 0;
  let settledBusy = 0;
  const settledFrom = 10_000;
  while (clock.now() < 30_000) {
    const plan = planSubmit(budget, { networks, stepsWanted: 100_000 });
    const ms = 0.2 + 0.002 * plan.networks * plan.steps;
    expect(ms).toBeLessThanOrEqual(100);
    freeAt = Math.max(freeAt, clock.now()) + ms;
    ends.push(freeAt);
    if (clock.now() >= settledFrom) settledBusy += ms;
    let room = false;
    const submitted = queue.submit({} as GPUCommandBuffer, plan, plan.networks * plan.steps).then(() => (room = true));
    await nextTask();
    while (!room) {
      clock.advance(tickMs - (clock.now() % tickMs));
      const done = ends.filter((time) => time <= clock.now()).length;
      ends = ends.slice(done);
      await end(done);
      await nextTask();
    }
    await submitted;
    for (const { tag, ms: seen } of queue.take()) budget = observeSubmit(budget, { ...tag, ms: seen });
  }
  expect(settledBusy / (clock.now() - settledFrom)).toBeGreaterThan(0.8);
});
