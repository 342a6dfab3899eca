// What a run says about the time that it still needs.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { planSweep, workHint } from '../../../src/engine/plan.ts';
import { createProgressMeter } from '../../../src/engine/progress-meter.ts';
import { createFakeClock } from '../gpu/fake-clock.ts';

const CHECKPOINTS = [0.01, 0.1, 1, 10];

const [DESCENT, FLOW] = [{ method: 'descent', learningRate: 0.001 }, { method: 'flow' }];

/** A sweep with its meter, and what the meter says is left, NaN for nothing. */
function metered({ axes = [{ parameter: 'outputScale', values: [1] }], fixed = {}, seeds = 1, training = {} }) {
  const json = {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe' },
    axes,
    fixed: { width: 8, ...fixed },
    seeds,
    training: { maxTime: 10, checkpoints: CHECKPOINTS, stop: {}, ...training },
    observables: ['trainingLoss'],
  };
  const plan = planSweep(parseSweep(json, catalog), catalog, PAGE_CAPS);
  const clock = createFakeClock();
  const meter = createProgressMeter(plan, clock);
  clock.advance(20_000);
  const said = (): number => meter.progress('training', '').remainingSeconds ?? Number.NaN;
  return { plan, meter, clock, said };
}

/**
 * One network whose first call waits 20 s for kernels and that then takes 10 steps a second; what is said after `steps` of them.
 */
function alone(training: object, stepsAheadAt: (steps: number) => number) {
  const { plan, meter, said } = metered({ training });
  const [bucket] = plan.buckets;
  meter.measured(bucket, 0, ['running'], 5);
  const report = { unfinished: 1, ahead: 1 };
  meter.advanced(bucket, 4, { ...report, steps: 1, stepsAhead: stepsAheadAt(1) }, 20);
  let taken = 1;
  return (steps: number): number => {
    for (; taken < steps; taken++) meter.advanced(bucket, 4, { ...report, steps: 1, stepsAhead: stepsAheadAt(taken + 1) }, 0.1);
    return said();
  };
}

describe('the remaining time of a single network', () => {
  test('of descent follows its steps, however the checkpoints lie', () => {
    const left = alone(DESCENT, (steps) => 1000 - steps);
    for (const steps of [50, 200, 500, 999]) expect(left(steps), `after ${steps}`).toBeCloseTo(0.1 * (1000 - steps), 6);
  });

  test('of a flow whose steps grow slowly is shorter than its next step says', () => {
    const growth = 0.002;
    const left = alone(FLOW, (steps) => Math.expm1(growth * (500 - steps)) / growth);
    for (const steps of [150, 250, 400]) {
      const real = 0.1 * (500 - steps);
      expect(left(steps), `after ${steps}`).toBeGreaterThan(0.85 * real);
      expect(left(steps), `after ${steps}`).toBeLessThan(1.05 * real);
    }
  });

  test('of a flow is left unsaid while its steps grow fast, and while they shrink', () => {
    const growing = alone(FLOW, (steps) => Math.expm1(0.1 * (200 - steps)) / 0.1);
    const shrinking = alone(FLOW, (steps) => 1000 + steps);
    for (const steps of [20, 100, 150]) expect([growing(steps), shrinking(steps)], `after ${steps}`).toEqual([NaN, NaN]);
  });
});

test('networks that may stop early: nothing is said until a tenth has, then those tell', () => {
  const { plan, meter, said } = metered({ seeds: 20, training: { ...FLOW, stop: { margins: true } } });
  const [bucket] = plan.buckets;
  const outcomes = (converged: number) =>
    Array.from({ length: 20 }, (_, n) => (n < converged ? ('converged' as const) : ('running' as const)));
  const trained = { unfinished: 0, ahead: 0, steps: 100, stepsAhead: 1e4 };
  meter.measured(bucket, 0, outcomes(0), 0);
  meter.advanced(bucket, 1, trained, 30);
  meter.measured(bucket, 1, outcomes(0), 0);
  meter.advanced(bucket, 2, trained, 7);
  meter.measured(bucket, 2, outcomes(1), 0);
  expect(said()).toBeNaN();
  meter.advanced(bucket, 3, trained, 7);
  meter.measured(bucket, 3, outcomes(4), 0);
  // 4 + 16 · 3/4 networks' worth in 14 s.
  expect(said()).toBeCloseTo((14 * 4) / 16, 6);
});

describe('the remaining time of a sweep', () => {
  const finished = { unfinished: 0, ahead: 0, steps: 100, stepsAhead: 0 };

  /** Trains all networks of a level, each for `seconds` times the work of its shape, and measures them four times. */
  function trainLevel({ plan, meter }: ReturnType<typeof metered>, level: number, seconds: number): number {
    let spent = 0;
    for (const bucket of plan.buckets.filter((one) => one.level === level)) {
      const own = bucket.cells.length * plan.sweep.seeds * seconds * workHint(bucket);
      meter.measured(bucket, 0, [], 0);
      meter.advanced(bucket, 1, finished, 3);
      for (let frame = 1; frame <= 4; frame++) {
        if (frame > 1) meter.advanced(bucket, frame, finished, own / 6);
        meter.measured(bucket, frame, [], own / 8);
      }
      spent += own;
    }
    return spent;
  }

  test('weighs networks by what those like them took on coarser levels, or by their work where none is', () => {
    const values = [8, 12, 16, 24, 32, 48, 64, 96, 128];
    const axes = [
      { parameter: 'outputScale', values: Array.from({ length: 9 }, (_, n) => 2 ** n) },
      { parameter: 'width', values },
    ];
    const sweep = metered({ axes, fixed: { width: undefined }, seeds: 4, training: FLOW });
    expect(sweep.plan.levels).toBe(3);
    expect(sweep.said()).toBeNaN();
    const seconds = 1e-6;
    const whole = sweep.plan.buckets.reduce((sum, bucket) => sum + bucket.cells.length * 4 * seconds * workHint(bucket), 0);
    let spent = 0;
    for (let level = 0; level < 3; level++) {
      spent += trainLevel(sweep, level, seconds);
      expect(sweep.said(), `after level ${level}`).toBeCloseTo(whole - spent, 6);
    }
    expect(sweep.meter.progress('finished', '')).toMatchObject({ fraction: 1, elapsedSeconds: 20, remainingSeconds: 0 });
  });

  test('counts the measuring that lies ahead', () => {
    const { plan, meter, said } = metered({ training: DESCENT });
    const [bucket] = plan.buckets;
    meter.measured(bucket, 0, ['running'], 5);
    for (let frame = 1; frame <= 3; frame++) {
      const report = { unfinished: 0, ahead: 0, steps: 100, stepsAhead: 400 - 100 * frame };
      meter.advanced(bucket, frame, report, 10);
      meter.measured(bucket, frame, ['running'], 4);
    }
    expect(said()).toBeCloseTo(10 + 4, 6);
  });
});
