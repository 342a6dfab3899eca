// All observables. A new one is a file beside this one and a line here.

import type { Observable } from '../../src/core/observable.ts';
import { balanceDrift } from './balance-drift.ts';
import { ensembleError, seedVariance } from './ensemble.ts';
import { gateFlips } from './gate-flips.ts';
import { halvingTime } from './halving-time.ts';
import { centredKernelAlignment, centredKernelDistance, kernelAlignment, kernelDistance } from './kernel-alignment.ts';
import { kernelChange } from './kernel-change.ts';
import { kernelTargetAlignment } from './kernel-target-alignment.ts';
import { kernelTrace } from './kernel-trace.ts';
import { alignmentCosine, kernelRatio } from './layer-alignment.ts';
import { mapError, mapL1, mapL2 } from './linear-map.ts';
import { mechanism } from './mechanism.ts';
import { outputNorm } from './output-norm.ts';
import { recurrentObservables } from './recurrent.ts';
import {
  centredRepresentationAlignment,
  inputDistance,
  outputDistance,
  representationAlignment,
} from './representation-alignment.ts';
import { silence } from './silence.ts';
import { forgetting, transfer } from './test-answers.ts';
import { testError } from './test-error.ts';
import { testLoss } from './test-loss.ts';
import { trainingLoss } from './training-loss.ts';
import { unmetMargins } from './unmet-margins.ts';
import {
  inputWeightChange,
  inputWeightNorm,
  layerWeightChanges,
  outputWeightChange,
  outputWeightNorm,
  weightChange,
} from './weight-change.ts';

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
  kernelDistance,
  centredKernelDistance,
  inputDistance,
  outputDistance,
  kernelTrace,
  kernelRatio,
  alignmentCosine,
  mechanism,
  inputWeightNorm,
  outputWeightNorm,
  inputWeightChange,
  outputWeightChange,
  balanceDrift,
  transfer,
  forgetting,
  mapError,
  mapL1,
  mapL2,
  ...recurrentObservables,
  silence,
];
