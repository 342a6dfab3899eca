// Checks the recurrent part of `metrics`: small networks with their states, gradients, kernels and steps of descent, and cuts to a rank.

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
import type { Batch } from '../core/family.ts';
import { cutToRank } from '../core/low-rank.ts';
import type { Values } from '../core/parameter.ts';
import { singularValues, thinSvd } from '../core/svd.ts';
import type { Samples, Sequence } from '../core/task.ts';
import { integerOf, matrixOf, memberOf, numberOf, numbersOf, objectOf, type Place, stringOf } from './case-json.ts';
import { type Candidate, type CheckRow, compare } from './check-rows.ts';

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
  const entropy = stringOf(at('loss')) === 'ce';
  const y = numbersOf(at('y'));
  const targets = entropy
    ? Float64Array.from(y, (label) => label).reduce(oneHot(outputs), new Float64Array(y.length * outputs))
    : y;
  const mask =
    at('mask').value === null ? new Float64Array(steps).fill(1) : numbersOf(at('mask')).filter((_, n) => n % trials === 0);
  const total = mask.reduce((a, b) => a + b, 0);
  const sgd = (key: string) => memberOf(at('sgd'), key);
  const values: Values = {
    width,
    activation: stringOf(at('activation')),
    leakPlacement: stringOf(at('convention')) === 'leak_inside' ? 'inside' : 'outside',
    loss: entropy ? 'crossEntropy' : 'squared',
    outputScale: 1,
    learningRate: numberOf(sgd('lr')),
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
      stepWeights: mask.map((weight) => weight / total),
      decisionStep: steps - 1,
      timeStep: numberOf(at('alpha')),
      kernelTrials: trials,
    },
    samples: { count: trials, inputs: byTrial(numbersOf(at('x')), steps, trials), targets: byTrial(targets, steps, trials) },
    weights: matrices(place, ''),
    after: matrices(at('expected'), '_after'),
    learningRate: numberOf(sgd('lr')),
    momentum: numberOf(sgd('momentum')),
    steps: integerOf(sgd('steps'), 1),
    expected: at('expected'),
  };
}

/** Folds class indices into one-hot rows. */
function oneHot(outputs: number) {
  return (rows: Float64Array, label: number, n: number): Float64Array => {
    rows[n * outputs + label] = 1;
    return rows;
  };
}

/** Every step has the same weight: kernels of the case have entries for all of them. */
const unmasked = (sequence: Sequence): Sequence => ({
  ...sequence,
  stepWeights: new Float64Array(sequence.steps).fill(1 / sequence.steps),
});

function batchOf({ values, samples, weights, momentum }: RecurrentCase, sequence: Sequence): Batch {
  const { steps, channels, outputs } = sequence;
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
    training: { method: 'descent', momentum, batchSize: 0, maxTime: 1e3, maxSteps: 1000, stop: {}, checkpoints: [1e3] },
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
      sign_similarity_last: [1 - values[gateFlips.id][0]],
    };
  } finally {
    descent.dispose();
    kernels.dispose();
  }
}

/** What the float64 model says beyond: states, gradients, Jacobian and kernels of each matrix. */
function modelCase({ values, sequence, samples, weights, after }: RecurrentCase): Found {
  const shape = shapeOf(values, sequence);
  const { steps, outputs, channels } = sequence;
  const trials = samples.count;
  const model = recurrent.model(values, 0, 0, sequence);
  const own = matricesOf(weights, shape);
  const row = steps * channels;
  const states = Array.from({ length: trials }, (_, p) => {
    const course = runTrial(shape, own, samples.inputs.subarray(p * row, (p + 1) * row));
    return shape.placement === 'inside' ? course.rates : course.arguments;
  });
  const loss = sequenceLoss(lossOf(String(values.loss)), sequence);
  const out = model.outputs(weights, samples.inputs);
  const cotangent = new Float64Array(out.length);
  const size = steps * outputs;
  for (let p = 0; p < trials; p++) {
    const part = <T extends Float64Array>(all: T) => all.subarray(p * size, (p + 1) * size);
    loss.slope(part(out), part(samples.targets), 1, part(cotangent));
  }
  const gradient = matricesOf(
    model.pullback(
      weights,
      samples.inputs,
      cotangent.map((slope) => slope / trials),
    ),
    shape,
  );
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
    .filter((quantity) => quantity in wanted)
    .map((quantity) =>
      compare(
        { case: name, quantity, trainer, tolerance: TOLERANCES[trainer] },
        numbersOf(memberOf(expected, quantity)),
        found[quantity],
      ),
    );
}

/** Rows of one recurrent case by every candidate. */
export async function checkRecurrent(place: Place, candidates: readonly Candidate[]): Promise<CheckRow[]> {
  const own = readCase(place);
  const rows: CheckRow[] = [];
  for (const candidate of candidates) {
    const found = await trainerCase(own, candidate);
    const all = candidate.name === 'reference' ? { ...found, ...modelCase(own) } : found;
    rows.push(...rowsOf(own.name, candidate.name, own.expected, all));
  }
  return rows;
}

/** Rows of one cut to a rank: float64 alone. */
export function checkLowRank(place: Place): CheckRow[] {
  const at = (key: string) => memberOf(place, key);
  const size = integerOf(at('N'), 1);
  const parts = thinSvd(matrixOf(at('W0'), size, size), size, size);
  const cut = cutToRank(parts, integerOf(at('r'), 1), 'fro');
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
