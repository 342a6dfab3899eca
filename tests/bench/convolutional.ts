// The convolutional case of the benchmark: forward, backward and a step of Adam of B networks on the same P images, ours
// against jax-js. Checks both against float64, times them in turns. Formats nothing.

import { blockUntilReady, defaultDevice, grad, init, type Array as JaxArray, jit, lax, nn, numpy as np, vmap } from '@jax-js/jax';
import { convolutional } from '../../shaders/families/convolutional/family.ts';
import { shapeOf } from '../../shaders/families/convolutional/layout.ts';
import type { Batch, Start } from '../../src/core/family.ts';
import type { Value, Values } from '../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { trainingParameters } from '../../src/core/training.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { median } from './probes.ts';

export interface ConvolutionalSpec {
  /** B. */
  readonly networks: number;
  /** P, all of them in every step. */
  readonly samples: number;
  /** Channels h. */
  readonly width: number;
  readonly side: number;
  readonly activation: 'relu' | 'softplus';
}

export interface ConvolutionalTiming {
  readonly contender: string;
  readonly detail: string;
  /** Median milliseconds per step of all networks. */
  readonly milliseconds: number;
  /** Useful GFLOP/s. */
  readonly rate: number;
  /** Worst ‖W − W_true‖/‖W_true − W₀‖ after CHECK_STEPS steps of one network. */
  readonly error: number;
}

const CHECK_STEPS = 2;
const LEARNING_RATE = 1e-3;
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const NO_END = 1e7;
const UNUSED_SAMPLES = 4;

interface Runner {
  readonly name: string;
  readonly detail: string;
  step(count: number): Promise<void>;
  /** Flat weights of the first network. */
  first(): Promise<Float64Array>;
  dispose(): void;
}

function batchOf({ networks, samples, width, side, activation }: ConvolutionalSpec): Batch {
  const chosen: Readonly<Record<string, Value>> = { width, activation, loss: 'squared', learningRate: LEARNING_RATE };
  const values: Values = Object.fromEntries(
    [...convolutional.parameters, ...trainingParameters].map(({ id, default: usual }) => [id, chosen[id] ?? usual]),
  );
  const source = randomSource(1, STREAMS.data);
  const part = (count: number) => ({
    count,
    inputs: Float64Array.from(source.normals(count * side * side), Math.fround),
    targets: source.normals(count).map(Math.sign),
  });
  const starts = Array.from({ length: networks }, (_, seed): Start => ({ seed, draw: 0, values }));
  const few = part(UNUSED_SAMPLES);
  return {
    shape: values,
    data: {
      inputDim: side * side,
      outputDim: 1,
      train: part(samples),
      test: few,
      probe: few,
      image: { side, channels: 1 },
      description: 'standard normal pixels, random signs',
    },
    training: {
      method: 'descent',
      optimiser: 'adam',
      momentum: 0,
      adam: ADAM,
      batchSize: 0,
      maxTime: NO_END * LEARNING_RATE,
      maxSteps: NO_END,
      stop: {},
      checkpoints: [NO_END * LEARNING_RATE],
    },
    starts,
    networks: starts.map((_, network) => ({ cell: network, member: 0, start: network, values })),
    seeds: 1,
  };
}

async function openOurs(batch: Batch): Promise<Runner> {
  const trainer = await openGpuTrainer(convolutional, batch, [], {
    acquire: () => acquireDevice({ features: ['subgroups'] }),
    clock: wallClock,
    tune: true,
  });
  let taken = 0;
  return {
    name: 'phase-atlas',
    detail: trainer.info.kernel,
    async step(count) {
      taken += count;
      while ((await trainer.advance(taken * LEARNING_RATE)).unfinished > 0);
    },
    first: async () => (await trainer.inspect(0)).weights,
    dispose: () => trainer.dispose(),
  };
}

