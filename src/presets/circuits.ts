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

/** Rank × time at a size where both ends differ, long enough for tasks that are learned late. */
export const RANK_OVER_TIME = {
  version: 1,
  family: 'recurrent',
  axes: [{ parameter: 'initRank', values: [1, 4, 16, 64] }],
  fixed: { width: 64, gain: 1.25, ...CIRCUIT_TRIALS },
  seeds: 4,
  training: { ...CIRCUIT_TRAINING, learningRate: 0.003, maxTime: 15, checkpoints: [0.1, 0.5, 1.5, 3, 6, 15] },
  observables: CIRCUIT_OBSERVABLES,
} as const;
