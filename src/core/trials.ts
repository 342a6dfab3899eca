// Trials of the neuroscience tasks in float64: what a trial's words mean, its inputs and its answers. The kernels repeat this
// line by line (shaders/trials). Holds no data set: see src/tasks.
//
// A trial has eight periods of 100 ms (`multiplier` steps each); the last is for the answer. It is a function of (seed, purpose,
// iteration, trial) alone: one Philox block says which trial it is, further blocks give one normal number per noisy input.
// neurogym 0.0.2 (commit 4e8bb67c), as used by Liu et al. 2024 (arXiv:2310.08513).

import { philox, STREAMS } from './random.ts';

/** Periods of a trial, the last of which is for the answer. */
export const TRIAL_PERIODS = 8;

/** Standard deviation of the noise on an input, per step of 100 ms. */
export const TRIAL_NOISE = 0.1;

/** Random numbers of different purposes under one seed: the last word of Philox's counter. */
export const TRIAL_PURPOSES = { batches: 0, training: 1, evaluation: 2 } as const;

/** The four words of a trial's first block. */
export type TrialWords = readonly [number, number, number, number];

export interface TrialKind {
  readonly id: string;
  /** Inputs, at most 8. */
  readonly channels: number;
  /** Answers: 0 (fixate) and the choices 1, 2. */
  readonly classes: number;
  /** The answer to be given in the last period; 0 in all others. */
  answer(words: TrialWords): number;
  /** Input without noise in period 0 … 7. */
  mean(words: TrialWords, period: number, channel: number): number;
  noisy(period: number, channel: number): boolean;
}

/** Integer 0 … bound − 1 from a word: the high half of their product. */
const below = (word: number, bound: number): number => Math.floor((word * bound) / 4294967296);

const DECISION = TRIAL_PERIODS - 1;
/** Percent. */
const COHERENCES = [0, 6.4, 12.8, 25.6, 51.2];
const CONTEXT_COHERENCES = [5, 15, 50];

/** Two-alternative forced choice: which of two noisy inputs is larger on average? (PerceptualDecisionMaking.) */
const twoAlternative: TrialKind = {
  id: 'two-alternative',
  channels: 3,
  classes: 3,
  answer: ([w0]) => 1 + below(w0, 2),
  mean([w0, w1], period, channel) {
    if (period === DECISION) return 0;
    if (channel === 0) return 1;
    const larger = below(w0, 2) === channel - 1;
    return 0.5 + (larger ? 1 : -1) * (COHERENCES[below(w1, 5)] / 200);
  },
  noisy: (period, channel) => period !== DECISION && channel > 0,
};

const DMS_TEST = 6;

/** Delayed match to sample: is the second stimulus, six periods later, the first one again? (DelayMatchSample.) */
const delayMatch: TrialKind = {
  id: 'delay-match',
  channels: 3,
  classes: 3,
  answer: ([, w1]) => 1 + below(w1, 2),
  mean([w0, w1], period, channel) {
    if (channel === 0) return period === DECISION ? 0 : 1;
    const sample = 1 + below(w0, 2);
    // Answer 1 is a match; the test is the other stimulus otherwise.
    const shown = period === 0 || below(w1, 2) === 0 ? sample : 3 - sample;
    return (period === 0 || period === DMS_TEST) && channel === shown ? 1 : 0;
  },
  noisy: (period, channel) => (period === 0 || period === DMS_TEST) && channel > 0,
};

const CONTEXT_STIMULUS = 2;

/** Context-dependent decision: which of two inputs is larger in the modality that the context names? (ContextDecisionMaking.) */
const contextDecision: TrialKind = {
  id: 'context-decision',
  channels: 7,
  classes: 3,
  answer: ([w0]) => 1 + below(w0, 2),
  mean([w0, w1, w2, w3], period, channel) {
    if (channel === 0) return period === DECISION ? 0 : 1;
    const context = below(w2, 2);
    if (channel >= 5) return channel - 5 === context ? 1 : 0;
    if (period >= CONTEXT_STIMULUS) return 0;
    const modality = Math.floor((channel - 1) / 2);
    const chosen = below(modality === context ? w0 : w1, 2);
    const pair = below(w3, 9);
    const coherence = CONTEXT_COHERENCES[modality === 0 ? Math.floor(pair / 3) : pair % 3];
    return (1 + (chosen === (channel - 1) % 2 ? 1 : -1) * (coherence / 100)) / 2;
  },
  noisy: (period) => period < CONTEXT_STIMULUS,
};

