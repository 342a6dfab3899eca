// What tests of the measuring kernels share: a batch at weights of its own, measured on the GPU by the engine's loader and in
// plain float64. Trains nothing.

import { type FullyConnectedShape, layoutOf } from '../../shaders/families/fully-connected/layout.ts';
import { measureKernels } from '../../shaders/families/fully-connected/measure/measure.ts';
import { packWeights } from '../../shaders/families/fully-connected/records.ts';
import { createModel } from '../../shaders/families/fully-connected/reference.ts';
import { activationFactor } from '../../shaders/lib/activations.ts';
import { lossOf, marginOf } from '../../shaders/lib/losses.ts';
import { rowWords } from '../../shaders/lib/measure/measurements.ts';
import { NETWORK, NETWORK_WORDS } from '../../shaders/lib/training/network-record.ts';
import type { Batch, Network } from '../../src/core/family.ts';
import type { Domain, Term } from '../../src/core/observable.ts';
import { outcomeCode } from '../../src/core/outcome.ts';
import { PROGRESS, PROGRESS_WORDS, type Program } from '../../src/core/program.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { type LoadedProgram, loadProgram } from '../../src/engine/loaded-program.ts';
import { combine } from '../../src/engine/sums.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { askedProduct, randomSamples } from './make-batch.ts';

export interface Request {
  readonly depth: number;
  readonly width: number;
  readonly inputDim?: number;
  readonly outputDim?: number;
  readonly activation?: string;
  readonly biasScale?: number;
  readonly parametrisation?: FullyConnectedShape['parametrisation'];
  readonly loss?: string;
  readonly samples?: number;
  readonly testSamples?: number;
  readonly probeSamples?: number;
  readonly seeds?: number;
  readonly cells?: number;
  /** Indices of networks that have diverged. */
  readonly diverged?: readonly number[];
  /** Whether the task has a linear teacher. */
  readonly teacher?: boolean;
  /**
   * How far weights have moved from their start, as differences from it: measured in the difference form, with F of order one.
   */
  readonly motion?: number;
}

export interface Case {
  readonly shape: FullyConnectedShape;
  readonly batch: Batch;
  readonly loss: string;
  readonly diverged: readonly number[];
  /** True: the kernels are those of the difference form. */
  readonly difference: boolean;
  /** Flat float32-representable weights per start and per network. */
  readonly startWeights: readonly Float64Array[];
  readonly weights: readonly Float64Array[];
  /** (α, c) per network. */
  readonly predictors: readonly { readonly scale: number; readonly centred: number }[];
  /** Rates of the layers below the output and of the output, per network. */
  readonly rates: readonly { readonly hidden: number; readonly output: number }[];
}

export const LOSS_BETA = 20;

