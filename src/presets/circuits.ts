// What the presets on recurrent circuits have in common: the training of Liu et al., shortened, and what is measured.

/** Momentum 0.9 on 32 fresh trials a step, 2000 steps at the learning rate 0.003. Liu et al. 2024, code; theirs takes 10 000. */
export const CIRCUIT_TRAINING = {
  method: 'descent',
  momentum: 0.9,
  batchSize: 32,
  maxTime: 6,
  checkpoints: [0.1, 0.5, 1.5, 3, 6],
} as const;

/** Tangent kernels on half as many trials as theirs, at a quarter of the cost: means over a few seeds cannot tell. */
export const CIRCUIT_TRIALS = { kernelTrials: 16 } as const;

export const CIRCUIT_OBSERVABLES = [
  'kernelAlignment',
  'representationAlignment',
  'centredRepresentationAlignment',
  'recurrentWeightChange',
  'trainingLoss',
  'testError',
  'participationRatio',
] as const;
