// The case file of one-dimensional networks as typed data, for the tests of the theory.

import { readFileSync } from 'node:fs';
import { momentsFrom } from '../../../src/theory/one-dimensional/moments.ts';
import type { OneDimensionalNetwork } from '../../../src/theory/one-dimensional/network.ts';

export interface OneDimensionalCase {
  readonly name: string;
  readonly inputs: {
    readonly width: number;
    readonly u0: number[];
    readonly w0: number[];
    readonly gamma: number;
    readonly eta_u: number;
    readonly eta_w: number;
    readonly data: { readonly mean_xx: number; readonly mean_xy: number; readonly mean_yy: number };
    readonly times: number[];
  };
  readonly outputs: Readonly<
    Record<
      'f_coefficient' | 'residual_s' | 'loss' | 'loss_excess' | 'ntk' | 'ntk_weighted' | 'cos' | 'norm_u' | 'norm_w',
      number[]
    >
  > & {
    readonly mechanism_end: string;
    readonly cos_start_used: number;
    readonly delta_cos: number;
    readonly ntk_weighted_ratio: number;
    readonly rotation_share: number | null;
    readonly u_end?: number[];
    readonly w_end?: number[];
  };
}

export const oneDimensionalCases = (
  JSON.parse(readFileSync(new URL('../../expected/one_dimensional.json', import.meta.url), 'utf8')) as {
    cases: OneDimensionalCase[];
  }
).cases;

export function networkOf({ inputs }: OneDimensionalCase): OneDimensionalNetwork {
  return {
    output: Float64Array.from(inputs.u0),
    input: Float64Array.from(inputs.w0),
    outputScale: inputs.gamma,
    outputRate: inputs.eta_u,
    inputRate: inputs.eta_w,
    moments: momentsFrom(inputs.data.mean_xx, inputs.data.mean_xy, inputs.data.mean_yy),
  };
}
