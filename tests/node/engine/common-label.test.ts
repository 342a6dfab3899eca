// A session whose trainers compute in different forms says so.

import { expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { cellValues } from '../../../src/core/sweep.ts';
import { commonLabel } from '../../../src/engine/common-label.ts';
import { planSweep } from '../../../src/engine/plan.ts';

test('labels that agree are one, others are told in part', () => {
  expect(commonLabel(['float64', 'float64'])).toBe('float64');
  expect(commonLabel(['WebGPU, float32, difference form', 'WebGPU, float32'])).toBe('WebGPU, float32, in part difference form');
});

test('networks from an output scale of 1000 on are trained apart, plain predictors are not', () => {
  const plan = (predictor: string) => {
    const sweep = parseSweep(
      {
        version: 1,
        family: 'fully-connected',
        task: { kind: 'stripe' },
        axes: [{ parameter: 'outputScale', values: [1, 999, 1000, 1e6] }],
        fixed: { width: 8, predictor },
        training: { method: 'flow', maxTime: 1 },
      },
      catalog,
    );
    const scaleOf = (cell: number) => cellValues(sweep, cell).outputScale;
    return planSweep(sweep, catalog, PAGE_CAPS).buckets.map(({ cells }) => cells.map(scaleOf));
  };
  expect(plan('centred')).toEqual([
    [1, 999],
    [1000, 1e6],
  ]);
  expect(plan('plain')).toEqual([[1, 999, 1000, 1e6]]);
});
