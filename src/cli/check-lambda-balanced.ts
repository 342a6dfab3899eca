// Checks `lambda-balanced`: the exact solution and both trainers against two-layer linear networks under gradient flow.

import { kernelDistance } from '../../shaders/observables/kernel-alignment.ts';
import { kernelTrace } from '../../shaders/observables/kernel-trace.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import type { Batch } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import type { Values } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { TaskData } from '../core/task.ts';
import { taskFrames } from '../theory/lambda-balanced/eigen-system.ts';
import { createMeter, MEASURE_COUNT, MEASURES } from '../theory/lambda-balanced/measures.ts';
import { type BalancedSolution, type SharedTask, shareTask, solveBalanced } from '../theory/lambda-balanced/solution.ts';
import { flowBatch, LINEAR_VALUES } from './case-batch.ts';
import { isObject, itemsOf, memberOf } from './case-json.ts';
import { type Candidate, type CaseSchema, type CheckRow, type Computer, compare, type Unchecked } from './check-rows.ts';
import { type LambdaBalancedCase, MATRICES, NUMBERS, readLambdaBalancedCase } from './lambda-balanced-case.ts';

/** Errors of the trainers, relative; the theory's stand in the files. */
const TOLERANCES = { reference: 1e-8, gpu: 2e-4 } as const;
/** Local error per step of the flow, relative to the distance moved. */
const STEP_TOLERANCE = { reference: 1e-13, gpu: 1e-6 } as const;
/**
 * What each computer does to weights on its way, relative: the closed form takes for rounding what is
 * below, trainers round and step.
 */
const DISTURBANCE = { theory: 2 ** -44, reference: 1e-13, gpu: 2 ** -23 } as const;
/** Share of its tolerance by which that may move the exact solution: beyond it a time is not compared. */
const MOST_DISTURBED = 0.25;
/** Steps of a trainer beyond which a case is left out: see `stepsOf`. */
const MOST_STEPS = { reference: 1_000_000, gpu: 1_000_000 } as const;
/** ω T of one step at the end of training, where the integrator's stability bounds it. */
const LARGEST_STEP = 3;
/**
 * Kernel distances below these are compared with them: single precision knows a kernel to 1e-7, and its distance from the start
 * no better. Those of a closed form are compared to `CLOSED_DISTANCE` besides their relative tolerance.
 */
const LEAST_DISTANCE = { reference: 1e-6, gpu: 1e-3 } as const;
const CLOSED_DISTANCE = 1e-11;
/**
 * Parts of matrices below this share of what they were at most are compared with it: integrators bound the error of all weights.
 */
const LEAST_SHARE = 1e-3;
/** Probe entries (sample, output) up to which kernels are measured by the trainer; from its weights beyond. */
const MOST_PROBE_ENTRIES = 256;
/** Residual of a start that counts as balanced, and the λ that its file may be off by, over the size of the weights. */
const BALANCED = 1e-8;

/** All quantities of a case by time. */
interface Course {
  readonly matrices: Record<(typeof MATRICES)[number], Float64Array[]>;
  readonly numbers: Record<(typeof NUMBERS)[number], number[]>;
}

const emptyCourse = (): Course => ({
  matrices: { W2W1: [], W1tW1: [], W2W2t: [] },
  numbers: { ntk_distance: [], ntk_trace_over_P: [], loss: [] },
});

const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** Worst relative Frobenius error over the times; `floor` is the least share of the largest norm that errors are relative to. */
function compareMatrices(
  where: Pick<CheckRow, 'case' | 'quantity' | 'trainer' | 'tolerance'>,
  expected: readonly Float64Array[],
  got: readonly Float64Array[],
  floor: number,
): CheckRow {
  const sizes = expected.map(norm);
  const least = floor * sizes.reduce((most, size) => Math.max(most, size), 0);
  let error = -1;
  let worst = { index: 0, expected: expected[0][0], got: got[0][0] };
  got.forEach((matrix, n) => {
    const difference = matrix.map((value, at) => value - expected[n][at]);
    const unit = Math.max(sizes[n], least) || 1;
    const relative = norm(difference) / unit;
    const own = Number.isFinite(relative) ? relative : Number.POSITIVE_INFINITY;
    if (!(own > error)) return;
    error = own;
    const at = difference.reduce((most, value, index) => (Math.abs(value) > Math.abs(difference[most]) ? index : most), 0);
    worst = { index: n * matrix.length + at, expected: expected[n][at], got: matrix[at] };
  });
  return { ...where, error, share: error / where.tolerance, worst };
}

