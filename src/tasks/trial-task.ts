// What the tasks made of trials share: options, the fixed sets, and the description by which trainers make fresh trials. The
// trials themselves are core/trials.

import type { NumberParameter, Parameter, Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import type { Samples, Task } from '../core/task.ts';
import { drawTrials, TRIAL_PERIODS, TRIAL_PURPOSES, trialKindOf } from '../core/trials.ts';
import { parametersFrom } from './parameters.ts';

export const LIU = 'Liu et al. 2024 (arXiv:2310.08513)';

const { choice, integer } = parametersFrom(LIU);

/** Numbers of samples of tasks of sequences, instead of the common ones: evaluation is one set, which `probe` begins too. */
export function sequenceCounts(samples: number, evaluation: number, kernelTrials: number): readonly NumberParameter[] {
  return [
    integer('samples', 'training trials', 'P', 'Number of stored training trials, dimensionless.', [1, 65536], samples),
    integer(
      'testSamples',
      'evaluation trials',
      'P_test',
      'Number of fixed evaluation trials, dimensionless.',
      [1, 65536],
      evaluation,
    ),
    integer(
      'probeSamples',
      'probe trials',
      'm',
      'Number of first evaluation trials on which representations are compared, dimensionless.',
      [2, 4096],
      evaluation,
    ),
    integer(
      'kernelTrials',
      'kernel trials',
      'm_K',
      'Number of first probe trials on which tangent kernels are compared, dimensionless.',
      [1, 512],
      kernelTrials,
    ),
  ];
}

/** Kernel trials, at most the probe trials. */
export function kernelTrialsOf(values: Values): number {
  return Math.min(numberOf(values, 'kernelTrials'), numberOf(values, 'probeSamples'));
}

/** The first `count` samples of a set; views, not copies. */
export function firstSamples({ count: all, inputs, targets }: Samples, count: number): Samples {
  return {
    count,
    inputs: inputs.subarray(0, (inputs.length / all) * count),
    targets: targets.subarray(0, (targets.length / all) * count),
  };
}

const trialParameters: readonly Parameter[] = [
  ...sequenceCounts(320, 320, 32),
  integer(
    'timeStepMultiplier',
    'time-step multiplier',
    'm_t',
    'Time steps per 100 ms, dimensionless: the leak α is its reciprocal and a trial has eight times as many steps.',
    [1, 16],
    1,
  ),
  choice(
    'lossSteps',
    'steps of the loss',
    'all: the loss is the mean over all steps of a trial. decision: over the steps of its last period only.',
    ['all', 'decision'],
  ),
];

/** A task whose samples are trials of the kind of the same name. */
export function trialTask({ kind: name, label, description }: Pick<Task, 'kind' | 'label' | 'description'>): Task {
  return {
    kind: name,
    label,
    description,
    source: `${LIU}; neurogym 0.0.2`,
    sequential: true,
    parameters: trialParameters,
    async load(values) {
      const kind = trialKindOf(name);
      const seed = numberOf(values, 'dataSeed');
      const multiplier = numberOf(values, 'timeStepMultiplier');
      const steps = TRIAL_PERIODS * multiplier;
      const decisionOnly = choiceOf(values, 'lossSteps') === 'decision';
      const [testSamples, probeSamples] = [numberOf(values, 'testSamples'), numberOf(values, 'probeSamples')];
      const draw = (purpose: number, count: number) => drawTrials(kind, multiplier, { seed, purpose, iteration: 0 }, count);
      const evaluation = draw(TRIAL_PURPOSES.evaluation, Math.max(testSamples, probeSamples));
      const weighed = decisionOnly ? multiplier : steps;
      return {
        inputDim: steps * kind.channels,
        outputDim: steps * kind.classes,
        train: draw(TRIAL_PURPOSES.training, numberOf(values, 'samples')),
        test: firstSamples(evaluation, testSamples),
        probe: firstSamples(evaluation, probeSamples),
        sequence: {
          steps,
          channels: kind.channels,
          outputs: kind.classes,
          stepWeights: Float64Array.from({ length: steps }, (_, step) => (step >= steps - weighed ? 1 / weighed : 0)),
          decisionStep: steps - 1,
          timeStep: 1 / multiplier,
          kernelTrials: kernelTrialsOf(values),
          trials: { kind: name, multiplier },
        },
        description: `${label[0].toUpperCase()}${label.slice(1)}, trials of ${steps} steps with ${kind.channels} inputs`,
      };
    },
  };
}
