// Independent Gaussian weights.

import type { Connectivity } from './connectivity.ts';

export const gauss: Connectivity = {
  id: 'gauss',
  label: 'Gaussian',
  description: 'Independent weights N(0, 1/N).',
  source: 'Sompolinsky, Crisanti and Sommers 1988; Liu et al. 2024 (arXiv:2310.08513)',
  generate(size, source) {
    const scale = 1 / Math.sqrt(size);
    return source.normals(size * size).map((value) => scale * value);
  },
};
