// Tangent kernels and spectra of recurrent networks in float64, from adjoints and Gram products: no Jacobian.
//
//   K[n, n'] = α² Σ_{s, s'} (A^n_s · A^{n'}_{s'}) (h_{s−1} · h_{s'−1}),  n = (trial, step t, output k), s ≤ t
//
// for the recurrent weights; with x_s for h_{s−1} for Wx; δ_kk' h_t · h_t' for Wo. A^n_s is the derivative of output n by
// the argument of φ at step s.

import type { MeasuredPoint } from '../../../src/core/family.ts';
import type { StructureDomain } from '../../../src/core/observable.ts';
import { kernelProbe, weighedSteps } from '../../../src/core/sequences.ts';
import { singularValues } from '../../../src/core/svd.ts';
import type { Sequence } from '../../../src/core/task.ts';
import { initialRate, type RecurrentShape } from './layout.ts';
import { matricesOf, runTrial, stepBack } from './reference.ts';

/** Which weights a kernel is of. */
export type KernelWeights = 'input' | 'recurrent' | 'output' | 'all';

interface Entry {
  readonly trial: number;
  readonly step: number;
  readonly output: number;
  /** A_0 … A_step, (step + 1, width). */
  readonly adjoints: Float64Array;
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[aAt + i] * b[bAt + i];
  return sum;
}

/** The kernel over entries (trial, weighed step, output) of `inputs`, (n, n). */
export function tangentKernel(
  shape: RecurrentShape,
  sequence: Pick<Sequence, 'stepWeights'>,
  weights: Float64Array,
  inputs: Float64Array,
  of: KernelWeights,
  steps: readonly number[] = weighedSteps(sequence),
): Float64Array {
  const { width, channels, outputs, leak } = shape;
  const own = matricesOf(weights, shape);
  const row = shape.steps * channels;
  const trials = Array.from({ length: inputs.length / row }, (_, p) => inputs.subarray(p * row, (p + 1) * row));
  const courses = trials.map((trial) => runTrial(shape, own, trial));
  /** h_{−1}, h_0, … of each trial. */
  const before = courses.map(({ rates }) => {
    const shifted = new Float64Array(rates.length + width).fill(initialRate(shape), 0, width);
    shifted.set(rates, width);
    return shifted;
  });
  const entries: Entry[] = [];
  courses.forEach((course, trial) => {
    for (const step of steps) {
      for (let output = 0; output < outputs; output++) {
        const adjoints = new Float64Array((step + 1) * width);
        let later: Float64Array | null = null;
        for (let s = step; s >= 0; s--) {
          const direct = s === step ? own.wo.slice(output * width, (output + 1) * width) : new Float64Array(width);
          later = stepBack(shape, own, course, s, later, direct);
          adjoints.set(later, s * width);
        }
        entries.push({ trial, step, output, adjoints });
      }
    }
  });
  const kernel = new Float64Array(entries.length ** 2);
  entries.forEach((a, n) => {
    entries.forEach((b, m) => {
      if (m > n) return;
      let sum = 0;
      if (of !== 'output') {
        for (let s = 0; s <= a.step; s++) {
          for (let r = 0; r <= b.step; r++) {
            let gram = 0;
            if (of !== 'input') gram += dot(before[a.trial], s * width, before[b.trial], r * width, width);
            if (of !== 'recurrent') gram += dot(trials[a.trial], s * channels, trials[b.trial], r * channels, channels);
            sum += leak * leak * gram * dot(a.adjoints, s * width, b.adjoints, r * width, width);
          }
        }
      }
      if ((of === 'output' || of === 'all') && a.output === b.output) {
        sum += dot(courses[a.trial].rates, a.step * width, courses[b.trial].rates, b.step * width, width);
      }
      kernel[n * entries.length + m] = sum;
      kernel[m * entries.length + n] = sum;
    });
  });
  return kernel;
}

/** Gram matrix, (trials, trials), of the rates at step `step` less their means over the trials of `inputs`. */
function centredGram(shape: RecurrentShape, step: number, weights: Float64Array, inputs: Float64Array): Float64Array {
  const { width, channels, steps } = shape;
  const own = matricesOf(weights, shape);
  const row = steps * channels;
  const count = inputs.length / row;
  const rates = Array.from({ length: count }, (_, p) =>
    runTrial(shape, own, inputs.subarray(p * row, (p + 1) * row)).rates.slice(step * width, (step + 1) * width),
  );
  const means = Float64Array.from({ length: width }, (_, i) => rates.reduce((sum, h) => sum + h[i], 0) / count);
  const centred = rates.map((h) => h.map((rate, i) => rate - means[i]));
  const gram = new Float64Array(count * count);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < count; q++) gram[p * count + q] = dot(centred[p], 0, centred[q], 0, width);
  }
  return gram;
}

/** Elements of the domains that only sequences have. */
export function kernelElements(
  shape: RecurrentShape,
  sequence: Sequence,
  domain: StructureDomain,
  { now, start, data }: MeasuredPoint,
): readonly Readonly<Record<string, number>>[] {
  const pairs = (a: Float64Array, b: Float64Array) => Array.from(a, (value, n) => ({ now: value, start: b[n] }));
  const { inputs } = kernelProbe(data);
  switch (domain) {
    case 'kernelAll': {
      const at = (weights: Float64Array) => tangentKernel(shape, sequence, weights, inputs, 'all');
      return pairs(at(now), at(start));
    }
    case 'kernelDecision': {
      const at = (weights: Float64Array) => tangentKernel(shape, sequence, weights, inputs, 'recurrent', [sequence.decisionStep]);
      return pairs(at(now), at(start));
    }
    case 'centredRepresentation': {
      const at = (weights: Float64Array) => centredGram(shape, sequence.decisionStep, weights, data.probe.inputs);
      return pairs(at(now), at(start));
    }
    case 'spectrum': {
      const at = (weights: Float64Array) => singularValues(matricesOf(weights, shape).wh, shape.width, shape.width);
      return pairs(at(now), at(start));
    }
    default:
      throw new Error(`recurrent: no elements of the domain ${domain}`);
  }
}
