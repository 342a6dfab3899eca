// The decision of a step: adds the partial sums of loss and norms and judges by the rules of lib/stepping, a workgroup per
// network. A network whose samples take turns is judged after the last block.

import { type Pass, PROGRESS_WORDS } from '../../../../src/core/program.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { steppingWgsl } from '../../stepping.wgsl.ts';
import { needsStart, tableauOf } from '../head.ts';
import { MODE, NETWORKS_BINDING, networkNumber, TURN, tiledPass } from './pass.ts';
import { partsStart, readoutGroups } from './readout.wgsl.ts';
import { TILED, type TiledSizes } from './sizes.ts';
import { normGroups } from './step.wgsl.ts';

/** Threads that add a network's partial sums. */
const DECIDING_LANES = 32;

/** Adds the partial sums and judges. Descent: before the gradients. Flow: after them. */
export function decidePass(sizes: TiledSizes): Pass {
  const { options, blocks, flow } = sizes;
  const { training, batchSamples } = options;
  const norms = normGroups(sizes);
  const strided = (name: string, count: number, start: string, add: string) => `
  for (var i = lane; i < ${u32(count)}; i += ${u32(DECIDING_LANES)}) {
    let other = ${name}[${start} + i];
    ${add}
  }`;
  const decided = flow
    ? 'decide(&state, total, change, mean_loss, finite)'
    : `decide(&state, mean_loss, total.y, finite, ${networkNumber('learningRate')})`;
  const addPart = (sum: string) => `${sum} = vec4f(${sum}.xy + other.xy, max(${sum}.z, other.z), ${sum}.w + other.w);`;
  return tiledPass({
    label: 'decision',
    bindings: [
      { buffer: 'progress', name: 'progress', type: 'u32', write: true },
      NETWORKS_BINDING,
      { buffer: TILED.parts, name: 'parts', type: 'vec4f' },
      ...(flow ? [{ buffer: TILED.norms, name: 'norms', type: 'vec4f' } as const] : []),
    ],
    declarations: `${steppingWgsl(training)}
var<workgroup> lane_totals: array<vec4f, ${u32(DECIDING_LANES)}>;
var<workgroup> lane_norms: array<vec4f, ${u32(DECIDING_LANES)}>;
${flow ? decideFlow(sizes) : decideDescent()}`,
    lanes: DECIDING_LANES,
    groups: 1,
    gate: 'open',
    body: `
  var mine = vec4f(0.0);
  ${strided('parts', blocks * readoutGroups(sizes), partsStart(sizes), addPart('mine'))}
  lane_totals[lane] = mine;
  ${
    flow
      ? `var norm = vec4f(0.0);
  ${strided('norms', norms, `local * ${u32(norms)}`, 'norm += other;')}
  lane_norms[lane] = norm;`
      : ''
  }
  workgroupBarrier();
  if (lane != 0u) { return; }
  let turn = network * ${u32(PROGRESS_WORDS)};
  var state = load_progress(network);
  progress[turn + ${u32(TURN.mode)}] = ${u32(MODE.idle)};
  if (waits(state, span.horizon)) { return; }
  ${
    blocks === 1
      ? ''
      : `let block = progress[turn + ${u32(TURN.next)}];
  let last = block == ${u32(blocks - 1)};
  progress[turn + ${u32(TURN.present)}] = block;
  progress[turn + ${u32(TURN.next)}] = select(block + 1u, 0u, last);
  ${
    flow
      ? 'if (state.stage == 0u && block == 0u) { state.attempted = attempted_step(state, span.horizon); }'
      : `progress[turn + ${u32(TURN.mode)}] = ${u32(MODE.descend)};`
  }
  if (!last) {
    store_progress(network, state);
    return;
  }`
  }
  var total = vec4f(0.0);
  var change = vec4f(0.0);
  for (var l = 0u; l < ${u32(DECIDING_LANES)}; l++) {
    let other = lane_totals[l];
    ${addPart('total')}
    ${flow ? 'change += lane_norms[l];' : ''}
  }
  let mean_loss = total.x / ${f32(batchSamples)};
  let finite = total.w == 0.0 && is_finite_bits(total.x);
  ${flow && blocks === 1 ? 'if (state.stage == 0u) { state.attempted = attempted_step(state, span.horizon); }' : ''}
  progress[turn + ${u32(TURN.mode)}] = ${decided};
  store_progress(network, state);`,
  });
}

function decideDescent(): string {
  return `
fn decide(state: ptr<function, Progress>, loss: f32, unmet: f32, finite: bool, learning_rate: f32) -> u32 {
  return select(${u32(MODE.idle)}, ${u32(MODE.descend)}, judge_descent(state, loss, unmet, finite, learning_rate));
}`;
}

/** norms: (‖g′‖², ‖g − g′‖² or ‖local error‖² without its step, ‖W − W₀‖², –). */
function decideFlow({ options }: TiledSizes): string {
  const { training } = options;
  const stages = tableauOf(training)?.stages.length ?? 1;
  const error = needsStart(training)
    ? `let distance = sqrt(norms.z) + step * sqrt((*state).norm);
  let error = select(0.0, step * sqrt(norms.y) / distance, distance > 0.0);`
    : `let product = sqrt((*state).norm) * sqrt(norms.x);
  let error = select(0.0, norms.y / product, product > 0.0);`;
  return `
fn decide(state: ptr<function, Progress>, total: vec4f, norms: vec4f, loss: f32, finite: bool) -> u32 {
  let sound = finite && is_finite_bits(norms.x);
  if ((*state).primed == 0u) {
    prime(state, loss, total.y, sound);
    (*state).norm = norms.x;
    return ${u32(MODE.keepOutputs)};
  }
  if ((*state).stage < ${u32(stages - 1)}) {
    (*state).stage += 1u;
    return ${u32(MODE.idle)};
  }
  let step = (*state).attempted;
  ${error}
  (*state).stage = 0u;
  if (!judge_trial(state, Trial(total.z, error, loss, total.y, sound), step, span.horizon)) { return ${u32(MODE.idle)}; }
  (*state).norm = norms.x;
  return ${u32(MODE.take)};
}`;
}
