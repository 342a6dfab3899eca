// The benchmark's recurrent row: B networks of N units trained on the same trials by momentum through time, ours against jax-js,
// checked against float64 before they are timed. Run by `run.mjs --recurrent`.

import { blockUntilReady, defaultDevice, grad, init, type Array as JaxArray, jit, nn, numpy as np } from '@jax-js/jax';
import { recurrent } from '../../shaders/families/recurrent/family.ts';
import type { Batch } from '../../src/core/family.ts';
import type { Values } from '../../src/core/parameter.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { tasks } from '../../src/tasks/registry.ts';
import { median } from './probes.ts';

export interface RecurrentSpec {
  /** B, N, trials per step. */
  readonly networks: number;
  readonly width: number;
  readonly trials: number;
}

export interface RecurrentTiming {
  readonly contender: string;
  readonly detail: string;
  /** Largest error of the weights after CHECK_STEPS steps, relative to how far they moved. */
  readonly error: number;
  /** Milliseconds per step of all networks, and useful GFLOP/s. */
  readonly milliseconds: number;
  readonly rate: number;
}

const CHECK_STEPS = 5;
const LEARNING_RATE = 0.003;
const MOMENTUM = 0.9;
const TOLERANCE = 1e-3;

interface Prepared {
  readonly detail: string;
  step(count: number): Promise<void>;
  /** Flat weights of the first network: Wx, Wh, Wo. */
  first(): Promise<ArrayLike<number>>;
  dispose(): void;
}

async function batchOf({ networks, width, trials }: RecurrentSpec): Promise<Batch> {
  const task = tasks.find(({ kind }) => kind === 'two-alternative');
  if (task === undefined) throw new Error('bench: no task two-alternative');
  const usual = Object.fromEntries([...recurrent.parameters, ...task.parameters].map(({ id, default: value }) => [id, value]));
  const own = { width, samples: trials, testSamples: 4, probeSamples: 4, kernelTrials: 1, dataSeed: 1 };
  const values: Values = { ...usual, ...own, learningRate: LEARNING_RATE, learningRateRatio: 1, hiddenRate: 1 };
  return {
    shape: values,
    data: await task.load(values, {}),
    training: { method: 'descent', momentum: MOMENTUM, batchSize: 0, maxTime: 1e6, maxSteps: 1e8, stop: {}, checkpoints: [1e6] },
    starts: Array.from({ length: networks }, (_, seed) => ({ seed, draw: 0, values })),
    networks: Array.from({ length: networks }, (_, start) => ({ cell: start, member: 0, start, values })),
    seeds: 1,
  };
}

async function ours(batch: Batch): Promise<Prepared> {
  const acquire = () => acquireDevice({ features: ['subgroups'] });
  const trainer = await openGpuTrainer(recurrent, batch, [], { acquire, clock: wallClock, tune: true });
  let taken = 0;
  return {
    detail: trainer.info.kernel,
    async step(count) {
      taken += count;
      while ((await trainer.advance(taken * LEARNING_RATE)).unfinished > 0);
    },
    first: async () => (await trainer.inspect(0)).weights,
    dispose: () => trainer.dispose(),
  };
}

