// Checks the recurrent part of `metrics`: small networks with their states, gradients, kernels and steps of
// descent, and cuts to a rank.

import { recurrent } from '../../shaders/families/recurrent/family.ts';
import { shapeOf } from '../../shaders/families/recurrent/layout.ts';
import { matricesOf, runTrial } from '../../shaders/families/recurrent/reference.ts';
import { type KernelWeights, tangentKernel } from '../../shaders/families/recurrent/reference-kernels.ts';
import { lossOf } from '../../shaders/lib/losses.ts';
import { sequenceLoss } from '../../shaders/lib/sequence-loss.ts';
import { gateFlips } from '../../shaders/observables/gate-flips.ts';
import { kernelAlignment } from '../../shaders/observables/kernel-alignment.ts';
import { kernelChange } from '../../shaders/observables/kernel-change.ts';
import { recurrentWeightChange } from '../../shaders/observables/recurrent.ts';
import { representationAlignment } from '../../shaders/observables/representation-alignment.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import { entropyRank, participationRatio, stableRank } from '../core/effective-rank.ts';
import { InputError } from '../core/errors.ts';
import type { Batch, Model } from '../core/family.ts';
import { cutToRank } from '../core/low-rank.ts';
import type { Values } from '../core/parameter.ts';
import { singularValues, thinSvd } from '../core/svd.ts';
import type { Samples, Sequence } from '../core/task.ts';
import { activationNamed, keptSigns } from './case-batch.ts';
import {
  integerOf,
  matrixOf,
  memberOf,
  nameOf,
  numberOf,
  objectOf,
  type Place,
  positiveOf,
  stringOf,
  vectorOf,
} from './case-json.ts';
import { type Candidate, type CheckRow, compare, type Unchecked } from './check-rows.ts';

const TOLERANCES = { reference: 1e-10, gpu: 1e-4 } as const;

const measured = [trainingLoss, kernelAlignment, kernelChange, representationAlignment, recurrentWeightChange, gateFlips];

type Numbers = ArrayLike<number>;
type Found = Readonly<Record<string, Numbers>>;

interface RecurrentCase {
  readonly name: string;
  readonly values: Values;
  readonly sequence: Sequence;
  readonly samples: Samples;
  readonly weights: Float64Array;
  /** Weights after the case's own steps of descent. */
  readonly after: Float64Array;
  readonly learningRate: number;
  readonly momentum: number;
  readonly steps: number;
  /** Weight of every step of every trial, (B, T), over their sum, where trials differ; null where `sequence` has them. */
  readonly ownMask: Float64Array | null;
  readonly expected: Place;
}

/** (T, B, …) as the case has it to (B, T, …). */
function byTrial(values: Numbers, steps: number, trials: number): Float64Array {
  const row = values.length / (steps * trials);
  return Float64Array.from({ length: values.length }, (_, n) => {
    const [trial, step] = [Math.floor(n / (steps * row)), Math.floor(n / row) % steps];
    return values[(step * trials + trial) * row + (n % row)];
  });
}

/** The inverse of `byTrial`. */
const byStep = (values: Numbers, steps: number, trials: number) => byTrial(values, trials, steps);

