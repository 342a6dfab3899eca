// Checks `one-dimensional`: the exact solution and both trainers against one-dimensional two-layer linear
// networks under gradient flow.

import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import type { Batch } from '../core/family.ts';
import { MECHANISMS } from '../core/mechanism.ts';
import type { Values } from '../core/parameter.ts';
import type { TaskData } from '../core/task.ts';
import { type OneDimensionalFlow, solveFlow, stateAt } from '../theory/one-dimensional/flow.ts';
import { mechanismOf } from '../theory/one-dimensional/mechanism.ts';
import type { OneDimensionalState } from '../theory/one-dimensional/network.ts';
import { flowBatch, LINEAR_VALUES } from './case-batch.ts';
import { isObject, itemsOf, memberOf } from './case-json.ts';
import { type Candidate, type CaseSchema, type CheckRow, compare, type Unchecked } from './check-rows.ts';
import { ENDS, type OneDimensionalCase, readOneDimensionalCase, TRACKS, type Track } from './one-dimensional-case.ts';

/** Errors as a share of the largest expected value. */
const TOLERANCES = { theory: 1e-11, reference: 1e-8, gpu: 2e-5 } as const;
/** Residual and excess loss of the theory, relative to each value: they fall by many decades. */
const RELATIVE_TOLERANCE = 1e-9;
/** Local error per step, relative to the distance moved: below the tolerances, above the rounding of the weights. */
const STEP_TOLERANCE = { reference: 1e-12, gpu: 1e-6 } as const;
/** Rounding of one weight, relative. */
const ROUNDING = { reference: 2 ** -53, gpu: 2 ** -24 } as const;
/**
 * A start whose rounding alone may move a quantity by this share of its scale is not compared: its escape is not in the weights.
 */
const MOST_ROUNDING = 1e-2;

const FIELDS = {
  f_coefficient: 'product',
  residual_s: 'residual',
  loss: 'loss',
  loss_excess: 'lossExcess',
  ntk: 'kernel',
  ntk_weighted: 'rateKernel',
  cos: 'cosine',
  norm_u: 'outputNorm',
  norm_w: 'inputNorm',
} as const satisfies Record<Track, keyof OneDimensionalState>;

/**
 * Values below this share of the largest are compared with it: no integration, in whatever precision, resolves a decay for ever.
 */
const LEAST_VALUE = 1e-25;

/** Compares numbers of any size each relative to itself; where all are expected to be 0, 0 they must be. */
function compareRelative(
  where: Pick<CheckRow, 'case' | 'quantity' | 'trainer'>,
  expected: ArrayLike<number>,
  got: number[],
): CheckRow {
  let worst = { index: 0, expected: expected[0], got: got[0] };
  let error = -1;
  const least = LEAST_VALUE * Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  got.forEach((value, index) => {
    const wanted = expected[index];
    const own = value === wanted ? 0 : Math.abs(value - wanted) / Math.max(Math.abs(wanted), least);
    const finite = Number.isFinite(own) ? own : Number.POSITIVE_INFINITY;
    if (finite > error) [error, worst] = [finite, { index, expected: wanted, got: value }];
  });
  return { ...where, error, tolerance: RELATIVE_TOLERANCE, share: error / RELATIVE_TOLERANCE, worst };
}

/** The closed form from times[0] to the last time. */
function flowBetween(own: OneDimensionalCase): OneDimensionalFlow {
  const flow = solveFlow(own.network);
  const [first] = own.times;
  return first === 0 ? flow : solveFlow({ ...own.network, ...flow.weights(first) });
}

function checkTheory(own: OneDimensionalCase): CheckRow[] {
  const flow = solveFlow(own.network);
  const last = own.times[own.times.length - 1];
  const states = Array.from(own.times, (time) => stateAt(flow, time));
  const tolerance = TOLERANCES.theory;
  const where = (quantity: string) => ({ case: own.name, quantity, trainer: 'theory' as const, tolerance });
  const rows = TRACKS.map((key) => {
    const got = states.map((state) => state[FIELDS[key]]);
    return key === 'residual_s' || key === 'loss_excess'
      ? compareRelative(where(key), own.expected[key], got)
      : compare(where(key), own.expected[key], got);
  });
  const found = mechanismOf(flowBetween(own), last - own.times[0]);
  // Class numbers: 0 static, 1 kernel, 2 alignment, 3 disalignment, 4 rescaling.
  rows.push(compare(where('mechanism_end'), [MECHANISMS.indexOf(own.mechanism)], [MECHANISMS.indexOf(found.label)], 1));
  const ends = {
    cos_start_used: found.cosineStart,
    delta_cos: found.cosineChange,
    ntk_weighted_ratio: found.kernelRatio,
    rotation_share: found.rotationShare,
  };
  for (const key of ENDS) {
    const wanted = own.ends[key];
    // No share where the output did not change: what is left of it by rounding says nothing.
    if (wanted === null) continue;
    rows.push(compare(where(key), [wanted], [ends[key] ?? 0], key === 'ntk_weighted_ratio' ? 0 : 1));
  }
  const weights = flow.weights(last);
  if (own.output !== null) rows.push(compare(where('u_end'), own.output, weights.output));
  if (own.input !== null) rows.push(compare(where('w_end'), own.input, weights.input));
  return rows;
}

