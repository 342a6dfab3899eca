// Trains a batch in float64, network by network: the truth, and the engine where there is no GPU. Knows no architecture;
// rules of stepping are core's, sums are reference-measure's.

import { lossOf } from '../../shaders/lib/losses.ts';
import { sequenceLoss } from '../../shaders/lib/sequence-loss.ts';
import { type Batch, type Family, modelOn } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import { waits } from '../core/stepping.ts';
import { predictorOn } from './reference-elements.ts';
import { createMeter } from './reference-measure.ts';
import { openNetwork, openStart, type Shared, stepNetwork } from './reference-network.ts';
import type { EngineInfo, Measured, Trainer } from './trainer.ts';

/** Work of one call of `advance`, in floating-point operations: some tens of milliseconds of plain code. */
const FLOPS_PER_SLICE = 2e7;
/** Attempts of one network before the next has its turn. */
const STEPS_PER_TURN = 16;

const REFERENCE_INFO: EngineInfo = {
  engine: 'reference',
  label: 'reference, float64, slow',
  adapter: '',
  kernel: 'plain loops',
};

/** Gives the event loop a turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** The float64 trainer of a batch; `observables` are what `measure` gives. */
export function createReferenceTrainer(family: Family, batch: Batch, observables: readonly Observable[]): Trainer {
  const { data, training, shape } = batch;
  const shared: Shared = {
    model: modelOn(family, shape, data),
    data,
    training,
    loss: sequenceLoss(lossOf(choiceOf(shape, 'loss')), data.sequence),
    lossBeta: typeof shape.lossBeta === 'number' ? shape.lossBeta : 1,
    ...(family.mostLoss === undefined ? {} : { mostLoss: family.mostLoss }),
    ...(batch.frozen === undefined ? {} : { frozen: batch.frozen }),
  };
  const starts = batch.starts.map((start) => openStart(start, shared));
  const networks = batch.networks.map((network) => openNetwork(network, starts[network.start]));
  const meter = createMeter(shared, observables);
  const flops = family.flopsPerStep(shape, data, training);
  let turn = 0;

  return {
    batch,
    info: REFERENCE_INFO,

    async advance(horizon, signal) {
      await breathe();
      const running = () => networks.filter(({ state }) => !waits(state, horizon));
      let steps = 0;
      while (signal?.aborted !== true && steps * flops < FLOPS_PER_SLICE && running().length > 0) {
        const own = networks[turn % networks.length];
        turn += 1;
        for (let n = 0; n < STEPS_PER_TURN && stepNetwork(own, shared, horizon); n++) {
          steps += 1;
          if (steps * flops >= FLOPS_PER_SLICE) break;
        }
      }
      const left = running();
      const ahead = left.reduce((sum, { state }) => sum + horizon - state.time, 0);
      const { method, maxTime } = training;
      const stepsAhead = networks
        .filter(({ state }) => !waits(state, maxTime))
        .reduce((sum, { state, network }) => {
          const step = method === 'descent' ? numberOf(network.values, 'learningRate') : state.step;
          return sum + (maxTime - state.time) / step;
        }, 0);
      return { unfinished: left.length, ahead, steps, stepsAhead };
    },

    async measure(): Promise<Measured> {
      const values: Record<string, Float64Array> = {};
      const cells = networks.length / batch.seeds;
      for (const { id, per } of observables) values[id] = new Float64Array(per === 'cell' ? cells : networks.length);
      const put = (found: Readonly<Record<string, number>>, index: number) => {
        for (const [id, value] of Object.entries(found)) values[id][index] = value;
      };
      for (const [index, own] of networks.entries()) {
        put(meter.measureNetwork(own), index);
        await breathe();
      }
      for (let cell = 0; cell < cells; cell++) {
        put(meter.measureCell(networks.slice(cell * batch.seeds, (cell + 1) * batch.seeds)), cell);
      }
      return { values, outcomes: networks.map(({ state }) => state.outcome) };
    },

    async inspect(index) {
      const { state, weights } = networks[index];
      const { time, attempts, accepted, loss, outcome } = state;
      return { time, attempts, accepted, loss, outcome, weights: weights.slice() };
    },

    async weights() {
      return networks.map(({ state, weights }) =>
        state.outcome === 'diverged' ? new Float64Array(weights.length).fill(Number.NaN) : weights.slice(),
      );
    },

    async outputs(index) {
      return { train: predictorOn(shared, networks[index], 'train'), test: predictorOn(shared, networks[index], 'test') };
    },

    async replaceWeights(index, weights) {
      networks[index].weights = weights.slice();
      networks[index].evaluation = null;
    },

    dispose() {
      // Nothing is held outside the heap.
    },
  };
}
