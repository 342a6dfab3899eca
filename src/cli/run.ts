// `phase-atlas run`: trains a sweep headless, writes its result and says what it found. The training itself is the engine's.

import { appendFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkPaired, formatPaired } from '../analysis/paired.ts';
import { checkCaps, PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { InputError, reasonOf } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import { parseSweep } from '../core/parse-sweep.ts';
import { isComplete, type Provenance, resultOf } from '../core/result.ts';
import { labelsOf } from '../core/result-labels.ts';
import type { TheoryRecord } from '../core/result-theory.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';
import type { Snapshot, Timings } from '../engine/snapshot.ts';
import type { Inspection } from '../engine/trainer.ts';
import { theories } from '../theory/registry.ts';
import { version } from '../version.ts';
import { type Console, duration, EXIT, UsageError } from './console.ts';
import { provideFiles } from './own-files.ts';
import { readJson } from './read-json.ts';
import { checkFrozen, type FrozenAt, frozenLines, KERNELS } from './run-frozen.ts';
import { layTheoryBeside, theoryFor, theoryLines } from './run-theory.ts';
import { linesWithoutValue } from './without-value.ts';

export const RUN_HELP = `phase-atlas run SWEEP.json [--out RESULT.json] [--engine gpu|reference] [--theory ID|none]
                [--paired NAME] [--threshold C]… [--frozen initial|final] [--limits default]

  SWEEP.json        a sweep; - reads standard input
  --out FILE        where the result goes; without it the result goes to standard output
  --engine NAME     gpu (WebGPU, float32; the default) or reference (float64 on the CPU, slow)
  --theory ID       the exact theory to solve beside the run: ${theories.map(({ id }) => id).join(', ')}, or none;
                    without it the first that holds for the sweep and predicts what it measures
  --paired NAME     compare the values of one swept parameter seed by seed, in every observable
  --limits default  ask the adapter for WebGPU's default limits only
  --threshold C     kernel change at which the boundary is read, > 0; may be given several times; without it 1 and 0.5
  --frozen KERNEL   trains a slice of the networks once more in float64 with their tangent kernel frozen at its initial or final value
  --quiet           no progress

Prints the fits and boundaries found in the result. Where a theory holds, all its networks are solved from the same starts; for every
observable that both have the largest difference is printed, with its place and both values, and means and differences go into the
result. Ctrl-C stops early and keeps what has been measured.
`;

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly engine: 'gpu' | 'reference';
  readonly limits: 'best' | 'default';
}

/** A run in progress; `timings` tells where its time went, `inspect` opens a network of a cell. */
export type Run = AsyncIterable<Snapshot> & {
  readonly timings?: Timings;
  inspect?(cell: number, seed: number): Promise<Inspection>;
};

/** What `run` needs of the rest of the project. */
export interface RunTools {
  readonly catalog: Catalog;
  /** Theories that may stand beside a run. */
  readonly theories: readonly Theory[];
  /** Trains the sweep; the film of its snapshots is filled in place. */
  open(sweep: Sweep, options: RunOptions): Run | Promise<Run>;
  /** Lines about what the film shows, with the boundary at these kernel changes. */
  report(film: Film, thresholds?: readonly number[]): string;
  /** Calls `stop` on the first Ctrl-C; returns the function that stops listening. */
  onInterrupt(stop: () => void): () => void;
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      engine: { type: 'string', default: 'gpu' },
      theory: { type: 'string' },
      paired: { type: 'string' },
      limits: { type: 'string', default: 'best' },
      threshold: { type: 'string', multiple: true },
      frozen: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    },
  });
  const { engine, limits } = values;
  if (positionals.length !== 1) throw new UsageError(`expected one sweep file, got ${positionals.length}`);
  if (engine !== 'gpu' && engine !== 'reference') throw new UsageError(`--engine: expected gpu or reference, got ${engine}`);
  if (limits !== 'best' && limits !== 'default') throw new UsageError(`--limits: expected default, got ${limits}`);
  const thresholds = values.threshold?.map(Number);
  const wrong = thresholds?.findIndex((threshold) => !(threshold > 0 && Number.isFinite(threshold))) ?? -1;
  if (wrong >= 0) throw new UsageError(`--threshold: expected a number above 0, got ${values.threshold?.[wrong]}`);
  const frozen = KERNELS.find((kernel) => kernel === values.frozen);
  if (values.frozen !== undefined && frozen === undefined) {
    throw new UsageError(`--frozen: expected ${KERNELS.join(' or ')}, got ${values.frozen}`);
  }
  return {
    path: positionals[0],
    out: values.out,
    engine,
    limits,
    theory: values.theory,
    paired: values.paired,
    thresholds,
    frozen,
    quiet: values.quiet,
  } as const;
}

/** One line about where a run stands. */
function progressLine({ progress }: Snapshot): string {
  const { fraction, networksDone, networks, remainingSeconds, message } = progress;
  const rest = remainingSeconds === null ? '' : `, ${duration(remainingSeconds)} left`;
  return `${String(Math.floor(100 * fraction)).padStart(3)} %  ${networksDone}/${networks} networks${rest}  ${message}`;
}

