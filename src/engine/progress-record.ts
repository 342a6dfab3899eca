// Reads the per-network record that training kernels keep; see PROGRESS in core/program.ts.

import type { Standing } from '../core/observable.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import { PROGRESS, PROGRESS_WORDS } from '../core/program.ts';
import { HORIZON_SLACK } from '../core/stepping.ts';

export interface ProgressReader {
  readonly count: number;
  outcome(network: number): Outcome;
  /** True where the network still has steps to take before `horizon`. */
  pending(network: number, horizon: number): boolean;
  /** Step that a flow's next attempt will try. */
  step(network: number): number;
  attempts(network: number): number;
  accepted(network: number): number;
  standing(network: number): Standing;
}

export function readProgress(bytes: ArrayBuffer): ProgressReader {
  const words = new Uint32Array(bytes);
  const numbers = new Float32Array(bytes);
  const at = (network: number, word: number) => network * PROGRESS_WORDS + word;
  const outcome = (network: number) => OUTCOMES[words[at(network, PROGRESS.outcome)]];
  return {
    count: words.length / PROGRESS_WORDS,
    outcome,
    pending: (network, horizon) =>
      outcome(network) === 'running' &&
      !(numbers[at(network, PROGRESS.time)] >= Math.fround(Math.fround(horizon) * Math.fround(1 - HORIZON_SLACK))),
    step: (network) => numbers[at(network, PROGRESS.step)],
    attempts: (network) => words[at(network, PROGRESS.attempts)],
    accepted: (network) => words[at(network, PROGRESS.accepted)],
    standing: (network) => ({
      time: numbers[at(network, PROGRESS.time)],
      loss: numbers[at(network, PROGRESS.loss)],
      unmet: numbers[at(network, PROGRESS.unmet)],
      halvingTime: numbers[at(network, PROGRESS.halvingTime)],
    }),
  };
}
