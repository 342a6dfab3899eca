// How a network ended, as numbers that kernels write and sentences that people read.

export const OUTCOMES = ['running', 'converged', 'out-of-budget', 'stalled', 'diverged', 'obstructed'] as const;

/** `obstructed` is given by the session, never by a kernel: see `Family.obstruction`. */
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
  obstructed:
    'Its start keeps it from the task: gradient flow conserves the sign of its determinant, which is the wrong one. ' +
    'Counted, not averaged; try another seed or a balance other than 0.',
};

/** Outcomes whose networks never enter a mean over seeds. */
export function isExcluded(outcome: Outcome): boolean {
  return outcome === 'diverged' || outcome === 'obstructed';
}

/** What happened, and what to try, in one or two English sentences. */
export function sentenceOf(outcome: Outcome): string {
  return SENTENCES[outcome];
}
