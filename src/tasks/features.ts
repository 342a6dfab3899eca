// A linear target of anisotropic features, y = wᵀz with z = Fx, on whitened inputs x: the task of aligned and partially aligned
// starts. The network reads x; F only shapes which β = Fᵀw it is asked for.

import { InputError } from '../core/errors.ts';
import { haarFrame } from '../core/haar.ts';
import { numberOf, type Parameter, type Values } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Task } from '../core/task.ts';
import { MOST_PROBES, samplesOf, whitenedInputs } from './designs.ts';
import { parametersFrom, SEEDS } from './parameters.ts';

const SOURCE = 'Liu et al. 2024 (arXiv:2310.08513), figure 3';
const WHERE = 'task "features"';

const { integer, number } = parametersFrom(SOURCE);

const parameters: readonly Parameter[] = [
  integer('inputDim', 'input dimension', 'd', 'Number of input components and of features, dimensionless.', [1, MOST_PROBES], 20),
  integer(
    'samples',
    'training samples',
    'P',
    'Number of training samples, at least inputDim, dimensionless; 0 stands for inputDim. They are test and probe set too.',
    [0, 4096],
    0,
  ),
  number(
    'conditionNumber',
    'condition number of the features',
    'κ',
    'Ratio of the leading half of the singular values of F (κ; rounded up to whole ones) to the others (1), dimensionless, ≥ 1.',
    [1, 1e6],
    2,
  ),
  parametersFrom('phase-atlas').number(
    'targetNorm',
    'norm of the target',
    '|β|',
    'Length that β = Fᵀw is scaled to, dimensionless; 0 leaves it as it is drawn, about κ√(d/2).',
    [0, 1e6],
    1,
  ),
  integer(
    'taskSeed',
    'task seed',
    'seed_F',
    'Seed of the frames of F and of w: another seed is another task. Independent of the inputs.',
    SEEDS,
    0,
  ),
];

/** β = Fᵀw and β_p = F_{d/2}ᵀw of a task. */
export interface FeatureTargets {
  /** (inputDim). */
  readonly target: Float64Array;
  /** What the features of the leading half of F's singular values give alone, (inputDim), in the same units. */
  readonly leading: Float64Array;
}

/** Draws F = U S Vᵀ with Haar frames and w standard normal. As Uᵀw is standard normal too, U need not be drawn. */
export function featureTargets(inputDim: number, conditionNumber: number, seed: number): FeatureTargets {
  const right = haarFrame(inputDim, inputDim, randomSource(seed, STREAMS.teacher, 0));
  const asked = randomSource(seed, STREAMS.teacher, 1).normals(inputDim);
  const half = Math.ceil(inputDim / 2);
  const sum = (modes: number) =>
    Float64Array.from({ length: inputDim }, (_, i) => {
      let value = 0;
      for (let k = 0; k < modes; k++) value += right[i * inputDim + k] * (k < half ? conditionNumber : 1) * asked[k];
      return value;
    });
  return { target: sum(inputDim), leading: sum(half) };
}

function scaledTargets(values: Values): FeatureTargets {
  const { target, leading } = featureTargets(
    numberOf(values, 'inputDim'),
    numberOf(values, 'conditionNumber'),
    numberOf(values, 'taskSeed'),
  );
  const norm = numberOf(values, 'targetNorm');
  if (norm === 0) return { target, leading };
  const factor = norm / Math.hypot(...target);
  return { target: target.map((value) => factor * value), leading: leading.map((value) => factor * value) };
}

export const features: Task = {
  kind: 'features',
  label: 'linear target of anisotropic features',
  description:
    'y = wᵀFx of one output with half of the singular values of F larger by the condition number, on inputs with XXᵀ/P = 1 exactly. ' +
    'Starts can be aligned with its target, or with what the leading features give of it. The training inputs are test and probe set ' +
    'too (testSamples and probeSamples have no effect).',
  source: SOURCE,
  parameters,
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    const samples = numberOf(values, 'samples') || inputDim;
    if (samples < inputDim) {
      throw new InputError(
        WHERE,
        `expected samples of at least inputDim = ${inputDim}, got ${samples}`,
        'Fewer samples cannot be white; 0 stands for inputDim.',
      );
    }
    const { target, leading } = scaledTargets(values);
    const source = (substream: number) => randomSource(numberOf(values, 'dataSeed'), STREAMS.data, substream);
    const train = samplesOf(target, whitenedInputs(samples, inputDim, source(0)), inputDim);
    const probe = samples <= MOST_PROBES ? train : samplesOf(target, whitenedInputs(inputDim, inputDim, source(1)), inputDim);
    return {
      inputDim,
      outputDim: 1,
      train,
      test: train,
      probe,
      teacher: target,
      leadingTeacher: leading,
      description: `Linear target of ${inputDim} features of condition number ${numberOf(values, 'conditionNumber')} on whitened inputs`,
    };
  },
};
