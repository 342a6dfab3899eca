// Gaussian weights whose variance depends on the populations of source and target.

import type { Connectivity } from './connectivity.ts';
import { atUnitGain, populationsOf } from './populations.ts';

const SHARES = [0.2, 0.8];
/** Standard deviations, rows are targets. */
const STDS = [
  [3, 1],
  [1, 0.3],
];

export const blockvar: Connectivity = {
  id: 'blockvar',
  label: 'block variances',
  description:
    'Independent Gaussian weights of two populations, 20 % and 80 % of the units, with standard deviations 3 and 1 onto the first, 1 and ' +
    '0.3 onto the second (from the first and the second).',
  source: 'Aljadeff, Stern and Sharpee 2015; values of phase-atlas',
  generate(size, source) {
    const of = populationsOf(size, SHARES);
    const weights = source.normals(size * size).map((value, at) => STDS[of[Math.floor(at / size)]][of[at % size]] * value);
    return atUnitGain(weights, size, 'blockvar');
  },
};
