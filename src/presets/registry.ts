// All presets, in the order of the gallery. A new one is a file beside this one and a line here.

import type { Preset } from '../core/preset.ts';
import { activations } from './activations.ts';
import { alignedCircuits } from './aligned-circuits.ts';
import { alignedRank } from './aligned-rank.ts';
import { balanceScale } from './balance-scale.ts';
import { catapult } from './catapult.ts';
import { continualLearning } from './continual-learning.ts';
import { convolutional } from './convolutional.ts';
import { deepBalance } from './deep-balance.ts';
import { depthSlope } from './depth-slope.ts';
import { diagonalSparsity } from './diagonal-sparsity.ts';
import { fashionError } from './fashion-error.ts';
import { fineTuning } from './fine-tuning.ts';
import { funnelKernelDistance } from './funnel-kernel-distance.ts';
import { halvingTime } from './halving-time.ts';
import { hierarchyRepresentations } from './hierarchy-representations.ts';
import { invertedFunnelKernelDistance } from './inverted-funnel-kernel-distance.ts';
import { linearRank } from './linear-rank.ts';
import { lossInTime } from './loss-in-time.ts';
import { lossOverBalance } from './loss-over-balance.ts';
import { mechanisms } from './mechanisms.ts';
import { mnistAlphaWidth } from './mnist-alpha-width.ts';
import { mnistError } from './mnist-error.ts';
import { noiseSensitivity } from './noise-sensitivity.ts';
import { nonlinearAlignment } from './nonlinear-alignment.ts';
import { nonlinearDisalignment } from './nonlinear-disalignment.ts';
import { oneDimensionalPhases } from './one-dimensional-phases.ts';
import { parametrisations } from './parametrisations.ts';
import { rankContext } from './rank-context.ts';
import { rankDelayMatch } from './rank-delay-match.ts';
import { rankGain } from './rank-gain.ts';
import { rankLearningRate } from './rank-learning-rate.ts';
import { rankWidth } from './rank-width.ts';
import { reluRegimes } from './relu-regimes.ts';
import { reversal } from './reversal.ts';
import { seedVariance } from './seed-variance.ts';
import { sigmoidExponential } from './sigmoid-exponential.ts';
import { squareKernelDistance } from './square-kernel-distance.ts';
import { stripeAlphaWidth } from './stripe-alpha-width.ts';
import { structures } from './structures.ts';
import { transfer } from './transfer.ts';
import { transferKept } from './transfer-kept.ts';
import { weightChange } from './weight-change.ts';
import { xorError } from './xor-error.ts';

export const presets: readonly Preset[] = [
  mnistAlphaWidth,
  stripeAlphaWidth,
  depthSlope,
  activations,
  xorError,
  fashionError,
  mnistError,
  convolutional,
  lossInTime,
  halvingTime,
  seedVariance,
  weightChange,
  lossOverBalance,
  squareKernelDistance,
  funnelKernelDistance,
  invertedFunnelKernelDistance,
  balanceScale,
  sigmoidExponential,
  hierarchyRepresentations,
  reversal,
  continualLearning,
  transfer,
  transferKept,
  fineTuning,
  noiseSensitivity,
  deepBalance,
  oneDimensionalPhases,
  mechanisms,
  parametrisations,
  nonlinearAlignment,
  nonlinearDisalignment,
  rankGain,
  rankWidth,
  rankDelayMatch,
  rankContext,
  structures,
  rankLearningRate,
  linearRank,
  alignedRank,
  alignedCircuits,
  catapult,
  diagonalSparsity,
  reluRegimes,
];
