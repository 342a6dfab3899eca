// Which numbers of a sequence data set enter what: entries of tangent kernels, the step of the answer. Pure indexing.

import type { Samples, Sequence, TaskData } from './task.ts';

/** Steps with a weight in the loss, ascending: tangent kernels have entries for these alone. */
export function weighedSteps({ stepWeights }: Pick<Sequence, 'stepWeights'>): readonly number[] {
  return Array.from(stepWeights, (weight, step) => (weight === 0 ? -1 : step)).filter((step) => step >= 0);
}

/**
 * Samples and targets of the tangent kernel: the probe set, of sequences the first `kernelTrials` with targets
 * (count, weighed steps, outputs).
 */
export function kernelProbe({ probe, inputDim, outputDim, sequence }: TaskData): Samples {
  if (sequence === undefined) return probe;
  const { outputs } = sequence;
  const count = Math.min(sequence.kernelTrials, probe.count);
  const steps = weighedSteps(sequence);
  const targets = new Float64Array(count * steps.length * outputs);
  for (let p = 0; p < count; p++) {
    steps.forEach((step, k) => {
      const from = p * outputDim + step * outputs;
      targets.set(probe.targets.subarray(from, from + outputs), (p * steps.length + k) * outputs);
    });
  }
  return { count, inputs: probe.inputs.subarray(0, count * inputDim), targets };
}