function readCase(place: Place): RecurrentCase {
  const at = (key: string) => memberOf(place, key);
  const [width, steps, trials, channels, outputs] = ['N', 'T', 'B', 'n_in', 'n_out'].map((key) => integerOf(at(key), 1));
  const entropy = nameOf(at('loss'), ['ce', 'mse']) === 'ce';
  if (entropy && outputs < 2) throw new InputError(at('n_out').where, `expected two classes or more for ce, got ${outputs}`);
  const places = steps * trials;
  const targets = entropy ? oneHot(at('y'), places, outputs) : vectorOf(at('y'), places * outputs);
  const whole = at('mask').value === null ? new Float64Array(places).fill(1) : vectorOf(at('mask'), places);
  const shared = whole.every((weight, n) => weight === whole[n - (n % trials)]);
  const sum = whole.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) throw new InputError(at('mask').where, `expected weights with a sum above 0, got ${sum}`);
  // Where trials differ, the sequence has the mean over trials: what is measured there does not depend on it.
  const stepWeights = Float64Array.from({ length: steps }, (_, t) =>
    whole.subarray(t * trials, (t + 1) * trials).reduce((part, weight) => part + weight / sum, 0),
  );
  const sgd = (key: string) => memberOf(at('sgd'), key);
  const learningRate = positiveOf(sgd('lr'));
  const values: Values = {
    width,
    activation: activationNamed(at('activation')),
    activationBeta: 1,
    leakPlacement: nameOf(at('convention'), ['leak_inside', 'leak_outside']) === 'leak_inside' ? 'inside' : 'outside',
    loss: entropy ? 'crossEntropy' : 'squared',
    outputScale: 1,
    learningRate,
    learningRateRatio: 1,
    hiddenRate: 1,
  };
  const matrices = (where: Place, suffix: string) =>
    Float64Array.from([
      ...matrixOf(memberOf(where, `Wx${suffix}`), width, channels),
      ...matrixOf(memberOf(where, `Wh${suffix}`), width, width),
      ...matrixOf(memberOf(where, `Wo${suffix}`), outputs, width),
    ]);
  return {
    name: stringOf(at('id')),
    values,
    sequence: {
      steps,
      channels,
      outputs,
      stepWeights,
      decisionStep: steps - 1,
      timeStep: positiveOf(at('alpha')),
      kernelTrials: trials,
    },
    samples: {
      count: trials,
      inputs: byTrial(vectorOf(at('x'), places * channels), steps, trials),
      targets: byTrial(targets, steps, trials),
    },
    weights: matrices(place, ''),
    after: matrices(at('expected'), '_after'),
    learningRate,
    momentum: numberOf(sgd('momentum')),
    steps: integerOf(sgd('steps'), 1),
    ownMask: shared ? null : byTrial(whole, steps, trials).map((weight) => weight / sum),
    expected: at('expected'),
  };
}

/** Class indices as one-hot rows. */
function oneHot(place: Place, count: number, classes: number): Float64Array {
  const rows = new Float64Array(count * classes);
  vectorOf(place, count).forEach((label, n) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new InputError(place.where, `expected class indices from 0 to ${classes - 1}, got ${label}`);
    }
    rows[n * classes + label] = 1;
  });
  return rows;
}

/** Every step has the same weight: kernels of the case have entries for all of them. */
const unmasked = (sequence: Sequence): Sequence => ({
  ...sequence,
  stepWeights: new Float64Array(sequence.steps).fill(1 / sequence.steps),
});

function batchOf(own: RecurrentCase, sequence: Sequence): Batch {
  const { values, samples, weights, momentum, learningRate } = own;
  const { steps, channels, outputs } = sequence;
  // One step more than the case takes: none is the last of the run.
  const maxSteps = own.steps + 1;
  const maxTime = maxSteps * learningRate;
  return {
    shape: values,
    data: {
      inputDim: steps * channels,
      outputDim: steps * outputs,
      train: samples,
      test: samples,
      probe: samples,
      sequence,
      description: 'case file',
    },
    training: { method: 'descent', momentum, batchSize: 0, maxTime, maxSteps, stop: {}, checkpoints: [maxTime] },
    starts: [{ seed: 0, draw: 0, values, weights }],
    networks: [{ cell: 0, member: 0, start: 0, values }],
    seeds: 1,
  };
}

