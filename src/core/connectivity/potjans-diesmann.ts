// Connection probabilities between the layers of a cortical column.

import type { Connectivity } from './connectivity.ts';
import { atUnitGain, populationsOf, signAndBalance, withoutSelf } from './populations.ts';

/** Cells of L23E, L23I, L4E, L4I, L5E, L5I, L6E, L6I. */
const CELLS = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];
/** Connection probabilities, rows are targets, columns sources. */
const PROBABILITIES = [
  [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0],
  [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0],
  [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0],
  [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0],
  [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0],
  [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0],
  [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
  [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
];
/** Relative standard deviation of strengths. */
const STRENGTH_STD = 0.1;

export const pd: Connectivity = {
  id: 'pd',
  label: 'cortical microcircuit',
  description:
    'Eight populations of a cortical column with their connection probabilities, strengths of 10 % spread, signs by source, inhibition ' +
    'scaled so that all weights sum to 0; no self-connections.',
  source: 'Potjans and Diesmann 2014 (doi:10.1093/cercor/bhs358), table 5',
  generate(size, source) {
    const of = populationsOf(size, CELLS);
    const magnitudes = Float64Array.from({ length: size * size }, (_, at) => {
      const [from, to] = [of[at % size], of[Math.floor(at / size)]];
      const [chance, strength] = [source.uniform(), Math.abs(1 + STRENGTH_STD * source.normal())];
      return chance < PROBABILITIES[to][from] ? strength : 0;
    });
    const inhibitory = of.map((population) => population % 2);
    return atUnitGain(signAndBalance(withoutSelf(magnitudes, size), inhibitory), size, 'pd');
  },
};
