// What tangent kernels are made of, trial by trial: adjoints of every entry at every step, and rates before every step, as rows
// along units. The kernels themselves: tangent.wgsl.ts.

import { InputError } from '../../../../src/core/errors.ts';
import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { weighedSteps } from '../../../../src/core/sequences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type RecurrentOptions, slopeFromRate } from '../train/options.ts';
import { argumentOn, rateOn, type TrialSet, type Which, weightBindings, weightsAt } from './evaluate.wgsl.ts';
import { askKept, KEPT_MEMORY, keptBinding } from './kept-kernels.wgsl.ts';

/** Scratch: rows of all kernel trials, now and at the start. */
export const TANGENT_ROWS = 'tangentRows';

/**
 * Entries of a trial are n = (weighed step, output), steps ascending; at step s those of steps ≥ s have
 * an adjoint: the last ones.
 */
export interface TangentSizes {
  /** Kernel trials. */
  readonly trials: number;
  /** Entries of a trial. */
  readonly entries: number;
  /** By step: first entry that has an adjoint there. */
  readonly firstEntry: readonly number[];
  /** Row of the rates before step 0, after the adjoints (step, entry); those before step s, and after the last, follow. */
  readonly rateRow: number;
  /** Rows of a trial. */
  readonly rows: number;
  /** vec4s of a row. */
  readonly vectors: number;
}

export function tangentSizes({ shape, layout, sequence }: RecurrentOptions, probeCount: number): TangentSizes {
  const { steps, outputs } = shape;
  const weighed = weighedSteps(sequence);
  const entries = weighed.length * outputs;
  const firstEntry = Array.from({ length: steps }, (_, s) => weighed.filter((step) => step < s).length * outputs);
  return {
    trials: Math.min(sequence.kernelTrials, probeCount),
    entries,
    firstEntry,
    rateRow: steps * entries,
    rows: steps * entries + steps + 1,
    vectors: layout.units / 4,
  };
}

/** Words of TANGENT_ROWS per network. Throws InputError where one network's do not fit a buffer. */
export function tangentRowWords(sizes: TangentSizes, limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>): number {
  const words = 2 * sizes.trials * sizes.rows * sizes.vectors * 4;
  const most = Math.floor((limits.maxStorageBufferBindingSize / (4 * words)) * sizes.trials);
  if (most < sizes.trials) {
    throw new InputError(
      'sweep: kernelTrials',
      `expected at most ${most} trials for tangent kernels of this width and length, got ${sizes.trials}`,
      'Take fewer kernel trials, or observables without a kernel.',
    );
  }
  return words;
}

/** First vec4 of the rows of a trial. */
export function trialRows({ trials, rows, vectors }: TangentSizes, which: Which, trial: string): string {
  return `((local * 2u + ${which === 'now' ? '0u' : '1u'}) * ${u32(trials)} + ${trial}) * ${u32(rows * vectors)}`;
}

/** A table of numbers by step, as a WGSL expression of an array. */
export const table = (values: readonly number[]) => `array<u32, ${values.length}>(${values.map(u32).join(', ')})`;

/** Entries that a tile of the backward product holds, and vec4s of units. */
const TILE_ROWS = 4;

/**
 * Fills TANGENT_ROWS: one workgroup per network and trial. `keeps`: those of starts are left out where their kernels are kept.
 */