/** What a trainer says: outputs, steps of descent, and what changed between the weights before and after. */
async function trainerCase(own: RecurrentCase, { open }: Candidate): Promise<Found> {
  const { sequence, samples } = own;
  const descent = await open(batchOf(own, sequence), [trainingLoss], recurrent);
  const kernels = await open(batchOf(own, unmasked(sequence)), measured, recurrent);
  try {
    const outputs = await descent.outputs(0);
    const loss = async () => (await descent.measure()).values[trainingLoss.id][0];
    const before = await loss();
    const losses: number[] = [];
    for (let step = 1; step <= own.steps; step++) {
      while ((await descent.advance(step * own.learningRate)).unfinished > 0);
      losses.push((await descent.inspect(0)).loss);
    }
    const { weights } = await descent.inspect(0);
    const { wx, wh, wo } = matricesOf(weights, shapeOf(own.values, sequence));
    await kernels.replaceWeights(0, own.after);
    const { values } = await kernels.measure();
    return {
      out: byStep(outputs.train, sequence.steps, samples.count),
      loss: [before],
      sgd_losses: losses,
      loss_after: [await loss()],
      Wx_after: wx,
      Wh_after: wh,
      Wo_after: wo,
      KA_Wh: values[kernelAlignment.id],
      ntk_Wh_rel_change: values[kernelChange.id],
      RA_last: values[representationAlignment.id],
      dWh_fro: values[recurrentWeightChange.id],
      sign_similarity_last: [keptSigns(own.values, values[gateFlips.id][0])],
    };
  } finally {
    descent.dispose();
    kernels.dispose();
  }
}

/** Loss and its gradient at some weights by the float64 model, whatever the mask. */
function lossAt({ values, sequence, samples, ownMask }: RecurrentCase, model: Model, weights: Float64Array) {
  const { steps, outputs } = sequence;
  const size = steps * outputs;
  const out = model.outputs(weights, samples.inputs);
  const cotangent = new Float64Array(out.length);
  let value = 0;
  for (let p = 0; p < samples.count; p++) {
    const stepWeights =
      ownMask?.subarray(p * steps, (p + 1) * steps) ?? sequence.stepWeights.map((weight) => weight / samples.count);
    const loss = sequenceLoss(lossOf(String(values.loss)), { ...sequence, stepWeights });
    const part = (all: Float64Array) => all.subarray(p * size, (p + 1) * size);
    value += loss.value(part(out), part(samples.targets), 1);
    loss.slope(part(out), part(samples.targets), 1, part(cotangent));
  }
  return { value, gradient: model.pullback(weights, samples.inputs, cotangent) };
}

/** Steps of descent by the float64 model where the mask is each trial's own, which no trainer has. */
function maskedDescent(own: RecurrentCase): Found {
  const { values, sequence, learningRate, momentum } = own;
  const model = recurrent.model(values, 0, 0, sequence);
  const weights = own.weights.slice();
  const velocity = new Float64Array(weights.length);
  const losses: number[] = [];
  for (let step = 0; step < own.steps; step++) {
    const { value, gradient } = lossAt(own, model, weights);
    losses.push(value);
    gradient.forEach((slope, n) => {
      velocity[n] = momentum * velocity[n] + slope;
      weights[n] -= learningRate * velocity[n];
    });
  }
  const { wx, wh, wo } = matricesOf(weights, shapeOf(values, sequence));
  const after = lossAt(own, model, weights).value;
  return { loss: [losses[0]], sgd_losses: losses, loss_after: [after], Wx_after: wx, Wh_after: wh, Wo_after: wo };
}

