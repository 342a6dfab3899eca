// Pairs and strengths of layer 5 of rat visual cortex.

import type { Connectivity } from './connectivity.ts';
import { lastInhibitory } from './populations.ts';
import { SONG_PROBABILITY, SONG_RECIPROCITY, sonetGraph, sonetWeights } from './sonet.ts';

export const song: Connectivity = {
  id: 'song',
  label: 'rat cortex, layer 5',
  description:
    'Connection probability 0.116 with 4.05 times as many two-way pairs as by chance, lognormal strengths; 80 % of the units excite, ' +
    '20 % inhibit, scaled so that all weights sum to 0; no self-connections, no clustering of three.',
  source: 'Song et al. 2005 (doi:10.1371/journal.pbio.0030068)',
  generate(size, source) {
    const statistics = {
      probability: SONG_PROBABILITY,
      reciprocal: SONG_RECIPROCITY,
      convergent: 0,
      divergent: 0,
      chain: 0,
    };
    return sonetWeights(sonetGraph(size, statistics, source), lastInhibitory(size), source, 'song');
  },
};
