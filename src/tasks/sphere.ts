// Inside or outside a sphere: Gaussian inputs labelled by their norm.

import { numberOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import { medianOf } from './median.ts';
import { drawGaussian, generate, inputDimParameter } from './synthetic.ts';

const SOURCE = 'after the sphere of Geiger et al. 2020 (code), balanced';

/** Median of ‖x‖ for x ~ N(0, 1)^d: its square is the median of the χ² distribution with d ≥ 1 degrees of freedom. */
export function normThreshold(inputDim: number): number {
  const mode = Math.sqrt(inputDim - 1);
  const scale = mode === 0 ? 1 : mode;
  // r^(d−1) exp(−r²/2) over its value at the mode, so that no factor overflows; ten standard deviations either side.
  const density = (r: number) => Math.exp((inputDim - 1) * Math.log(r / scale) + (mode * mode - r * r) / 2);
  return medianOf((r) => (r === 0 ? Number(inputDim === 1) : density(r)), Math.max(0, mode - 10), mode + 10);
}

export const sphere: Task = {
  kind: 'sphere',
  label: 'inside a sphere',
  description: 'x ~ N(0, 1)^d; y = +1 where ‖x‖ exceeds its median, else −1. Even in x.',
  source: SOURCE,
  parameters: [inputDimParameter(2, 10, SOURCE)],
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    const threshold = normThreshold(inputDim);
    return generate(
      {
        inputDim,
        outputDim: 1,
        drawInput: drawGaussian,
        label: (row, target) => {
          target[0] = row.reduce((sum, x) => sum + x * x, 0) > threshold * threshold ? 1 : -1;
        },
        description: `Inside a sphere in ${inputDim} dimensions, ‖x‖ > ${threshold.toFixed(4)}`,
      },
      values,
    );
  },
};