/** What the float64 model says beyond: states, gradients, Jacobian and kernels of each matrix. */
function modelCase(own: RecurrentCase): Found {
  const { values, sequence, samples, weights, after } = own;
  const shape = shapeOf(values, sequence);
  const { steps, outputs, channels } = sequence;
  const trials = samples.count;
  const model = recurrent.model(values, 0, 0, sequence);
  const matrices = matricesOf(weights, shape);
  const row = steps * channels;
  const states = Array.from({ length: trials }, (_, p) => {
    const course = runTrial(shape, matrices, samples.inputs.subarray(p * row, (p + 1) * row));
    return shape.placement === 'inside' ? course.rates : course.arguments;
  });
  const size = steps * outputs;
  const gradient = matricesOf(lossAt(own, model, weights).gradient, shape);
  // Entries in the case's order, (t, b, k), as indices into ours, (b, t, k).
  const entries = trials * size;
  const order = byStep(
    Float64Array.from({ length: entries }, (_, n) => n),
    steps,
    trials,
  );
  const jacobian = Array.from(order, (n) => {
    const unit = new Float64Array(entries);
    unit[n] = 1;
    return Array.from(matricesOf(model.pullback(weights, samples.inputs, unit), shape).wh);
  });
  const kernel = (of: KernelWeights, at: Float64Array) => {
    const own = tangentKernel(shape, unmasked(sequence), at, samples.inputs, of);
    return Array.from(order).flatMap((n) => Array.from(order, (m) => own[n * entries + m]));
  };
  return {
    state: byStep(
      states.flatMap((state) => Array.from(state)),
      steps,
      trials,
    ),
    grad_Wx: gradient.wx,
    grad_Wh: gradient.wh,
    grad_Wo: gradient.wo,
    jac_Wh: jacobian.flat(),
    ntk_Wh: kernel('recurrent', weights),
    ntk_Wx: kernel('input', weights),
    ntk_Wo: kernel('output', weights),
    ntk_Wh_after: kernel('recurrent', after),
  };
}

function rowsOf(name: string, trainer: Candidate['name'], expected: Place, found: Found): CheckRow[] {
  const wanted = objectOf(expected);
  return Object.keys(found)
    .filter((quantity) => wanted[quantity] !== undefined && wanted[quantity] !== null)
    .map((quantity) =>
      compare(
        { case: name, quantity, trainer, tolerance: TOLERANCES[trainer] },
        vectorOf(memberOf(expected, quantity), found[quantity].length),
        found[quantity],
      ),
    );
}

/** What trainers, whose steps weigh the same in all trials, cannot say where the mask is each trial's own. */
const MASKED = ['loss', 'sgd_losses', 'loss_after', 'Wx_after', 'Wh_after', 'Wo_after'];

/** Rows of one recurrent case by every candidate, and what one of them cannot say. */
export async function checkRecurrent(
  place: Place,
  candidates: readonly Candidate[],
): Promise<{ readonly rows: CheckRow[]; readonly unchecked: Unchecked[] }> {
  const own = readCase(place);
  const rows: CheckRow[] = [];
  const unchecked: Unchecked[] = [];
  for (const candidate of candidates) {
    const said = await trainerCase(own, candidate);
    const found =
      own.ownMask === null ? said : Object.fromEntries(Object.entries(said).filter(([quantity]) => !MASKED.includes(quantity)));
    if (candidate.name === 'reference') {
      const masked = own.ownMask === null ? {} : maskedDescent(own);
      rows.push(...rowsOf(own.name, candidate.name, own.expected, { ...found, ...masked, ...modelCase(own) }));
      continue;
    }
    rows.push(...rowsOf(own.name, candidate.name, own.expected, found));
    if (own.ownMask !== null) {
      const reason = `not compared on the GPU, whose steps weigh the same in all trials: ${MASKED.join(', ')}`;
      unchecked.push({ case: own.name, reason });
    }
  }
  return { rows, unchecked };
}

/** Rows of one cut to a rank: float64 alone. */
export function checkLowRank(place: Place): CheckRow[] {
  const at = (key: string) => memberOf(place, key);
  const size = integerOf(at('N'), 1);
  const parts = thinSvd(matrixOf(at('W0'), size, size), size, size);
  const rank = integerOf(at('r'), 1);
  if (rank > size) throw new InputError(at('r').where, `expected a rank of at most ${size}, got ${rank}`);
  const cut = cutToRank(parts, rank, 'fro');
  const values = singularValues(cut, size, size);
  return rowsOf(stringOf(at('id')), 'reference', at('expected'), {
    W: cut,
    fro: [Math.sqrt(cut.reduce((sum, w) => sum + w * w, 0))],
    svals_W0: parts.values,
    stable_rank: [stableRank(values)],
    participation_ratio: [participationRatio(values)],
    entropy_rank: [entropyRank(values)],
    entropy_rank_sq: [entropyRank(values.map((s) => s * s))],
    s1: [values[0]],
  });
}
