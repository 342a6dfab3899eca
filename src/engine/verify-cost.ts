// How long a network takes to train again in float64 on one CPU core: a guess from its work, before anything runs. Pure.

import type { Batch } from '../core/family.ts';
import { TABLEAUX } from '../core/training.ts';
import { type Plan, workOf } from './plan.ts';

/** Plain loops in float64, flop/s: what a laptop's JavaScript reaches on matrices of this size, rather low than high. */
export const CPU_SPEED = 3e8;

/** Floating-point operations of one measurement of the tangent kernel and of outputs on all samples. */
function measurementFlops(plan: Plan, batch: Batch): number {
  const { data, shape } = batch;
  const perStep = plan.family.flopsPerStep(shape, data, plan.sweep.training) / Math.max(1, data.train.count);
  const kernel = plan.observables.some(({ terms }) => terms.some(({ domain }) => domain.startsWith('kernel')));
  const entries = data.probe.count * data.outputDim;
  const width = typeof shape.width === 'number' ? shape.width : 1;
  return perStep * (data.train.count + data.test.count) + (kernel ? 4 * entries ** 2 * (width + data.inputDim) : 0);
}

/** Expected seconds for the one network of `batch` to frame `until`. `attempts`: steps it is known to take, null for a guess. */
export function networkSeconds(plan: Plan, batch: Batch, until: number, attempts: number | null): number {
  const { training } = plan.sweep;
  const stages = training.method === 'flow' ? TABLEAUX[training.integrator].stages.length : 1;
  const perStep = plan.family.flopsPerStep(batch.shape, batch.data, training);
  const steps = attempts === null ? workOf(plan, batch) / perStep : attempts;
  const checkpoints = 1 + training.checkpoints.length;
  // Later checkpoints are further apart, but most steps are short and early: the share of checkpoints is as good a guess as any.
  const share = attempts === null ? Math.min(1, until / Math.max(1, checkpoints - 1)) : 1;
  return (stages * steps * share * perStep + (until + 1) * measurementFlops(plan, batch)) / CPU_SPEED;
}