export function makeCase(request: Request): Case {
  const {
    inputDim = 3,
    outputDim = 1,
    seeds = 2,
    cells = 2,
    loss = 'softHinge',
    diverged = [],
    activation = 'softplus',
    motion,
  } = request;
  const beta = activation === 'softplus' ? 5 : 1;
  const shape: FullyConnectedShape = {
    depth: request.depth,
    width: request.width,
    inputDim,
    outputDim,
    activation,
    activationBeta: beta,
    activationFactor: activationFactor(activation, beta),
    biasScale: request.biasScale ?? 0,
    parametrisation: request.parametrisation ?? 'ntk',
  };
  const source = randomSource(11, STREAMS.weights);
  const model = createModel(shape);
  const normals = (scale: number, of?: Float64Array) =>
    source.normals(model.parameterCount).map((value, i) => Math.fround((of?.[i] ?? 0) + scale * value));
  const startWeights = Array.from({ length: seeds + 1 }, () => normals(1));
  const count = cells * seeds;
  const startOf = (index: number) => (index * 2 + 1) % (seeds + 1);
  return {
    shape,
    loss,
    diverged,
    difference: motion !== undefined,
    startWeights,
    weights: Array.from({ length: count }, (_, index) => {
      const start = startWeights[startOf(index)];
      if (motion === undefined) return normals(0.3, start);
      return normals(motion).map((moved, i) => start[i] + moved);
    }),
    predictors: Array.from({ length: count }, (_, index) => {
      const centred = index % 3 === 0 ? 0 : 1;
      return { scale: [0.5, 2][index % 2] / (centred === 1 ? (motion ?? 1) : 1), centred };
    }),
    rates: Array.from({ length: count }, (_, index) => ({ hidden: [1, 0.25][index % 2], output: [2, 4, 0][index % 3] })),
    batch: {
      shape: {},
      data: {
        inputDim,
        outputDim,
        train: randomSamples(request.samples ?? 13, inputDim, outputDim, 1, loss === 'squared' && outputDim > 1),
        test: randomSamples(request.testSamples ?? 70, inputDim, outputDim, 2),
        probe: randomSamples(request.probeSamples ?? 9, inputDim, outputDim, 3),
        ...(request.teacher === true ? { teacher: source.normals(inputDim * outputDim).map(Math.fround) } : {}),
        description: 'random',
      },
      training: { method: 'descent', momentum: 0, batchSize: 0, maxTime: 1, maxSteps: 1, stop: {}, checkpoints: [1] },
      starts: startWeights.map((_, seed) => ({ seed, draw: 0, values: {} })),
      networks: Array.from(
        { length: count },
        (_, index): Network => ({ cell: Math.floor(index / seeds), member: index % seeds, start: startOf(index), values: {} }),
      ),
      seeds,
    },
  };
}

/** Sums by term id, unit by unit; `weights` terms layer by layer. */
export type SumsByTerm = Readonly<Record<string, readonly (readonly number[])[]>>;

/**
 * Loads the measuring kernels of a case with its weights in place. `kept`: test outputs may be kept for the ensembles;
 * `registers`: see MeasureOptions.
 */
export async function loadCase(
  lease: DeviceLease,
  own: Case,
  terms: readonly Term[],
  { kept = true, registers }: { readonly kept?: boolean; readonly registers?: number } = {},
): Promise<LoadedProgram> {
  const { shape, batch } = own;
  const { words } = layoutOf(shape);
  const pack = (all: readonly Float64Array[]) => {
    const packed = new Float32Array(all.length * words);
    all.forEach((weights, index) => {
      packed.set(packWeights(weights, shape), index * words);
    });
    return packed;
  };
  const networks = new Uint32Array(batch.networks.length * NETWORK_WORDS);
  const numbers = new Float32Array(networks.buffer);
  const progress = new Uint32Array(batch.networks.length * PROGRESS_WORDS);
  batch.networks.forEach(({ start }, index) => {
    numbers[index * NETWORK_WORDS + NETWORK.outputScale] = own.predictors[index].scale;
    numbers[index * NETWORK_WORDS + NETWORK.centred] = own.predictors[index].centred - (own.difference ? 1 : 0);
    numbers[index * NETWORK_WORDS + NETWORK.hiddenRate] = own.rates[index].hidden;
    numbers[index * NETWORK_WORDS + NETWORK.outputRate] = own.rates[index].output;
    networks[index * NETWORK_WORDS + NETWORK.start] = start;
    progress[index * PROGRESS_WORDS + PROGRESS.outcome] = outcomeCode[own.diverged.includes(index) ? 'diverged' : 'running'];
  });
  const stored = own.weights.map((weights, index) => {
    if (!own.difference) return weights;
    const start = own.startWeights[batch.networks[index].start];
    return weights.map((weight, i) => weight - start[i]);
  });
  const kernels = measureKernels({
    shape,
    difference: own.difference,
    data: batch.data,
    terms,
    seeds: batch.seeds,
    networks: kept ? batch.networks.length : 2 ** 30,
    limits: { maxStorageBufferBindingSize: lease.device.limits.maxStorageBufferBindingSize },
    loss: own.loss,
    lossBeta: LOSS_BETA,
    registers,
  });
  const program: Program = {
    label: 'measure only',
    buffers: [
      { name: 'startWeights', scope: 'start', words, data: pack(own.startWeights) },
      { name: 'weights', scope: 'network', words, data: pack(stored) },
      { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networks },
      { name: 'progress', scope: 'network', words: PROGRESS_WORDS, data: progress },
      ...kernels.buffers,
    ],
    prepare: kernels.prepare,
    begin: [],
    train: { passes: [], fused: true },
    measurements: kernels.measurements,
    weights: { buffer: 'weights', layers: [] },
  };
  return loadProgram(lease, batch, program, 'measure test');
}

