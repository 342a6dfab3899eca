// All observables. A new one is a file beside this one and a line here.

import type { Observable } from '../../src/core/observable.ts';
import { ensembleError, seedVariance } from './ensemble.ts';
import { gateFlips } from './gate-flips.ts';
import { halvingTime } from './halving-time.ts';
import { centredKernelAlignment, kernelAlignment } from './kernel-alignment.ts';
import { kernelChange } from './kernel-change.ts';
import { kernelTargetAlignment } from './kernel-target-alignment.ts';
import { outputNorm } from './output-norm.ts';
import { centredRepresentationAlignment, representationAlignment } from './representation-alignment.ts';
import { testError } from './test-error.ts';
import { testLoss } from './test-loss.ts';
import { trainingLoss } from './training-loss.ts';
import { unmetMargins } from './unmet-margins.ts';
import { layerWeightChanges, weightChange } from './weight-change.ts';

export const observables: readonly Observable[] = [
  kernelChange,
  kernelAlignment,
  centredKernelAlignment,
  kernelTargetAlignment,
  representationAlignment,
  centredRepresentationAlignment,
  testError,
  testLoss,
  trainingLoss,
  unmetMargins,
  ensembleError,
  seedVariance,
  weightChange,
  ...layerWeightChanges,
  gateFlips,
  outputNorm,
  halvingTime,
];