function provenanceOf(snapshot: Snapshot): Provenance {
  const { engine, progress } = snapshot;
  return {
    version,
    engine: engine.label,
    adapter: engine.adapter,
    kernel: engine.kernel,
    created: new Date().toISOString(),
    seconds: progress.elapsedSeconds,
  };
}

/** Where the time went. Compiling goes on beside training, so the shares may add up to more than the whole. */
function timingsLine({ total, ...activities }: Timings): string {
  const shares = Object.entries(activities).map(([name, seconds]) => `${name} ${Math.round((100 * seconds) / total)} %`);
  return `time: ${shares.join(', ')} of ${duration(total)}`;
}

async function save(path: string, text: string, write: typeof writeFile | typeof appendFile = writeFile): Promise<void> {
  try {
    await write(path, text);
  } catch (cause) {
    throw new InputError(path, `expected a file that can be written, got: ${reasonOf(cause)}`);
  }
}

/** Lines about frozen kernels; a run that cannot be asked for weights is a fault of ours. */
function frozenBeside(
  film: Film,
  run: Run,
  at: FrozenAt,
  catalog: Catalog,
  signal: AbortSignal,
  console: Pick<Console, 'progress'> | null,
): Promise<string[]> {
  const { inspect } = run;
  if (inspect === undefined) throw new Error('the run cannot be asked for weights');
  return frozenLines(film, catalog, at, inspect, signal, console);
}

/** Runs the command; its exit code. Throws UsageError and InputError. */
export async function runCommand(args: readonly string[], console: Console, tools: RunTools): Promise<number> {
  const { path, out, engine, limits, theory: wish, paired, thresholds, frozen, quiet } = readArguments(args);
  const sweep = parseSweep(await readJson(path), tools.catalog);
  checkCaps(sweep, PAGE_CAPS);
  if (paired !== undefined) checkPaired(sweep, paired);
  const theory = theoryFor(sweep, tools.theories, wish);
  if (frozen !== undefined) checkFrozen(sweep, tools.catalog);
  await provideFiles(sweep, path);
  // A file that cannot be written is told before the training, not after it.
  if (out !== undefined) await save(out, '', appendFile);

  const stopper = new AbortController();
  const release = tools.onInterrupt(() => stopper.abort());
  let last: Snapshot | null = null;
  let told = false;
  let timings: Timings | undefined;
  let beside: TheoryRecord | null = null;
  let kernels: readonly string[] = [];
  try {
    if (!quiet) console.note(`${cellCount(sweep)} cells × ${sweep.seeds} seeds, ${sweep.training.method}`);
    const run = await tools.open(sweep, { signal: stopper.signal, engine, limits });
    for await (const snapshot of run) {
      timings = run.timings;
      last = snapshot;
      if (!told && snapshot.progress.phase === 'training') {
        told = true;
        const { label, adapter } = snapshot.engine;
        if (!quiet) console.note([label, adapter].filter((text) => text !== '').join(', '));
      }
      if (!quiet) console.progress(progressLine(snapshot), snapshot.progress.fraction);
    }
    if (theory !== null && last !== null && !stopper.signal.aborted) {
      beside = await layTheoryBeside(last.film, theory, tools.catalog, stopper.signal, quiet ? null : console);
    }
    if (frozen !== undefined && last !== null && !stopper.signal.aborted) {
      kernels = await frozenBeside(last.film, run, frozen, tools.catalog, stopper.signal, quiet ? null : console);
    }
  } catch (cause) {
    // An interrupted run keeps what it has; whatever else ended it is told.
    if (!stopper.signal.aborted) throw cause;
  } finally {
    release();
  }
  if (last === null) {
    if (stopper.signal.aborted) return EXIT.interrupted;
    throw new Error('the run ended before it began');
  }

  const { film } = last;
  const observables = tools.catalog.observables.filter(({ id }) => sweep.observables.includes(id));
  const json = `${JSON.stringify(resultOf(film, observables, provenanceOf(last), beside, labelsOf(sweep, tools.catalog)))}\n`;
  const compared = theory === null || beside === null ? [] : theoryLines(film, theory, beside, observables);
  const pairs = paired === undefined ? [] : [formatPaired(film, observables, paired).trimEnd()];
  const found = tools.report(film, thresholds).trimEnd();
  const report = [found, ...linesWithoutValue(film, observables), ...kernels, ...compared, ...pairs].join('\n');
  if (out === undefined) {
    console.print(json.trimEnd());
    console.note(report);
  } else {
    await save(out, json);
    console.print(report);
    if (!quiet) console.note(`result written to ${out} after ${duration(last.progress.elapsedSeconds)}`);
  }
  if (!quiet && timings !== undefined) console.note(timingsLine(timings));
  if (!isComplete(film)) {
    console.note('The run stopped early: the result holds what had been measured.');
    return EXIT.interrupted;
  }
  if (beside !== null && stopper.signal.aborted) {
    console.note('The theory stopped early: the result holds what it had solved.');
    return EXIT.interrupted;
  }
  return EXIT.ok;
}