export const trialKinds: readonly TrialKind[] = [twoAlternative, delayMatch, contextDecision];

/** The generator named `id`. Throws where there is none. */
export function trialKindOf(id: string): TrialKind {
  const kind = trialKinds.find((one) => one.id === id);
  if (kind === undefined) throw new Error(`trials: expected one of ${trialKinds.map((one) => one.id).join(', ')}, got ${id}`);
  return kind;
}

// PPND7 of Wichura 1988 (AS 241): relative error 1e-7. Plain arithmetic, one square root and one
// logarithm, so that kernels agree.
export const QUANTILE_CENTRE = {
  above: [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
  below: [1, 17.895169469, 78.757757664, 67.1875636],
} as const;
export const QUANTILE_TAIL = {
  above: [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
  below: [1, 0.7370016425, 0.12021132975],
} as const;

const horner = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** Standard normal number of a word: the quantile of u = (⌊word/2⁹⌋ + ½)·2⁻²³, which float32 holds exactly. */
export function normalOfWord(word: number): number {
  const u = ((word >>> 9) + 0.5) / 8388608;
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(QUANTILE_CENTRE.above, r)) / horner(QUANTILE_CENTRE.below, r);
  }
  const r = Math.sqrt(-Math.log(Math.min(u, 1 - u))) - 1.6;
  return (Math.sign(q) * horner(QUANTILE_TAIL.above, r)) / horner(QUANTILE_TAIL.below, r);
}

/** What names a trial: 32-bit words. */
export interface TrialName {
  readonly seed: number;
  readonly purpose: number;
  readonly iteration: number;
  readonly trial: number;
}

/** Fills `inputs` (steps, channels) and `targets` (steps, classes; one-hot) of one trial; steps = 8 · multiplier. */
function fillTrial(
  kind: TrialKind,
  multiplier: number,
  { seed, purpose, iteration, trial }: TrialName,
  inputs: Float64Array,
  targets: Float64Array,
): void {
  const block = (n: number) => philox([iteration >>> 0, trial >>> 0, n, purpose], [seed >>> 0, STREAMS.trials]);
  const words = block(0);
  const std = TRIAL_NOISE * Math.sqrt(multiplier);
  targets.fill(0);
  for (let step = 0; step < TRIAL_PERIODS * multiplier; step++) {
    const period = Math.floor(step / multiplier);
    const noise = [...block(1 + 2 * step), ...(kind.channels > 4 ? block(2 + 2 * step) : [])];
    for (let channel = 0; channel < kind.channels; channel++) {
      const wobble = kind.noisy(period, channel) ? std * normalOfWord(noise[channel]) : 0;
      inputs[step * kind.channels + channel] = kind.mean(words, period, channel) + wobble;
    }
    targets[step * kind.classes + (period === DECISION ? kind.answer(words) : 0)] = 1;
  }
}

/** `count` trials of one iteration: inputs (count, steps, channels), targets (count, steps, classes). */
export function drawTrials(
  kind: TrialKind,
  multiplier: number,
  { seed, purpose, iteration }: Omit<TrialName, 'trial'>,
  count: number,
): { count: number; inputs: Float64Array; targets: Float64Array } {
  const steps = TRIAL_PERIODS * multiplier;
  const [row, answers] = [steps * kind.channels, steps * kind.classes];
  const inputs = new Float64Array(count * row);
  const targets = new Float64Array(count * answers);
  for (let trial = 0; trial < count; trial++) {
    fillTrial(
      kind,
      multiplier,
      { seed, purpose, iteration, trial },
      inputs.subarray(trial * row, (trial + 1) * row),
      targets.subarray(trial * answers, (trial + 1) * answers),
    );
  }
  return { count, inputs, targets };
}
