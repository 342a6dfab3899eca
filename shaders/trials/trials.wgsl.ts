// Trials in WGSL, the twin of src/core/trials.ts: the same words, the same meaning, line by line. Needs philox of
// lib/philox.wgsl.ts in the module. Stores nothing: kernels place the numbers.

import { STREAMS } from '../../src/core/random.ts';
import {
  QUANTILE_CENTRE,
  QUANTILE_TAIL,
  TRIAL_NOISE,
  TRIAL_PERIODS,
  TRIAL_PURPOSES,
  trialKindOf,
} from '../../src/core/trials.ts';
import { f32, u32, wgsl } from '../wgsl.ts';

/** `trial_answer(w)`, `trial_mean(w, period, channel)`, `trial_noisy(period, channel)` of each kind. */
const KINDS: Readonly<Record<string, string>> = {
  'two-alternative': `
fn trial_answer(w: vec4u) -> u32 { return 1u + (w.x >> 31u); }

fn trial_mean(w: vec4u, period: u32, channel: u32) -> f32 {
  if (period == 7u) { return 0.0; }
  if (channel == 0u) { return 1.0; }
  var coherences = array<f32, 5>(0.0, 6.4, 12.8, 25.6, 51.2);
  let larger = (w.x >> 31u) == channel - 1u;
  return 0.5 + select(-1.0, 1.0, larger) * (coherences[multiply_high(w.y, 5u)] / 200.0);
}

fn trial_noisy(period: u32, channel: u32) -> bool { return period != 7u && channel > 0u; }
`,
  'delay-match': `
fn trial_answer(w: vec4u) -> u32 { return 1u + (w.y >> 31u); }

fn trial_mean(w: vec4u, period: u32, channel: u32) -> f32 {
  if (channel == 0u) { return select(1.0, 0.0, period == 7u); }
  let sample = 1u + (w.x >> 31u);
  let shown = select(3u - sample, sample, period == 0u || (w.y >> 31u) == 0u);
  return select(0.0, 1.0, (period == 0u || period == 6u) && channel == shown);
}

fn trial_noisy(period: u32, channel: u32) -> bool { return (period == 0u || period == 6u) && channel > 0u; }
`,
  'context-decision': `
fn trial_answer(w: vec4u) -> u32 { return 1u + (w.x >> 31u); }

fn trial_mean(w: vec4u, period: u32, channel: u32) -> f32 {
  if (channel == 0u) { return select(1.0, 0.0, period == 7u); }
  let context = w.z >> 31u;
  if (channel >= 5u) { return select(0.0, 1.0, channel - 5u == context); }
  if (period >= 2u) { return 0.0; }
  var coherences = array<f32, 3>(5.0, 15.0, 50.0);
  let modality = (channel - 1u) / 2u;
  let chosen = select(w.y, w.x, modality == context) >> 31u;
  let pair = multiply_high(w.w, 9u);
  let coherence = coherences[select(pair % 3u, pair / 3u, modality == 0u)];
  return (1.0 + select(-1.0, 1.0, chosen == (channel - 1u) % 2u) * (coherence / 100.0)) / 2.0;
}

fn trial_noisy(period: u32, channel: u32) -> bool { return period < 2u; }
`,
};

const horner = (coefficients: readonly number[], x: string) =>
  coefficients.slice(0, -1).reduceRight((text, c) => `(${f32(c)} + ${x} * ${text})`, f32(coefficients[coefficients.length - 1]));

/**
 * `trial_words(seed, iteration, trial) -> vec4u`, `trial_step(words, seed, iteration, trial, step) -> array<f32, channels>` (the
 * inputs of a step) and `trial_class(words, step) -> u32` (the answer asked for at it). Training trials: see `TRIAL_PURPOSES`.
 */
export function trialsWgsl(id: string, multiplier: number): string {
  const { channels } = trialKindOf(id);
  const blocks = Math.ceil(channels / 4);
  return wgsl`
${KINDS[id]}
// Standard normal number of a word.
fn normal_of_word(word: u32) -> f32 {
  let u = (f32(word >> 9u) + 0.5) * ${f32(2 ** -23)};
  let q = u - 0.5;
  if (abs(q) <= 0.425) {
    let r = 0.180625 - q * q;
    return q * ${horner(QUANTILE_CENTRE.above, 'r')} / ${horner(QUANTILE_CENTRE.below, 'r')};
  }
  let r = sqrt(-log(min(u, 1.0 - u))) - 1.6;
  return sign(q) * ${horner(QUANTILE_TAIL.above, 'r')} / ${horner(QUANTILE_TAIL.below, 'r')};
}

fn trial_block(seed: u32, iteration: u32, trial: u32, block: u32) -> vec4u {
  return philox(vec4u(iteration, trial, block, ${u32(TRIAL_PURPOSES.batches)}), vec2u(seed, ${u32(STREAMS.trials)}));
}

fn trial_words(seed: u32, iteration: u32, trial: u32) -> vec4u { return trial_block(seed, iteration, trial, 0u); }

fn trial_class(words: vec4u, step: u32) -> u32 {
  return select(0u, trial_answer(words), step / ${u32(multiplier)} == ${u32(TRIAL_PERIODS - 1)});
}

fn trial_step(words: vec4u, seed: u32, iteration: u32, trial: u32, step: u32) -> array<f32, ${String(channels)}> {
  let period = step / ${u32(multiplier)};
  var inputs = array<f32, ${String(channels)}>();
  var block = vec4u(0u);
  for (var channel = 0u; channel < ${u32(channels)}; channel++) {
    var value = trial_mean(words, period, channel);
    if (trial_noisy(period, channel)) {
      if (channel % 4u == 0u || !trial_noisy(period, channel - 1u)) {
        block = trial_block(seed, iteration, trial, 1u + 2u * step + ${blocks > 1 ? 'channel / 4u' : '0u'});
      }
      value += ${f32(TRIAL_NOISE * Math.sqrt(multiplier))} * normal_of_word(block[channel % 4u]);
    }
    inputs[channel] = value;
  }
  return inputs;
}
`;
}
