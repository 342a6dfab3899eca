// What a run says about the time that it still needs.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { planSweep } from '../../../src/engine/plan.ts';
import { createProgressMeter } from '../../../src/engine/progress-meter.ts';
import { createFakeClock } from '../gpu/fake-clock.ts';

const CHECKPOINTS = [0.01, 0.1, 1, 10];

/** One network whose loading takes 20 s and whose training then passes by at `secondsAt(t)`; what is said at training time t. */
function said(method: 'descent' | 'flow', secondsAt: (time: number) => number) {
  const json = {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe' },
    axes: [{ parameter: 'outputScale', values: [1] }],
    fixed: { width: 8 },
    training: { method, maxTime: 10, checkpoints: CHECKPOINTS, ...(method === 'descent' ? { learningRate: 0.001 } : {}) },
    observables: ['trainingLoss'],
  };
  const plan = planSweep(parseSweep(json, catalog), catalog, PAGE_CAPS);
  const clock = createFakeClock();
  const meter = createProgressMeter(plan, clock);
  const [bucket] = plan.buckets;
  clock.advance(20_000);
  meter.measured(bucket, 0, 1, ['running']);
  return (time: number): number => {
    clock.advance(20_000 + 1000 * secondsAt(time) - clock.now());
    const frame = CHECKPOINTS.findIndex((checkpoint) => checkpoint >= time) + 1;
    if (CHECKPOINTS[frame - 1] === time) meter.measured(bucket, frame, 1, ['running']);
    else meter.underWay(bucket, frame, 1, CHECKPOINTS[frame - 1] - time);
    return meter.progress('training', '').remainingSeconds ?? Number.NaN;
  };
}

describe('the remaining time of a single network', () => {
  test('of descent follows its steps, however the checkpoints lie', () => {
    const left = said('descent', (time) => 60 * time);
    left(0.005);
    for (const time of [0.5, 1, 3, 9]) expect(left(time), `at ${time}`).toBeCloseTo(60 * (10 - time), 6);
  });

  test('of a flow whose steps grow with time follows the checkpoints, and what lies between them', () => {
    const left = said('flow', (time) => 300 + 100 * Math.log10(time));
    left(0.01);
    expect(left(1)).toBeCloseTo(100, 6);
    expect(left(5.5)).toBeLessThan(60);
  });
});
