// What happens between the stages of a sweep: which data come next, with which weights networks go on. Pure; the session awaits.

import { InputError, quoted } from '../core/errors.ts';
import { type Batch, type Family, type Model, modelOn, type Network } from '../core/family.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Value } from '../core/parameter.ts';
import { MAX_STAGES, RENEWALS } from '../core/parse-stages.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Stage, Sweep } from '../core/sweep.ts';
import { leavesOut, type TaskData } from '../core/task.ts';
import type { Training } from '../core/training.ts';

/** Substreams for what is random when weights are set anew, apart from those of drawn starts: one per draw and stage. */
const RENEWAL_SUBSTREAM = 0x40000000;

/**
 * Number of the stage that trains towards `time`: 0 is the sweep's own task, k is `sweep.stages[k − 1]`.
 * A stage's end belongs to it.
 */
export function stageTowards({ stages }: Pick<Sweep, 'stages'>, time: number): number {
  return stages.filter(({ from }) => from < time).length;
}

/** Training time at which stage `index` begins. */
export function stageStart({ stages }: Pick<Sweep, 'stages'>, index: number): number {
  return index === 0 ? 0 : stages[index - 1].from;
}

/**
 * Training as a stage that begins at `from` sees it: time counts from there. Stop rules and `maxSteps`
 * hold for the stage by itself.
 */
export function trainingFrom(training: Training, from: number): Training {
  if (from === 0) return training;
  const checkpoints = training.checkpoints.filter((time) => time > from).map((time) => time - from);
  return { ...training, maxTime: training.maxTime - from, checkpoints };
}

/** Throws InputError where the data leave outputs out, and the loss knows no such thing. */
export function checkAsked(data: TaskData, loss: Value): void {
  if (loss === 'squared' || !leavesOut(data.train)) return;
  throw new InputError(
    'sweep.fixed.loss',
    `expected "squared" for a task that does not ask for every output of every sample, got ${quoted(loss)}`,
  );
}

/** ½‖y₁ − Bx‖² averaged over samples of the first task, B the teacher of another. */
function taskDistance({ train, inputDim, outputDim }: TaskData, teacher: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < train.count; p++) {
    for (let c = 0; c < outputDim; c++) {
      let difference = train.targets[p * outputDim + c];
      for (let i = 0; i < inputDim; i++) difference -= teacher[c * inputDim + i] * train.inputs[p * inputDim + i];
      sum += difference * difference;
    }
  }
  return sum / (2 * train.count);
}

/**
 * The data of a stage: its own, with the test set that it asks for. `before` are those of the stage before, `first` those of the
 * sweep's own task. Throws InputError where the networks do not fit.
 */
export function stageData(stage: Stage, index: number, own: TaskData, before: TaskData, first: TaskData): TaskData {
  const where = `sweep.stages[${index - 1}]`;
  if (own.inputDim !== before.inputDim) {
    throw new InputError(where, `expected ${before.inputDim} inputs, as the networks have, got ${own.inputDim} from its task`);
  }
  if (stage.head === 'keep' && own.outputDim !== before.outputDim) {
    throw new InputError(
      where,
      `expected ${before.outputDim} outputs, as the networks have, got ${own.outputDim} from its task`,
      'Use head: "new" for other outputs, "extended" for more.',
    );
  }
  if (stage.head === 'extended' && own.outputDim <= before.outputDim) {
    throw new InputError(
      where,
      `expected more than the ${before.outputDim} outputs that the networks have, got ${own.outputDim} from its task`,
      'An extended head adds outputs.',
    );
  }
  if (stage.test === 'own') return own;
  if (own.outputDim !== first.outputDim) {
    throw new InputError(
      `${where}.test`,
      `expected "own" for a task of ${own.outputDim} outputs, got "first", whose task has ${first.outputDim}`,
    );
  }
  const data = { ...own, test: first.train };
  return own.teacher === undefined ? data : { ...data, taskDistance: taskDistance(first, own.teacher) };
}

function allFinite(weights: Float64Array): boolean {
  return weights.every(Number.isFinite);
}

/** The weights with which a network enters a stage as far as its output layer goes, which comes last, its rows outputs. */
function withHead(weights: Float64Array, head: Stage['head'], from: Model, to: Model): Float64Array {
  if (head === 'keep') return weights;
  const output = from.layers[from.layers.length - 1];
  const renewed = new Float64Array(to.parameterCount);
  renewed.set(head === 'new' ? weights.subarray(0, output.offset) : weights);
  return renewed;
}

/**
 * The batch of stage `index` ≥ 1: the networks of the batch before with `weights` (in its order), transformed as the stage
 * says, each its own start.
 */
export function stageBatch(
  family: Family,
  before: Batch,
  sweep: Sweep,
  index: number,
  data: TaskData,
  weights: readonly Float64Array[],
): Batch {
  const stage = sweep.stages[index - 1];
  const shape = { ...before.shape, ...stage.task.values };
  const from = modelOn(family, before.shape, before.data);
  const to = modelOn(family, shape, data);
  const asked = RENEWALS.find((name) => stage[name]);
  const renewal = asked === undefined ? undefined : family.renewals?.[asked];
  const networks: Network[] = before.networks.map((network, n) => {
    return { ...network, start: n, values: { ...network.values, ...stage.task.values } };
  });
  const starts = networks.map(({ values }, n) => {
    const { seed, draw } = before.starts[before.networks[n].start];
    const own = { weights: withHead(weights[n], stage.head, from, to), values };
    // A diverged network has no weights to renew, and diverges again at once.
    if (renewal === undefined || !allFinite(own.weights)) return { seed, draw, ...own };
    const random = randomSource(seed, STREAMS.weights, RENEWAL_SUBSTREAM + draw * MAX_STAGES + index);
    return { seed, draw, ...renewal.renew({ ...own, model: to, random }) };
  });
  return {
    shape,
    data,
    training: trainingFrom(sweep.training, stage.from),
    starts,
    networks,
    seeds: before.seeds,
    ...(stage.frozen.length === 0 ? {} : { frozen: stage.frozen }),
  };
}

/**
 * Networks, in the order of the batch, whose start keeps them from their task; `earlier` are those of the stage before, which
 * stay what they were: what they learn later began from a failure. Only square maps are asked about.
 */
export function excludedNetworks(family: Family, batch: Batch, earlier?: readonly (Outcome | null)[]): (Outcome | null)[] {
  const { starts, networks, data } = batch;
  const { obstruction } = family;
  const kept = networks.map((_, n) => earlier?.[n] ?? null);
  const frozen = (batch.frozen ?? []).length > 0;
  if (obstruction === undefined || frozen || data.inputDim !== data.outputDim) return kept;
  const model = modelOn(family, batch.shape, data);
  const obstructed = starts.map((start) => obstruction(start.values, model.draw(start, data), data));
  return kept.map((outcome, n) => outcome ?? (obstructed[networks[n].start] ? 'obstructed' : null));
}
