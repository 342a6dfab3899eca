// The contract of an initial connectivity of recurrent networks. Members are files beside this one and lines in registry.ts.

import type { Parameter, Values } from '../parameter.ts';
import type { RandomSource } from '../random.ts';

export interface Connectivity {
  /** Value of the parameter `connectivity`. */
  readonly id: string;
  /** Lower-case words. */
  readonly label: string;
  readonly description: string;
  readonly source: string;
  /** What the structure can be told, of scope `start`. Left out: nothing. */
  readonly parameters?: readonly Parameter[];
  /**
   * Draws W[post, pre], (size, size) row-major, at gain 1: Frobenius norm √size, exactly or on average. The family multiplies it
   * by its gain. Everything random comes from `source`. `options` are values of `parameters`; what is missing keeps its default.
   * Throws InputError where the options contradict each other or so few units have no connections.
   */
  generate(size: number, source: RandomSource, options?: Values): Float64Array;
}
