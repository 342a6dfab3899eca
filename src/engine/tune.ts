// Finds the fastest of a family's programs for a shape on this adapter, by timing a few steps of each. Nobody can know beforehand
// which tile suits a GPU; all programs give the same numbers up to rounding.

import type { Batch, DeviceLimits, Family } from '../core/family.ts';
import type { Clock } from '../gpu/clock.ts';
import type { DeviceLease } from '../gpu/device.ts';
import { type LoadedProgram, loadProgram, spansOf, submitStart } from './loaded-program.ts';

/** Networks in flight while timing: enough to fill the adapter. */
const NETWORKS = { software: 16, hardware: 512 } as const;
/** A timing takes about this long, ms, so that clocks and launches do not matter. */
const TIMING_MS = 20;
const MOST_STEPS = 4096;
const REPEATS = 4;
/** A candidate this much slower than the best so far is not timed again. */
const HOPELESS = 1.5;

/** Fastest program by shape, training and adapter. Kept for the life of the page. */
const chosen = new Map<string, Promise<number>>();

/** What decides about speed: not the weights, not the scales. */
export function tuningKey(family: Family, batch: Batch, lease: DeviceLease): string {
  const { training, data, shape } = batch;
  const form = family.form?.(batch.networks[0].values) ?? '';
  const kind = training.method === 'flow' ? training.integrator : `descent ${training.momentum > 0} ${training.batchSize}`;
  return JSON.stringify([family.id, lease.info.adapter, kind, data.inputDim, data.outputDim, data.train.count, shape, form]);
}

/** Index of the fastest program found for this shape so far, or 0 (the best guess) where nothing was timed. */
export async function knownProgram(key: string): Promise<number> {
  return (await chosen.get(key)) ?? 0;
}

/** Times the programs of a batch, or waits for a timing under way, or takes its result. */
export function tuneProgram(
  key: string,
  family: Family,
  batch: Batch,
  lease: DeviceLease,
  limits: DeviceLimits,
  clock: Clock,
): Promise<number> {
  let known = chosen.get(key);
  if (known === undefined) {
    known = timePrograms(family, batch, lease, limits, clock);
    chosen.set(key, known);
    known.catch(() => chosen.delete(key));
  }
  return known;
}

async function timePrograms(
  family: Family,
  batch: Batch,
  lease: DeviceLease,
  limits: DeviceLimits,
  clock: Clock,
): Promise<number> {
  const most = limits.lanes <= 8 ? NETWORKS.software : NETWORKS.hardware;
  const sample: Batch = { ...batch, networks: batch.networks.slice(0, Math.max(batch.seeds, most)) };
  const programs = family.programs(sample, [], limits);
  if (programs.length === 1) return 0;
  const loaded: LoadedProgram[] = [];
  try {
    for (const program of programs) loaded.push(await loadProgram(lease, sample, program, `timing: ${program.label}`));
    let steps = 1;
    // Long enough that the way to the GPU and back does not count; the same for all.
    while ((await run(loaded[0], steps, clock)) < TIMING_MS && steps < MOST_STEPS) steps *= 2;
    const best = new Array<number>(loaded.length).fill(Number.POSITIVE_INFINITY);
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const leader = Math.min(...best);
      for (const [index, one] of loaded.entries()) {
        if (best[index] <= HOPELESS * leader) best[index] = Math.min(best[index], await run(one, steps, clock));
      }
    }
    return best.indexOf(Math.min(...best));
  } finally {
    for (const one of loaded) one.dispose();
  }
}

/** Time of `steps` steps of all networks from their start, ms. */
async function run(loaded: LoadedProgram, steps: number, clock: Clock): Promise<number> {
  const { batch, program } = loaded;
  const { fused } = program.train;
  submitStart(loaded);
  const progress = loaded.buffer('progress');
  await loaded.readback.read(progress, 0, 4);
  const from = clock.now();
  for (const span of spansOf(batch.networks.length, loaded.spanCapacity)) {
    loaded.submit(loaded.train, [{ ...span, steps: fused ? steps : 1, horizon: batch.training.maxTime }], fused ? 1 : steps);
  }
  await loaded.readback.read(progress, 0, 4);
  return clock.now() - from;
}
