// The training kernel: one workgroup per network takes whole steps of descent, trials to weights, many per dispatch. Forward and
// backward run step by step through time with a barrier each; everything of a step stays on the workgroup's tape.

import { GROUP_INDEX_WGSL, type Pass, PROGRESS, PROGRESS_WORDS, SPAN_WGSL } from '../../../../src/core/program.ts';
import { weighedSteps } from '../../../../src/core/sequences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { lossWgsl } from '../../../lib/losses.ts';
import { steppingWgsl } from '../../../lib/stepping.wgsl.ts';
import { f32, u32, wgsl } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import { adjointSteps, descendFunction, gradientSteps, tapeAt } from './backward.wgsl.ts';
import { batchFunctions, fillBatch } from './batch.wgsl.ts';
import { carriedAdjoints, carriedForward, turnBlock } from './carried.wgsl.ts';
import { forwardSteps, initialRates, SYNC, unroll } from './forward.wgsl.ts';
import type { Geometry, RecurrentOptions, Tape } from './options.ts';

/** Words of the record that hold 1 − β₁ᵏ and 1 − β₂ᵏ for Adam. */
const BIASES = [PROGRESS.privateFrom + 4, PROGRESS.privateFrom + 5] as const;

const record = (word: number) => `networks[network * ${u32(NETWORK_WORDS)} + ${u32(word)}]`;

/** Outputs, losses and their slopes at all steps; lanes share (step, quad). Adds to `loss_sum` and `unmet`. */
function readout({ shape, layout, sequence, batchTrials }: RecurrentOptions, { lanes }: Geometry, tape: Tape): string {
  const { steps, outputs } = shape;
  const { units, matrices } = layout;
  const at = tapeAt(tape);
  const each = (make: (c: number) => string) => unroll(outputs, make, '\n      ');
  return `for (var item = lane; item < ${u32(steps * tape.quads)}; item += ${u32(lanes)}) {
      let t = item / ${u32(tape.quads)};
      let q = item % ${u32(tape.quads)};
      let share = step_weight(t);
      if (share == 0.0 && t != ${u32(sequence.decisionStep)}) {
        ${each((c) => `${at(tape.errors, `t * ${u32(outputs)} + ${u32(c)}`, 'q')} = vec4f(0.0);`)}
        continue;
      }
      var f = array<vec4f, ${outputs}>();
      var y = array<vec4f, ${outputs}>();
      for (var k = 0u; k < ${u32(units / 4)}; k++) {
        ${unroll(4, (i) => `let h${i} = ${at(tape.rates, `(t + 1u) * ${u32(units)} + 4u * k + ${u32(i)}`, 'q')};`)}
        ${each(
          (c) => `{ let w = weights[weights0 + ${u32((matrices[2].offset + c * units) / 4)} + k];
        f[${c}] += w.x * h0 + w.y * h1 + w.z * h2 + w.w * h3; }`,
        )}
      }
      ${each((c) => `f[${c}] *= output_scale; y[${c}] = ${at(tape.targets, `t * ${u32(outputs)} + ${u32(c)}`, 'q')};`)}
      let valid = vec4u(4u * q) + vec4u(0u, 1u, 2u, 3u) < vec4u(${u32(batchTrials)});
      let slope = sample_slope4(f, y);
      let losses = select(vec4f(0.0), sample_loss4(f, y), valid);
      loss_sum += share * ((losses.x + losses.y) + (losses.z + losses.w));
      ${each(
        (c) =>
          `${at(tape.errors, `t * ${u32(outputs)} + ${u32(c)}`, 'q')} = select(vec4f(0.0), (share * ${f32(1 / batchTrials)}) * slope[${c}], valid);`,
      )}
      if (t == ${u32(sequence.decisionStep)}) {
        let missed = select(vec4f(0.0), vec4f(1.0), valid & !(sample_margin4(f, y) >= vec4f(1.0)));
        unmet += (missed.x + missed.y) + (missed.z + missed.w);
      }
    }`;
}

