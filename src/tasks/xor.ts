// Exclusive or of two signs: a quadratic direction hidden in d dimensions.

import { numberOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import { drawOnSphere, generate, inputDimParameter } from './synthetic.ts';

const SOURCE = 'phase-atlas, after the parity problem of two inputs';

export const xor: Task = {
  kind: 'xor',
  label: 'exclusive or',
  description: 'x uniform on the sphere of radius √d; y = sign(x₀x₁). Even in x. Usually trained with 256 samples.',
  source: SOURCE,
  parameters: [inputDimParameter(2, 10, SOURCE)],
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    return generate(
      {
        inputDim,
        outputDim: 1,
        drawInput: drawOnSphere,
        label: (row, target) => {
          target[0] = row[0] * row[1] > 0 ? 1 : -1;
        },
        description: `Exclusive or of two of ${inputDim} dimensions`,
      },
      values,
    );
  },
};