/** The rows of a course, which may end before the case does. */
function rowsOf(own: LambdaBalancedCase, trainer: Computer, course: Course): CheckRow[] {
  const closed = trainer === 'theory';
  const tolerance = closed ? own.tolerance : TOLERANCES[trainer];
  const where = (quantity: string) => ({ case: own.name, quantity, trainer, tolerance });
  const count = course.numbers.loss.length;
  const scales: Readonly<Record<(typeof NUMBERS)[number], number>> = {
    ntk_distance: closed ? Math.max(...own.numbers.ntk_distance) + CLOSED_DISTANCE / tolerance : LEAST_DISTANCE[trainer],
    ntk_trace_over_P: 0,
    // Trained losses are those of differences from Σ.
    loss: closed ? 1 : norm(own.sigma) ** 2 / 2,
  };
  return [
    ...MATRICES.map((key) =>
      compareMatrices(where(key), own.matrices[key].slice(0, count), course.matrices[key], closed ? 0 : LEAST_SHARE),
    ),
    ...NUMBERS.map((key) => compare(where(key), own.numbers[key].subarray(0, count), course.numbers[key], scales[key])),
  ];
}

/** The exact course at the first `count` times. */
function theoryCourse({ times }: LambdaBalancedCase, solution: BalancedSolution, count: number): Course {
  const course = emptyCourse();
  const found = new Float64Array(MEASURE_COUNT);
  for (const time of times.slice(0, count)) {
    const { product, inputGram, outputGram } = solution.matrices(time);
    course.matrices.W2W1.push(product);
    course.matrices.W1tW1.push(inputGram);
    course.matrices.W2W2t.push(outputGram);
    solution.measure(time, found);
    course.numbers.ntk_distance.push(found[MEASURES.kernelDistance]);
    course.numbers.ntk_trace_over_P.push(found[MEASURES.kernelTrace]);
    course.numbers.loss.push(found[MEASURES.loss]);
  }
  return course;
}

/**
 * Number of times that a computer can know: up to there the exact solution moves by less than a share of the tolerance when its
 * start is disturbed as much as that computer disturbs weights. Networks on a saddle (λ = 0) escape from it by rounding alone.
 */
function knowableTimes(own: LambdaBalancedCase, shared: SharedTask, exact: BalancedSolution, trainer: Computer): number {
  const tolerance = trainer === 'theory' ? own.tolerance : TOLERANCES[trainer];
  const random = randomSource(0, STREAMS.bootstrap);
  const disturbed = (weights: Float64Array) => weights.map((weight) => weight * (1 + DISTURBANCE[trainer] * random.normal()));
  const other = solveBalanced(shared, {
    width: own.width,
    input: disturbed(own.input),
    output: disturbed(own.output),
  });
  const keys = ['product', 'inputGram', 'outputGram'] as const;
  const floor = trainer === 'theory' ? 0 : LEAST_SHARE;
  const courses = own.times.map((time) => [exact.matrices(time), other.matrices(time)] as const);
  const moved = keys.map((key) => {
    const sizes = courses.map(([undisturbed]) => norm(undisturbed[key]));
    const least = floor * Math.max(...sizes);
    return courses.map(([a, b], n) => norm(a[key].map((value, at) => value - b[key][at])) / (Math.max(sizes[n], least) || 1));
  });
  const first = own.times.findIndex((time, n) => time > 0 && moved.some((by) => by[n] > MOST_DISTURBED * tolerance));
  return first < 0 ? own.times.length : first;
}

/**
 * The case as a batch of one network on whitened one-hot inputs √N_i e_n, whose training time is T and
 * whose mean loss is the case's.
 */
function batchOf(own: LambdaBalancedCase, name: Candidate['name'], times: readonly number[]): Batch {
  const { inputDim, outputDim, width, sigma } = own;
  const values: Values = {
    ...LINEAR_VALUES,
    width,
  };
  const root = Math.sqrt(inputDim);
  const samples = {
    count: inputDim,
    inputs: Float64Array.from({ length: inputDim * inputDim }, (_, at) => (at % (inputDim + 1) === 0 ? root : 0)),
    targets: Float64Array.from(
      { length: inputDim * outputDim },
      (_, at) => root * sigma[(at % outputDim) * inputDim + Math.floor(at / outputDim)],
    ),
  };
  const data: TaskData = { inputDim, outputDim, train: samples, test: samples, probe: samples, description: 'case file' };
  const checkpoints = times.filter((time) => time > 0);
  return flowBatch({
    values,
    data,
    weights: Float64Array.of(...own.input, ...own.output),
    checkpoints,
    tolerance: STEP_TOLERANCE[name],
    maxSteps: 4_000_000_000,
  });
}

/** Steps that a trainer needs at least: the fastest rate ‖W₁‖² + ‖W₂‖² bounds them by stability. */
function stepsOf({ times }: LambdaBalancedCase, exact: BalancedSolution): number {
  const end = times[times.length - 1];
  const [first, second] = exact.spectrum(end);
  return (end * (first[0] ** 2 + second[0] ** 2)) / LARGEST_STEP;
}

/** a bᵀ-like products of flat weights, written out: `sum(i, j)` over `inner`. */
function products(rows: number, columns: number, inner: number, term: (i: number, j: number, k: number) => number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += term(i, j, k);
    return sum;
  });
}

