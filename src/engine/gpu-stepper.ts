// Brings all networks of a loaded batch to a horizon: ranges of networks for some steps each, of which only progress records are
// read back. State buffers are copied to the CPU now and then; a new device goes on from there.

import type { Batch } from '../core/family.ts';
import { numberOf } from '../core/parameter.ts';
import { PROGRESS_WORDS, type Program } from '../core/program.ts';
import { TABLEAUX } from '../core/training.ts';
import { createCheckpointer, restoreBuffers } from '../gpu/checkpoint.ts';
import type { Clock } from '../gpu/clock.ts';
import type { LoadedProgram } from './loaded-program.ts';
import { createPacedSubmits, nextStretch, type Worked } from './paced-submits.ts';
import { type ProgressReader, readProgress } from './progress-record.ts';
import type { AdvanceReport } from './trainer.ts';

export interface GpuStepper {
  /** Where networks stand; up to date after `drain`. */
  readonly progress: ProgressReader;
  /** See Trainer.advance. */
  advance(loaded: LoadedProgram, horizon: number, signal?: AbortSignal): Promise<AdvanceReport>;
  /** Waits for all submits under way. */
  drain(): Promise<void>;
  /** The device was lost. True: too often. */
  lost(): boolean;
  /** Goes on from the last checkpoint on a new device, and comes back to the last horizon. */
  resume(loaded: LoadedProgram): Promise<void>;
}

/** `advance` gives the caller a turn at least this often, ms. */
const TURN_MS = 100;
/** Steps asked of one submit at most; networks that are done earlier leave early. */
const MOST_STEPS = 1 << 16;
/** Bytes of a network's progress record. */
const RECORD_BYTES = 4 * PROGRESS_WORDS;

/** What a network waits for: nothing; steps to be submitted; the end of submits that should bring it to the horizon. */
const [DONE, WANTED, COVERED] = [0, 1, 2];

export function createGpuStepper(batch: Batch, program: Program, clock: Clock): GpuStepper {
  const count = batch.networks.length;
  const pacer = createPacedSubmits(clock);
  const checkpointer = createCheckpointer(clock);
  const stages = batch.training.method === 'flow' ? TABLEAUX[batch.training.integrator].stages.length : 1;
  const record = new ArrayBuffer(RECORD_BYTES * count);
  const words = new Uint32Array(record);
  const progress = readProgress(record);
  const pending = new Uint8Array(count).fill(WANTED);
  let horizonNow = -1;
  /** Horizons in the order they were set: steps are clipped to them, so that a replay must meet them too. */
  const horizons: number[] = [];
  let cursor = 0;
  let stepsTaken = 0;

  const stateBuffers = (loaded: LoadedProgram) =>
    new Map(program.buffers.filter(({ state }) => state === true).map(({ name }) => [name, loaded.buffer(name)]));

  /** Steps of a network until `time` if all are as long as its next one: descent's are. Infinity before its first record. */
  function stepsUntil(network: number, time: number): number {
    const { method } = batch.training;
    const step = method === 'descent' ? numberOf(batch.networks[network].values, 'learningRate') : progress.step(network);
    return (stages * (time - progress.standing(network).time)) / step;
  }

  /** Steps to ask for on a network's way to the horizon. */
  function stepsTo(network: number, horizon: number): number {
    return Math.max(1, Math.min(MOST_STEPS, Math.ceil(stepsUntil(network, horizon) - 1e-3)));
  }

  /** Marks which of the networks first … first + many − 1 still have steps to take. */
  function mark(first: number, many: number): void {
    for (let n = first; n < first + many; n++) pending[n] = progress.pending(n, horizonNow) ? WANTED : DONE;
  }

  async function aimAt(horizon: number): Promise<void> {
    await pacer.drain();
    horizonNow = horizon;
    if (!horizons.includes(horizon)) horizons.push(horizon);
    mark(0, count);
  }

  /** Takes over the records of a stretch; returns what was worked on there. */
  function takeRecords(first: number, read: ArrayBuffer): Worked {
    const fresh = readProgress(read);
    let sum = 0;
    let most = 0;
    for (let n = 0; n < fresh.count; n++) {
      const steps = stages * (fresh.attempts(n) - progress.attempts(first + n));
      sum += steps;
      most = Math.max(most, steps);
    }
    words.set(new Uint32Array(read), PROGRESS_WORDS * first);
    mark(first, fresh.count);
    stepsTaken += sum;
    return most > 0 ? { units: sum / most, steps: most } : { units: 0, steps: 0 };
  }

  /** Submits steps of the next networks that wait for some. False: none does. */
  async function submitNext(loaded: LoadedProgram): Promise<boolean> {
    let waiting = 0;
    let wanted = 0;
    for (let n = 0; n < count; n++) {
      if (pending[n] !== WANTED) continue;
      waiting += 1;
      wanted += stepsTo(n, horizonNow);
    }
    if (waiting === 0) return false;
    const { units, steps } = pacer.plan(waiting, Math.ceil(wanted / waiting));
    const stretch = nextStretch(pending, cursor, units, loaded.spanCapacity);
    if (stretch === null) return false;
    cursor = stretch.first + stretch.count;
    for (let n = stretch.first; n < cursor; n++) {
      if (pending[n] === WANTED && stepsTo(n, horizonNow) <= steps) pending[n] = COVERED;
    }
    const { fused } = program.train;
    await pacer.run(
      () => {
        loaded.submit(loaded.train, [{ ...stretch, steps: fused ? steps : 1, horizon: horizonNow }], fused ? 1 : steps);
        return loaded.readback.read(loaded.buffer('progress'), RECORD_BYTES * stretch.first, RECORD_BYTES * stretch.count);
      },
      (read) => takeRecords(stretch.first, read),
    );
    return true;
  }

  async function advance(loaded: LoadedProgram, horizon: number, signal?: AbortSignal): Promise<AdvanceReport> {
    await loaded.trainReady;
    if (horizon !== horizonNow) await aimAt(horizon);
    const end = clock.now() + TURN_MS;
    stepsTaken = 0;
    do {
      if (await submitNext(loaded)) {
        if (checkpointer.due()) await checkpointer.take(loaded.readback, stateBuffers(loaded));
      } else {
        // What is under way may come back with networks that are not there yet after all.
        await pacer.drain();
        if (!pending.includes(WANTED)) break;
      }
    } while (clock.now() < end && signal?.aborted !== true);
    let unfinished = 0;
    let ahead = 0;
    let stepsAhead = 0;
    const { maxTime } = batch.training;
    for (let n = 0; n < count; n++) {
      if (progress.pending(n, maxTime)) stepsAhead += stepsUntil(n, maxTime);
      if (pending[n] === DONE) continue;
      unfinished += 1;
      ahead += horizon - progress.standing(n).time;
    }
    return { unfinished, ahead, steps: stepsTaken, stepsAhead };
  }

  return {
    progress,
    advance,
    drain: () => pacer.drain(),
    lost: () => pacer.lost(),
    async resume(loaded) {
      if (checkpointer.last !== null) restoreBuffers(loaded.arena.device, checkpointer.last, stateBuffers(loaded));
      words.set(new Uint32Array(await loaded.readback.read(loaded.buffer('progress'))));
      horizonNow = -1;
      for (const horizon of [...horizons]) {
        while ((await advance(loaded, horizon)).unfinished > 0);
      }
    },
  };
}
