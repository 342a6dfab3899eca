// The contract of a contender. Its members are registered in contenders.ts.

import type { Problem } from './problem.ts';

export interface Contender {
  readonly name: string;
  /** What computes: contenders on `webgpu` share one adapter. */
  readonly device: 'webgpu' | 'wasm';
  /** Uploads, compiles and returns networks at their initial weights. Throws where it cannot run. */
  prepare(problem: Problem): Promise<Prepared>;
}

export interface Prepared {
  /** How it does it: backend, variant, kernel. */
  readonly detail: string;
  /** Takes `count` training steps of all networks and resolves when they are done on the device. */
  step(count: number): Promise<void>;
  /** Weights per layer, (networks, rows, columns), of at least the first `count` networks. */
  weights(count: number): Promise<ArrayLike<number>[]>;
  dispose(): void;
}