async function checkTrainer(own: LambdaBalancedCase, candidate: Candidate, count: number): Promise<CheckRow[]> {
  const { inputDim, outputDim, width } = own;
  const times = own.times.slice(0, count);
  const measured = inputDim * outputDim <= MOST_PROBE_ENTRIES;
  const observables: Observable[] = measured ? [trainingLoss, kernelDistance, kernelTrace] : [trainingLoss];
  const trainer = await candidate.open(batchOf(own, candidate.name, times), observables);
  const split = width * inputDim;
  const meter = createMeter(new Float64Array(Math.min(inputDim, outputDim)), inputDim, outputDim, null);
  const factorOf = (weights: Float64Array) => ({
    columns: width,
    input: products(inputDim, width, 1, (i, j) => weights[j * inputDim + i]),
    output: weights.slice(split),
  });
  const origin = meter.origin(factorOf(Float64Array.of(...own.input, ...own.output)), width);
  const numbers = new Float64Array(MEASURE_COUNT);
  const course = emptyCourse();
  try {
    for (const time of times) {
      while (time > 0 && (await trainer.advance(time)).unfinished > 0);
      const { values } = await trainer.measure();
      const { weights, outcome } = await trainer.inspect(0);
      // A network that stopped short of the time has no value there.
      const unit = outcome === 'running' || outcome === 'converged' ? 1 : Number.NaN;
      const first = (i: number, k: number) => weights[k * inputDim + i] * unit;
      const second = (i: number, k: number) => weights[split + i * width + k];
      course.matrices.W2W1.push(products(outputDim, inputDim, width, (i, j, k) => second(i, k) * first(j, k)));
      course.matrices.W1tW1.push(products(inputDim, inputDim, width, (i, j, k) => first(i, k) * first(j, k)));
      course.matrices.W2W2t.push(products(outputDim, outputDim, width, (i, j, k) => unit * second(i, k) * second(j, k)));
      meter.measure(factorOf(weights), width, origin, numbers);
      const at = (observable: Observable, other: number) => unit * (measured ? values[observable.id][0] : other);
      course.numbers.ntk_distance.push(at(kernelDistance, numbers[MEASURES.kernelDistance]));
      course.numbers.ntk_trace_over_P.push(at(kernelTrace, numbers[MEASURES.kernelTrace]));
      course.numbers.loss.push(unit * values[trainingLoss.id][0]);
    }
  } finally {
    trainer.dispose();
  }
  return rowsOf(own, candidate.name, course);
}

const NAMES = { theory: 'the closed form', reference: 'float64', gpu: 'float32' } as const;

async function checkCase(own: LambdaBalancedCase, candidates: readonly Candidate[], rows: CheckRow[], unchecked: Unchecked[]) {
  const shared = shareTask(taskFrames(own.sigma, own.inputDim, own.outputDim));
  const { input, output, width, balance } = own;
  const exact = solveBalanced(shared, { input, output, width, balance });
  const { residual, size } = exact.measured;
  const leaveOut = (reason: string) => unchecked.push({ case: own.name, reason });
  const holds = residual <= BALANCED && Math.abs(exact.measured.balance - balance) <= BALANCED * Math.max(size, 1e-300);
  if (!holds) {
    leaveOut(
      residual <= BALANCED
        ? `its start has balance ${exact.measured.balance}, not ${balance}: the closed form is not compared`
        : `its start misses W₂ᵀW₂ − W₁W₁ᵀ = λ by ${residual.toPrecision(2)} of its size: the closed form does not hold`,
    );
  }
  for (const computer of ['theory', ...candidates] as const) {
    const name = computer === 'theory' ? computer : computer.name;
    if (name === 'theory' && !holds) continue;
    const count = holds ? knowableTimes(own, shared, exact, name) : own.times.length;
    if (count < own.times.length) {
      leaveOut(
        `from T = ${own.times[count].toPrecision(3)} on rounding decides when it leaves a saddle: not compared with ${NAMES[name]}`,
      );
    }
    if (count === 0) continue;
    if (computer === 'theory') {
      rows.push(...rowsOf(own, name, theoryCourse(own, exact, count)));
      continue;
    }
    const steps = stepsOf(own, exact);
    if (steps <= MOST_STEPS[computer.name]) rows.push(...(await checkTrainer(own, computer, count)));
    else leaveOut(`needs more than ${steps.toExponential(0)} steps: not compared with ${NAMES[name]}`);
  }
}

export const lambdaBalancedCases: CaseSchema = {
  id: 'lambda-balanced',
  summary: 'λ-balanced two-layer linear networks on whitened inputs: exact solution and both trainers',
  recognises: (content) => isObject(content) && content.kind === 'lambda-balanced',
  async check(place, candidates) {
    const rows: CheckRow[] = [];
    const unchecked: Unchecked[] = [];
    for (const item of itemsOf(memberOf(place, 'cases'))) {
      await checkCase(readLambdaBalancedCase(item), candidates, rows, unchecked);
    }
    return { rows, unchecked };
  },
};
