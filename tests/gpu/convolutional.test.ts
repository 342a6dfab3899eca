// Convolutional networks on the GPU against float64: same steps, same weights, same sums.

import { describe, expect, it } from 'vitest';
import { convolutional } from '../../shaders/families/convolutional/family.ts';
import { completeProgram } from '../../shaders/families/convolutional/programs.ts';
import { type ConvolutionalGeometry, optionsOf } from '../../shaders/families/convolutional/train/options.ts';
import { geometriesOf } from '../../shaders/families/convolutional/train/training.ts';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { type Caps, PAGE_CAPS } from '../../src/core/caps.ts';
import type { Observable } from '../../src/core/observable.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { createGpuTrainer } from '../../src/engine/gpu-trainer.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { openSession } from '../../src/engine/session.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import { limitsOf } from '../../src/engine/trainer-source.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { type ConvolutionalRequest, makeConvolutionalBatch } from './convolutional-batch.ts';
import { testDevice, testLimits } from './device.ts';
import { RATES } from './make-batch.ts';

const lease = await testDevice();
const limits = limitsOf(lease);
const acquire = async () => acquireDevice({ gpu: await nodeGpu(), limits: testLimits });
const [software] = geometriesOf({ lanes: 4 });
const [hardware] = geometriesOf({ lanes: 32 });

/** Relative to the distance that the weights moved, after some steps in float32. */
const WEIGHT_TOLERANCE = 1e-4;
/** Rounding of a weight itself in a few float32 steps. */
const ROUNDING = 3e-7;

function open(request: ConvolutionalRequest, geometry: ConvolutionalGeometry, observables: readonly Observable[] = []) {
  const batch = makeConvolutionalBatch(request);
  const terms = observables.flatMap((one) => one.terms);
  const program = completeProgram(batch, optionsOf(batch), geometry, terms, limits);
  const reference = createReferenceTrainer(convolutional, batch, observables);
  return {
    batch,
    reference,
    trainer: createGpuTrainer({ acquire, family: convolutional, batch, program, observables, label: 'test' }),
  };
}

const advance = async (trainer: Trainer, horizon: number) => {
  while ((await trainer.advance(horizon)).unfinished > 0);
};

/** Complaints where weights, losses or steps at the horizons differ from the reference. */
async function compare(request: ConvolutionalRequest, horizons: readonly number[], geometry = software): Promise<string[]> {
  const opened = open({ cells: [{ outputScale: 1 }, RATES], ...request }, geometry);
  const { batch, reference } = opened;
  const { data } = batch;
  const trainer = await opened.trainer;
  const model = convolutional.model(batch.shape, data.inputDim, data.outputDim, undefined, data.image);
  const complaints: string[] = [];
  let worst = 0;
  try {
    for (const horizon of horizons) {
      await advance(reference, horizon);
      await advance(trainer, horizon);
      for (let n = 0; n < batch.networks.length; n++) {
        const [truth, got] = [await reference.inspect(n), await trainer.inspect(n)];
        const start = model.draw(batch.starts[batch.networks[n].start], data);
        const moved = truth.weights.reduce((most, w, i) => Math.max(most, Math.abs(w - start[i])), 0);
        truth.weights.forEach((expected, i) => {
          const share = Math.abs(got.weights[i] - expected) / (WEIGHT_TOLERANCE * moved + ROUNDING * Math.abs(expected));
          worst = Math.max(worst, share);
          if (!(share <= 1))
            complaints.push(`network ${n}, t = ${horizon}, weight ${i}: expected ${expected}, got ${got.weights[i]}`);
        });
        if (got.outcome !== truth.outcome) complaints.push(`network ${n}: expected ${truth.outcome}, got ${got.outcome}`);
        if (Math.abs(got.accepted - truth.accepted) > 0.02 * truth.accepted)
          complaints.push(`network ${n}: expected ${truth.accepted} steps, got ${got.accepted}`);
        if (!(Math.abs(got.loss - truth.loss) <= 1e-4 * truth.loss + 1e-6))
          complaints.push(`network ${n}: expected loss ${truth.loss}, got ${got.loss}`);
      }
    }
  } finally {
    trainer.dispose();
  }
  console.log(`${(100 * worst).toFixed(0)} % of the tolerance`);
  return complaints.slice(0, 8);
}

