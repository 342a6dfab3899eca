// What the presets on the stripe task share: data and training at a size that a laptop trains in seconds. Not a preset itself.

/** Stripe on the sphere in ten dimensions. */
export const STRIPE_TASK = { kind: 'stripe', inputDim: 10, samples: 128, testSamples: 500, probeSamples: 32 } as const;

/** Gradient flow until every margin is met; times in units in which the rich side is done by about 20. */
export const STRIPE_TRAINING = {
  method: 'flow',
  maxTime: 1000,
  maxSteps: 5000,
  checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
} as const;

/** Output scale × width with two hidden layers, from far on the rich side to far on the lazy one. */
export const STRIPE_PLANE = {
  version: 1,
  family: 'fully-connected',
  task: STRIPE_TASK,
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 22 },
    { parameter: 'width', scale: 'log', values: [16, 32, 64] },
  ],
  fixed: { depth: 2, activation: 'softplus' },
  seeds: 3,
  training: STRIPE_TRAINING,
} as const;
