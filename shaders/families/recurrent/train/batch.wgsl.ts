// The trials of one step of descent, put on the tape: made afresh, drawn from the training set, or all of
// it. One lane, four trials.

import { philoxWgsl } from '../../../lib/philox.wgsl.ts';
import { trialsWgsl } from '../../../trials/trials.wgsl.ts';
import { u32 } from '../../../wgsl.ts';
import { tapeAt } from './backward.wgsl.ts';
import { unroll } from './forward.wgsl.ts';
import type { Geometry, RecurrentOptions, Tape } from './options.ts';

/** True where the training set has to be on the GPU. */
export function readsTrainingSet({ sequence, training }: RecurrentOptions): boolean {
  return sequence.trials === undefined || training.batchSize === 0;
}

/** Functions at module level. */
export function batchFunctions(options: RecurrentOptions): string {
  const { sequence } = options;
  if (readsTrainingSet(options) || sequence.trials === undefined) return philoxWgsl();
  const { kind, multiplier } = sequence.trials;
  return philoxWgsl() + trialsWgsl(kind, multiplier);
}

/**
 * Statements that fill inputs and targets of the tape; see `iteration` and `seed`. Padding is zero. Stored rows: `train_set`,
 * f32, (samples, steps, channels + outputs).
 */
export function fillBatch(options: RecurrentOptions, { lanes }: Geometry, tape: Tape, samples: number): string {
  const { shape, layout, training, batchTrials } = options;
  const { steps, channels, outputs } = shape;
  const at = tapeAt(tape);
  const row = channels + outputs;
  const stored = readsTrainingSet(options);
  const source = stored
    ? `let sample = ${training.batchSize === 0 ? 'trial' : `batch_sample(iteration, trial, seed, ${u32(samples)})`};
        let first = (sample * ${u32(steps)} + t) * ${u32(row)};
        for (var c = 0u; c < ${u32(channels)}; c++) { x[c][i] = train_set[first + c]; }
        for (var c = 0u; c < ${u32(outputs)}; c++) { y[c][i] = train_set[first + ${u32(channels)} + c]; }`
    : `let words = trial_words(seed, iteration, trial);
        let inputs = trial_step(words, seed, iteration, trial, t);
        ${unroll(channels, (c) => `x[${c}][i] = inputs[${c}];`, ' ')}
        y[trial_class(words, t)][i] = 1.0;`;
  return `for (var item = lane; item < ${u32(steps * tape.quads)}; item += ${u32(lanes)}) {
      let t = item / ${u32(tape.quads)};
      let q = item % ${u32(tape.quads)};
      var x = array<vec4f, ${u32(layout.channels)}>();
      var y = array<vec4f, ${u32(outputs)}>();
      for (var i = 0u; i < 4u; i++) {
        let trial = 4u * q + i;
        if (trial >= ${u32(batchTrials)}) { continue; }
        ${source}
      }
      for (var c = 0u; c < ${u32(layout.channels)}; c++) { ${at(tape.inputs, `t * ${u32(layout.channels)} + c`, 'q')} = x[c]; }
      for (var c = 0u; c < ${u32(outputs)}; c++) { ${at(tape.targets, `t * ${u32(outputs)} + c`, 'q')} = y[c]; }
    }`;
}
