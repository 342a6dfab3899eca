// Connection probabilities and strengths of the cell types of mouse primary visual cortex, layer 2/3.

import type { Connectivity } from './connectivity.ts';
import { atUnitGain, lognormal, populationsOf, signAndBalance, withoutSelf } from './populations.ts';

/** Excitatory, Pv, Sst, Htr3a (Vip) cells. */
const SHARES = [0.78, 0.064, 0.046, 0.11];
/** Connection probabilities, rows are sources, columns targets. */
const PROBABILITIES = [
  [0.16, 0.395, 0.182, 0.105],
  [0.411, 0.451, 0.03, 0.22],
  [0.424, 0.857, 0.082, 0.77],
  [0.087, 0.02, 0.625, 0.028],
];
/** Mean postsynaptic potentials in mV, rows are sources, columns targets. */
const STRENGTHS = [
  [0.36, 1.49, 0.86, 1.31],
  [0.48, 0.68, 0.42, 0.41],
  [0.31, 0.5, 0.15, 0.52],
  [0.28, 0.18, 0.32, 0.37],
];

export const v1block: Connectivity = {
  id: 'v1block',
  label: 'cell types of mouse V1',
  description:
    'Layer 2/3 of mouse visual cortex: connection probabilities and mean strengths between excitatory, Pv, Sst and Vip cells, lognormal ' +
    'strengths, signs by source, inhibition scaled so that all weights sum to 0; no self-connections.',
  source: 'Billeh et al. 2020 (doi:10.1016/j.neuron.2020.01.040)',
  generate(size, source) {
    const of = populationsOf(size, SHARES);
    const magnitudes = Float64Array.from({ length: size * size }, (_, at) => {
      const [from, to] = [of[at % size], of[Math.floor(at / size)]];
      // Both are drawn for every pair, so that no weight depends on which others exist.
      const [chance, strength] = [source.uniform(), lognormal(source)];
      return chance < PROBABILITIES[from][to] ? STRENGTHS[from][to] * strength : 0;
    });
    const inhibitory = of.map((type) => (type === 0 ? 0 : 1));
    return atUnitGain(signAndBalance(withoutSelf(magnitudes, size), inhibitory), size, 'v1block');
  },
};
