// What the presets on two-layer linear networks have in common: the network of Dominé et al., a flow exact enough to stand beside
// theory, and a plane of theirs. Not a preset itself.

/** One hidden layer, squared loss and no factors. */
const TWO_LAYERS = { depth: 1, parametrisation: 'standard', predictor: 'plain', loss: 'squared' } as const;

/** W₂W₁x with squared loss and no factors: training time is the paper's t/τ. Dominé et al. 2025, section 2. */
export const LINEAR_NETWORK = { ...TWO_LAYERS, activation: 'linear' } as const;

/** f(x) = γ Σ u_i σ(w_i x), all factors powers of the width. Xu and Ziyin 2024, section 2. */
export const SCALED_NETWORK = { ...TWO_LAYERS, motion: 'plain', scaling: 'unscaled' } as const;

/** Gradient flow by Dormand and Prince, its error far below what a curve shows. */
export function exactFlow(maxTime: number, checkpoints: number | readonly number[]): Readonly<Record<string, unknown>> {
  return { method: 'flow', integrator: 'dormand-prince', tolerance: 1e-4, outputTolerance: null, maxTime, checkpoints };
}

/** Powers of ten from 10^first to 10^last, `perDecade` to a decade. */
export function decades(first: number, last: number, perDecade: number): number[] {
  const steps = (last - first) * perDecade;
  return Array.from({ length: steps + 1 }, (_, step) => Number((10 ** (first + step / perDecade)).toPrecision(6)));
}

/** How far both layers and the kernel are from their start, and whether the flow is exact enough to say so. */
export const BALANCE_OBSERVABLES = [
  'kernelDistance',
  'trainingLoss',
  'inputDistance',
  'outputDistance',
  'kernelTrace',
  'balanceDrift',
  'halvingTime',
] as const;

/** λ × time with five hidden units on whitened maps, from one lazy or delayed side to the other. */
export const BALANCE_OVER_TIME = {
  version: 1,
  family: 'fully-connected',
  axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 81 }],
  fixed: { ...LINEAR_NETWORK, width: 5, initialisation: 'balanced', productScale: 0.01 },
  seeds: 16,
  training: exactFlow(100, 41),
  observables: BALANCE_OBSERVABLES,
} as const;
