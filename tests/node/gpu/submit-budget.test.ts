// The submit budget against simulated devices. Needs no GPU.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SubmitBudget, SubmitPlan } from '../../../src/gpu/submit-budget.ts';
import { createBudget, MOST_GROWTH, observeLoss, observeSubmit, planSubmit } from '../../../src/gpu/submit-budget.ts';
import { createFakeClock } from './fake-clock.ts';

/** A device for tests: `lanes` networks go side by side, in turns of `turnMs` per step, after a fixed `launchMs`. */
interface Device {
  readonly lanes: number;
  readonly turnMs: number;
  readonly launchMs: number;
}

function duration({ lanes, turnMs, launchMs }: Device, { networks, steps }: SubmitPlan): number {
  return launchMs + steps * Math.ceil(networks / lanes) * turnMs;
}

/** Plans and observes `submits` times; returns the plans with their true times. */
function run(
  device: (submit: number) => Device,
  wanted: { readonly networks: number; readonly stepsWanted: number },
  submits: number,
  noise: (submit: number) => number = () => 1,
  start: SubmitBudget = createBudget(),
): { plans: (SubmitPlan & { readonly ms: number })[]; budget: SubmitBudget } {
  let budget = start;
  const plans: (SubmitPlan & { readonly ms: number })[] = [];
  for (let submit = 0; submit < submits; submit += 1) {
    const plan = planSubmit(budget, wanted);
    const ms = duration(device(submit), plan) * noise(submit);
    plans.push({ ...plan, ms });
    budget = observeSubmit(budget, { ...plan, ms });
  }
  return { plans, budget };
}

const anyDevice = fc.record({
  lanes: fc.constantFrom(1, 4, 64, 1000),
  turnMs: fc.double({ min: 1e-4, max: 30, noNaN: true }),
  launchMs: fc.double({ min: 0, max: 1, noNaN: true }),
});
const anyWanted = fc.record({ networks: fc.integer({ min: 1, max: 100_000 }), stepsWanted: fc.integer({ min: 1, max: 10_000 }) });
/** Noise as measured on shared machines: a factor of 0.7 … 1.6, now and then 5. */
const anyNoise = fc.infiniteStream(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 0.7, max: 1.6, noNaN: true }) },
    {
      weight: 1,
      arbitrary: fc.constant(5),
    },
  ),
);

const unit = ({ networks, steps }: SubmitPlan): boolean => networks === 1 && steps === 1;