export function tangentRowsPass(
  options: RecurrentOptions,
  set: TrialSet,
  sizes: TangentSizes,
  which: Which,
  { tape, keeps }: { readonly tape: string; readonly keeps: boolean },
): Pass {
  const { shape, layout } = options;
  const { steps, outputs, leak, placement } = shape;
  const { units, matrices, words } = layout;
  const { trials, vectors, entries } = sizes;
  const lanes = 32;
  const rate = rateOn('tape', set, units);
  const argument = argumentOn('tape', set, units);
  const inner = slopeFromRate(shape)
    ? (c: number) => rate('(s + 1u)', `(4u * i + ${u32(c)})`, 'trial / 4u')
    : (c: number) => argument('s', `(4u * i + ${u32(c)})`, 'trial / 4u');
  const wh = (row: string) => `weights[weights0 + ${u32(matrices[1].offset / 4)} + (${row}) * ${u32(vectors)} + i]`;
  const acc = (a: number) => `z${a}`;
  const asks = keeps && which === 'start';
  return makePass({
    label: `measure: adjoints of kernel trials, ${which}`,
    bindings: [
      ...weightBindings(which),
      { buffer: tape, name: 'tape', type: 'vec4f' },
      { buffer: TANGENT_ROWS, name: 'rows', type: 'vec4f', write: true },
      ...(asks ? [keptBinding] : []),
    ],
    declarations: `
${asks ? KEPT_MEMORY : ''}
var<workgroup> slopes: array<vec4f, ${vectors}>;
${activationWgsl(shape)}`,
    lanes,
    workgroups: (count) => count * trials,
    body: `
  if (group_number >= span.count * ${u32(trials)}) { return; }
  let local = group_number / ${u32(trials)};
  let trial = group_number % ${u32(trials)};
  ${
    asks
      ? `${askKept('span.first + local')}
  if (kept == 1u) { return; }`
      : ''
  }
  let weights0 = ${weightsAt(which, words, '(span.first + local)')};
  let rows0 = ${trialRows(sizes, which, 'trial')};
  var first_entry = ${table([...sizes.firstEntry, entries])};
  for (var item = lane; item < ${u32((steps + 1) * vectors)}; item += ${u32(lanes)}) {
    let slot = item / ${u32(vectors)};
    let i = item % ${u32(vectors)};
    rows[rows0 + ${u32(sizes.rateRow * vectors)} + item] =
      vec4f(${unroll(4, (c) => `${rate('slot', `(4u * i + ${u32(c)})`, 'trial / 4u')}[trial % 4u]`, ', ')});
  }
  for (var back = 0u; back < ${u32(steps)}; back++) {
    let s = ${u32(steps - 1)} - back;
    for (var i = lane; i < ${u32(vectors)}; i += ${u32(lanes)}) {
      slopes[i] = act_slope4(vec4f(${unroll(4, (c) => `${inner(c)}[trial % 4u]`, ', ')}));
    }
    workgroupBarrier();
    let first = first_entry[s];
    let count = ${u32(entries)} - first;
    // Entries of step s itself begin here; all others come from step s + 1.
    let fresh = first_entry[s + 1u] - first;
    let own = rows0 + (s * ${u32(entries)} + first) * ${u32(vectors)};
    // Entry of row r at step s + 1.
    let later = own + ${u32(entries * vectors)};
    let tiles = (count + ${u32(TILE_ROWS - 1)}) / ${u32(TILE_ROWS)} * ${u32(vectors)};
    for (var tile = lane; tile < tiles; tile += ${u32(lanes)}) {
      let r0 = tile / ${u32(vectors)} * ${u32(TILE_ROWS)};
      let i = tile % ${u32(vectors)};
      ${unroll(TILE_ROWS, (a) => `var ${acc(a)} = vec4f(0.0); let from${a} = later + min(r0 + ${u32(a)}, count - 1u) * ${u32(vectors)};`)}
      if (r0 + ${u32(TILE_ROWS)} > fresh && fresh < count) {
        for (var j = 0u; j < ${u32(vectors)}; j++) {
          ${unroll(4, (k) => `let w${k} = ${wh(`4u * j + ${u32(k)}`)};`)}
          ${unroll(TILE_ROWS, (a) => `{ let x = rows[from${a} + j]; ${acc(a)} += x.x * w0 + x.y * w1 + x.z * w2 + x.w * w3; }`)}
        }
      }
      var sums = array<vec4f, ${TILE_ROWS}>(${unroll(TILE_ROWS, acc, ', ')});
      var before = array<u32, ${TILE_ROWS}>(${unroll(TILE_ROWS, (a) => `from${a}`, ', ')});
      for (var a = 0u; a < ${u32(TILE_ROWS)}; a++) {
        let r = r0 + a;
        if (r >= count) { break; }
        var value = vec4f(0.0);
        if (r < fresh) {
          value = slopes[i] * weights[weights0 + ${u32(matrices[2].offset / 4)} + (first + r) % ${u32(outputs)} * ${u32(vectors)} + i];
        } else {
          ${leak === 1 ? '' : `let kept = ${f32(1 - leak)} * rows[before[a] + i];`}
          value = ${
            placement === 'inside'
              ? `slopes[i] * (${leak === 1 ? 'sums[a]' : `${f32(leak)} * sums[a] + kept`})`
              : `slopes[i] * ${leak === 1 ? 'sums[a]' : `(${f32(leak)} * sums[a]) + kept`}`
          };
        }
        rows[own + r * ${u32(vectors)} + i] = value;
      }
    }
    storageBarrier(); workgroupBarrier();
  }`,
  });
}
