// Second-order networks: random graphs with given connection probability and frequencies of all motifs of two connections.
//
//   j → i  iff  Z_ij > θ,   Z_ij = √rc x_i + √rv y_j + √rs S_ij + √(1 − rc − rv − rs) z_ij
// with standard normals, S symmetric (antisymmetric and √|rs| for rs < 0), corr(x_i, y_i) = ρ. Each latent correlation r follows
// from P(two connections) = P(Z > θ, Z' > θ; r) = p²(1 + α). Zhao et al. 2011

import { InputError } from '../errors.ts';
import { jointTailCorrelation, tailThreshold } from '../normal-tail.ts';
import type { NumberParameter, Parameter, Values } from '../parameter.ts';
import type { RandomSource } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { atUnitGain, lastInhibitory, lognormal, signAndBalance } from './populations.ts';

const SOURCE = 'Zhao, Beverlin, Netoff and Nykamp 2011 (doi:10.3389/fncom.2011.00028)';

/** α of a motif: it is (1 + α) times as frequent as among independent connections. */
export interface MotifStatistics {
  /** Probability p of a connection, 0 < p < 1. */
  readonly probability: number;
  /** α of two units that connect to each other. */
  readonly reciprocal: number;
  /** α of two connections onto one unit, ≥ 0. */
  readonly convergent: number;
  /** α of two connections from one unit, ≥ 0. */
  readonly divergent: number;
  /** α of a connection onto a unit and one from it; or the correlation ρ = −1 … 1 of both tendencies. */
  readonly chain: number | { readonly correlation: number };
}

/** The weights of a second-order network's latent normals. */
interface Latents {
  readonly threshold: number;
  readonly target: number;
  readonly source: number;
  readonly pair: number;
  readonly correlation: number;
}

/** Latent correlation of two connections that are (1 + α) times as frequent together. */
function latentCorrelation(where: string, id: string, threshold: number, probability: number, alpha: number): number {
  if (alpha === 0) return 0;
  const most = 1 / probability - 1;
  const least = Math.max(-1, (2 * probability - 1) / probability ** 2 - 1);
  if (!(alpha >= least && alpha <= most)) {
    const range = `${Number(least.toPrecision(4))} … ${Number(most.toPrecision(4))}`;
    throw new InputError(`${where}: ${id}`, `expected ${range} at probability ${probability}, got ${alpha}`);
  }
  return jointTailCorrelation(threshold, probability ** 2 * (1 + alpha));
}

/** Throws InputError where no such network of this kind exists. */
function latentsOf(statistics: MotifStatistics, where: string): Latents {
  const { probability, reciprocal, convergent, divergent, chain } = statistics;
  const threshold = tailThreshold(probability);
  const solve = (id: string, alpha: number) => latentCorrelation(where, id, threshold, probability, alpha);
  const [target, source] = [solve('convergence', convergent), solve('divergence', divergent)];
  const both = Math.sqrt(target * source);
  let correlation = 0;
  if (typeof chain !== 'number') correlation = chain.correlation;
  else if (chain !== 0) {
    correlation = both > 0 ? solve('chaining', chain) / both : Number.POSITIVE_INFINITY;
    if (Math.abs(correlation) > 1) {
      const hint = 'Chains need units that differ in both their inputs and their outputs.';
      throw new InputError(`${where}: chaining`, `expected less at this convergence and divergence, got ${chain}`, hint);
    }
  }
  const pair = solve('reciprocity', reciprocal) - 2 * correlation * both;
  if (target + source + Math.abs(pair) > 1) {
    const got = `${reciprocal}, ${convergent} and ${divergent}`;
    throw new InputError(where, `expected motifs that one network can have, got reciprocity, convergence and divergence ${got}`);
  }
  return { threshold, target, source, pair, correlation };
}

