// What training kernels read of one network: its record in the buffer `networks`, filled on the CPU. For families whose networks
// have an output scale, two rates and a start; what their other buffers hold is their own.

import type { Batch, Network } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import { initialStep } from '../../../src/core/stepping.ts';

/** Words of a network's record in `networks`: f32 unless said. */
export const NETWORK = {
  /** α in F = α (f − c f₀), the width's power included: see core/scalings. */
  outputScale: 0,
  /** c: 1 for the centred predictor, 0 for F = α f. */
  centred: 1,
  /** Rate of descent, 0 for flow. */
  learningRate: 2,
  /** Factor on the motion of the output layer: see core/scalings. 0 where it is frozen. */
  outputRate: 3,
  /** First step of a flow. */
  initialStep: 4,
  /** u32: seed of mini-batches. */
  seed: 5,
  /** u32: index of its Start. */
  start: 6,
  /** Factor on the motion of all other layers, in the same way. */
  hiddenRate: 7,
} as const;
export const NETWORK_WORDS = 8;

/** Record of one network for the buffer `networks`: NETWORK_WORDS words; `seed` is that of its start. */
export function networkRecord(
  { values, start }: Pick<Network, 'values' | 'start'>,
  seed: number,
  { training, frozen = [] }: Pick<Batch, 'training' | 'frozen'>,
): Uint32Array {
  const words = new Uint32Array(NETWORK_WORDS);
  const numbers = new Float32Array(words.buffer);
  const scaling = scalingOf(values);
  numbers[NETWORK.outputScale] = scaling.outputScale;
  numbers[NETWORK.centred] = choiceOf(values, 'predictor') === 'centred' ? 1 : 0;
  numbers[NETWORK.learningRate] = training.method === 'descent' ? numberOf(values, 'learningRate') : 0;
  numbers[NETWORK.outputRate] = frozen.includes('output') ? 0 : scaling.outputRate;
  numbers[NETWORK.hiddenRate] = frozen.includes('hidden') ? 0 : scaling.hiddenRate;
  numbers[NETWORK.initialStep] = initialStep(scaling);
  words[NETWORK.seed] = seed >>> 0;
  words[NETWORK.start] = start;
  return words;
}

/** The whole buffer `networks` of a batch: (networks, NETWORK_WORDS). */
export function networkRecords(batch: Batch): Uint32Array {
  const words = new Uint32Array(batch.networks.length * NETWORK_WORDS);
  batch.networks.forEach((network, index) => {
    words.set(networkRecord(network, batch.starts[network.start].seed, batch), index * NETWORK_WORDS);
  });
  return words;
}
