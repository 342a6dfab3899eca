// Trains a batch on the GPU. Sends ranges of networks for some steps each, reads back only their progress records, and comes through
// the loss of the device: state buffers are copied to the CPU every two seconds and go on from there on a new device.

import { type Batch, type Family, modelOn } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import { numberOf } from '../core/parameter.ts';
import { PROGRESS_WORDS, type Program } from '../core/program.ts';
import { scalingOf } from '../core/scalings.ts';
import type { Samples } from '../core/task.ts';
import { TABLEAUX } from '../core/training.ts';
import { createCheckpointer, restoreBuffers } from '../gpu/checkpoint.ts';
import { type Clock, wallClock } from '../gpu/clock.ts';
import type { DeviceLease, GpuError } from '../gpu/device.ts';
import { createGpuMeter } from './gpu-measure.ts';
import { type LoadedProgram, loadProgram, submitStart } from './loaded-program.ts';
import { createPacedSubmits, nextStretch } from './paced-submits.ts';
import { type ProgressReader, readProgress } from './progress-record.ts';
import { flatWeights, storedWeights, storedWords } from './stored-weights.ts';
import type { AdvanceReport, PredictorOutputs, Trainer } from './trainer.ts';

export interface GpuTrainerOptions {
  /** Opens or shares the device; called again after a loss. */
  readonly acquire: () => Promise<DeviceLease>;
  readonly family: Family;
  readonly batch: Batch;
  readonly program: Program;
  readonly observables: readonly Observable[];
  /** Names the buffers: "sweep 1: width 32". */
  readonly label: string;
  readonly clock?: Clock;
}

/** `advance` gives the caller a turn at least this often, ms. */
const TURN_MS = 100;
/** Steps asked of one submit at most; networks that are done earlier leave early. */
const MOST_STEPS = 1 << 16;

/** What a network waits for: nothing; steps to be submitted; the end of submits that should bring it to the horizon. */
const [DONE, WANTED, COVERED] = [0, 1, 2];

/** One program on one device, and everything that must be set up again on the next. */
interface Seat {
  readonly lease: DeviceLease;
  readonly loaded: LoadedProgram;
  readonly silence: () => void;
}

/** F of float32 weights on training and test samples, evaluated in float64: what the network computes, free of further rounding. */
function predictorOf(family: Family, batch: Batch, index: number, weights: Float64Array): PredictorOutputs {
  const { data, shape, networks, starts } = batch;
  const { values, start } = networks[index];
  const model = modelOn(family, shape, data);
  const origin = model.draw(starts[start], data).map(Math.fround);
  const scale = scalingOf(values).outputScale;
  const centred = values.predictor === 'centred' ? 1 : 0;
  const on = ({ inputs }: Samples): Float64Array => {
    const before = model.outputs(origin, inputs);
    return model.outputs(weights, inputs).map((f, n) => scale * (f - centred * before[n]));
  };
  return { train: on(data.train), test: on(data.test) };
}

