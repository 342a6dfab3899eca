// The benchmark's page: checks every contender against float64, then times all of them in turns. Formats nothing: see report.mjs.

import type { Contender, Prepared } from './contender.ts';
import { contenders } from './contenders.ts';
import { measureConvolutional } from './convolutional.ts';
import { median, probePeaks } from './probes.ts';
import {
  type Agreement,
  compareWeights,
  createProblem,
  type Problem,
  type ProblemSpec,
  trueWeights,
  usefulWork,
} from './problem.ts';

import { measureRecurrent } from './recurrent.ts';

/** Largest relative error of the weights after CHECK_STEPS steps. float32 rounding and gates near 0 stay well below. */
const TOLERANCE = 1e-4;
const CHECK_STEPS = 5;
const CHECKED_NETWORKS = 4;

export interface Options {
  /** Rounds; in each every contender is timed once. */
  readonly repeats: number;
  /** Milliseconds that one timing should take. */
  readonly budgetMs: number;
  /** Names to include; empty: all. */
  readonly only: readonly string[];
}

export interface Timing {
  readonly contender: string;
  readonly detail: string;
  readonly check: Agreement | null;
  /** Steps per timing. */
  readonly steps: number;
  /** Milliseconds per step of all networks, one per round. */
  readonly milliseconds: readonly number[];
  /** Median useful GFLOP/s; null where it failed. */
  readonly rate: number | null;
  readonly failure: string | null;
}

export interface Row {
  readonly problem: ProblemSpec;
  readonly flopPerStep: number;
  readonly timings: readonly Timing[];
}

interface Runner {
  readonly contender: Contender;
  prepared: Prepared | null;
  check: Agreement | null;
  steps: number;
  failure: string | null;
  readonly milliseconds: number[];
}

async function timed(prepared: Prepared, steps: number): Promise<number> {
  const begin = performance.now();
  await prepared.step(steps);
  return (performance.now() - begin) / steps;
}

/** Checks against float64, then finds how many steps fill the budget. */
async function ready(runner: Runner, problem: Problem, truth: readonly Float64Array[], budgetMs: number): Promise<void> {
  const prepared = await runner.contender.prepare(problem);
  runner.prepared = prepared;
  await prepared.step(CHECK_STEPS);
  runner.check = compareWeights(problem, await prepared.weights(truth.length), truth);
  if (!(runner.check.error <= TOLERANCE)) {
    throw new Error(
      `weights after ${CHECK_STEPS} steps: expected a relative error up to ${TOLERANCE}, got ${runner.check.error}`,
    );
  }
  await timed(prepared, 2);
  // Twice: schedulers that start small need a run of the full length before they are at speed.
  runner.steps = 3;
  for (let i = 0; i < 2; i++) {
    runner.steps = Math.max(1, Math.min(1000, Math.round(budgetMs / (await timed(prepared, runner.steps)))));
  }
}

async function measure(spec: ProblemSpec, { repeats, budgetMs, only }: Options): Promise<Row> {
  const problem = createProblem(spec, 1);
  const truth = trueWeights(problem, CHECK_STEPS, Math.min(CHECKED_NETWORKS, spec.networks));
  const runners: Runner[] = contenders
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .map((contender) => ({ contender, prepared: null, check: null, steps: 0, failure: null, milliseconds: [] }));
  const attempt = async (runner: Runner, work: () => Promise<void>): Promise<void> => {
    if (runner.failure !== null) return;
    try {
      await work();
    } catch (cause) {
      runner.failure = cause instanceof Error ? cause.message : String(cause);
    }
  };
  for (const runner of runners) await attempt(runner, () => ready(runner, problem, truth, budgetMs));
  for (let round = 0; round < repeats; round++) {
    for (const runner of runners) {
      await attempt(runner, async () => {
        if (runner.prepared !== null) runner.milliseconds.push(await timed(runner.prepared, runner.steps));
      });
    }
  }
  const flopPerStep = usefulWork(spec) * spec.networks;
  const timings = runners.map((runner): Timing => {
    const { contender, prepared, check, steps, failure, milliseconds } = runner;
    const rate = failure === null ? flopPerStep / (median(milliseconds) * 1e6) : null;
    return { contender: contender.name, detail: prepared?.detail ?? '', check, steps, milliseconds, rate, failure };
  });
  for (const { prepared } of runners) prepared?.dispose();
  return { problem: spec, flopPerStep, timings };
}

async function adapterInfo(): Promise<string> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('bench: expected a WebGPU adapter, got none');
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter((word) => word !== '').join(', ');
}

const bench = {
  names: contenders.map(({ name }) => name),
  adapterInfo,
  probePeaks,
  measure,
  measureRecurrent,
  measureConvolutional,
};
export type Bench = typeof bench;

declare global {
  var phaseAtlasBench: Bench | undefined;
}
globalThis.phaseAtlasBench = bench;
