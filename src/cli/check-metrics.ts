// Checks `metrics`: kernels, alignments, changes and ranks of two-layer networks between weights before and after.

import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { gateFlips } from '../../shaders/observables/gate-flips.ts';
import { centredKernelAlignment, kernelAlignment } from '../../shaders/observables/kernel-alignment.ts';
import { kernelChange } from '../../shaders/observables/kernel-change.ts';
import { kernelTargetAlignment } from '../../shaders/observables/kernel-target-alignment.ts';
import { centredRepresentationAlignment, representationAlignment } from '../../shaders/observables/representation-alignment.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import { layerWeightChanges, weightChange } from '../../shaders/observables/weight-change.ts';
import { entropyRank, participationRatio, stableRank } from '../core/effective-rank.ts';
import type { Batch, Model } from '../core/family.ts';
import type { Values } from '../core/parameter.ts';
import { singularValues } from '../core/svd.ts';
import type { TaskData } from '../core/task.ts';
import { activationNamed, keptSigns } from './case-batch.ts';
import { integerOf, isObject, itemsOf, matrixOf, memberOf, objectOf, type Place, stringOf, vectorOf } from './case-json.ts';
import { checkLowRank, checkRecurrent } from './check-recurrent.ts';
import { type Candidate, type CaseSchema, type CheckRow, compare, type Unchecked } from './check-rows.ts';

const TOLERANCES = { reference: 1e-10, gpu: 1e-4 } as const;

const [firstLayerChange] = layerWeightChanges;
const measured = [
  trainingLoss,
  kernelChange,
  kernelAlignment,
  centredKernelAlignment,
  kernelTargetAlignment,
  representationAlignment,
  centredRepresentationAlignment,
  gateFlips,
  weightChange,
  firstLayerChange,
];

interface MetricCase {
  readonly name: string;
  readonly batch: Batch;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Words of W1. */
  readonly firstLength: number;
  readonly width: number;
  readonly expected: Place;
}

function readCase(place: Place): MetricCase {
  const at = (key: string) => memberOf(place, key);
  const [count, inputDim, width, outputDim] = ['P', 'd', 'h', 'C'].map((key) => integerOf(at(key), 1));
  const values: Values = {
    width,
    depth: 1,
    activation: activationNamed(at('activation')),
    activationBeta: 1,
    normalisation: 'none',
    parametrisation: 'standard',
    bias: 0,
    outputScale: 1,
    predictor: 'plain',
    initScale: 1,
    initScaleOutput: 1,
    loss: 'squared',
    lossBeta: 1,
    learningRate: 1,
    learningRateRatio: 1,
  };
  const samples = { count, inputs: matrixOf(at('X'), count, inputDim), targets: matrixOf(at('y'), count, outputDim) };
  const data: TaskData = { inputDim, outputDim, train: samples, test: samples, probe: samples, description: 'case file' };
  const weightsAt = (when: string) =>
    Float64Array.from([...matrixOf(at(`W1_${when}`), width, inputDim), ...matrixOf(at(`W2_${when}`), outputDim, width)]);
  const before = weightsAt('before');
  return {
    name: stringOf(at('id')),
    batch: {
      shape: values,
      data,
      training: {
        method: 'flow',
        integrator: 'euler',
        tolerance: 1e-2,
        outputTolerance: 0.1,
        maxTime: 1,
        maxSteps: 1,
        stop: {},
        checkpoints: [1],
      },
      starts: [{ seed: 0, draw: 0, values, weights: before }],
      networks: [{ cell: 0, member: 0, start: 0, values }],
      seeds: 1,
    },
    before,
    after: weightsAt('after'),
    firstLength: width * inputDim,
    width,
    expected: at('expected'),
  };
}

type Numbers = ArrayLike<number>;
type Found = Readonly<Record<string, Numbers>>;

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** What a trainer says about a case. */
async function measureCase({ batch, before, after, firstLength }: MetricCase, { open }: Candidate): Promise<Found> {
  const trainer = await open(batch, measured);
  try {
    const one = (values: Readonly<Record<string, Float64Array>>, id: string) => values[id][0];
    const start = (await trainer.measure()).values;
    const startOutputs = await trainer.outputs(0);
    await trainer.replaceWeights(0, after);
    const end = (await trainer.measure()).values;
    return {
      f_before: startOutputs.train,
      f_after: (await trainer.outputs(0)).train,
      loss_before: [one(start, trainingLoss.id)],
      loss_after: [one(end, trainingLoss.id)],
      kta_fro_before: [one(start, kernelTargetAlignment.id)],
      kta_fro_after: [one(end, kernelTargetAlignment.id)],
      ntk_rel_change: [one(end, kernelChange.id)],
      KA: [one(end, kernelAlignment.id)],
      CKA_ntk: [one(end, centredKernelAlignment.id)],
      RA: [one(end, representationAlignment.id)],
      RA_centred: [one(end, centredRepresentationAlignment.id)],
      sign_similarity: [keptSigns(batch.shape, one(end, gateFlips.id))],
      dW1_rel: [one(end, firstLayerChange.id)],
      dW1_fro: [one(end, firstLayerChange.id) * norm(before.subarray(0, firstLength))],
      dW_fro: [one(end, weightChange.id) * norm(before)],
    };
  } finally {
    trainer.dispose();
  }
}

