// Story: balance between layers decides lazy or rich, after Dominé et al. 2025. Three sweeps, each with an exact solution.

import type { Story } from './story.ts';

const scale = 'balance-scale';
const time = 'square-kernel-distance';
const funnel = 'funnel-kernel-distance';

export const balance: Story = {
  id: 'balance',
  title: 'Balance decides: lazy or rich',
  paper: 'Dominé et al. 2025',
  steps: [
    {
      text: 'Small starts are said to be rich and large ones lazy. Here both can be turned: upwards the scale of the start, across λ, how much heavier the second layer is than the first. Over most of the height the rows look alike; it is λ that decides.',
      view: { preset: scale },
    },
    {
      text: 'For these networks the whole course of learning is known exactly. This is what the theory says of the same cells, in the same colours; nothing has been fitted.',
      view: { preset: scale, layer: 'theory' },
    },
    {
      text: 'And this is how far the two are apart. The switch above the diagram turns between simulation, theory and residual.',
      view: { preset: scale, layer: 'residual' },
    },
    {
      text: 'With time upwards: in a square network both signs of λ are lazy, and only near λ = 0, where the layers weigh the same, does the kernel move. The warm column narrows to nothing on both sides.',
      view: { preset: time },
    },
    {
      text: 'With more inputs than outputs the signs part. For λ well above zero the kernel never moves. For λ well below, the network first fits what it can without moving it, and turns late: the later, the more negative λ.',
      view: { preset: funnel },
    },
    {
      text: 'What that does to the loss: the delay is seen in the kernel, not in the fit. Both sides learn the task long before the left one has found its features.',
      view: { preset: funnel, observable: 'trainingLoss' },
    },
  ],
};
