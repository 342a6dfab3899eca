// Story: what the rank of the first connectivity does, after Liu et al. 2024.

import type { Story } from './story.ts';

const linear = 'linear-rank';
const aligned = 'aligned-rank';
const circuit = 'rank-gain';

export const rank: Story = {
  id: 'rank',
  title: 'Low rank learns rich',
  paper: 'Liu et al. 2024',
  steps: [
    {
      text: 'Circuits of the brain are structured before they learn. Here the structure is rank: across, how many directions the first weights have; upwards, how large they are. The colour compares the tangent kernel after learning with the one before.',
      view: { preset: linear },
    },
    {
      text: 'Averaged over tasks this is known exactly for linear networks. The theory’s picture shows rank alone at work; starts larger than the task keep their kernel at every rank.',
      view: { preset: linear, layer: 'theory' },
    },
    {
      text: 'Averages hide much, since every seed learns another task. This is how far the seeds of a cell are apart.',
      view: { preset: linear, seeds: 'spread' },
    },
    {
      text: 'So low rank is not always rich. A start of rank one that already points along the task has nothing to learn: from the random row to the aligned one the diagram cools.',
      view: { preset: aligned },
    },
    {
      text: 'The same in recurrent circuits that make decisions. Warm at rank one, cooler towards full rank, most clearly at gains about 1.25. This one takes longer: every network is unrolled in time.',
      view: { preset: circuit },
    },
  ],
};
