// How long a network takes to train again in float64 on one CPU core: a guess from its work, before anything runs. Pure.

import type { Batch } from '../core/family.ts';
import { kernelProbe } from '../core/sequences.ts';
import { TABLEAUX } from '../core/training.ts';
import { type Plan, workOf } from './plan.ts';

/** Plain loops in float64, flop/s: what JavaScript reaches on matrices of this size, rather low than high. */
export const CPU_SPEED = 1.5e8;
/** Bookkeeping of one kernel entry through all sums, in operations of that speed. */
const PER_ENTRY = 1000;

/** Floating-point operations of one measurement of the tangent kernel and of outputs on all samples. */
function measurementFlops(plan: Plan, batch: Batch): number {
  const { data, shape } = batch;
  const perStep = plan.family.flopsPerStep(shape, data, plan.sweep.training) / Math.max(1, data.train.count);
  const kernel = plan.observables.some(({ terms }) => terms.some(({ domain }) => domain.startsWith('kernel')));
  const entries = kernelProbe(data).targets.length;
  const width = typeof shape.width === 'number' ? shape.width : 1;
  return perStep * (data.train.count + data.test.count) + (kernel ? entries ** 2 * (4 * (width + data.inputDim) + PER_ENTRY) : 0);
}

/** Expected seconds for the one network of `batch` to frame `until`. `attempts`: steps it is known to take, null for a guess. */
export function networkSeconds(plan: Plan, batch: Batch, until: number, attempts: number | null): number {
  const { training } = plan.sweep;
  const stages = training.method === 'flow' ? TABLEAUX[training.integrator].stages.length : 1;
  const perStep = plan.family.flopsPerStep(batch.shape, batch.data, training);
  const steps = attempts === null ? workOf(plan, batch) / perStep : attempts;
  const checkpoints = training.checkpoints.length;
  const frames = Math.min(until, checkpoints);
  // Later checkpoints are further apart, but most steps are short and early: the share of checkpoints is as good a guess as any.
  const share = attempts === null ? frames / Math.max(1, checkpoints) : 1;
  return (stages * steps * share * perStep + (frames + 1) * measurementFlops(plan, batch)) / CPU_SPEED;
}
