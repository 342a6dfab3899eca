// Rank of the start and laziness, as a Theory: which cells it holds for, and the alignments that their networks end with.
// The mathematics is alignments.ts.

import { InputError } from '../../core/errors.ts';
import type { Samples, TaskData } from '../../core/task.ts';
import type { Solution, Theory, TheoryNetwork, TheorySetting } from '../../core/theory.ts';
import { numberAmong, twoLayerRefusal, unitsOf } from '../two-layer.ts';
import { kernelAlignment, representationAlignment } from './alignments.ts';
import { startCore } from './start-core.ts';

const OBSERVABLES = ['kernelAlignment', 'representationAlignment'] as const;
const WHERE = 'theory "connectivity-rank"';

/** Largest |XXᵀ/P − 1| of inputs that count as whitened. */
const WHITE = 1e-6;
/**
 * ‖W₁‖_F² + |w₂|² over |β|, with weights in units of the product, up to which a start counts as small. What is missing from the
 * limit grows in proportion: at this size about 0.002 of KA and 0.01 of RA.
 */
const SMALL = 0.02;
/** Tasks on whitened inputs; whitened has as many outputs as it is told. */
const TASKS: readonly string[] = ['whitened', 'features'];

/** True where Σ x xᵀ/P = 1. */
function isWhite({ inputs, count }: Samples, inputDim: number): boolean {
  for (let i = 0; i < inputDim; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < count; p++) sum += inputs[p * inputDim + i] * inputs[p * inputDim + j];
      if (!(Math.abs(sum / count - (i === j ? 1 : 0)) <= WHITE)) return false;
    }
  }
  return true;
}

const targets = new WeakMap<TaskData, Float64Array>();

/** β = Σ y x/P of whitened data. */
function targetOf(data: TaskData): Float64Array {
  const known = targets.get(data);
  if (known !== undefined) return known;
  const { inputDim, outputDim, train, probe } = data;
  if (outputDim !== 1) throw new InputError(WHERE, `expected one output, got ${outputDim}`);
  if (!isWhite(train, inputDim) || !isWhite(probe, inputDim)) {
    throw new InputError(
      WHERE,
      'expected whitened training and probe inputs, XXᵀ/P = 1, got others',
      'The task whitened is white.',
    );
  }
  const target = Float64Array.from({ length: inputDim }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < train.count; p++) sum += train.inputs[p * inputDim + i] * train.targets[p];
    return sum / train.count;
  });
  targets.set(data, target);
  return target;
}

function refusal({ family, task, values, training }: TheorySetting): string | null {
  const other = twoLayerRefusal(family, values, 'linear');
  if (other !== null) return other;
  if (!TASKS.includes(task)) return `It holds for the tasks ${TASKS.join(' and ')}, whose inputs are white, not for ${task}.`;
  const outputs = numberAmong(values, 'outputDim', 1);
  if (task === 'whitened' && outputs !== 1) return `It holds for one output, and this task has ${outputs}.`;
  if (training.method !== 'flow') return 'It holds for gradient flow, not for descent.';
  const { inputRate, outputRate } = unitsOf(values, 1);
  if (!(inputRate > 0) || Math.abs(outputRate / inputRate - 1) > 1e-12) {
    return 'It holds for equal learning rates of the two layers.';
  }
  return null;
}

function solve({ values, data, weights }: TheoryNetwork): Solution {
  const { inputDim } = data;
  const width = numberAmong(values, 'width', 1);
  const target = targetOf(data);
  const core = startCore(weights.subarray(0, width * inputDim), weights.subarray(width * inputDim), target);
  const { gamma } = unitsOf(values, inputDim);
  const small = gamma * (core.trace + core.output) <= SMALL * Math.hypot(...target);
  // A start that neither output weights nor the task's direction let grow stays where it is.
  const learns = core.overlap + core.output > 0;
  const [kernel, representation] =
    small && learns ? [kernelAlignment(core), representationAlignment(core)] : [Number.NaN, Number.NaN];
  return {
    at(_, into) {
      into[0] = kernel;
      into[1] = representation;
    },
    exception: null,
  };
}

export const connectivityRank: Theory = {
  id: 'connectivity-rank',
  label: 'rank of the start, two-layer linear',
  description:
    'Kernel and representation alignment of start and end of two-layer linear networks with one output on whitened inputs, in the limit ' +
    'of small starts; nothing where ‖W₁‖² + |w₂|² is above a fiftieth of the target’s norm.',
  source: 'Liu et al. 2024 (arXiv:2310.08513); Atanasov et al. 2022',
  observables: OBSERVABLES,
  reach: 'limit',
  refusal,
  solve,
  boundaries: () => [],
};
