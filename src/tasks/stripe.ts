// Stripe on the sphere: an even, balanced classification in one direction of d. The small stand-in for images.

import { numberOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import { medianOf } from './median.ts';
import { drawOnSphere, generate, inputDimParameter } from './synthetic.ts';

const SOURCE = 'after the stripe of Geiger et al. 2020 (code), on the sphere';

/**
 * Median c of |x₀| for x uniform on the sphere of radius √d, d ≥ 2: half of all points have |x₀| > c.
 * x₀ = √d sin φ with the density of φ proportional to cos^(d−2) φ.
 */
export function stripeThreshold(inputDim: number): number {
  const power = inputDim - 2;
  // Beyond ten standard deviations of x₀ (1, in units where √d is the radius) there is no mass left.
  const end = Math.min(Math.PI / 2, 10 / Math.sqrt(inputDim));
  return Math.sqrt(inputDim) * Math.sin(medianOf((phi) => Math.cos(phi) ** power, 0, end));
}

export const stripe: Task = {
  kind: 'stripe',
  label: 'stripe on the sphere',
  description:
    'x uniform on the sphere of radius √d; y = +1 where |x₀| exceeds its median, else −1. ' +
    'Even in x, so networks without bias can represent it.',
  source: SOURCE,
  parameters: [inputDimParameter(2, 10, SOURCE)],
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    const threshold = stripeThreshold(inputDim);
    return generate(
      {
        inputDim,
        outputDim: 1,
        drawInput: drawOnSphere,
        label: (row, target) => {
          target[0] = Math.abs(row[0]) > threshold ? 1 : -1;
        },
        description: `Stripe on the sphere in ${inputDim} dimensions, |x₀| > ${threshold.toFixed(4)}`,
      },
      values,
    );
  },
};