describe('submit budget', () => {
  test('the first submit is one step of a few networks', () => {
    const budget = createBudget();
    expect(planSubmit(budget, { networks: 5000, stepsWanted: 100 })).toEqual({ networks: 8, steps: 1, predictedMs: null });
    expect(planSubmit(budget, { networks: 3, stepsWanted: 100 })).toMatchObject({ networks: 3, steps: 1 });
  });

  test('nothing wanted, nothing planned', () => {
    expect(planSubmit(createBudget(), { networks: 0, stepsWanted: 5 })).toMatchObject({ networks: 0, steps: 0 });
    expect(planSubmit(createBudget(), { networks: 5, stepsWanted: 0 })).toMatchObject({ networks: 0, steps: 0 });
  });

  test('no plan exceeds what is wanted, and none is predicted above 100 ms unless it is the least there is', () => {
    fc.assert(
      fc.property(anyDevice, anyWanted, anyNoise, (device, wanted, noise) => {
        const { plans } = run(
          () => device,
          wanted,
          60,
          () => noise.next().value as number,
        );
        for (const plan of plans) {
          expect(plan.networks).toBeGreaterThanOrEqual(1);
          expect(plan.networks).toBeLessThanOrEqual(wanted.networks);
          expect(plan.steps).toBeGreaterThanOrEqual(1);
          expect(plan.steps).toBeLessThanOrEqual(wanted.stepsWanted);
          if (!unit(plan)) expect(plan.predictedMs ?? 0).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('work grows by at most 1.5 per submit beyond the largest tried, or by one step of a few networks', () => {
    fc.assert(
      fc.property(anyDevice, anyWanted, anyNoise, (device, wanted, noise) => {
        const { plans } = run(
          () => device,
          wanted,
          60,
          () => noise.next().value as number,
        );
        let largest = plans[0].networks * plans[0].steps;
        for (const { networks, steps } of plans.slice(1)) {
          expect(networks * steps).toBeLessThanOrEqual(Math.max(MOST_GROWTH * largest, largest + 8));
          largest = Math.max(largest, networks * steps);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('at constant cost, submits settle between 8 and 30 ms when there is work enough', () => {
    fc.assert(
      fc.property(
        fc.record({
          lanes: fc.constantFrom(1, 4, 64, 1000),
          turnMs: fc.double({ min: 1e-3, max: 1, noNaN: true }),
          launchMs: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        fc.integer({ min: 1, max: 100_000 }),
        (device, networks) => {
          const { plans } = run(() => device, { networks, stepsWanted: 100_000 }, 80);
          for (const plan of plans.slice(60)) {
            expect(plan.ms).toBeGreaterThanOrEqual(8);
            expect(plan.ms).toBeLessThanOrEqual(30);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a launch that takes half the aim does not pass for work: few networks still get many steps', () => {
    for (const networks of [1, 3, 8, 100]) {
      const { plans } = run(() => ({ lanes: 8, turnMs: 0.001, launchMs: 8 }), { networks, stepsWanted: 100_000 }, 100);
      expect(plans[99].ms).toBeGreaterThan(12);
      expect(plans[99].ms).toBeLessThanOrEqual(30);
    }
  });

  test('when everything suddenly takes 10 times as long, the very next submit fits again, and growth resumes after', () => {
    const fast: Device = { lanes: 4, turnMs: 0.05, launchMs: 0.2 };
    const slow: Device = { ...fast, turnMs: 0.5 };
    const at = (submit: number): Device => (submit >= 40 && submit < 60 ? slow : fast);
    const { plans } = run(at, { networks: 4096, stepsWanted: 1000 }, 100);
    expect(plans[39].ms).toBeGreaterThan(8);
    expect(plans[40].ms).toBeGreaterThan(80);
    for (const plan of plans.slice(41, 60)) expect(plan.ms).toBeLessThanOrEqual(30);
    expect(plans[59].ms).toBeGreaterThan(8);
    expect(plans[99].ms).toBeGreaterThan(8);
  });

  test('many networks are split into ranges of 10 to 20 steps; few take as many steps as fit', () => {
    const device: Device = { lanes: 4, turnMs: 0.05, launchMs: 0.2 };
    const many = run(() => device, { networks: 4096, stepsWanted: 1000 }, 60).plans[59];
    expect(many.networks).toBeLessThan(4096);
    expect(many.steps).toBeGreaterThanOrEqual(10);
    expect(many.steps).toBeLessThanOrEqual(20);
    const few = run(() => device, { networks: 4, stepsWanted: 1000 }, 60).plans[59];
    expect(few.networks).toBe(4);
    expect(few.steps).toBeGreaterThan(100);
  });

  test('on a wide device, a few networks left over of many never take more than 100 ms', () => {
    const device: Device = { lanes: 2000, turnMs: 1, launchMs: 0.1 };
    const { budget } = run(() => device, { networks: 2000, stepsWanted: 1000 }, 80);
    const plan = planSubmit(budget, { networks: 3, stepsWanted: 100_000 });
    expect(duration(device, plan)).toBeLessThanOrEqual(101);
  });

  test('a short last range does not undo the growth', () => {
    const device: Device = { lanes: 4, turnMs: 0.05, launchMs: 0.2 };
    const { budget, plans } = run(() => device, { networks: 4096, stepsWanted: 1000 }, 60);
    const last = { networks: 20, steps: 10 };
    const after = observeSubmit(budget, { ...last, ms: duration(device, { ...last, predictedMs: null }) });
    const next = planSubmit(after, { networks: 4096, stepsWanted: 1000 });
    expect(next.networks * next.steps).toBeGreaterThan(0.5 * plans[59].networks * plans[59].steps);
  });

  test('a measurement that is no number teaches nothing', () => {
    const budget = createBudget();
    for (const ms of [NaN, Infinity, -1]) expect(observeSubmit(budget, { networks: 1, steps: 1, ms })).toBe(budget);
  });
});

describe('device losses', () => {
  const wanted = { networks: 4096, stepsWanted: 1000 };
  const device: Device = { lanes: 4, turnMs: 0.05, launchMs: 0 };

  test('one loss starts over with one unit and the full budget', () => {
    const lost = observeLoss(run(() => device, wanted, 60).budget, 1000);
    expect(lost.share).toBe(1);
    expect(planSubmit(lost, wanted)).toMatchObject({ networks: 8, steps: 1 });
  });

  test('two losses within a minute halve the budget, two a minute apart do not', () => {
    const clock = createFakeClock();
    const once = observeLoss(createBudget(), clock.now());
    clock.advance(59_000);
    const halved = observeLoss(once, clock.now());
    expect(halved.share).toBe(0.5);
    const { plans } = run(() => device, wanted, 60, undefined, halved);
    expect(plans[59].ms).toBeLessThanOrEqual(8);
    expect(plans[59].ms).toBeGreaterThan(4);
    clock.advance(2000);
    expect(observeLoss(once, clock.now()).share).toBe(1);
  });

  test('the fourth loss gives up, four in an hour do not', () => {
    const clock = createFakeClock();
    let soon = createBudget();
    let rare = createBudget();
    for (let loss = 1; loss <= 4; loss += 1) {
      clock.advance(1000);
      soon = observeLoss(soon, clock.now());
      rare = observeLoss(rare, loss * 900_000);
      expect(soon.givenUp).toBe(loss === 4);
      expect(rare.givenUp).toBe(false);
    }
  });
});
