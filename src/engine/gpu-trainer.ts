// Trains a batch on the GPU: a place on a device that survives its loss, steps, measures and weights behind the one interface of
// trainers. Each is a file of its own; this one sees to it that nothing is read while steps are under way.

import { type Batch, type Family, modelOn } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import { scalingOf } from '../core/scalings.ts';
import type { Samples } from '../core/task.ts';
import { type Clock, wallClock } from '../gpu/clock.ts';
import { createGpuMeter } from './gpu-measure.ts';
import { type SeatOptions, takeSeat } from './gpu-seat.ts';
import { createGpuStepper } from './gpu-stepper.ts';
import { readAllWeights, readWeights, writeWeights } from './gpu-weights.ts';
import type { LoadedProgram } from './loaded-program.ts';
import type { PredictorOutputs, Trainer } from './trainer.ts';

export interface GpuTrainerOptions extends SeatOptions {
  readonly family: Family;
  readonly observables: readonly Observable[];
  readonly clock?: Clock;
}

/**
 * F of float32 weights on training and test samples, evaluated in float64: what the network computes, free of further rounding.
 */
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
  const { family, batch, program, observables, clock = wallClock } = options;
  const stepper = createGpuStepper(batch, program, clock);
  const meter = createGpuMeter(family, batch, observables, clock);
  const seat = await takeSeat(options, {
    lost: () => [stepper.lost(), meter.lost()].includes(true),
    resume: stepper.resume,
  });
  const { progress } = stepper;

  /** Runs `work` when no step is under way. */
  const atRest = <T>(work: (loaded: LoadedProgram) => Promise<T>): Promise<T> =>
    seat.steadily(async (loaded) => {
      await stepper.drain();
      return work(loaded);
    });

  return {
    batch,
    info: {
      engine: 'gpu',
      label: `WebGPU, float32${program.form === undefined ? '' : `, ${program.form}`}`,
      adapter: seat.adapter,
      kernel: program.label,
    },
    advance: (horizon, signal) => seat.steadily((loaded) => stepper.advance(loaded, horizon, signal)),
    measure: () => atRest((loaded) => meter.measure(loaded, progress)),
    inspect: (index) =>
      atRest(async (loaded) => {
        const weights = await readWeights(loaded, index);
        const { time, loss } = progress.standing(index);
        const [attempts, accepted, outcome] = [progress.attempts(index), progress.accepted(index), progress.outcome(index)];
        return { time, loss, weights, attempts, accepted, outcome };
      }),
    weights: () =>
      atRest(async (loaded) => {
        const all = await readAllWeights(loaded);
        return all.map((own, n) => (progress.outcome(n) === 'diverged' ? own.fill(Number.NaN) : own));
      }),
    outputs: (index) => atRest(async (loaded) => predictorOf(family, batch, index, await readWeights(loaded, index))),
    replaceWeights: (index, weights) =>
      atRest(async (loaded) => {
        await writeWeights(loaded, index, weights);
        meter.forget();
      }),
    dispose: seat.dispose,
  };
}
