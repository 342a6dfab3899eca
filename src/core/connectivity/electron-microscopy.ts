// A generic cortical graph as electron microscopy sees it: motifs and distance.

import { permutation } from '../random.ts';
import type { Connectivity } from './connectivity.ts';
import { lastInhibitory } from './populations.ts';
import { sonetGraph, sonetWeights } from './sonet.ts';

const STATISTICS = { probability: 0.12, reciprocal: 3.05, convergent: 0.5, divergent: 0.5, chain: { correlation: 0.3 } };
/** Distance over which connections die off, in sides of the square that units lie in. */
const REACH = 0.35;

export const em: Connectivity = {
  id: 'em',
  label: 'like electron microscopy',
  description:
    'A second-order network (p = 0.12, two-way pairs 4.05 times as frequent, convergent and divergent motifs 1.5 times) thinned by ' +
    'e^{−(D/0.35)²} over distances D in the unit square; lognormal strengths, 20 % of the units at random inhibit, weights sum to 0.',
  source: 'after layer 2/3 pyramidal cells; values of phase-atlas',
  generate(size, source) {
    const graph = sonetGraph(size, STATISTICS, source);
    const places = Float64Array.from({ length: 2 * size }, () => source.uniform());
    const near = graph.map((edge, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      const square = (places[2 * i] - places[2 * j]) ** 2 + (places[2 * i + 1] - places[2 * j + 1]) ** 2;
      return source.uniform() < Math.exp(-square / REACH ** 2) ? edge : 0;
    });
    const last = lastInhibitory(size);
    const inhibitory = Uint8Array.from(permutation(size, source), (unit) => last[unit]);
    return sonetWeights(near, inhibitory, source, 'em');
  },
};