/** Tangent kernel of a range of weights from the Jacobian, entry by entry: (n, n). Not the model's own closed form. */
function layerKernel(model: Model, weights: Float64Array, inputs: Float64Array, entries: number, first: number, end: number) {
  const jacobian = Array.from({ length: entries }, (_, n) => {
    const unit = new Float64Array(entries);
    unit[n] = 1;
    return model.pullback(weights, inputs, unit).subarray(first, end);
  });
  return Float64Array.from(jacobian.flatMap((a) => jacobian.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0))));
}

/** What the float64 model says beyond the observables: kernels, their layers and spectra. */
function modelCase({ batch, before, after, firstLength, width }: MetricCase): Found {
  const { data, shape } = batch;
  const { inputs, targets } = data.probe;
  const model = fullyConnected.model(shape, data.inputDim, data.outputDim);
  const size = targets.length;
  const ranks = (name: string, matrix: Float64Array, rows: number) => {
    const values = singularValues(matrix, rows, matrix.length / rows);
    return {
      [`stable_rank_${name}`]: [stableRank(values)],
      [`entropy_rank_${name}`]: [entropyRank(values)],
      [`participation_ratio_${name}`]: [participationRatio(values)],
    };
  };
  const trace = (kernel: Float64Array) => targets.reduce((sum, _, n) => sum + kernel[n * size + n], 0);
  const aligned = (kernel: Float64Array) =>
    kernel.reduce((sum, k, at) => sum + k * targets[Math.floor(at / size)] * targets[at % size], 0);
  const layer = (weights: Float64Array, first: number, end: number) => layerKernel(model, weights, inputs, size, first, end);
  const at = (when: 'before' | 'after', weights: Float64Array) => {
    const kernel = model.tangentKernel(weights, inputs);
    return {
      [`ntk_${when}`]: kernel,
      [`ntk_W1_${when}`]: layer(weights, 0, firstLength),
      [`ntk_W2_${when}`]: layer(weights, firstLength, weights.length),
      [`kta_trace_${when}`]: [aligned(kernel) / (norm(targets) ** 2 * trace(kernel))],
      ...ranks(`W1_${when}`, weights.subarray(0, firstLength), width),
      ...ranks(`ntk_${when}`, kernel, size),
    };
  };
  const found: Found = { ...at('before', before), ...at('after', after) };
  const alignment = (name: string) => {
    const [a, b] = [Float64Array.from(found[`${name}_before`]), Float64Array.from(found[`${name}_after`])];
    return [a.reduce((sum, k, n) => sum + k * b[n], 0) / (norm(a) * norm(b))];
  };
  return { ...found, KA_W1: alignment('ntk_W1'), KA_W2: alignment('ntk_W2') };
}

function rowsOf(own: MetricCase, name: Candidate['name'], found: Found): CheckRow[] {
  const wanted = objectOf(own.expected);
  const { targets } = own.batch.data.train;
  return Object.keys(found)
    .filter((quantity) => wanted[quantity] !== undefined && wanted[quantity] !== null)
    .map((quantity) =>
      compare(
        { case: own.name, quantity, trainer: name, tolerance: TOLERANCES[name] },
        vectorOf(memberOf(own.expected, quantity), found[quantity].length),
        found[quantity],
        // A loss that has vanished is compared with that of F = 0.
        quantity.startsWith('loss_') ? norm(targets) ** 2 / (2 * own.batch.data.train.count) : 0,
      ),
    );
}

export const metrics: CaseSchema = {
  id: 'metrics',
  summary: 'tangent kernels, alignments, changes and ranks of two-layer and recurrent networks between given weights',
  recognises: (content) => isObject(content) && ['cases', 'lowrank_cases', 'rnn_cases'].some((key) => hasIds(content[key])),
  async check(place, candidates) {
    const rows: CheckRow[] = [];
    const unchecked: Unchecked[] = [];
    const content = objectOf(place);
    for (const item of 'cases' in content ? itemsOf(memberOf(place, 'cases')) : []) {
      const own = readCase(item);
      const compared = new Set<string>();
      for (const candidate of candidates) {
        const found = await measureCase(own, candidate);
        const all = candidate.name === 'reference' ? { ...found, ...modelCase(own) } : found;
        for (const row of rowsOf(own, candidate.name, all)) {
          rows.push(row);
          compared.add(row.quantity);
        }
      }
      const rest = Object.keys(objectOf(own.expected)).filter((quantity) => !compared.has(quantity));
      if (rest.length > 0) unchecked.push({ case: own.name, reason: `not compared: ${rest.join(', ')}` });
    }
    const itemsAt = (key: string) => (key in content ? itemsOf(memberOf(place, key)) : []);
    const note = (item: Place, own: readonly CheckRow[]) => {
      rows.push(...own);
      const rest = Object.keys(objectOf(memberOf(item, 'expected'))).filter(
        (name) => !own.some(({ quantity }) => quantity === name),
      );
      const name = stringOf(memberOf(item, 'id'));
      if (rest.length > 0) unchecked.push({ case: name, reason: `not compared: ${rest.join(', ')}` });
    };
    for (const item of itemsAt('lowrank_cases')) note(item, checkLowRank(item));
    for (const item of itemsAt('rnn_cases')) {
      const found = await checkRecurrent(item, candidates);
      note(item, found.rows);
      unchecked.push(...found.unchecked);
    }
    return { rows, unchecked };
  },
};

/** True for the case lists of this schema: objects named by `id`, in a file without `kind`. */
function hasIds(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0 && list.every((item: unknown) => isObject(item) && typeof item.id === 'string');
}