/** Prepares and measures in spans of at most `spanUnits` cells, networks or starts. */
export async function measureCase(loaded: LoadedProgram, spanUnits: number): Promise<SumsByTerm> {
  const { batch } = loaded;
  const spansOf = (count: number) =>
    Array.from({ length: Math.ceil(count / spanUnits) }, (_, i) => {
      const first = i * spanUnits;
      return { first, count: Math.min(spanUnits, count - first), row: first };
    });
  loaded.submit(loaded.prepare, spansOf(batch.starts.length));
  const result: Record<string, number[][]> = {};
  for (const { measurement, bound } of loaded.measurements) {
    const units = measurement.per === 'cell' ? batch.networks.length / batch.seeds : batch.networks.length;
    loaded.submit(bound, spansOf(units));
    const got = new Float32Array(await loaded.readback.read(loaded.buffer('sums')));
    const stride = rowWords(measurement);
    let offset = 0;
    for (const { id, words } of measurement.terms) {
      const at = offset;
      result[id] = Array.from({ length: units }, (_, row) => [...got.subarray(row * stride + at, row * stride + at + words)]);
      offset += words;
    }
  }
  return result;
}

/** Compares all sums with float64. Returns the worst share of `tolerance` × Σ |element|, and where it is. */
export function compareSums(
  own: Case,
  got: SumsByTerm,
  terms: readonly Term[],
  tolerance: number,
): { readonly share: number; readonly where: string } {
  let worst = { share: -1, where: 'nothing was compared' };
  const { networks, seeds } = own.batch;
  for (const domain of new Set(terms.map((term) => term.domain))) {
    const units = domain === 'ensemble' ? networks.length / seeds : networks.length;
    for (let unit = 0; unit < units; unit++) {
      const parts = elementsOf(own, domain, unit);
      for (const term of terms.filter((one) => one.domain === domain)) {
        parts.forEach((elements, part) => {
          const values = elements.map(term.measure);
          const expected = combine(term, values);
          const size = combine(term, values.map(Math.abs));
          const value = got[term.id][unit][part];
          const off = Math.abs(value - expected) / (tolerance * size || Number.MIN_VALUE);
          const share = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
          if (share > worst.share) {
            worst = { share, where: `${term.id}, unit ${unit}, part ${part}: expected ${expected}, got ${value}` };
          }
        });
      }
    }
  }
  return worst;
}

type Element = Record<string, number>;

