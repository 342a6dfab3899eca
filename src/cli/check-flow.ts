// Checks `flow-trajectories`: fully connected networks under gradient flow with the soft hinge, weights and data given.

import { activationOf } from '../../shaders/lib/activations.ts';
import { kernelChange } from '../../shaders/observables/kernel-change.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import { weightChange } from '../../shaders/observables/weight-change.ts';
import { InputError } from '../core/errors.ts';
import type { Batch } from '../core/family.ts';
import type { Values } from '../core/parameter.ts';
import type { TaskData } from '../core/task.ts';
import { activationNamed, flowBatch } from './case-batch.ts';
import {
  integerOf,
  isObject,
  itemsOf,
  matrixOf,
  memberOf,
  type Place,
  positiveOf,
  stringOf,
  timesOf,
  vectorOf,
} from './case-json.ts';
import { type Candidate, type CaseSchema, type CheckRow, compare } from './check-rows.ts';

/** Error as a share of the largest expected value, as the case files suggest: [smooth, kinked activation]. */
const TOLERANCES = { reference: [1e-5, 1e-4], gpu: [2e-3, 1e-2] } as const;
/**
 * Local error per step, relative to the distance moved: [smooth, kinked activation]. Far below the tolerances, but float32 rounds
 * near 1e-7, and a step across a kink of ReLU shrinks in proportion until it counts as stalled at 2⁻²² of the time.
 */
const STEP_TOLERANCE = { reference: [1e-9, 1e-6], gpu: [1e-5, 1e-5] } as const;

interface FlowCase {
  readonly name: string;
  /** 1 for activations with a kink, 0 for smooth ones: index into the tolerances. */
  readonly kinked: 0 | 1;
  readonly batch: (name: Candidate['name']) => Batch;
  /** Training times t = t_code/h. */
  readonly times: readonly number[];
  readonly expected: Readonly<
    Record<'loss' | 'f_train' | 'f_test' | 'ntk_change' | 'weight_change' | 'margin_min', Float64Array>
  >;
  readonly targets: Float64Array;
}

function readCase(place: Place): FlowCase {
  const at = (key: string) => memberOf(place, key);
  const [depth, width, inputDim] = [integerOf(at('depth'), 1), integerOf(at('width'), 1), integerOf(at('inputDim'), 1)];
  const activation = activationNamed(at('activation'));
  const values: Values = {
    width,
    depth,
    activation,
    activationBeta: positiveOf(at('activationBeta')),
    normalisation: positiveOf(at('activationFactor')),
    parametrisation: 'mean-field',
    bias: 0,
    outputScale: positiveOf(at('alpha')),
    predictor: 'centred',
    initScale: 1,
    initScaleOutput: 1,
    loss: 'softHinge',
    lossBeta: positiveOf(at('lossBeta')),
    learningRate: 1,
    learningRateRatio: 1,
  };
  const kinked = activationOf(activation).kinked ? 1 : 0;
  const samples = (part: 'train' | 'test') => {
    const count = itemsOf(at(`x_${part}`)).length;
    return { count, inputs: matrixOf(at(`x_${part}`), count, inputDim), targets: vectorOf(at(`y_${part}`), count) };
  };
  const [train, test] = [samples('train'), samples('test')];
  const data: TaskData = { inputDim, outputDim: 1, train, test, probe: test, description: 'case file' };
  const matrices = itemsOf(at('weights'));
  if (matrices.length !== depth + 1)
    throw new InputError(at('weights').where, `expected ${depth + 1} matrices, got ${matrices.length}`);
  const weights = Float64Array.from(
    matrices.flatMap((matrix, layer) => [...matrixOf(matrix, layer === depth ? 1 : width, layer === 0 ? inputDim : width)]),
  );
  // The code's time is h times ours: see Model.gain.
  const times = Array.from(timesOf(at('times')), (time) => time / width);
  const checkpoints = times.filter((time) => time > 0);
  const expected = (key: string, columns = 1) => vectorOf(memberOf(at('expected'), key), times.length * columns);
  return {
    name: stringOf(at('name')),
    kinked,
    times,
    targets: train.targets,
    batch: (name) =>
      flowBatch({ values, data, weights, checkpoints, tolerance: STEP_TOLERANCE[name][kinked], maxSteps: 10_000_000 }),
    expected: {
      loss: expected('loss'),
      f_train: expected('f_train', train.count),
      f_test: expected('f_test', test.count),
      ntk_change: expected('ntk_change'),
      weight_change: expected('weight_change'),
      margin_min: expected('margin_min'),
    },
  };
}

async function checkCase(own: FlowCase, { name, open }: Candidate): Promise<CheckRow[]> {
  const trainer = await open(own.batch(name), [trainingLoss, kernelChange, weightChange]);
  const got: Record<keyof FlowCase['expected'], number[]> = {
    loss: [],
    f_train: [],
    f_test: [],
    ntk_change: [],
    weight_change: [],
    margin_min: [],
  };
  try {
    for (const time of own.times) {
      while (time > 0 && (await trainer.advance(time)).unfinished > 0);
      const { values, outcomes } = await trainer.measure();
      // A network that stopped short of the time has no value there.
      const reached = outcomes[0] === 'running' || outcomes[0] === 'converged';
      const { train, test } = await trainer.outputs(0);
      const kept = (value: number) => (reached ? value : Number.NaN);
      got.loss.push(kept(values[trainingLoss.id][0]));
      got.ntk_change.push(kept(values[kernelChange.id][0]));
      got.weight_change.push(kept(values[weightChange.id][0]));
      got.margin_min.push(
        kept(train.reduce((least, output, n) => Math.min(least, own.targets[n] * output), Number.POSITIVE_INFINITY)),
      );
      got.f_train.push(...train.map(kept));
      got.f_test.push(...test.map(kept));
    }
  } finally {
    trainer.dispose();
  }
  const tolerance = TOLERANCES[name][own.kinked];
  const largestOutput = own.expected.f_train.reduce((most, output) => Math.max(most, Math.abs(output)), 0);
  return (Object.keys(got) as (keyof typeof got)[]).map((quantity) =>
    compare(
      { case: own.name, quantity, trainer: name, tolerance },
      own.expected[quantity],
      got[quantity],
      quantity === 'margin_min' ? largestOutput : undefined,
    ),
  );
}

export const flowTrajectories: CaseSchema = {
  id: 'flow-trajectories',
  summary: 'deep networks under gradient flow: outputs, loss, kernel and weight change over time',
  recognises: (content) => isObject(content) && content.kind === 'flow-trajectories',
  async check(place, candidates) {
    const rows: CheckRow[] = [];
    for (const item of itemsOf(memberOf(place, 'cases'))) {
      const own = readCase(item);
      for (const candidate of candidates) rows.push(...(await checkCase(own, candidate)));
    }
    return { rows, unchecked: [] };
  },
};