/** One jitted step of reverse mode over batched products, steps written out. */
async function jaxJs(batch: Batch): Promise<Prepared> {
  const { sequence, train } = batch.data;
  if (sequence === undefined) throw new Error('bench: no sequence');
  const { steps: T, channels: I, outputs: C } = sequence;
  const [B, P] = [batch.networks.length, train.count];
  const model = recurrent.model(batch.shape, batch.data.inputDim, batch.data.outputDim, sequence);
  const starts = batch.starts.map((start) => model.draw(start, batch.data));
  const N = Number(batch.shape.width);
  await init('webgpu');
  defaultDevice('webgpu');
  const sizes = [
    [N, I],
    [N, N],
    [C, N],
  ] as const;
  const stacked = (layer: number): JaxArray => {
    const { offset, length } = model.layers[layer];
    const all = new Float32Array(B * length);
    for (const [n, flat] of starts.entries()) all.set(flat.subarray(offset, offset + length), n * length);
    return np.array(all, { shape: [B, ...sizes[layer]] });
  };
  // Inputs (T, I, P), one-hot targets (T, C, P).
  const turned = (values: Float64Array, columns: number): JaxArray => {
    const all = new Float32Array(T * columns * P);
    for (let p = 0; p < P; p++) {
      for (let n = 0; n < T * columns; n++) all[n * P + p] = values[p * T * columns + n];
    }
    return np.array(all, { shape: [T, columns, P] });
  };
  const inputs = turned(train.inputs, I);
  const targets = turned(train.targets, C);
  const loss = (weights: JaxArray[], x: JaxArray, y: JaxArray): JaxArray => {
    const [wx, wh, wo] = weights;
    let h: JaxArray | null = null;
    let sum: JaxArray | null = null;
    for (let t = 0; t < T; t++) {
      const drive: JaxArray = np.matmul(wx.ref, x.ref.slice(t));
      h = nn.relu(h === null ? drive : drive.add(np.matmul(wh.ref, h)));
      const own: JaxArray = np.sum(nn.logSoftmax(np.matmul(wo.ref, h.ref), 1).mul(y.ref.slice(t)));
      sum = sum === null ? own : sum.add(own);
    }
    for (const array of [h, wx, wh, wo, x, y]) array?.dispose();
    if (sum === null) throw new Error('bench: no steps');
    return sum.mul(-1 / (T * P));
  };
  const advance = jit((weights: JaxArray[], velocity: JaxArray[], x: JaxArray, y: JaxArray) => {
    const gradients = grad(loss)(
      weights.map((w) => w.ref),
      x,
      y,
    ) as JaxArray[];
    const moved = velocity.map((v, layer) => v.mul(MOMENTUM).add(gradients[layer]));
    return [weights.map((w, layer) => w.sub(moved[layer].ref.mul(LEARNING_RATE))), moved] as [JaxArray[], JaxArray[]];
  });
  let weights = [0, 1, 2].map(stacked);
  let velocity = weights.map((w) => np.zeros(w.shape));
  return {
    detail: 'webgpu, jit, grad',
    async step(count) {
      for (let n = 0; n < count; n++)
        [weights, velocity] = advance(weights, velocity, inputs.ref, targets.ref) as [JaxArray[], JaxArray[]];
      await blockUntilReady(weights);
    },
    async first() {
      const all = await Promise.all(weights.map(async (w) => (await w.ref.data()) as Float32Array));
      return all.flatMap((values, layer) => Array.from(values.subarray(0, sizes[layer][0] * sizes[layer][1])));
    },
    dispose() {
      for (const array of [...weights, ...velocity, inputs, targets]) array.dispose();
      advance.dispose();
    },
  };
}

/** Checks both contenders, then times them in turns. */
export async function measureRecurrent(spec: RecurrentSpec, repeats: number, budgetMs: number): Promise<RecurrentTiming[]> {
  const batch = await batchOf(spec);
  const { steps = 1, channels = 1, outputs = 1 } = batch.data.sequence ?? {};
  const flop = 6 * spec.trials * steps * spec.width * (spec.width + channels + outputs) * spec.networks;
  const reference = createReferenceTrainer(recurrent, { ...batch, networks: batch.networks.slice(0, 1) }, []);
  const start = (await reference.inspect(0)).weights;
  while ((await reference.advance(CHECK_STEPS * LEARNING_RATE)).unfinished > 0);
  const truth = (await reference.inspect(0)).weights;
  const moved = Math.max(...truth.map((w, n) => Math.abs(w - start[n])));
  const runners: { name: string; prepared: Prepared; error: number; steps: number; times: number[] }[] = [];
  for (const [name, open] of [
    ['phase-atlas', ours],
    ['jax-js WebGPU', jaxJs],
  ] as const) {
    const prepared = await open(batch);
    await prepared.step(CHECK_STEPS);
    const got = await prepared.first();
    const error = Math.max(...truth.map((w, n) => Math.abs(w - got[n]))) / moved;
    if (!(error <= TOLERANCE)) throw new Error(`${name}: expected a relative error up to ${TOLERANCE}, got ${error}`);
    runners.push({ name, prepared, error, steps: 3, times: [] });
  }
  const time = async ({ prepared, steps: count }: (typeof runners)[number]): Promise<number> => {
    const begin = performance.now();
    await prepared.step(count);
    return (performance.now() - begin) / count;
  };
  for (const runner of runners) {
    for (let n = 0; n < 2; n++) runner.steps = Math.max(1, Math.min(1000, Math.round(budgetMs / (await time(runner)))));
  }
  for (let round = 0; round < repeats; round++) for (const runner of runners) runner.times.push(await time(runner));
  return runners.map(({ name, prepared, error, times }) => {
    const milliseconds = median(times);
    prepared.dispose();
    return { contender: name, detail: prepared.detail, error, milliseconds, rate: flop / (milliseconds * 1e6) };
  });
}