/** The elements of a domain in float64; `weights` in one list per layer. */
export function elementsOf(own: Case, domain: Domain, unit: number): Element[][] {
  const { shape, batch } = own;
  const { outputDim } = shape;
  const model = createModel(shape);
  const predictor = (network: number, set: 'train' | 'test') => {
    const { scale, centred } = own.predictors[network];
    const { inputs } = batch.data[set];
    const f0 = model.outputs(own.startWeights[batch.networks[network].start], inputs);
    return model.outputs(own.weights[network], inputs).map((f, n) => scale * (f - centred * f0[n]));
  };
  const targetsOf = (set: 'train' | 'test', p: number) => batch.data[set].targets.subarray(p * outputDim, (p + 1) * outputDim);
  const pairs = (values: (weights: Float64Array) => Float64Array): Element[] => {
    const start = values(own.startWeights[batch.networks[unit].start]);
    return Array.from(values(own.weights[unit]), (now, n) => ({ now, start: start[n] }));
  };
  const probe = batch.data.probe;
  const gram = (weights: Float64Array) => {
    const a = model.representation(weights, probe.inputs);
    return Float64Array.from({ length: probe.count ** 2 }, (_, at) => {
      const [p, q] = [Math.floor(at / probe.count), at % probe.count];
      let sum = 0;
      for (let i = 0; i < shape.width; i++) sum += a[p * shape.width + i] * a[q * shape.width + i];
      return sum;
    });
  };
  const rows = (matrix: Float64Array) => {
    const size = Math.round(Math.sqrt(matrix.length));
    return Float64Array.from({ length: size }, (_, n) => matrix.subarray(n * size, (n + 1) * size).reduce((a, b) => a + b, 0));
  };
  const kernel = (weights: Float64Array) => model.tangentKernel(weights, probe.inputs);
  switch (domain) {
    case 'train':
    case 'test': {
      const outputs = predictor(unit, domain);
      return [
        Array.from({ length: batch.data[domain].count }, (_, p) => {
          const f = outputs.subarray(p * outputDim, (p + 1) * outputDim);
          return {
            loss: lossOf(own.loss).value(f, targetsOf(domain, p), LOSS_BETA),
            margin: marginOf(f, targetsOf(domain, p)),
            product: askedProduct(f, targetsOf(domain, p)),
            square: f.reduce((sum, value) => sum + value * value, 0),
          };
        }),
      ];
    }
    case 'ensemble': {
      const members = Array.from({ length: batch.seeds }, (_, s) => unit * batch.seeds + s).filter(
        (n) => !own.diverged.includes(n),
      );
      const outputs = members.map((network) => predictor(network, 'test'));
      return [
        Array.from({ length: batch.data.test.count }, (_, p) => {
          let variance = 0;
          const mean = Array.from({ length: outputDim }, (_, c) => {
            const values = outputs.map((f) => f[p * outputDim + c]);
            const average = values.reduce((a, b) => a + b, 0) / values.length;
            variance += values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1);
            return average;
          });
          return { margin: marginOf(mean, targetsOf('test', p)), variance };
        }),
      ];
    }
    case 'kernel': {
      const size = probe.count * outputDim;
      return [
        pairs(kernel).map((pair, at) => {
          const [n, m] = [Math.floor(at / size), at % size];
          return { ...pair, targets: probe.targets[n] * probe.targets[m], diagonal: n === m ? 1 : 0 };
        }),
      ];
    }
    case 'kernelRows':
      return [pairs((weights) => rows(kernel(weights)))];
    case 'representation':
      return [pairs(gram)];
    case 'representationRows':
      return [pairs((weights) => rows(gram(weights)))];
    case 'gates':
      return [pairs((weights) => model.preactivations(weights, probe.inputs))];
    case 'weights': {
      const all = pairs((weights) => weights);
      return model.layers.map(({ offset, length }) => all.slice(offset, offset + length));
    }
    case 'kernelAll':
    case 'kernelDecision':
    case 'centredRepresentation':
    case 'spectrum':
      throw new Error(`no ${domain} in fully connected networks`);
    default: {
      const { scale, centred } = own.predictors[unit];
      const { hidden, output } = own.rates[unit];
      const now = own.weights[unit];
      const start = own.startWeights[batch.networks[unit].start];
      const predictor = centred === 1 ? 'centred' : 'plain';
      const values = { outputScale: scale, predictor, hiddenRate: hidden, learningRateRatio: output };
      return [[...(model.elements?.(domain, { now, start, values, frozen: [], data: batch.data }) ?? [])]];
    }
  }
}
