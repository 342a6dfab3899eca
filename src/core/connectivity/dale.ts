// Dense weights whose signs belong to their sources: Dale's law.

import type { Connectivity } from './connectivity.ts';
import { atUnitGain, lastInhibitory, signAndBalance } from './populations.ts';

export const dale: Connectivity = {
  id: 'dale',
  label: 'Dale’s law',
  description:
    'Magnitudes |N(0, 1)|; 80 % of the units excite, 20 % inhibit, their weights multiplied by one factor so that all weights sum to 0.',
  source: 'Rajan and Abbott 2006; Liu et al. 2024 (arXiv:2310.08513)',
  generate(size, source) {
    const magnitudes = source.normals(size * size).map(Math.abs);
    return atUnitGain(signAndBalance(magnitudes, lastInhibitory(size)), size, 'dale');
  },
};