/** WGSL of the weight of a step in the loss. */
function stepWeightFunction({ sequence }: RecurrentOptions): string {
  const weighed = weighedSteps(sequence);
  const first = sequence.stepWeights[weighed[0]];
  const uniform = weighed.every((step, k) => sequence.stepWeights[step] === first && step === weighed[0] + k);
  if (uniform) {
    const last = weighed[weighed.length - 1];
    return `fn step_weight(t: u32) -> f32 { return select(0.0, ${f32(first)}, t >= ${u32(weighed[0])} && t <= ${u32(last)}); }`;
  }
  return `fn step_weight(t: u32) -> f32 {
  switch (t) {
    ${weighed.map((step) => `case ${u32(step)}: { return ${f32(sequence.stepWeights[step])}; }`).join('\n    ')}
    default: { return 0.0; }
  }
}`;
}

/** The whole step as one pass. `samples`: rows of the training set; `mostLoss`: see `Family.mostLoss`. */
export function trainPass(options: RecurrentOptions, geometry: Geometry, tape: Tape, samples: number, mostLoss: number): Pass {
  const { shape, layout, training } = options;
  const { lanes, resident, carried = false, subgroup = 0 } = geometry;
  const { units, words, matrices } = layout;
  const at = tapeAt(tape);
  const stored = (row: string, k: string) =>
    `weights[weights0 + ${u32(matrices[1].offset / 4)} + ${row} * ${u32(units / 4)} + ${k}]`;
  const recurrent = resident ? (row: string, k: string) => `own_recurrent[${row} * ${u32(units / 4)} + ${k}]` : stored;
  const turned = (row: string, k: string) => `tape[tape0 + ${u32(tape.turned)} + ${row} * ${u32(units / 4)} + ${k}]`;
  const pass = {
    shape,
    layout,
    geometry,
    quads: tape.quads,
    places: {
      weight: (index: string) => `weights[weights0 + ${index}]`,
      recurrent,
      input: (t: string, channel: string, q: string) => at(tape.inputs, `${t} * ${u32(layout.channels)} + ${channel}`, q),
      rate: (slot: string, unit: string, q: string) => at(tape.rates, `${slot} * ${u32(units)} + ${unit}`, q),
      argument:
        tape.adjoints === tape.arguments
          ? null
          : (t: string, unit: string, q: string) => at(tape.arguments, `(${t}) * ${u32(units)} + ${unit}`, q),
    },
  };
  const copies = {
    vector: resident ? `own_recurrent[index - ${u32(matrices[1].offset / 4)}] = weights[weights0 + index];` : '',
    block: carried ? turnBlock(stored, turned, 'i', 'j') : '',
  };
  const { adam } = training;
  const bias = (k: number) => `progress[network * ${u32(PROGRESS_WORDS)} + ${u32(BIASES[k])}]`;
  return {
    label: 'recurrent: descent',
    entryPoint: 'train',
    buffers: ['networks', 'trainSet', 'weights', 'moments', 'progress', 'tape'],
    workgroups: (count) => count,
    code: wgsl`
${carried && subgroup > 1 ? 'enable subgroups;' : ''}
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
@group(0) @binding(1) var<storage, read> networks: array<u32>;
@group(0) @binding(2) var<storage, read> train_set: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> moments: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> progress: array<u32>;
@group(0) @binding(6) var<storage, read_write> tape: array<vec4f>;

var<workgroup> lane_losses: array<vec2f, ${String(lanes)}>;
var<workgroup> going: u32;
var<workgroup> attempts: u32;
${resident ? `var<workgroup> own_recurrent: array<vec4f, ${(units * units) / 4}>;` : ''}

var<private> network: u32 = 0u;
var<private> weights0: u32 = 0u;
var<private> learning_rate: f32 = 0.0;
var<private> bias1: f32 = 1.0;
var<private> bias2: f32 = 1.0;

${activationWgsl(shape)}
${lossWgsl({ loss: options.loss, beta: 1, outputDim: shape.outputs })}
${steppingWgsl(training)}
${batchFunctions(options)}
${stepWeightFunction(options)}
${descendFunction(options)}

@compute @workgroup_size(${String(lanes)})
fn train(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
  ${carried && subgroup > 1 ? '@builtin(subgroup_invocation_id) sid: u32,' : ''}
) {
  let unit = group_index(group, groups);
  if (unit >= span.count) { return; }
  network = span.first + unit;
  weights0 = network * ${u32(words / 4)};
  let tape0 = unit * ${u32(tape.vectors)};
  let seed = ${record(NETWORK.seed)};
  learning_rate = bitcast<f32>(${record(NETWORK.learningRate)});
  let output_scale = bitcast<f32>(${record(NETWORK.outputScale)});
  let hidden_rate = bitcast<f32>(${record(NETWORK.hiddenRate)});
  let output_rate = bitcast<f32>(${record(NETWORK.outputRate)});
  // What an automatic layout would otherwise drop.
  _ = train_set[0];
  _ = moments[0].x;
  var state = load_progress(network);
  if (lane == 0u) {
    going = select(1u, 0u, waits(state, span.horizon));
    attempts = state.attempts;
  }
  ${
    resident
      ? `for (var k = lane; k < ${u32((units * units) / 4)}; k += ${u32(lanes)}) {
    own_recurrent[k] = weights[weights0 + ${u32(matrices[1].offset / 4)} + k];
  }`
      : ''
  }
  ${initialRates(pass)}
  ${
    carried
      ? `for (var block = lane; block < ${u32((units / 4) ** 2)}; block += ${u32(lanes)}) {
    let i = block / ${u32(units / 4)};
    let j = block % ${u32(units / 4)};
    ${turnBlock(stored, turned, 'i', 'j')}
  }`
      : ''
  }
  for (var taken = 0u; taken < span.steps; taken++) {
    if (workgroupUniformLoad(&going) == 0u) { break; }
    let iteration = workgroupUniformLoad(&attempts);
    ${fillBatch(options, geometry, tape, samples)}
    ${SYNC}
    ${carried ? carriedForward(options, geometry, tape) : forwardSteps(pass)}
    var loss_sum = 0.0;
    var unmet = 0.0;
    ${readout(options, geometry, tape)}
    lane_losses[lane] = vec2f(loss_sum, unmet);
    ${SYNC}
    if (lane == 0u) {
      var total = vec2f(0.0);
      for (var l = 0u; l < ${u32(lanes)}; l++) { total += lane_losses[l]; }
      let loss = total.x * ${f32(1 / options.batchTrials)};
      let finite = is_finite_bits(loss) && loss <= ${f32(mostLoss)};
      going = select(0u, 1u, judge_descent(&state, loss, total.y, finite, learning_rate));
    }
    if (workgroupUniformLoad(&going) == 0u) { break; }
    ${
      adam === undefined
        ? ''
        : `// 1 − βᵏ = β(1 − βᵏ⁻¹) + (1 − β): no cancellation. Their words are 0 at the start.
    bias1 = ${f32(adam.beta1)} * bitcast<f32>(${bias(0)}) + ${f32(1 - adam.beta1)};
    bias2 = ${f32(adam.beta2)} * bitcast<f32>(${bias(1)}) + ${f32(1 - adam.beta2)};`
    }
    ${carried ? carriedAdjoints(options, geometry, tape, turned) : adjointSteps(options, geometry, tape, recurrent)}
    ${gradientSteps(options, geometry, tape, copies)}
    if (lane == 0u) {
      ${adam === undefined ? '' : `${bias(0)} = bitcast<u32>(bias1);\n      ${bias(1)} = bitcast<u32>(bias2);`}
      attempts = state.attempts;
      going = select(1u, 0u, waits(state, span.horizon));
    }
    ${SYNC}
  }
  if (lane == 0u) { store_progress(network, state); }
}
`,
  };
}