const adam = { optimiser: 'adam', adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } } as const;

const requests: readonly (readonly [string, ConvolutionalRequest])[] = [
  ['one channel, hinge', { values: { width: 1, activation: 'relu' } }],
  ['three channels, softplus', { values: { width: 3 } }],
  [
    'colour, three outputs, tanh',
    { values: { width: 4, activation: 'tanh', loss: 'squared' }, image: { side: 9, channels: 3 }, outputDim: 3 },
  ],
  [
    'two blocks, 8 channels',
    { values: { width: 8, blocks: 2, activation: 'silu', loss: 'squared' }, image: { side: 19, channels: 1 } },
  ],
];

it.each(requests)('a step of descent and some more follow the float64 reference: %s', async (_, request) => {
  expect(await compare(request, [0.02, 0.1])).toEqual([]);
});

it('so they do in the geometry of a GPU', async () => {
  expect(await compare(requests[2][1], [0.02, 0.1], hardware)).toEqual([]);
});

describe.each([
  ['software', software],
  ['hardware', hardware],
] as const)('in the geometry of %s', (_, geometry) => {
  it('ten steps of Adam on mini-batches', async () => {
    const descent = { ...adam, batchSize: 5 };
    expect(
      await compare({ values: { width: 5, learningRate: 0.01, loss: 'squared' }, samples: 13, descent }, [0.1], geometry),
    ).toEqual([]);
  });
});

describe('training follows the float64 reference', () => {
  it('with momentum, frozen layers and samples that take turns', async () => {
    const blocks = { ...software, blockSamples: 4 };
    const request = { values: { width: 3, loss: 'squared' }, samples: 10, descent: { momentum: 0.5 } } as const;
    expect(await compare(request, [0.1])).toEqual([]);
    expect(await compare(request, [0.1], blocks)).toEqual([]);
    expect(await compare({ ...request, descent: adam, frozen: ['output'] }, [0.1], blocks)).toEqual([]);
    expect(await compare({ ...request, frozen: ['hidden'] }, [0.1])).toEqual([]);
  });

  it.each([
    ['euler', { integrator: 'euler', tolerance: 1e-2 }],
    ['bogacki-shampine', { integrator: 'bogacki-shampine', tolerance: 1e-3 }],
    ['dormand-prince', { integrator: 'dormand-prince', tolerance: 1e-3 }],
  ] as const)('along the flow by %s', async (_, flow) => {
    const values = { width: 3, activation: 'softplus', loss: 'softHinge' };
    expect(await compare({ values, flow, samples: 10 }, [0.05], { ...software, blockSamples: 8 })).toEqual([]);
    expect(await compare({ values, flow }, [0.05])).toEqual([]);
  });

  it('with the step of the paper’s network: two blocks on 28 × 28 pixels, Adam, hinge', async () => {
    const request: ConvolutionalRequest = {
      values: { width: 8, blocks: 2, learningRate: 1e-3 },
      image: { side: 28, channels: 1 },
      samples: 9,
      seeds: 1,
      cells: [{}],
      descent: { ...adam, batchSize: 6 },
    };
    expect(await compare(request, [2e-3])).toEqual([]);
  });
});