/** vmap over networks of jax-js's own convolutions and reverse mode, one jitted step with Adam. */
async function openJax(batch: Batch): Promise<Runner> {
  const device = 'webgpu';
  if (!(await init(device)).includes(device)) throw new Error(`jax-js: expected the device ${device}`);
  defaultDevice(device);
  const { data, networks } = batch;
  const shape = shapeOf(batch.shape, data.image, 1);
  const { width, convolutions, beta, factor } = shape;
  const model = convolutional.model(batch.shape, data.inputDim, 1, undefined, data.image);
  const draws = batch.starts.map((start) => model.draw(start, data));
  const P = data.train.count;
  const B = networks.length;
  const array = (values: ArrayLike<number>, dims: number[]) => np.array(Float32Array.from(values), { shape: dims, device });
  // Ours are (in, 5, 5, out), jax-js wants (out, in, 5, 5).
  const kernels = convolutions.map(({ inChannels }, layer) => {
    const { offset, length } = model.layers[layer];
    const all = new Float32Array(B * length);
    draws.forEach((draw, b) => {
      for (let row = 0; row < inChannels * 25; row++) {
        for (let k = 0; k < width; k++) all[b * length + k * inChannels * 25 + row] = draw[offset + row * width + k];
      }
    });
    return array(all, [B, width, inChannels, 5, 5]);
  });
  const output = model.layers[convolutions.length];
  const readout = new Float32Array(B * width);
  draws.forEach((draw, b) => {
    readout.set(draw.subarray(output.offset, output.offset + width), b * width);
  });
  let weights: JaxArray[] = [...kernels, array(readout, [B, width])];
  const inputs = array(data.train.inputs, [P, 1, shape.image.side, shape.image.side]);
  const targets = array(data.train.targets, [P]);
  const activate = (z: JaxArray): JaxArray =>
    shape.activation === 'relu' ? nn.relu(z).mul(factor) : nn.softplus(z.mul(beta)).mul(factor / beta);
  const forward = (w: JaxArray[], x: JaxArray): JaxArray => {
    let a = x;
    convolutions.forEach(({ stride, scale }, layer) => {
      const z = lax.convGeneralDilated(
        a,
        w[layer],
        [stride, stride],
        [
          [1, 1],
          [1, 1],
        ],
      );
      a = activate(z.mul(scale));
    });
    return np
      .matmul(np.mean(a, [2, 3]), w[convolutions.length].reshape([width, 1]))
      .reshape([P])
      .mul(1 / width);
  };
  const start = await vmap((...w: JaxArray[]) => forward(w, inputs.ref), 0)(...weights.map((w) => w.ref)).blockUntilReady();
  const loss = (w: JaxArray[], f0: JaxArray): JaxArray =>
    np.sum(np.square(forward(w, inputs.ref).sub(f0).sub(targets.ref))).mul(width * (0.5 / P));
  const layers = weights.length;
  const gradients = vmap((...all: JaxArray[]) => grad(loss)(all.slice(0, layers), all[layers]) as JaxArray[], 0);
  const { beta1, beta2, epsilon } = ADAM;
  const advance = jit((w: JaxArray[], m: JaxArray[], v: JaxArray[], f0: JaxArray, bias1: JaxArray, bias2: JaxArray) => {
    const g = gradients(...w.map((one) => one.ref), f0) as JaxArray[];
    const mean = m.map((one, i) => one.mul(beta1).add(g[i].ref.mul(1 - beta1)));
    const square = v.map((one, i) => one.mul(beta2).add(np.square(g[i]).mul(1 - beta2)));
    const next = w.map((one, i) =>
      one.sub(
        mean[i].ref
          .div(bias1.ref)
          .div(np.sqrt(square[i].ref.div(bias2.ref)).add(epsilon))
          .mul(LEARNING_RATE),
      ),
    );
    bias1.dispose();
    bias2.dispose();
    return [next, mean, square];
  });
  let means = weights.map((w) => np.zeros(w.shape, { device }));
  let squares = weights.map((w) => np.zeros(w.shape, { device }));
  let taken = 0;
  return {
    name: 'jax-js WebGPU',
    detail: 'jit, vmap of grad',
    async step(count) {
      for (let i = 0; i < count; i++) {
        taken += 1;
        const [bias1, bias2] = [1 - beta1 ** taken, 1 - beta2 ** taken];
        [weights, means, squares] = advance(
          weights,
          means,
          squares,
          start.ref,
          array([bias1], []),
          array([bias2], []),
        ) as JaxArray[][];
      }
      await blockUntilReady(weights);
    },
    async first() {
      const flat = new Float64Array(model.parameterCount);
      for (const [layer, w] of weights.entries()) {
        const values = (await w.ref.data()) as Float32Array;
        const { offset, length } = model.layers[layer];
        const rows = length / width;
        for (let row = 0; row < rows; row++) {
          for (let k = 0; k < width; k++)
            flat[offset + row * width + k] = layer < layers - 1 ? values[k * rows + row] : values[k];
        }
      }
      return flat;
    },
    dispose() {
      for (const one of [...weights, ...means, ...squares, inputs, targets, start]) one.dispose();
      advance.dispose();
    },
  };
}

/** Useful work of one step of one network, floating-point operations. */
function usefulWork(batch: Batch): number {
  const { data } = batch;
  const { convolutions, width } = shapeOf(batch.shape, data.image, 1);
  const perSample = convolutions.map(
    ({ inChannels, outSide }, layer) => (layer === 0 ? 4 : 6) * inChannels * 25 * width * outSide ** 2,
  );
  return data.train.count * perSample.reduce((sum, work) => sum + work, 0);
}

const distance = (a: Float64Array, b: Float64Array) => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));

export async function measureConvolutional(
  spec: ConvolutionalSpec,
  { repeats, only }: { readonly repeats: number; readonly only: readonly string[] },
): Promise<ConvolutionalTiming[]> {
  const batch = batchOf(spec);
  const single = { ...batch, networks: batch.networks.slice(0, 1), starts: batch.starts.slice(0, 1) };
  const reference = createReferenceTrainer(convolutional, single, []);
  const origin = (await reference.inspect(0)).weights.slice();
  while ((await reference.advance(CHECK_STEPS * LEARNING_RATE)).unfinished > 0);
  const truth = (await reference.inspect(0)).weights;
  const runners: (Runner & { readonly times: number[]; error: number })[] = [];
  for (const open of [openOurs, openJax]) {
    const runner = await open(batch);
    if (only.length > 0 && !only.includes(runner.name)) continue;
    await runner.step(CHECK_STEPS);
    const error = distance(await runner.first(), truth) / distance(truth, origin);
    runners.push({ ...runner, times: [], error });
  }
  for (let round = 0; round < repeats; round++) {
    for (const runner of runners) {
      const begin = performance.now();
      await runner.step(2);
      runner.times.push((performance.now() - begin) / 2);
    }
  }
  const flop = usefulWork(batch) * spec.networks;
  return runners.map(({ name, detail, times, error, dispose }) => {
    dispose();
    const milliseconds = median(times);
    return { contender: name, detail, milliseconds, rate: flop / (milliseconds * 1e6), error };
  });
}