export async function createGpuTrainer(options: GpuTrainerOptions): Promise<Trainer> {
  const { acquire, family, batch, program, observables, label } = options;
  const clock = options.clock ?? wallClock;
  const count = batch.networks.length;
  const pacer = createPacedSubmits(clock);
  const meter = createGpuMeter(family, batch, observables, clock);
  const checkpointer = createCheckpointer(clock);
  const stages = batch.training.method === 'flow' ? TABLEAUX[batch.training.integrator].stages.length : 1;
  const record = new ArrayBuffer(4 * PROGRESS_WORDS * count);
  const words = new Uint32Array(record);
  const progress: ProgressReader = readProgress(record);
  const pending = new Uint8Array(count).fill(WANTED);
  let horizonNow = -1;
  /** Horizons in the order they were set: steps are clipped to them, so that a replay must meet them too. */
  const horizons: number[] = [];
  let cursor = 0;
  let stepsTaken = 0;
  let failure: GpuError | null = null;
  let disposed = false;

  const stateBuffers = (loaded: LoadedProgram) =>
    new Map(program.buffers.filter(({ state }) => state === true).map(({ name }) => [name, loaded.buffer(name)]));

  async function sit(): Promise<Seat> {
    const lease = await acquire();
    const silence = lease.onError((error) => {
      failure ??= error;
    });
    try {
      const loaded = await loadProgram(lease, batch, program, label, { trainingLater: true });
      submitStart(loaded);
      return { lease, loaded, silence };
    } catch (cause) {
      silence();
      lease.release();
      throw cause;
    }
  }

  function leave(seat: Seat): void {
    seat.silence();
    seat.loaded.dispose();
    seat.lease.release();
  }

  let seat = await sit();

  /** After a loss: a new device, the last checkpoint, and the record of it. */
  async function recover(): Promise<void> {
    const reason = seat.lease.loss?.message ?? '';
    const tooOften = [pacer.lost(), meter.lost()].includes(true);
    leave(seat);
    if (tooOften) {
      disposed = true;
      throw new Error(`gpu: the device was lost too often; stopped. ${reason}`);
    }
    failure = null;
    seat = await sit();
    if (checkpointer.last !== null) restoreBuffers(seat.lease.device, checkpointer.last, stateBuffers(seat.loaded));
    words.set(new Uint32Array(await seat.loaded.readback.read(seat.loaded.buffer('progress'))));
    horizonNow = -1;
    for (const horizon of [...horizons]) {
      while ((await advance(seat.loaded, horizon)).unfinished > 0);
    }
  }

  /** Runs `work`, again after a loss. An error that no call reported is thrown here. */
  async function steadily<T>(work: (loaded: LoadedProgram) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        if (seat.lease.loss !== null) await recover();
        const result = await work(seat.loaded);
        if (failure !== null) throw new Error(`gpu: ${failure.kind} error. ${failure.message}`);
        return result;
      } catch (cause) {
        // A loss shows as a rejected read first; its event follows within a few tasks.
        await Promise.race([seat.lease.lost, new Promise((resolve) => setTimeout(resolve, 50))]);
        if (disposed || seat.lease.loss === null) throw cause;
      }
    }
  }

  /** Steps of a network to the horizon, as far as can be told: those of descent exactly, a flow's by its present step. */
  const stepsTo = (network: number, horizon: number): number => {
    const { method } = batch.training;
    const step = method === 'descent' ? numberOf(batch.networks[network].values, 'learningRate') : progress.step(network);
    const steps = (stages * (horizon - progress.standing(network).time)) / step;
    return Math.max(1, Math.min(MOST_STEPS, Math.ceil(steps - 1e-3)));
  };

  /** Takes over the records of a stretch; returns what was worked on there. */
  function takeRecords(first: number, read: ArrayBuffer): { units: number; steps: number } {
    const fresh = readProgress(read);
    let sum = 0;
    let most = 0;
    for (let n = 0; n < fresh.count; n++) {
      const steps = stages * (fresh.attempts(n) - progress.attempts(first + n));
      sum += steps;
      most = Math.max(most, steps);
    }
    words.set(new Uint32Array(read), PROGRESS_WORDS * first);
    for (let n = first; n < first + fresh.count; n++) pending[n] = progress.pending(n, horizonNow) ? WANTED : DONE;
    stepsTaken += sum;
    return most > 0 ? { units: sum / most, steps: most } : { units: 0, steps: 0 };
  }

  async function advance(loaded: LoadedProgram, horizon: number, signal?: AbortSignal): Promise<AdvanceReport> {
    await loaded.trainReady;
    if (horizon !== horizonNow) {
      await pacer.drain();
      horizonNow = horizon;
      if (!horizons.includes(horizon)) horizons.push(horizon);
      for (let n = 0; n < count; n++) pending[n] = progress.pending(n, horizon) ? WANTED : DONE;
    }
    const end = clock.now() + TURN_MS;
    stepsTaken = 0;
    const buffer = loaded.buffer('progress');
    const bytes = 4 * PROGRESS_WORDS;
    do {
      let waiting = 0;
      let wanted = 0;
      for (let n = 0; n < count; n++) {
        if (pending[n] !== WANTED) continue;
        waiting += 1;
        wanted += stepsTo(n, horizon);
      }
      if (waiting === 0) {
        await pacer.drain();
        if (pending.includes(WANTED)) continue;
        break;
      }
      const plan = pacer.plan(waiting, Math.ceil(wanted / waiting));
      const stretch = nextStretch(pending, cursor, plan.units, loaded.spanCapacity);
      if (stretch === null) continue;
      cursor = stretch.first + stretch.count;
      for (let n = stretch.first; n < cursor; n++) {
        if (pending[n] === WANTED && stepsTo(n, horizon) <= plan.steps) pending[n] = COVERED;
      }
      const { fused } = program.train;
      await pacer.run(
        () => {
          const span = { ...stretch, steps: fused ? plan.steps : 1, horizon };
          loaded.submit(loaded.train, [span], fused ? 1 : plan.steps);
          return loaded.readback.read(buffer, bytes * stretch.first, bytes * stretch.count);
        },
        (read) => takeRecords(stretch.first, read),
      );
      if (checkpointer.due()) await checkpointer.take(loaded.readback, stateBuffers(loaded));
    } while (clock.now() < end && signal?.aborted !== true);
    let unfinished = 0;
    let ahead = 0;
    for (let n = 0; n < count; n++) {
      if (pending[n] === DONE) continue;
      unfinished += 1;
      ahead += horizon - progress.standing(n).time;
    }
    return { unfinished, ahead, steps: stepsTaken };
  }

  const weightBytes = 4 * storedWords(program);

  /** Row `index` of a buffer that is laid out as the weights are, flat. */
  async function rowOf(loaded: LoadedProgram, name: string, index: number): Promise<Float64Array> {
    const stored = await loaded.readback.read(loaded.buffer(name), weightBytes * index, weightBytes);
    return flatWeights(program, new Float32Array(stored));
  }

  /** What stored weights of a network are relative to, flat; null where they are the weights themselves. */
  async function originOf(loaded: LoadedProgram, index: number): Promise<Float64Array | null> {
    const { relativeTo } = program.weights;
    return relativeTo === undefined ? null : rowOf(loaded, relativeTo, batch.networks[index].start);
  }

  async function weightsOf(loaded: LoadedProgram, index: number): Promise<Float64Array> {
    await pacer.drain();
    const origin = await originOf(loaded, index);
    const stored = await rowOf(loaded, program.weights.buffer, index);
    return origin === null ? stored : stored.map((weight, n) => origin[n] + weight);
  }

  return {
    batch,
    info: {
      engine: 'gpu',
      label: `WebGPU, float32${program.form === undefined ? '' : `, ${program.form}`}`,
      adapter: seat.lease.info.adapter,
      kernel: program.label,
    },
    advance: (horizon, signal) => steadily((loaded) => advance(loaded, horizon, signal)),
    measure: () =>
      steadily(async (loaded) => {
        await pacer.drain();
        return meter.measure(loaded, progress);
      }),
    inspect: (index) =>
      steadily(async (loaded) => {
        const weights = await weightsOf(loaded, index);
        const { time, loss } = progress.standing(index);
        const [attempts, accepted, outcome] = [progress.attempts(index), progress.accepted(index), progress.outcome(index)];
        return { time, loss, weights, attempts, accepted, outcome };
      }),
    weights: () =>
      steadily(async (loaded) => {
        await pacer.drain();
        const words = weightBytes / 4;
        const rowsOf = async (name: string) => {
          const stored = new Float32Array(await loaded.readback.read(loaded.buffer(name)));
          return (row: number) => flatWeights(program, stored.subarray(row * words, (row + 1) * words));
        };
        const stored = await rowsOf(program.weights.buffer);
        const { relativeTo } = program.weights;
        const origins = relativeTo === undefined ? null : await rowsOf(relativeTo);
        return batch.networks.map(({ start }, n) => {
          const own = stored(n);
          if (progress.outcome(n) === 'diverged') return own.fill(Number.NaN);
          const origin = origins?.(start);
          return origin === undefined ? own : own.map((weight, i) => origin[i] + weight);
        });
      }),
    outputs: (index) => steadily(async (loaded) => predictorOf(family, batch, index, await weightsOf(loaded, index))),
    replaceWeights: (index, weights) =>
      steadily(async (loaded) => {
        await pacer.drain();
        const buffer = loaded.buffer(program.weights.buffer);
        const origin = await originOf(loaded, index);
        const stored = origin === null ? weights : weights.map((weight, n) => weight - origin[n]);
        seat.lease.device.queue.writeBuffer(buffer, weightBytes * index, storedWeights(program, stored));
        meter.forget();
      }),
    dispose() {
      if (disposed) return;
      disposed = true;
      leave(seat);
    },
  };
}
