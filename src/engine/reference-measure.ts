// Sums of the observables' terms over their domains, in float64 and in the order of core/observable. Trains nothing.

import { sampleMargin } from '../../shaders/lib/sequence-loss.ts';
import type { Network } from '../core/family.ts';
import type { Domain, Observable, Standing, Sums, Term } from '../core/observable.ts';
import { kernelProbe } from '../core/sequences.ts';
import { type Samples, type TaskData, UNASKED } from '../core/task.ts';
import type { ReferenceNetwork, Shared, StartState } from './reference-network.ts';
import { predictorOf } from './reference-network.ts';
import { combine, layerIndex, probeSamplesOf, termsOf } from './sums.ts';

type Element = Readonly<Record<string, number>>;

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

export interface ReferenceMeter {
  /** F on training or test samples, (count, outputDim). */
  predictor(own: ReferenceNetwork, part: 'train' | 'test'): Float64Array;
  /** Values of the observables per network. NaN for a diverged network. */
  measureNetwork(own: ReferenceNetwork): Record<string, number>;
  /** Values of the observables per cell, over its networks that have not diverged; NaN where none is left. */
  measureCell(members: readonly ReferenceNetwork[]): Record<string, number>;
}

/** Measures networks of one batch; keeps what belongs to a start. */
export function createMeter(shared: Shared, observables: readonly Observable[]): ReferenceMeter {
  const { model, data, loss, lossBeta } = shared;
  const { outputDim } = model;
  const startProbes = new Map<StartState, Probe>();
  const kernelSet = kernelProbe(data);

  function probeAt(weights: Float64Array): Probe {
    const { inputs, count } = data.probe;
    return {
      kernel: model.tangentKernel(weights, kernelSet.inputs),
      representation: gramOf(model.representation(weights, inputs), count),
      preactivations: model.preactivations(weights, inputs),
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

  function samplesOf(samples: Samples, outputs: Float64Array): Element[] {
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

  function predictor({ network, origin, weights }: ReferenceNetwork, part: 'train' | 'test'): Float64Array {
    const startOutputs = part === 'train' ? origin.trainOutputs : origin.testOutputs;
    return predictorOf(network, model.outputs(weights, data[part].inputs), startOutputs);
  }

  /** Elements of a domain for one network, in order. */
  function elementsOf(domain: Domain, own: ReferenceNetwork, now: Probe, start: Probe): readonly Element[] {
    const pairs = (a: Float64Array, b: Float64Array) => Array.from(a, (value, n) => ({ now: value, start: b[n] }));
    switch (domain) {
      case 'train':
      case 'test':
        return samplesOf(data[domain], predictor(own, domain));
      case 'kernel': {
        const { targets } = kernelSet;
        const size = targets.length;
        return pairs(now.kernel, start.kernel).map((pair, at) => {
          const n = Math.floor(at / size);
          const m = at % size;
          return { ...pair, targets: targets[n] * targets[m], diagonal: n === m ? 1 : 0 };
        });
      }
      case 'kernelRows':
        return pairs(rowSums(now.kernel), rowSums(start.kernel));
      case 'representation':
        return pairs(now.representation, start.representation);
      case 'representationRows':
        return pairs(rowSums(now.representation), rowSums(start.representation));
      case 'gates':
        return pairs(now.preactivations, start.preactivations);
      case 'weights':
        return pairs(own.weights, own.origin.weights);
      case 'outputGram':
      case 'balance':
      case 'hiddenUnits':
      case 'map':
      case 'kernelAll':
      case 'kernelDecision':
      case 'centredRepresentation':
      case 'spectrum':
        if (model.elements === undefined) throw new Error(`reference: the family has no elements of the domain ${domain}`);
        return model.elements(domain, {
          now: own.weights,
          start: own.origin.weights,
          values: own.network.values,
          frozen: shared.frozen ?? [],
          data,
        });
      case 'ensemble':
        throw new Error('reference: the ensemble is measured per cell');
      default:
        return domain satisfies never;
    }
  }

  function measureNetwork(own: ReferenceNetwork): Record<string, number> {
    const wanted = observables.filter(({ per }) => per === 'network');
    if (own.state.outcome === 'diverged') return Object.fromEntries(wanted.map(({ id }) => [id, Number.NaN]));
    const terms = termsOf(wanted);
    const probed = terms.some(({ domain }) => /^(kernel|representation|gates)/.test(domain));
    const nothing: Probe = { kernel: new Float64Array(), representation: new Float64Array(), preactivations: new Float64Array() };
    const now = probed ? probeAt(own.weights) : nothing;
    const start = probed ? startProbeOf(own.origin) : nothing;
    const counts = new Map<Domain, number>();
    const totals = new Map<string, number>();
    const layers = new Map<string, number[]>();
    for (const domain of new Set(terms.map((term) => term.domain))) {
      const elements = elementsOf(domain, own, now, start);
      counts.set(domain, elements.length);
      for (const term of terms) {
        if (term.domain !== domain) continue;
        const parts =
          domain === 'weights'
            ? model.layers.map(({ offset, length }) => combined(term, elements.slice(offset, offset + length)))
            : [combined(term, elements)];
        totals.set(term.id, combine(term, parts));
        layers.set(term.id, parts);
      }
    }
    const { time, loss, unmet, halvingTime } = own.state;
    const sums = sumsOf(totals, layers, counts, own.network, data, { time, loss, unmet, halvingTime });
    return Object.fromEntries(wanted.map((observable) => [observable.id, observable.finish(sums)]));
  }

  function measureCell(members: readonly ReferenceNetwork[]): Record<string, number> {
    const wanted = observables.filter(({ per }) => per === 'cell');
    if (wanted.length === 0) return {};
    const outputs = members.filter(({ state }) => state.outcome !== 'diverged').map((own) => predictor(own, 'test'));
    const elements = ensembleOf(outputs);
    const terms = termsOf(wanted);
    const totals = new Map(terms.map((term) => [term.id, combined(term, elements)]));
    const unknown = { time: Number.NaN, loss: Number.NaN, unmet: Number.NaN, halvingTime: Number.NaN };
    const sums = sumsOf(totals, new Map(), new Map([['ensemble', elements.length]]), members[0].network, data, unknown);
    return Object.fromEntries(
      wanted.map((observable) => [observable.id, outputs.length === 0 ? Number.NaN : observable.finish(sums)]),
    );
  }

  /** Per test sample: margin of the mean predictor and Σ_c of the unbiased variance of F_c over members. */
  function ensembleOf(outputs: readonly Float64Array[]): Element[] {
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

  return { predictor, measureNetwork, measureCell };
}

function combined(term: Term, elements: readonly Element[]): number {
  return combine(term, elements.map(term.measure));
}

function sumsOf(
  totals: ReadonlyMap<string, number>,
  layers: ReadonlyMap<string, readonly number[]>,
  counts: ReadonlyMap<Domain, number>,
  { values }: Network,
  data: TaskData,
  progress: Standing,
): Sums {
  const known = <T>(map: ReadonlyMap<string, T>, key: string): T => {
    const value = map.get(key);
    if (value === undefined) throw new Error(`reference: ${key} has not been summed`);
    return value;
  };
  return {
    of: (term) => known(totals, term.id),
    ofLayer(term, layer) {
      const parts = known(layers, term.id);
      return parts[layerIndex(layer, parts.length)] ?? Number.NaN;
    },
    count: (domain) => known<number>(counts, domain),
    values,
    probeSamples: probeSamplesOf(data),
    taskDistance: data.taskDistance ?? Number.NaN,
    progress,
  };
}
