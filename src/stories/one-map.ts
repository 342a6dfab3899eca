// Story: one map of phases, alignment and disalignment, after Xu and Ziyin 2024.

import type { Story } from './story.ts';

const map = 'one-dimensional-phases';
const turning = 'nonlinear-alignment';
const away = 'nonlinear-disalignment';

export const oneMap: Story = {
  id: 'one-map',
  title: 'One map of phases',
  paper: 'Xu and Ziyin 2024',
  steps: [
    {
      text: 'How large should weights and outputs be as networks grow? Across is the exponent with which the start shrinks with the width, upwards the exponent of the output scale. The drawn line is the theory’s boundary between lazy and rich, with nothing fitted.',
      view: { preset: map },
    },
    {
      text: 'The kernel can also grow. This is its size at the end over that at the start: far below the line it grows by powers of the width.',
      view: { preset: map, observable: 'kernelRatio' },
    },
    {
      text: 'A network can fit its data with the kernel at rest, by turning its layers towards or away from each other, or by rescaling them. Each cell has the colour of the one mechanism that it used; the pale ones learned nothing.',
      view: { preset: map, observable: 'mechanism' },
    },
    {
      text: 'Turning by itself. Layers that start out independent turn towards each other as they learn; time runs upwards, one column for each activation, and the linear one follows the theory exactly.',
      view: { preset: turning },
    },
    {
      text: 'The opposite exists too. Layers that start aligned, with an output that is too large, shrink it by turning away: the columns cool. Every activation does it.',
      view: { preset: away },
    },
  ],
};
