// The two loops around a fused evaluation: descent with a given step, and gradient flow with a step of the network's own.
// Rules and names are those of src/core/stepping.ts; all lanes repeat the same bookkeeping on the same numbers in the same order,
// so that nothing has to be broadcast but the end of the loop.

import type { Tableau, Training } from '../../../src/core/training.ts';
import { f32, u32 } from '../../wgsl.ts';
import { needsStart, slopeCount, tableauOf } from './head.ts';

/** A trained vec4 or scalar and where it stands. */
export interface Element {
  readonly kind: 'vector' | 'scalar';
  /** The weight that evaluation reads. */
  readonly here: string;
  /** Statement that gives that weight the value of an expression. */
  readonly assign: (value: string) => string;
  /** The same element of a layout vector in a storage buffer, `base` being that vector's first vec4. */
  readonly at: (base: string, buffer: string) => string;
}

/** What a fused structure offers to a frame. Every thread owns the same elements and samples in all of them. */
export interface Structure {
  /** Run once in a dispatch, for networks that have something to do; begins and ends without a barrier. Defaults to nothing. */
  readonly setup?: string;
  /**
   * Evaluates at the trial weights, leaves one vec4 per lane in `parts`: (loss, unmet, output change, Σ|F|); ends with a barrier.
   */
  readonly evaluate: string;
  /** Loops over owned elements with the gradient `value` at hand. */
  readonly eachGradient: (use: (element: Element & { readonly value: string }) => string) => string;
  /** Loops over owned elements; `fresh`: `use` changes what evaluation reads, so copies that the structure keeps follow. */
  readonly eachElement: (use: (element: Element) => string, fresh: boolean) => string;
  /** Loops over owned samples; `use` sees the sample's expression. */
  readonly eachSample: (use: (p: string) => string) => string;
  /** Makes trial weights written by one thread visible to the others. */
  readonly trialBarrier: string;
  /** True where evaluation reads the accepted weights in place, so that descent need not copy them. */
  readonly inPlace: boolean;
  /** True where evaluation reads weights from storage, so that a step of descent must be waited for there. Defaults to false. */
  readonly inStorage?: boolean;
  /** True where stored weights are differences from the start: their distance from it is their own size. Defaults to false. */
  readonly fromStart?: boolean;
}

const typed = (element: Element, value: string) => (element.kind === 'vector' ? `vec4f(${value})` : value);
const squared = (element: Element, value: string) =>
  element.kind === 'vector' ? `dot(${value}, ${value})` : `${value} * ${value}`;

/** Sums the lanes' `parts` (z by maximum) into `total`. */
const REDUCE_PARTS = `
    var total = vec4f(0.0);
    for (var l = 0u; l < LANES; l++) {
      let other = parts[l];
      total = vec4f(total.xy + other.xy, max(total.z, other.z), total.w + other.w);
    }
    let finite = is_finite_bits(total.w) && is_finite_bits(total.x);
    let mean_loss = total.x / f32(SAMPLES);`;

const END_OF_STEP = `
    if (lane == 0u) { verdict = select(0u, 1u, waits(state, span.horizon)); }
    done = workgroupUniformLoad(&verdict);`;

const BEGIN = `
  if (lane == 0u) { verdict = select(0u, 1u, waits(state, span.horizon)); }
  var done = workgroupUniformLoad(&verdict);
  if (done != 0u) { return; }`;

const STORE_PROGRESS = `
  if (lane == 0u) { store_progress(network, state); }`;

/** Descent: evaluate, judge, step. */
export function descentFrame(options: { readonly training: Training }, structure: Structure): string {
  const { training } = options;
  if (training.method !== 'descent') throw new Error('descentFrame needs descent');
  const momentum = training.momentum;
  const copyIn = structure.eachElement((e) => (structure.inPlace ? '' : e.assign(e.at('base', 'weights'))), true);
  const copyOut = structure.eachElement((e) => `${e.at('base', 'weights')} = ${e.here};`, false);
  return `
  ${BEGIN}
  ${structure.setup ?? ''}
  ${copyIn}
  ${structure.trialBarrier}
  for (var i = 0u; i < span.steps; i++) {
    if (done != 0u) { break; }
    ${structure.evaluate}
    ${REDUCE_PARTS}
    let stepping = judge_descent(&state, mean_loss, total.y, finite, net.learning_rate);
    let rate = select(0.0, net.learning_rate, stepping);
    ${structure.eachGradient((e) => {
      const place = e.at('base', 'slopes');
      return momentum > 0
        ? `{
        let velocity = ${f32(momentum)} * ${place} + ${e.value};
        ${place} = velocity;
        ${e.assign(`${e.here} - rate * velocity`)}
      }`
        : e.assign(`${e.here} - rate * ${e.value}`);
    })}
    ${END_OF_STEP}
    ${structure.inStorage === true ? 'storageBarrier();' : ''}
  }
  ${structure.inPlace ? '' : copyOut}
  ${STORE_PROGRESS}`;
}

