// Dense Gaussian weights with chain motifs: how strongly a unit is driven goes with how strongly it drives others.

import type { Connectivity } from './connectivity.ts';
import { atUnitGain } from './populations.ts';

/** Share of the variance that belongs to the target, and as much again to the source. */
const SHARED = 0.1;

function chains(id: string, label: string, correlation: number): Connectivity {
  return {
    id,
    label,
    description:
      `W ∝ √(1 − 2q) z_ij + √q (x_i + y_j) with q = ${SHARED} and corr(x_i, y_i) = ${correlation}. ` +
      (correlation === 0
        ? 'The same spread of rows and columns without chains.'
        : `Outlying eigenvalues near ${correlation > 0 ? '±g' : '±i g'}√(qN|ρ|): choose a gain below that of other structures.`),
    source: 'after Hu, Trousdale, Josić and Shea-Brown 2013; values of phase-atlas',
    generate(size, source) {
      const [own, shared] = [Math.sqrt(1 - 2 * SHARED), Math.sqrt(SHARED)];
      const incoming = source.normals(size);
      const rest = Math.sqrt(1 - correlation * correlation);
      const outgoing = incoming.map((value) => correlation * value + rest * source.normal());
      const weights = source
        .normals(size * size)
        .map((value, at) => own * value + shared * (incoming[Math.floor(at / size)] + outgoing[at % size]));
      return atUnitGain(weights, size, id);
    },
  };
}

export const chain = chains('chain', 'chain motifs', 0.9);
export const chain0 = chains('chain0', 'no chain motifs', 0);
export const chainneg = chains('chainneg', 'missing chain motifs', -0.9);
