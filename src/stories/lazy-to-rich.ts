// Story: from lazy to rich by output scale, after Geiger et al. 2020. One sweep carries all steps.

import type { Story } from './story.ts';

const preset = 'mnist-alpha-width';

export const lazyToRich: Story = {
  id: 'lazy-to-rich',
  title: 'From lazy to rich by output scale',
  paper: 'Geiger et al. 2020',
  steps: [
    {
      text: 'Every cell of this diagram is a handful of networks that learned to tell odd from even digits. Across, their output was multiplied by a number before training; upwards, they are wider. The colour says how far the tangent kernel moved: orange by more than its own size, blue by less.',
      view: { preset },
    },
    {
      text: 'Before training, nothing has moved, and every cell is lazy. Press play and watch the orange spread from the left: a small output has far to go, and the weights must go with it. A large one needs only a nudge.',
      view: { preset, frame: 4 },
    },
    {
      text: 'The same networks with time upwards. Those on the left stand still for a while, then learn features quickly; those on the right are done early, and their kernel hardly moves.',
      view: { preset, y: 'time' },
    },
    {
      text: 'Does it pay? Here the colour is the error on digits that were not trained on. Compare the two sides of the boundary you just saw, at the same width.',
      view: { preset, observable: 'testError' },
    },
    {
      text: 'Part of that error is luck of the start. Averaging the outputs of all seeds takes luck away; this is the error of single networks over that of their average. Where the ratio is large, the networks differ from one another more than they err together.',
      view: { preset, observable: 'testError', difference: { from: 'observable', observable: 'ensembleError' } },
    },
    {
      text: 'Back to the kernel. The boundary stands almost upright because the scale across is α̃ = √h α: in these units width no longer matters. Open “Scaling” below the diagram to read the exponent, and drag over the boundary to look closer.',
      view: { preset },
    },
  ],
};
