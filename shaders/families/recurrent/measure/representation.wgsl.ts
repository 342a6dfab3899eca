// Sums over the Gram matrix of rates at the decision step, over its row sums, and over gates: now against the start. Nothing of
// the Gram matrices is stored: tiles of 8 × 8 trials are made of both and summed at once.

import type { Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { fixedFrame, trianglePairs } from '../../../lib/measure/passes.ts';
import { addTerms, type Columns, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from '../../../lib/measure/terms.ts';
import { type Binding, component, makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { RecurrentOptions } from '../train/options.ts';
import { argumentOn, rateOn, type TrialSet } from './evaluate.wgsl.ts';

/** Tapes of the probe set, now and at the start. */
export interface Tapes {
  readonly now: string;
  readonly start: string;
}

const bindings = ({ now, start }: Tapes) => [
  { buffer: now, name: 'nows', type: 'vec4f' as const },
  { buffer: start, name: 'starts', type: 'vec4f' as const },
];

/** Scratch: Σ of the rates over trials, (2, units), f32. */
export const RATE_TOTALS = 'probeRateTotals';
const TOTALS: Binding = { buffer: RATE_TOTALS, name: 'totals', type: 'f32' };

/** Sums of the `representation` domain, or of the centred one, over ordered pairs of trials. */
export function representationPass(
  domain: 'representation' | 'centredRepresentation',
  terms: readonly Term[],
  { shape, layout, sequence }: RecurrentOptions,
  set: TrialSet,
  tapes: Tapes,
  columns: Columns,
): Pass {
  const tiles = Math.ceil(set.count / 8);
  const slot = u32(sequence.decisionStep + 1);
  const centred = domain === 'centredRepresentation';
  const product = (name: string, sums: string) => {
    const at = rateOn(name, set, layout.units);
    const rate = (step: string, unit: string, trials: string) => `(${at(step, unit, trials)}${centred ? ' - mean' : ''})`;
    const total = `totals[local * ${u32(2 * layout.units)} + ${name === 'nows' ? '0u' : u32(layout.units)} + i]`;
    return `
      ${unroll(16, (n) => `var ${sums}${n >> 1}_${n & 1} = vec4f(0.0);`, ' ')}
      for (var i = 0u; i < ${u32(shape.width)}; i++) {
        ${centred ? `let mean = ${total} * ${f32(1 / set.count)};` : ''}
        let r0 = ${rate(slot, 'i', '2u * pair.x')}; let r1 = ${rate(slot, 'i', '2u * pair.x + 1u')};
        let c0 = ${rate(slot, 'i', '2u * pair.y')}; let c1 = ${rate(slot, 'i', '2u * pair.y + 1u')};
        ${unroll(16, (n) => `${sums}${n >> 1}_${n & 1} += r${n >> 3}.${component(n >> 1)} * c${n & 1};`, ' ')}
      }`;
  };
  const list = (sums: string) => `array<vec4f, 16>(${unroll(16, (n) => `${sums}${n >> 1}_${n & 1}`, ', ')})`;
  const body = `
      let pair = tile_of(item);
      let weight = select(2.0, 1.0, pair.x == pair.y);
      ${product('nows', 'a')}
      ${product('starts', 'b')}
      var all_now = ${list('a')};
      var all_start = ${list('b')};
      for (var n = 0u; n < 16u; n++) {
        let now = all_now[n];
        let start = all_start[n];
        let valid = (vec4u(8u * pair.y + 4u * (n & 1u)) + vec4u(0u, 1u, 2u, 3u) < vec4u(${u32(set.count)}))
          & vec4<bool>(8u * pair.x + n / 2u < ${u32(set.count)});
        ${addTerms(terms, { variables: ['now', 'start'], valid: 'valid', weight: 'weight' })}
      }`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: (tiles * (tiles + 1)) / 2, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: `measure: sums over the ${centred ? 'centred ' : ''}representation`,
    bindings: [...bindings(tapes), ...(centred ? [TOTALS] : []), SUMS],
    declarations: `${memory}\n${trianglePairs('tile', tiles)}\n${termFunctions(domain, terms)}`,
    ...frame,
  });
}

/** Σ of the rates over trials, by which row sums of a Gram matrix are products with a vector. */
export function rateTotalsPass({ layout, sequence }: RecurrentOptions, set: TrialSet, tapes: Tapes): Pass {
  const slot = u32(sequence.decisionStep + 1);
  const total = (name: string) => `
  {
    var sum = vec4f(0.0);
    for (var q = 0u; q < ${u32(Math.ceil(set.count / 4))}; q++) {
      let h = ${rateOn(name, set, layout.units)(slot, 'thread', 'q')};
      sum += ${validBelow('q', set.count) === undefined ? 'h' : `select(vec4f(0.0), h, ${validBelow('q', set.count)})`};
    }
    totals[local * ${u32(2 * layout.units)} + ${name === 'nows' ? '0u' : u32(layout.units)} + thread] = (sum.x + sum.y) + (sum.z + sum.w);
  }`;
  return makePass({
    label: 'measure: rates over all trials',
    bindings: [...bindings(tapes), { buffer: RATE_TOTALS, name: 'totals', type: 'f32', write: true }],
    declarations: '',
    ...fixedFrame(layout.units, `${total('nows')}${total('starts')}`),
  });
}

/** Sums of the `representationRows` domain. */
export function representationRowsPass(
  terms: readonly Term[],
  { shape, layout, sequence }: RecurrentOptions,
  set: TrialSet,
  tapes: Tapes,
  columns: Columns,
): Pass {
  const slot = u32(sequence.decisionStep + 1);
  const base = `local * ${u32(2 * layout.units)}`;
  const body = `
      var now = vec4f(0.0);
      var start = vec4f(0.0);
      for (var i = 0u; i < ${u32(shape.width)}; i++) {
        now += totals[${base} + i] * ${rateOn('nows', set, layout.units)(slot, 'i', 'q')};
        start += totals[${base} + ${u32(layout.units)} + i] * ${rateOn('starts', set, layout.units)(slot, 'i', 'q')};
      }
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow('q', set.count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: Math.ceil(set.count / 4), name: 'q', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of the representation',
    bindings: [...bindings(tapes), TOTALS, SUMS],
    declarations: `${memory}\n${termFunctions('representationRows', terms)}`,
    ...frame,
  });
}

/** Sums of the `gates` domain: arguments of φ at the decision step. */
export function gatesPass(
  terms: readonly Term[],
  { shape, layout, sequence }: RecurrentOptions,
  set: TrialSet,
  tapes: Tapes,
  columns: Columns,
): Pass {
  const used = Math.ceil(set.count / 4);
  const at = (name: string) =>
    argumentOn(name, set, layout.units)(u32(sequence.decisionStep), `(item / ${u32(used)})`, `item % ${u32(used)}`);
  const body = `
      let now = ${at('nows')};
      let start = ${at('starts')};
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow(`(item % ${u32(used)})`, set.count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: shape.width * used, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over gates',
    bindings: [...bindings(tapes), SUMS],
    declarations: `${memory}\n${termFunctions('gates', terms)}`,
    ...frame,
  });
}
