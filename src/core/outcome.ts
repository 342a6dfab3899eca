// How a network ended, as numbers that kernels write and sentences that people read.

export const OUTCOMES = ['running', 'converged', 'out-of-budget', 'stalled', 'diverged'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** The number that kernels store for an outcome. */
export const outcomeCode = Object.freeze(Object.fromEntries(OUTCOMES.map((outcome, code) => [outcome, code]))) as Readonly<
  Record<Outcome, number>
>;

const SENTENCES: Readonly<Record<Outcome, string>> = {
  running: 'Still training.',
  converged: 'Reached its stop rule: margin, loss or end of training time.',
  'out-of-budget': 'Used up its steps before it reached its stop rule; allow more steps or accept the state as it is.',
  stalled: 'The adaptive step shrank below what float32 can resolve; relax the tolerance or lower the output scale.',
  diverged: 'The loss stopped being finite; try a smaller learning rate.',
};

/** What happened, and what to try, in one or two English sentences. */
export function sentenceOf(outcome: Outcome): string {
  return SENTENCES[outcome];
}