describe('a sweep over the output scale of networks on images', () => {
  const sweep = parseSweep(
    {
      version: 1,
      family: 'convolutional',
      task: { kind: 'mnist-parity', features: 'pixels', imageSide: '7', samples: 12, testSamples: 9, probeSamples: 6 },
      axes: [{ parameter: 'outputScale', scale: 'log', from: 0.1, to: 10, steps: 2 }],
      fixed: { width: 3, blocks: 1 },
      seeds: 2,
      training: { method: 'descent', optimiser: 'adam', batchSize: 6, learningRate: 0.01, maxTime: 0.1, checkpoints: 2 },
      observables: ['kernelChange', 'testError', 'ensembleError', 'seedVariance', 'trainingLoss', 'weightChange'],
    },
    catalog,
  );

  async function run(engine: 'gpu' | 'reference', settings: { readonly caps?: Caps } = {}) {
    const session = openSession(sweep, { catalog, engine, gpu: await nodeGpu(), ...settings });
    try {
      for await (const _ of session);
      return { ...session.film.network, ...session.film.cell };
    } finally {
      session.dispose();
    }
  }

  it('gives the same film on both engines', async () => {
    const [truth, got] = [await run('reference'), await run('gpu')];
    const complaints = Object.entries(truth).flatMap(([id, values]) => {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      return Array.from(values).flatMap((value, at) =>
        Math.abs(got[id][at] - value) <= 1e-3 * scale ? [] : [`${id}, place ${at}: expected ${value}, got ${got[id][at]}`],
      );
    });
    expect(complaints).toEqual([]);
  });

  it('is refused where it takes more memory than its cap', async () => {
    await expect(run('gpu', { caps: { ...PAGE_CAPS, bytes: 2 ** 16 } })).rejects.toThrow(
      /expected at most 1 MiB of memory, got \d+ MiB/,
    );
  });
});

it('refuses buffers that the adapter cannot bind', () => {
  const batch = makeConvolutionalBatch({ values: { width: 64, blocks: 2 }, image: { side: 28, channels: 1 }, probeSamples: 9 });
  const bound = { ...limits, maxStorageBufferBindingSize: 2 ** 20 };
  expect(() => convolutional.programs(batch, [], bound)).toThrow(
    /expected buffers of at most 1 MiB on this adapter, got \d+ MiB for/,
  );
});

describe('measuring', () => {
  const offered = convolutional.domains({});
  const observables = catalog.observables.filter(({ terms }) => terms.every(({ domain }) => offered.includes(domain)));

  it.each([
    ['one output', { values: { width: 3, activation: 'softplus' }, probeSamples: 9 }],
    [
      'three outputs',
      { values: { width: 5, activation: 'tanh', loss: 'squared' }, outputDim: 3, image: { side: 8, channels: 2 } },
    ],
    ['two blocks', { values: { width: 4, blocks: 2 }, image: { side: 19, channels: 1 }, samples: 70, probeSamples: 4 }],
  ] as const)('all observables agree with the reference: %s', async (_, request) => {
    const opened = open(
      { ...request, cells: [{ outputScale: 1 }, { outputScale: 4, predictor: 'plain' }] },
      software,
      observables,
    );
    const { reference, batch } = opened;
    const trainer = await opened.trainer;
    try {
      const source = randomSource(7, STREAMS.data);
      for (let n = 0; n < batch.networks.length; n++) {
        const { weights } = await reference.inspect(n);
        const moved = weights.map((weight) => weight + 0.3 * source.normal());
        for (const one of [reference, trainer]) await one.replaceWeights(n, moved);
      }
      const [truth, got] = [(await reference.measure()).values, (await trainer.measure()).values];
      const complaints = Object.entries(truth).flatMap(([id, values]) =>
        Array.from(values).flatMap((value, n) => {
          const off = Math.abs(got[id][n] - value);
          const scale = Math.max(1e-3, ...values.map(Math.abs));
          return off <= 1e-4 * scale || (Number.isNaN(value) && Number.isNaN(got[id][n]))
            ? []
            : [`${id}, unit ${n}: expected ${value}, got ${got[id][n]}`];
        }),
      );
      expect(complaints).toEqual([]);
      expect(observables.length).toBeGreaterThan(20);
    } finally {
      trainer.dispose();
    }
  });
});
