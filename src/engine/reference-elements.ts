// What the float64 engine's observables are summed over: the elements of each domain, in the order of core/observable. Sums
// nothing: see reference-measure.ts.

import { sampleMargin } from '../../shaders/lib/sequence-loss.ts';
import type { Domain } from '../core/observable.ts';
import { kernelProbe } from '../core/sequences.ts';
import { type Samples, UNASKED } from '../core/task.ts';
import { predictorOf, type ReferenceNetwork, type Shared, type StartState } from './reference-network.ts';

export type Element = Readonly<Record<string, number>>;

/** Kernels, representations and pre-activations of the probe set at one point. */
interface Probe {
  readonly kernel: Float64Array;
  /** Gram matrix of the last hidden layer, (probe, probe). */
  readonly representation: Float64Array;
  readonly preactivations: Float64Array;
}

/** Gram matrix (rows, rows) of the rows of a (rows, columns) matrix. */
export function gramOf(values: Float64Array, rows: number): Float64Array {
  const columns = values.length / rows;
  const gram = new Float64Array(rows * rows);
  for (let p = 0; p < rows; p++) {
    for (let q = 0; q < rows; q++) {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += values[p * columns + i] * values[q * columns + i];
      gram[p * rows + q] = sum;
    }
  }
  return gram;
}

function rowSums(matrix: Float64Array): Float64Array {
  const size = Math.round(Math.sqrt(matrix.length));
  return Float64Array.from({ length: size }, (_, n) => matrix.subarray(n * size, (n + 1) * size).reduce((a, b) => a + b, 0));
}

/** F on training or test samples, (count, outputDim). */
export function predictorOn({ model, data }: Shared, own: ReferenceNetwork, part: 'train' | 'test'): Float64Array {
  const { network, origin, weights } = own;
  const startOutputs = part === 'train' ? origin.trainOutputs : origin.testOutputs;
  return predictorOf(network, model.outputs(weights, data[part].inputs), startOutputs);
}

function sampleElements({ model, data, loss, lossBeta }: Shared, samples: Samples, outputs: Float64Array): Element[] {
  const { outputDim } = model;
  return Array.from({ length: samples.count }, (_, p) => {
    const own = outputs.subarray(p * outputDim, (p + 1) * outputDim);
    const target = samples.targets.subarray(p * outputDim, (p + 1) * outputDim);
    return {
      loss: loss.value(own, target, lossBeta),
      margin: sampleMargin(own, target, data.sequence),
      square: own.reduce((sum, output) => sum + output * output, 0),
      product: own.reduce((sum, output, c) => sum + (target[c] === UNASKED ? 0 : output * target[c]), 0),
    };
  });
}

/** Per test sample: margin of the mean predictor and Σ_c of the unbiased variance of F_c over networks with these `outputs`. */
export function ensembleElements({ model, data }: Shared, outputs: readonly Float64Array[]): Element[] {
  const { outputDim } = model;
  return Array.from({ length: data.test.count }, (_, p) => {
    const mean = new Float64Array(outputDim);
    let variance = 0;
    for (let c = 0; c < outputDim; c++) {
      const at = p * outputDim + c;
      mean[c] = outputs.reduce((sum, own) => sum + own[at], 0) / outputs.length;
      variance += outputs.reduce((sum, own) => sum + (own[at] - mean[c]) ** 2, 0) / (outputs.length - 1);
    }
    const target = data.test.targets.subarray(p * outputDim, (p + 1) * outputDim);
    return { margin: sampleMargin(mean, target, data.sequence), variance };
  });
}

function pairs(now: Float64Array, start: Float64Array): { now: number; start: number }[] {
  return Array.from(now, (value, n) => ({ now: value, start: start[n] }));
}

/** Gives the elements of domains of one network as it stands. */
export type ElementsOf = (own: ReferenceNetwork) => (domain: Domain) => readonly Element[];

/** Elements of the networks of one batch; keeps what belongs to a start. */
export function createElements(shared: Shared): ElementsOf {
  const { model, data, frozen = [] } = shared;
  const startProbes = new Map<StartState, Probe>();
  const { inputs, targets } = kernelProbe(data);

  function probeAt(weights: Float64Array): Probe {
    return {
      kernel: model.tangentKernel(weights, inputs),
      representation: gramOf(model.representation(weights, data.probe.inputs), data.probe.count),
      preactivations: model.preactivations(weights, data.probe.inputs),
    };
  }

  function startProbeOf(origin: StartState): Probe {
    let probe = startProbes.get(origin);
    if (probe === undefined) {
      probe = probeAt(origin.weights);
      startProbes.set(origin, probe);
    }
    return probe;
  }

  function kernelElements(now: Float64Array, start: Float64Array): Element[] {
    const size = targets.length;
    return pairs(now, start).map((pair, at) => {
      const n = Math.floor(at / size);
      const m = at % size;
      return { ...pair, targets: targets[n] * targets[m], diagonal: n === m ? 1 : 0 };
    });
  }

  return (own) => {
    let probed: { readonly now: Probe; readonly start: Probe } | null = null;
    const probes = () => (probed ??= { now: probeAt(own.weights), start: startProbeOf(own.origin) });

    return (domain) => {
      switch (domain) {
        case 'train':
        case 'test':
          return sampleElements(shared, data[domain], predictorOn(shared, own, domain));
        case 'kernel':
          return kernelElements(probes().now.kernel, probes().start.kernel);
        case 'kernelRows':
          return pairs(rowSums(probes().now.kernel), rowSums(probes().start.kernel));
        case 'representation':
          return pairs(probes().now.representation, probes().start.representation);
        case 'representationRows':
          return pairs(rowSums(probes().now.representation), rowSums(probes().start.representation));
        case 'gates':
          return pairs(probes().now.preactivations, probes().start.preactivations);
        case 'weights':
          return pairs(own.weights, own.origin.weights);
        case 'outputGram':
        case 'balance':
        case 'hiddenUnits':
        case 'map':
        case 'kernelAll':
        case 'kernelDecision':
        case 'centredRepresentation':
        case 'spectrum': {
          if (model.elements === undefined) throw new Error(`reference: the family has no elements of the domain ${domain}`);
          const { weights, origin, network } = own;
          return model.elements(domain, { now: weights, start: origin.weights, values: network.values, frozen, data });
        }
        case 'ensemble':
          throw new Error('reference: the ensemble is measured per cell');
        default:
          return domain satisfies never;
      }
    };
  };
}