/** The case as a batch of one network: F = |γ| Σ u_i w_i x, plain motion; a negative γ is given to u. */
function batchOf({ network, inputs, targets, times }: OneDimensionalCase, name: Candidate['name']): Batch {
  const { output, input, outputScale: gamma, outputRate, inputRate } = network;
  const values: Values = {
    ...LINEAR_VALUES,
    width: output.length,
    motion: 'plain',
    outputScale: Math.abs(gamma),
    learningRateRatio: outputRate,
    hiddenRate: inputRate,
  };
  const samples = { count: inputs.length, inputs, targets };
  const data: TaskData = { inputDim: 1, outputDim: 1, train: samples, test: samples, probe: samples, description: 'case file' };
  const checkpoints = [...times].filter((time) => time > 0);
  return flowBatch({
    values,
    data,
    weights: Float64Array.of(...input, ...output.map((u) => (gamma < 0 ? -u : u))),
    checkpoints,
    tolerance: STEP_TOLERANCE[name],
    maxSteps: 10_000_000,
  });
}

/** What trained weights say: the same quantities as the theory's. */
function stateOfWeights(own: OneDimensionalCase, weights: Float64Array): Record<Track, number> {
  const { output, outputScale: gamma, outputRate, inputRate, moments } = own.network;
  const width = output.length;
  let [uu, ww, uw] = [0, 0, 0];
  for (let i = 0; i < width; i++) {
    const [w, u] = [weights[i], gamma < 0 ? -weights[width + i] : weights[width + i]];
    uu += u * u;
    ww += w * w;
    uw += u * w;
  }
  const residual = moments.inputTarget - moments.inputSquare * gamma * uw;
  return {
    f_coefficient: gamma * uw,
    residual_s: residual,
    loss: Number.NaN,
    loss_excess: residual ** 2 / (2 * moments.inputSquare),
    ntk: gamma ** 2 * (uu + ww),
    ntk_weighted: gamma ** 2 * (outputRate * ww + inputRate * uu),
    cos: uu > 0 && ww > 0 ? uw / Math.sqrt(uu) / Math.sqrt(ww) : 0,
    norm_u: Math.sqrt(uu),
    norm_w: Math.sqrt(ww),
  };
}

/**
 * How much a start next to a saddle amplifies the rounding of its weights: the layers' difference is far larger than the part of
 * them that grows, whose digits decide when the network escapes. 1 for other starts.
 */
function amplification({ opened }: OneDimensionalFlow): number {
  const { sumSquare, differenceSquare, coupling, target } = opened;
  const [growing, other] = coupling * target >= 0 ? [sumSquare, differenceSquare] : [differenceSquare, sumSquare];
  // On the saddle itself nothing grows, and symmetric arithmetic stays there.
  return growing === 0 ? 1 : Math.max(1, Math.sqrt(other / growing));
}

async function checkTrainer(own: OneDimensionalCase, { name, open }: Candidate, rounding: number): Promise<CheckRow[]> {
  const tolerance = Math.max(TOLERANCES[name], rounding);
  const trainer = await open(batchOf(own, name), [trainingLoss]);
  const got = Object.fromEntries(TRACKS.map((key) => [key, [] as number[]])) as Record<Track, number[]>;
  try {
    for (const time of own.times) {
      while (time > 0 && (await trainer.advance(time)).unfinished > 0);
      const { values } = await trainer.measure();
      const { weights, outcome } = await trainer.inspect(0);
      // A network that stopped short of the time has no value there.
      const reached = outcome === 'running' || outcome === 'converged';
      const state = { ...stateOfWeights(own, weights), loss: values[trainingLoss.id][0] };
      for (const key of TRACKS) got[key].push(reached ? state[key] : Number.NaN);
    }
  } finally {
    trainer.dispose();
  }
  const scales = scalesOf(own);
  return TRACKS.map((quantity) =>
    compare({ case: own.name, quantity, trainer: name, tolerance }, own.expected[quantity], got[quantity], scales[quantity]),
  );
}

/** What the differences among the quantities are differences of: the same at F = 0. */
function scalesOf({ network: { moments } }: OneDimensionalCase): Partial<Record<Track, number>> {
  const { inputSquare, inputTarget, targetSquare } = moments;
  return {
    residual_s: Math.abs(inputTarget),
    loss: targetSquare / 2,
    loss_excess: inputTarget ** 2 / (2 * inputSquare),
  };
}

function tooNear(name: Candidate['name'], factor: number): string {
  const [precision, share] = [name === 'gpu' ? 'float32' : 'float64', (1 / factor).toExponential(0)];
  return `starts within ${share} of a saddle: ${precision} weights do not hold the digits that decide when it escapes`;
}

export const oneDimensionalCases: CaseSchema = {
  id: 'one-dimensional',
  summary: 'one-dimensional two-layer linear networks with layer-wise rates: exact solution and both trainers',
  recognises: (content) => isObject(content) && content.kind === 'one-dimensional',
  async check(place, candidates) {
    const rows: CheckRow[] = [];
    const unchecked: Unchecked[] = [];
    for (const item of itemsOf(memberOf(place, 'cases'))) {
      const own = readOneDimensionalCase(item);
      rows.push(...checkTheory(own));
      const factor = amplification(solveFlow(own.network));
      for (const candidate of candidates) {
        const rounding = ROUNDING[candidate.name] * factor;
        if (rounding <= MOST_ROUNDING) rows.push(...(await checkTrainer(own, candidate, rounding)));
        else unchecked.push({ case: own.name, reason: tooNear(candidate.name, factor) });
      }
    }
    return { rows, unchecked };
  },
};
