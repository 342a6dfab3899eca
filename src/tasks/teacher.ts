// A random two-layer teacher network on isotropic inputs: regression of its values or classification by their sign.

import { InputError } from '../core/errors.ts';
import type { Parameter, Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Task } from '../core/task.ts';
import { parametersFrom, SEEDS } from './parameters.ts';
import { drawOnSphere, generate, inputDimParameter } from './synthetic.ts';

const SOURCE = 'phase-atlas, the usual teacher–student setting (Gardner & Derrida 1989)';
/** Inputs on which centre and scale of a teacher are measured: the median is then off by about 1/√N = 2 % of a deviation. */
const CALIBRATION = 2048;

const activations: Readonly<Record<string, (z: number) => number>> = {
  relu: (z) => Math.max(z, 0),
  tanh: Math.tanh,
  linear: (z) => z,
};

const { choice, integer } = parametersFrom(SOURCE);

const parameters: readonly Parameter[] = [
  inputDimParameter(1, 10, SOURCE),
  integer('outputDim', 'output dimension', 'k', 'Number of outputs of the teacher, dimensionless.', [1, 16], 1),
  integer('teacherWidth', 'teacher width', 'h_T', 'Hidden units of the teacher, dimensionless.', [1, 256], 16),
  integer('teacherSeed', 'teacher seed', 'seed_T', "Seed of the teacher's weights, independent of the data's.", SEEDS, 0),
  choice('teacherActivation', 'teacher activation', "Activation of the teacher's hidden units.", ['relu', 'tanh', 'linear']),
  choice('teacherParity', 'teacher parity', 'any: the network itself, T(x). even: T(x) + T(−x), odd: T(x) − T(−x), over √2.', [
    'any',
    'even',
    'odd',
  ]),
  choice(
    'targetKind',
    'targets',
    "signs: ±1 by the teacher's median (0 when odd). values: the teacher's outputs, shifted and scaled to mean 0 and variance 1.",
    ['signs', 'values'],
  ),
];

/**
 * The teacher T(x) = Σᵢ aᵢ σ(wᵢ·x/√d)/√h_T with standard normal weights, made even or odd as asked.
 * The function fills `target` (outputDim) from `row` (inputDim).
 */
function network(values: Values): (row: Float64Array, target: Float64Array) => void {
  const inputDim = numberOf(values, 'inputDim');
  const outputDim = numberOf(values, 'outputDim');
  const width = numberOf(values, 'teacherWidth');
  const parity = choiceOf(values, 'teacherParity');
  const activation = activations[choiceOf(values, 'teacherActivation')];
  const source = randomSource(numberOf(values, 'teacherSeed'), STREAMS.teacher, 0);
  const w = source.normals(width * inputDim);
  const a = source.normals(outputDim * width);
  const mirror = { any: 0, even: 1, odd: -1 }[parity] ?? 0;
  const norm = 1 / Math.sqrt(width * (mirror === 0 ? 1 : 2));
  return (row, target) => {
    target.fill(0);
    for (let i = 0; i < width; i++) {
      let z = 0;
      for (let j = 0; j < inputDim; j++) z += w[i * inputDim + j] * row[j];
      z /= Math.sqrt(inputDim);
      const hidden = activation(z) + (mirror === 0 ? 0 : mirror * activation(-z));
      for (let k = 0; k < outputDim; k++) target[k] += norm * a[k * width + i] * hidden;
    }
  };
}

/** Shift and scale of every output: median and 1 for signs, mean and deviation for values, on a draw of their own. */
function calibrate(values: Values, teach: (row: Float64Array, target: Float64Array) => void) {
  const outputDim = numberOf(values, 'outputDim');
  const odd = choiceOf(values, 'teacherParity') === 'odd';
  const signs = choiceOf(values, 'targetKind') === 'signs';
  const source = randomSource(numberOf(values, 'teacherSeed'), STREAMS.teacher, 1);
  const row = new Float64Array(numberOf(values, 'inputDim'));
  const target = new Float64Array(outputDim);
  const outputs = Array.from({ length: outputDim }, () => new Float64Array(CALIBRATION));
  for (let i = 0; i < CALIBRATION; i++) {
    drawOnSphere(row, source);
    teach(row, target);
    target.forEach((value, k) => {
      outputs[k][i] = value;
    });
  }
  return outputs.map((column) => {
    const mean = column.reduce((sum, y) => sum + y, 0) / CALIBRATION;
    const std = Math.sqrt(column.reduce((sum, y) => sum + (y - (odd ? 0 : mean)) ** 2, 0) / CALIBRATION);
    const sorted = column.slice().sort();
    const median = (sorted[CALIBRATION / 2 - 1] + sorted[CALIBRATION / 2]) / 2;
    if (std < 1e-9) {
      const what = `expected a teacher that varies, got a constant ${choiceOf(values, 'teacherParity')} one`;
      throw new InputError(
        'task "teacher"',
        what,
        'The even part of tanh and linear is zero; choose teacherParity "any" or "odd".',
      );
    }
    return { shift: odd ? 0 : signs ? median : mean, scale: signs ? 1 : std };
  });
}

export const teacher: Task = {
  kind: 'teacher',
  label: 'random teacher',
  description: 'x uniform on the sphere of radius √d; targets from a random two-layer network of fixed width.',
  source: SOURCE,
  parameters,
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    const outputDim = numberOf(values, 'outputDim');
    const signs = choiceOf(values, 'targetKind') === 'signs';
    const parity = choiceOf(values, 'teacherParity');
    const teach = network(values);
    const levels = calibrate(values, teach);
    const adjective = `${parity === 'any' ? '' : `${parity} `}${choiceOf(values, 'teacherActivation')}`;
    const kind = `${adjective} teacher of width ${numberOf(values, 'teacherWidth')}`;
    return generate(
      {
        inputDim,
        outputDim,
        drawInput: drawOnSphere,
        label(row, target) {
          teach(row, target);
          for (let k = 0; k < outputDim; k++) {
            const y = (target[k] - levels[k].shift) / levels[k].scale;
            target[k] = signs ? (y > 0 ? 1 : -1) : y;
          }
        },
        description: `${signs ? 'Signs' : 'Values'} of a random ${kind} in ${inputDim} dimensions`,
      },
      values,
    );
  },
};
