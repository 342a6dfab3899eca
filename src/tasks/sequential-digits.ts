// Digits shown row by row: 28 steps of 28 pixels, the answer after the last row. Training takes mini-batches of stored images.

import { choiceOf, numberOf, type Values } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Samples, Task } from '../core/task.ts';
import { loadPixels } from './assets/load.ts';
import { balancedOrder, cut } from './draw.ts';
import { drawDigit } from './drawn-digits.ts';
import { firstSamples, kernelTrialsOf, LIU, sequenceCounts } from './trial-task.ts';

const SIDE = 28;
const CLASSES = 10;

/** One-hot answer at every step; only the last has a weight. */
function answerAtEveryStep(targets: Float64Array, sample: number, digit: number): void {
  for (let step = 0; step < SIDE; step++) targets[(sample * SIDE + step) * CLASSES + digit] = 1;
}

function emptySamples(count: number): Samples {
  return { count, inputs: new Float64Array(count * SIDE * SIDE), targets: new Float64Array(count * SIDE * CLASSES) };
}

/** Test and probe samples begin one evaluation set. */
const evaluationCount = (values: Values) => Math.max(numberOf(values, 'testSamples'), numberOf(values, 'probeSamples'));

async function handwritten(values: Values, signal?: AbortSignal): Promise<{ train: Samples; evaluation: Samples }> {
  const set = await loadPixels('mnist');
  signal?.throwIfAborted();
  const members: number[][] = Array.from({ length: set.classes }, () => []);
  for (let i = 0; i < set.count; i++) members[set.labels[i]].push(i);
  const order = balancedOrder(
    members.map((own) => [own]),
    numberOf(values, 'dataSeed'),
  );
  const draw = cut(order, { ...values, testSamples: evaluationCount(values), probeSamples: 0 }, 'task "sequential-digits"');
  const samplesOf = (indices: Uint32Array): Samples => {
    const samples = emptySamples(indices.length);
    indices.forEach((index, i) => {
      for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
        samples.inputs[i * SIDE * SIDE + pixel] = set.images[index * SIDE * SIDE + pixel] / 255;
      }
      answerAtEveryStep(samples.targets, i, set.labels[index]);
    });
    return samples;
  };
  return { train: samplesOf(draw.train), evaluation: samplesOf(draw.test) };
}

function drawn(values: Values): { train: Samples; evaluation: Samples } {
  const draw = (count: number, substream: number): Samples => {
    const source = randomSource(numberOf(values, 'dataSeed'), STREAMS.data, substream);
    const samples = emptySamples(count);
    for (let i = 0; i < count; i++) {
      drawDigit(i % CLASSES, SIDE, source, samples.inputs.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
      answerAtEveryStep(samples.targets, i, i % CLASSES);
    }
    return samples;
  };
  return { train: draw(numberOf(values, 'samples'), 0), evaluation: draw(evaluationCount(values), 1) };
}

export const sequentialDigits: Task = {
  kind: 'sequential-digits',
  label: 'sequential digits',
  description: 'Images of digits shown row by row, 28 steps of 28 pixels; the digit is to be named after the last row.',
  source: LIU,
  sequential: true,
  parameters: [
    ...sequenceCounts(2000, 200, 10),
    {
      id: 'digits',
      label: 'digits',
      symbol: '',
      description: 'mnist: handwritten digits. drawn: bitmaps, sheared, scaled, shifted and noisy. Pixels 0 … 1.',
      source: `LeCun et al. 1998; ${LIU}`,
      scope: 'shape',
      kind: 'choice',
      choices: ['mnist', 'drawn'],
      default: 'mnist',
    },
  ],
  async load(values, _settings, signal) {
    const handwriting = choiceOf(values, 'digits') === 'mnist';
    const { train, evaluation } = handwriting ? await handwritten(values, signal) : drawn(values);
    return {
      inputDim: SIDE * SIDE,
      outputDim: SIDE * CLASSES,
      train,
      test: firstSamples(evaluation, numberOf(values, 'testSamples')),
      probe: firstSamples(evaluation, numberOf(values, 'probeSamples')),
      sequence: {
        steps: SIDE,
        channels: SIDE,
        outputs: CLASSES,
        stepWeights: Float64Array.from({ length: SIDE }, (_, step) => (step === SIDE - 1 ? 1 : 0)),
        decisionStep: SIDE - 1,
        timeStep: 1,
        kernelTrials: kernelTrialsOf(values),
      },
      description: `${handwriting ? 'MNIST' : 'Drawn'} digits, 28 steps of 28 pixels`,
    };
  },
};