/** The tableau as constants: STAGES (stages, stages), row by row with zeros after each row's end, and ERROR (stages + 1). */
export function tableauWgsl(tableau: Tableau): string {
  const stages = tableau.stages.length;
  if (stages === 1) return '';
  const rows = tableau.stages.flatMap((row) => Array.from({ length: stages }, (_, j) => f32(row[j] ?? 0)));
  return `
const STAGES = array<f32, ${stages * stages}>(${rows.join(', ')});
const ERROR = array<f32, ${stages + 1}>(${tableau.error.map(f32).join(', ')});`;
}

/** Flow: form the trial of the present stage, evaluate, and after the last stage take it or shrink the step. */
export function flowFrame(options: { readonly training: Training }, structure: Structure): string {
  const { training } = options;
  const tableau = tableauOf(training);
  if (tableau === null) throw new Error('flowFrame needs a flow');
  const stages = tableau.stages.length;
  const slopes = slopeCount(training);
  const slopeBase = (slot: string) => `(network * ${u32(slopes)} + ${slot}) * WEIGHT_VECTORS`;
  const trial = structure.eachElement((e) => {
    const from = e.at('base', 'weights');
    if (stages === 1) return e.assign(`${from} - step * ${e.at(slopeBase('0u'), 'slopes')}`);
    return `var slope = ${typed(e, '0.0')};
        for (var j = 0u; j <= state.stage; j++) { slope += STAGES[state.stage * ${u32(stages)} + j] * ${e.at(slopeBase('j'), 'slopes')}; }
        ${e.assign(`${from} - step * slope`)}`;
  }, true);
  const rungeKutta = needsStart(training);
  // Gradients leave their registers at once; norms come from a second loop over memory, which need not be unrolled: a tile has
  // many elements, and compilers are slow.
  const gradient = structure.eachGradient((e) => `${e.at(slopeBase('slot'), 'slopes')} = ${e.value};`);
  const norms = `
    ${structure.eachElement(
      (e) => `let gradient = ${e.at(slopeBase('slot'), 'slopes')};
        norm.x += ${squared(e, 'gradient')};
        ${
          rungeKutta
            ? `if (primed && state.stage == ${u32(stages - 1)}) {
          var wrong = ${typed(e, '0.0')};
          for (var j = 0u; j <= ${u32(stages)}; j++) { wrong += ERROR[j] * ${e.at(slopeBase('j'), 'slopes')}; }
          let moved = ${e.at('base', 'weights')}${structure.fromStart === true ? '' : ` - ${e.at('start_base', 'start_weights')}`};
          norm.y += ${squared(e, 'wrong')};
          norm.z += ${squared(e, 'moved')};
        }`
            : `let turned = ${e.at(slopeBase('0u'), 'slopes')} - gradient;
        norm.y += ${squared(e, 'turned')};`
        }`,
      false,
    )}`;
  const errorOf = rungeKutta
    ? 'select(0.0, step * sqrt(change.y) / (sqrt(change.z) + step * sqrt(state.norm)), change.z > 0.0 || state.norm > 0.0)'
    : 'select(0.0, change.y / sqrt(state.norm * change.x), state.norm > 0.0 && change.x > 0.0)';
  return `
  ${BEGIN}
  ${structure.setup ?? ''}
  ${rungeKutta && structure.fromStart !== true ? 'let start_base = net.start * WEIGHT_VECTORS;' : ''}
  for (var i = 0u; i < span.steps; i++) {
    if (done != 0u) { break; }
    if (state.stage == 0u) { state.attempted = attempted_step(state, span.horizon); }
    let primed = state.primed != 0u;
    let step = select(0.0, state.attempted, primed);
    let slot = select(0u, state.stage + 1u, primed);
    ${trial}
    ${structure.trialBarrier}
    ${structure.evaluate}
    ${REDUCE_PARTS}
    var norm = vec4f(0.0);
    ${gradient}
    ${norms}
    norms[lane] = norm;
    workgroupBarrier();
    var change = vec4f(0.0);
    for (var l = 0u; l < LANES; l++) { change += norms[l]; }
    let sound = finite && is_finite_bits(change.x);
    var taken = false;
    if (!primed) {
      prime(&state, mean_loss, total.y, sound);
      taken = true;
    } else if (state.stage < ${u32(stages - 1)}) {
      state.stage += 1u;
    } else {
      let error = ${errorOf};
      taken = judge_trial(&state, Trial(total.z, error, mean_loss, total.y, sound), state.attempted, span.horizon);
      state.stage = 0u;
    }
    if (taken) {
      state.norm = change.x;
      ${structure.eachElement(
        (e) => `${e.at('base', 'weights')} = ${e.here};
      if (primed) { ${e.at(slopeBase('0u'), 'slopes')} = ${e.at(slopeBase(u32(stages)), 'slopes')}; }`,
        false,
      )}
      ${structure.eachSample(
        (p) => `for (var c = 0u; c < OUTPUTS; c++) {
        outputs[output_place(network, 0u, c, ${p})] = outputs[output_place(network, 2u, c, ${p})];
      }`,
      )}
    }
    ${END_OF_STEP}
  }
  ${STORE_PROGRESS}`;
}
