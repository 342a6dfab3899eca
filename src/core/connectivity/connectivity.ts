// The contract of an initial connectivity of recurrent networks. Members are files beside this one and lines in registry.ts.

import type { RandomSource } from '../random.ts';

export interface Connectivity {
  /** Value of the parameter `connectivity`. */
  readonly id: string;
  /** Lower-case words. */
  readonly label: string;
  readonly description: string;
  readonly source: string;
  /**
   * Draws W[post, pre], (size, size) row-major, at gain 1: Frobenius norm √size, exactly or on average. The family multiplies it by its
   * gain. Everything random comes from `source`.
   */
  generate(size: number, source: RandomSource): Float64Array;
}