/** Who connects to whom: 1 or 0 as [post, pre], (size, size) row-major, no self-connections. Throws InputError. */
export function sonetGraph(size: number, statistics: MotifStatistics, source: RandomSource, where = 'sonet'): Float64Array {
  const latents = latentsOf(statistics, where);
  const rest = Math.sqrt(1 - latents.correlation ** 2);
  const tendencies = source.normals(size);
  const onto = tendencies.map((value) => Math.sqrt(latents.target) * value);
  const from = tendencies.map((value) => Math.sqrt(latents.source) * (latents.correlation * value + rest * source.normal()));
  const pair = Math.sqrt(Math.abs(latents.pair));
  const own = Math.sqrt(Math.max(0, 1 - latents.target - latents.source - Math.abs(latents.pair)));
  const graph = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const shared = pair * source.normal();
      const [there, back] = [onto[i] + from[j] + own * source.normal(), onto[j] + from[i] + own * source.normal()];
      if (there + shared > latents.threshold) graph[i * size + j] = 1;
      if (back + (latents.pair < 0 ? -shared : shared) > latents.threshold) graph[j * size + i] = 1;
    }
  }
  return graph;
}

const motif = (id: string, label: string, symbol: string, description: string, least: number, usual: number): Parameter => ({
  id,
  label,
  symbol,
  description: `${description} occur (1 + α) times as often as among independent connections; dimensionless.`,
  source: SOURCE,
  scope: 'start',
  kind: 'number',
  minimum: least,
  maximum: 1000,
  default: usual,
});

/** Connections in a layer-5 sample of rat cortex: 495 one-way and 218 two-way among 4025 pairs. Song et al. 2005. */
export const SONG_PROBABILITY = 931 / 8050;
export const SONG_RECIPROCITY = 218 / 4025 / SONG_PROBABILITY ** 2 - 1;

const parameters: readonly Parameter[] = [
  {
    id: 'connectionProbability',
    label: 'connection probability',
    symbol: 'p',
    description: 'Probability of a connection from one unit to another, dimensionless.',
    source: SOURCE,
    scope: 'start',
    kind: 'number',
    minimum: 0.001,
    maximum: 0.999,
    default: 0.12,
  },
  motif('reciprocity', 'reciprocal motifs', 'α_recip', 'Pairs of units that connect to each other', -1, 0),
  motif('convergence', 'convergent motifs', 'α_conv', 'Two connections onto one unit', 0, 0),
  motif('divergence', 'divergent motifs', 'α_div', 'Two connections from one unit', 0, 0),
  motif('chaining', 'chain motifs', 'α_chain', 'A connection onto a unit and one from it to a third', -1, 0),
];

/** Lognormal strengths on a graph, 20 % of the units inhibitory, sum 0, norm √size. */
export function sonetWeights(graph: Float64Array, inhibitory: Uint8Array, source: RandomSource, id: string): Float64Array {
  const magnitudes = graph.map((edge) => edge * lognormal(source));
  return atUnitGain(signAndBalance(magnitudes, inhibitory), inhibitory.length, id);
}

const optionOf = (options: Values, { id, default: usual }: NumberParameter): number => {
  const value = options[id];
  return typeof value === 'number' ? value : usual;
};

export const sonet: Connectivity = {
  id: 'sonet',
  label: 'second-order network',
  description:
    'Connections with a given probability and given frequencies of reciprocal, convergent, divergent and chain motifs; lognormal ' +
    'strengths, 20 % inhibitory units, scaled so that all weights sum to 0; no self-connections.',
  source: SOURCE,
  parameters,
  generate(size, source, options = {}) {
    const [probability, reciprocal, convergent, divergent, chain] = parameters.map((own) =>
      optionOf(options, own as NumberParameter),
    );
    const statistics = { probability, reciprocal, convergent, divergent, chain };
    return sonetWeights(sonetGraph(size, statistics, source, 'connectivity "sonet"'), lastInhibitory(size), source, 'sonet');
  },
};
