// Preset: kernel distance over λ and time in a square network.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { BALANCE_OVER_TIME } from './linear-networks.ts';

export const squareKernelDistance: Preset = {
  id: 'square-kernel-distance',
  paper: 'Dominé et al. 2025',
  title: 'Square networks: both signs are lazy',
  claim: 'In a square network the tangent kernel moves less the larger |λ|, whatever its sign: its distance falls as (s/λ)⁴.',
  citation: DOMINE,
  lookFor: 'A warm column around λ = 0 that narrows to nothing on both sides.',
  explain:
    'In a two-layer linear network $W_2W_1$ the difference $W_2^{\\mathsf T}W_2-W_1W_1^{\\mathsf T}=\\lambda I$ is conserved: this is the [balance](balance) $\\lambda$. If $|\\lambda|$ is large one layer is far larger than the other and hardly turns, so its part of the [tangent kernel](tangent-kernel) stands still. The distance falls as $(s/\\lambda)^4$ beyond the singular values $s$ of the task, on both sides alike, and only $\\lambda\\approx0$ is [rich](rich).',
  sweep: {
    ...BALANCE_OVER_TIME,
    title: 'Square network 5-5-5, balance × time',
    task: { kind: 'whitened', inputDim: 5, outputDim: 5 },
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
