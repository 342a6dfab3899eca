// Tangent kernels of recurrent networks, made pair of trials by pair of trials, now and at the start together, and summed at
// once: no kernel is ever stored. One workgroup per network, pair and band of entries.
//
//   K[n, n'] = α² Σ_{s'} (Σ_s G_{ss'} A^n_s) · A^{n'}_{s'},  G_{ss'} = h_{s−1} · h'_{s'−1} (+ x_s · x'_{s'} for all weights)

import type { Domain, Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { weighedSteps } from '../../../../src/core/sequences.ts';
import { trianglePairs } from '../../../lib/measure/passes.ts';
import { type Columns, reads, reductionsOf, SUMS, sumsFrame, termFunctions } from '../../../lib/measure/terms.ts';
import { type Binding, makePass, unroll } from '../../../lib/pass.ts';
import { accumulate, neutral, reduceLanes, reduceMemory } from '../../../lib/reduce.wgsl.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type RecurrentOptions, startsAwake } from '../train/options.ts';
import type { TrialSet } from './evaluate.wgsl.ts';
import { askKept, KEPT_MEMORY, keptBinding, keptWords, networksBinding, startOf } from './kept-kernels.wgsl.ts';
import { TANGENT_ROWS, type TangentSizes, table, trialRows } from './tangent-rows.wgsl.ts';

/** Bytes of workgroup memory for the band of Σ_s G A and the columns of G that it is made with. */
const BAND_BYTES = 10_240;
/** Each has sums of its own in workgroup memory: with the band they stay below 16 KiB. */
const MOST_LANES = 64;

/** How a workgroup shares a pair: lanes in (tileRows × tileColumns), each with a tile of `tile` × `tile` entries. */
export interface TangentGeometry {
  readonly tile: number;
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Entries of a band, and bands of a pair. */
  readonly band: number;
  readonly bands: number;
  readonly pairs: number;
}

export function tangentGeometry({ entries, vectors, trials }: TangentSizes): TangentGeometry {
  const tile = Math.min(vectors > 128 ? 3 : 6, Math.max(1, entries));
  const tileColumns = Math.ceil(entries / tile);
  const byMemory = Math.max(1, Math.floor(BAND_BYTES / (16 * tile * vectors)));
  const tileRows = Math.max(1, Math.min(tileColumns, 8, byMemory, Math.floor(MOST_LANES / tileColumns)));
  const band = tile * tileRows;
  return { tile, tileRows, tileColumns, band, bands: Math.ceil(entries / band), pairs: (trials * (trials + 1)) / 2 };
}

/** What is summed: the terms of the domains on one kind of kernel. */
export interface TangentTerms {
  readonly weights: 'recurrent' | 'all';
  /** `kernel` (or `kernelAll`) and `kernelDecision`; one word of the parts each, in this order. */
  readonly all: readonly Term[];
  readonly decision: readonly Term[];
  /** Name of the buffer with a row of sums per workgroup. */
  readonly parts: string;
  /** Name of the buffer with sums over rows, where they are needed. */
  readonly rowParts?: string;
  /** Buffer with the kept kernels of the first so many starts, where any are kept. */
  readonly kernels?: { readonly name: string; readonly starts: number };
}

/** Words of `rowParts` per network: (2, trials, entries, trials, bands). */
export function rowPartWords({ trials, entries }: TangentSizes, { bands }: TangentGeometry): number {
  return 2 * trials * entries * trials * bands;
}

const rowPartAt = ({ trials, entries }: TangentSizes, { bands }: TangentGeometry) => {
  return (which: string, trial: string, entry: string, other: string, band: string) =>
    `((((local * 2u + ${which}) * ${u32(trials)} + ${trial}) * ${u32(entries)} + ${entry}) * ${u32(trials)} + ${other}) * ${u32(bands)} + ${band}`;
};

export function tangentPass(options: RecurrentOptions, set: TrialSet, sizes: TangentSizes, wanted: TangentTerms): Pass {
  const { shape, layout, sequence } = options;
  const { steps, channels, outputs, leak } = shape;
  const { entries, vectors, firstEntry, rateRow } = sizes;
  const geometry = tangentGeometry(sizes);
  const { tile, tileRows, tileColumns, band, bands, pairs } = geometry;
  const lanes = tileRows * tileColumns;
  const withInputs = wanted.weights === 'all';
  const terms = [...wanted.all, ...wanted.decision];
  const reductions = reductionsOf(terms);
  const totals = terms.map((_, k) => `total_${k}`);
  const weighed = weighedSteps(sequence);
  const decision = weighed.indexOf(sequence.decisionStep) * outputs;
  const withTargets = reads(wanted.all, 'targets');
  // With a silent start nothing comes through the first step but inputs.
  const least = withInputs || startsAwake(shape) ? 0 : 1;
  const end = weighed[weighed.length - 1] + 1;
  // Steps s' whose Σ_s G A are made together: as many as workgroup memory holds.
  const together = Math.max(1, Math.min(end - least, 8, Math.floor(BAND_BYTES / (16 * band * vectors + 4 * steps))));
  const x = (trial: string, s: string) =>
    `inputs[((${trial} / ${u32(4 * set.quads)} * ${u32(steps)} + ${s}) * ${u32(layout.channels)} + c) * ${u32(set.quads)} + ${trial} / 4u % ${u32(set.quads)}][${trial} % 4u]`;
  const y = (trial: string, entry: string) => {
    const step = `weighed[(${entry}) / ${u32(outputs)}]`;
    return `targets[((${trial} / ${u32(4 * set.quads)} * ${u32(steps)} + ${step}) * ${u32(outputs)} + (${entry}) % ${u32(outputs)}) * ${u32(set.quads)} + ${trial} / 4u % ${u32(set.quads)}][${trial} % 4u]`;
  };
  const eachEntry = (make: (a: number, b: number) => string, separator = ' ') =>
    unroll(tile, (a) => unroll(tile, (b) => make(a, b), separator), '\n        ');
  const readoutGram = `for (var a = 0u; a < ${u32(tile)}; a++) {
        for (var b = 0u; b < ${u32(tile)}; b++) {
          let n = n0 + a;
          let m = m0 + b;
          if (n >= ${u32(entries)} || m >= ${u32(entries)} || n % ${u32(outputs)} != m % ${u32(outputs)}) { continue; }
          let row_at = first + (${u32(rateRow + 1)} + weighed[n / ${u32(outputs)}]) * ${u32(vectors)};
          let column_at = second + (${u32(rateRow + 1)} + weighed[m / ${u32(outputs)}]) * ${u32(vectors)};
          var gram_sum = 0.0;
          for (var i = 0u; i < ${u32(vectors)}; i++) { gram_sum += dot(rows[row_at + i], rows[column_at + i]); }
          kernel[a * ${u32(tile)} + b] += gram_sum;
        }
      }`;
  const variables = (domainTerms: readonly Term[]) =>
    domainTerms === wanted.decision
      ? 'now, start'
      : wanted.weights === 'all'
        ? 'now, start'
        : 'now, start, target_product, diagonal';
  const addScalars = (domainTerms: readonly Term[], first: number) =>
    domainTerms
      .map(({ reduce = 'sum' }, k) => {
        const value = `${domainTerms === wanted.decision ? 'decision_' : ''}term_${k}(${variables(domainTerms)})`;
        return accumulate(reduce, totals[first + k], reduce === 'max' ? value : `weight * ${value}`);
      })
      .join(' ');
  const bindings: Binding[] = [
    { buffer: TANGENT_ROWS, name: 'rows', type: 'vec4f' },
    { buffer: wanted.parts, name: 'parts', type: 'f32', write: true },
    ...(withInputs ? [{ buffer: `${set.name}Inputs`, name: 'inputs', type: 'vec4f' as const }] : []),
    ...(withTargets ? [{ buffer: `${set.name}Targets`, name: 'targets', type: 'vec4f' as const }] : []),
    ...(wanted.rowParts === undefined ? [] : [{ buffer: wanted.rowParts, name: 'row_parts', type: 'f32' as const, write: true }]),
    ...(wanted.kernels === undefined
      ? []
      : [networksBinding, keptBinding, { buffer: wanted.kernels.name, name: 'kernels', type: 'f32' as const, write: true }]),
  ];
  const place = rowPartAt(sizes, geometry);
  const rowSums = `
  for (var side = 0u; side < 2u; side++) {
    // Row sums of this pair for the first trial's entries; column sums for the second's, unless it is the same trial.
    for (var k = 0u; k < ${u32(tile)}; k++) {
      var sum = vec2f(0.0);
      for (var l = 0u; l < ${u32(tile)}; l++) {
        let a = select(l, k, side == 0u);
        let b = select(k, l, side == 0u);
        if (n0 + a < ${u32(entries)} && m0 + b < ${u32(entries)}) {
          sum += vec2f(now_kernel[a * ${u32(tile)} + b], kernel[a * ${u32(tile)} + b]);
        }
      }
      lane_rows[lane * ${u32(tile)} + k] = sum;
    }
    workgroupBarrier();
    if (side == 0u) {
      for (var r = lane; r < ${u32(band)}; r += ${u32(lanes)}) {
        if (band0 + r >= ${u32(entries)}) { break; }
        var sum = vec2f(0.0);
        for (var l = 0u; l < ${u32(tileColumns)}; l++) {
          sum += lane_rows[(r / ${u32(tile)} * ${u32(tileColumns)} + l) * ${u32(tile)} + r % ${u32(tile)}];
        }
        for (var b = 0u; b < ${u32(bands)}; b++) {
          let mine = b == group_band;
          row_parts[${place('0u', 'pair.x', '(band0 + r)', 'pair.y', 'b')}] = select(0.0, sum.x, mine);
          row_parts[${place('1u', 'pair.x', '(band0 + r)', 'pair.y', 'b')}] = select(0.0, sum.y, mine);
        }
      }
    } else if (pair.x != pair.y) {
      for (var c = lane; c < ${u32(entries)}; c += ${u32(lanes)}) {
        var sum = vec2f(0.0);
        for (var l = 0u; l < ${u32(tileRows)}; l++) {
          sum += lane_rows[(l * ${u32(tileColumns)} + c / ${u32(tile)}) * ${u32(tile)} + c % ${u32(tile)}];
        }
        row_parts[${place('0u', 'pair.y', 'c', 'pair.x', 'group_band')}] = sum.x;
        row_parts[${place('1u', 'pair.y', 'c', 'pair.x', 'group_band')}] = sum.y;
      }
    }
    workgroupBarrier();
  }`;
  const keeps = wanted.kernels !== undefined;
  const keptEntry = `kernels[kept0 + e * ${u32(lanes)}]`;
  const eachKept = (body: string) => `for (var e = 0u; e < ${u32(tile * tile)}; e++) { ${body} }`;
  const domain: Domain = withInputs ? 'kernelAll' : 'kernel';
  return makePass({
    label: `measure: tangent kernel of ${wanted.weights === 'all' ? 'all' : 'recurrent'} weights`,
    bindings,
    declarations: `
var<workgroup> gram: array<f32, ${steps * together}>;
var<workgroup> mixed: array<vec4f, ${together * band * vectors}>;
${wanted.rowParts === undefined ? '' : `var<workgroup> lane_rows: array<vec2f, ${lanes * tile}>;`}
${reduceMemory(lanes, terms.length)}
${keeps ? KEPT_MEMORY : ''}
${trianglePairs('trial', sizes.trials)}
${termFunctions(domain, wanted.all)}
${termFunctions('kernelDecision', wanted.decision).replace(/fn term_/g, 'fn decision_term_')}`,
    lanes,
    workgroups: (count) => count * pairs * bands,
    body: `
  if (group_number >= span.count * ${u32(pairs * bands)}) { return; }
  let local = group_number / ${u32(pairs * bands)};
  let group_band = group_number % ${u32(bands)};
  let pair = trial_of(group_number / ${u32(bands)} % ${u32(pairs)});
  let band0 = group_band * ${u32(band)};
  let tile_row = lane / ${u32(tileColumns)};
  let n0 = band0 + tile_row * ${u32(tile)};
  let m0 = lane % ${u32(tileColumns)} * ${u32(tile)};
  var first_entry = ${table(firstEntry)};
  var weighed = ${table(weighed)};
  var now_kernel = array<f32, ${tile * tile}>();
  var kernel = array<f32, ${tile * tile}>();
  ${
    keeps
      ? `${askKept('span.first + local')}
  let start = ${startOf('span.first + local')};
  let kept0 = start * ${u32(keptWords(geometry))}
    + (group_number % ${u32(pairs * bands)}) * ${u32(tile * tile * lanes)} + lane;`
      : 'let kept = 0u;'
  }
  for (var which = 0u; which < 2u - kept; which++) {
    now_kernel = kernel;
    let first = ${trialRows(sizes, 'now', 'pair.x')} + which * ${u32(sizes.trials * sizes.rows * vectors)};
    let second = ${trialRows(sizes, 'now', 'pair.y')} + which * ${u32(sizes.trials * sizes.rows * vectors)};
    ${eachEntry((a, b) => `var k${a}_${b} = 0.0;`)}
    for (var group0 = ${u32(least)}; group0 < ${u32(end)}; group0 += ${u32(together)}) {
      for (var item = lane; item < ${u32(steps * together)}; item += ${u32(lanes)}) {
        let s = item / ${u32(together)};
        let s2 = min(group0 + item % ${u32(together)}, ${u32(end - 1)});
        var sum = 0.0;
        let row_at = first + (${u32(rateRow)} + s) * ${u32(vectors)};
        let column_at = second + (${u32(rateRow)} + s2) * ${u32(vectors)};
        for (var i = 0u; i < ${u32(vectors)}; i++) { sum += dot(rows[row_at + i], rows[column_at + i]); }
        ${withInputs ? `for (var c = 0u; c < ${u32(channels)}; c++) { sum += ${x('pair.x', 's')} * ${x('pair.y', 's2')}; }` : ''}
        gram[item] = sum;
      }
      workgroupBarrier();
      for (var item = lane; item < ${u32(band * vectors)}; item += ${u32(lanes)}) {
        let n = min(band0 + item / ${u32(vectors)}, ${u32(entries - 1)});
        let last = weighed[n / ${u32(outputs)}];
        var at = first + (${u32(least * entries)} + n) * ${u32(vectors)} + item % ${u32(vectors)};
        ${unroll(together, (j) => `var mix${j} = vec4f(0.0);`, ' ')}
        for (var s = ${u32(least)}; s <= last; s++) {
          let a = rows[at];
          ${unroll(together, (j) => `mix${j} += gram[s * ${u32(together)} + ${u32(j)}] * a;`, ' ')}
          at += ${u32(entries * vectors)};
        }
        ${unroll(together, (j) => `mixed[${u32(j * band * vectors)} + item] = mix${j};`, ' ')}
      }
      workgroupBarrier();
      for (var s2 = group0; s2 < min(group0 + ${u32(together)}, ${u32(end)}); s2++) {
        let begin = first_entry[s2];
        if (m0 + ${u32(tile)} <= begin) { break; }
        let mixed0 = ((s2 - group0) * ${u32(band)} + tile_row * ${u32(tile)}) * ${u32(vectors)};
        let columns0 = second + s2 * ${u32(entries * vectors)};
        ${unroll(tile, (b) => `let at${b} = columns0 + clamp(m0 + ${u32(b)}, begin, ${u32(entries - 1)}) * ${u32(vectors)}; let has${b} = select(0.0, 1.0, m0 + ${u32(b)} >= begin);`)}
        ${eachEntry((a, b) => `var p${a}_${b} = 0.0;`)}
        for (var i = 0u; i < ${u32(vectors)}; i++) {
          ${unroll(tile, (a) => `let m${a} = mixed[mixed0 + ${u32(a * vectors)} + i];`)}
          ${unroll(tile, (b) => `{ let r = rows[at${b} + i]; ${unroll(tile, (a) => `p${a}_${b} += dot(m${a}, r);`, ' ')} }`)}
        }
        ${eachEntry((a, b) => `k${a}_${b} += has${b} * p${a}_${b};`)}
      }
      workgroupBarrier();
    }
    kernel = array<f32, ${tile * tile}>(${unroll(tile, (a) => unroll(tile, (b) => `${f32(leak * leak)} * k${a}_${b}`, ', '), ', ')});
    ${withInputs ? readoutGram : ''}
  }
  ${
    keeps
      ? `if (kept == 1u) {
    now_kernel = kernel;
    ${eachKept(`kernel[e] = ${keptEntry};`)}
  } else if (start < ${u32(wanted.kernels?.starts ?? 0)}) {
    ${eachKept(`${keptEntry} = kernel[e];`)}
  }`
      : ''
  }
  let weight = select(2.0, 1.0, pair.x == pair.y);
  ${totals.map((total, k) => `var ${total} = ${neutral(reductions[k])};`).join(' ')}
  for (var a = 0u; a < ${u32(tile)}; a++) {
    for (var b = 0u; b < ${u32(tile)}; b++) {
      let n = n0 + a;
      let m = m0 + b;
      if (n >= ${u32(entries)} || m >= ${u32(entries)}) { continue; }
      let now = now_kernel[a * ${u32(tile)} + b];
      let start = kernel[a * ${u32(tile)} + b];
      let diagonal = select(0.0, 1.0, n == m && pair.x == pair.y);
      let target_product = ${withTargets ? `${y('pair.x', 'n')} * ${y('pair.y', 'm')}` : '0.0'};
      ${addScalars(wanted.all, 0)}
      if (n >= ${u32(Math.max(0, decision))} && m >= ${u32(Math.max(0, decision))} && n < ${u32(decision + outputs)} && m < ${u32(decision + outputs)}) {
        ${addScalars(wanted.decision, wanted.all.length)}
      }
    }
  }
  ${wanted.rowParts === undefined ? '' : rowSums}
  let parts0 = group_number * ${u32(Math.max(1, terms.length))};
  ${reduceLanes(lanes, totals, reductions, (k, value) => `parts[parts0 + ${k}] = ${value};`)}`,
  });
}

/** Brings the parts of all workgroups together. `first`: which of the parts' words belong to these terms. */
export function tangentSumsPass(
  terms: readonly Term[],
  sizes: TangentSizes,
  { parts, first, stride }: { readonly parts: string; readonly first: number; readonly stride: number },
  columns: Columns,
): Pass {
  const { pairs, bands } = tangentGeometry(sizes);
  const body = terms
    .map(({ reduce = 'sum' }, k) =>
      accumulate(reduce, `part_${k}`, `parts[(local * ${u32(pairs * bands)} + item) * ${u32(stride)} + ${u32(first + k)}]`),
    )
    .join('\n      ');
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: pairs * bands, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over tangent kernels',
    bindings: [{ buffer: parts, name: 'parts', type: 'f32' }, SUMS],
    declarations: memory,
    ...frame,
  });
}

/** Sums of the `kernelRows` domain from the sums over rows of all pairs. */
export function tangentRowSumsPass(terms: readonly Term[], sizes: TangentSizes, rowParts: string, columns: Columns): Pass {
  const geometry = tangentGeometry(sizes);
  const { entries, trials } = sizes;
  const place = rowPartAt(sizes, geometry);
  const own = (which: string) => place(which, `(item / ${u32(entries)})`, `(item % ${u32(entries)})`, '0u', '0u');
  const body = `
      var now = 0.0;
      var start = 0.0;
      for (var k = 0u; k < ${u32(trials * geometry.bands)}; k++) {
        now += row_parts[${own('0u')} + k];
        start += row_parts[${own('1u')} + k];
      }
      ${terms.map(({ reduce = 'sum' }, k) => accumulate(reduce, `part_${k}`, `term_${k}(now, start)`)).join(' ')}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: trials * entries, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of tangent kernels',
    bindings: [{ buffer: rowParts, name: 'row_parts', type: 'f32' }, SUMS],
    declarations: `${memory}\n${termFunctions('kernelRows', terms)}`,
    ...frame,
  });
}
