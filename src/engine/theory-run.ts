// Drives a solver in short slices, so that whoever shares its thread keeps breathing. Solves nothing itself; see theory-client.ts
// for how a page finds a thread for it.

import type { Boundary, TheoryPlane } from '../core/theory.ts';
import type { Clock } from '../gpu/clock.ts';
import type { Prediction } from './theory-film.ts';
import type { TheoryDetail, TheorySolver } from './theory-solver.ts';

/** A theory at work, in this thread or in another. */
export interface TheoryRun {
  /** Solves all cells; `told` hears of them in portions. Resolves when all are solved, or after `dispose`. Call it once. */
  cells(told: (portion: readonly Prediction[]) => void): Promise<void>;
  /** One cell at close times; null where the theory refuses it, or after `dispose`. */
  detail(cell: number): Promise<TheoryDetail | null>;
  /** Singular values of a network's weights by layer; null where they cannot be told. */
  spectrum(cell: number, weights: Float64Array): Promise<readonly Float64Array[] | null>;
  boundaries(plane: TheoryPlane): Promise<readonly Boundary[]>;
  /** Ends everything. Safe to call twice. */
  dispose(): void;
}

export interface SliceOptions {
  readonly clock: Clock;
  /** Longest stretch of work, ms. */
  readonly sliceMs: number;
  /** Lets others have the thread. */
  rest(): Promise<void>;
}

/** A run in this thread. */
export function runInSlices(solver: TheorySolver, { clock, sliceMs, rest }: SliceOptions): TheoryRun {
  let disposed = false;

  async function drive<T>(work: AsyncGenerator<T | null>, take: (value: T) => void, rested: () => void): Promise<void> {
    let begun = clock.now();
    for await (const value of work) {
      if (value !== null) take(value);
      if (clock.now() - begun < sliceMs) continue;
      rested();
      await rest();
      if (disposed) return;
      begun = clock.now();
    }
  }

  return {
    async cells(told) {
      let portion: Prediction[] = [];
      const tell = () => {
        if (portion.length > 0 && !disposed) told(portion);
        portion = [];
      };
      await drive(solver.cells(), (prediction) => portion.push(prediction), tell);
      tell();
    },
    async detail(cell) {
      let detail: TheoryDetail | null = null;
      await drive(
        solver.detail(cell),
        (found) => {
          detail = found;
        },
        () => undefined,
      );
      return detail;
    },
    spectrum: (cell, weights) => solver.spectrum(cell, weights),
    boundaries: async (plane) => solver.boundaries(plane),
    dispose() {
      disposed = true;
    },
  };
}

/** Rests until timers and events have had their turn. */
export const restForEvents = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
