// Kernels that measure diagonal networks: β and the kernel's coefficients of each network, its outputs, Gram matrices on the
// probe samples, and sums over weights and over the map. Sums over samples and over pairs are those of every family.

import type { Term } from '../../../src/core/observable.ts';
import type { Pass } from '../../../src/core/program.ts';
import { aloneFrame, type ProbeSizes, trianglePairs } from '../../lib/measure/passes.ts';
import { addTerms, type Columns, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from '../../lib/measure/terms.ts';
import { type Binding, component, makePass, unroll } from '../../lib/pass.ts';
import { NETWORK, NETWORK_WORDS } from '../../lib/training/network-record.ts';
import { f32, u32 } from '../../wgsl.ts';
import { diagonalWgsl } from './diagonal.wgsl.ts';
import { type DiagonalShape, layoutOf } from './layout.ts';

/** What a pass works on: the starts, or networks (of the span; `perSpanUnit` of them for each unit that the span counts). */
export type Subject = { readonly kind: 'starts' } | { readonly kind: 'networks'; readonly perSpanUnit: number };

/** Coefficients of networks or starts: (2, stride) words each, β and then the tangent kernel's w₊^(2D−2) + w₋^(2D−2). */
export const PROFILES = { networks: 'profiles', starts: 'startProfiles' } as const;

const startOf = (network: string) => `networks[${network} * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.start)}]`;
const networksBinding: Binding = { buffer: 'networks', name: 'networks', type: 'u32' };

/** Threads of a subject; `local` places results in scratch, `unit` among all. */
function frame(subject: Subject, threads: number, body: string) {
  const perSpanUnit = subject.kind === 'starts' ? 1 : subject.perSpanUnit;
  return aloneFrame(
    { threads: u32(threads), perSpanUnit: u32(perSpanUnit), count: (units) => units * perSpanUnit * threads },
    body,
  );
}

/** Place of a subject's results: starts have a buffer of their own, networks of the span share scratch. */
const placeOf = ({ kind }: Subject) => (kind === 'starts' ? 'unit' : 'local');

/** β and kernel coefficients, one thread per four coordinates. */
export function profilePass(shape: DiagonalShape, subject: Subject): Pass {
  const { vectors } = layoutOf(shape);
  const starts = subject.kind === 'starts';
  return makePass({
    label: `diagonal: coefficients of ${subject.kind}`,
    bindings: [
      { buffer: starts ? 'startWeights' : 'weights', name: 'weights', type: 'vec4f' },
      { buffer: 'origins', name: 'origins', type: 'vec4f' },
      { buffer: PROFILES[subject.kind], name: 'profiles', type: 'vec4f', write: true },
      ...(starts ? [] : [networksBinding]),
    ],
    declarations: diagonalWgsl(shape),
    ...frame(
      subject,
      vectors,
      `
  let at = unit * ${u32(2 * vectors)} + thread;
  let origin = origins[${starts ? 'unit' : startOf('unit')} * ${u32(2 * vectors)} + thread];
  let positive = weights[at];
  let negative = weights[at + ${u32(vectors)}];
  let high = weight_power(origin + positive);
  let low = weight_power(origin + negative);
  let profile = ${placeOf(subject)} * ${u32(2 * vectors)} + thread;
  profiles[profile] = coefficients(positive, negative, origin);
  profiles[profile + ${u32(vectors)}] = high * high + low * low;`,
    ),
  });
}

export interface OutputsOptions {
  readonly label: string;
  readonly subject: Subject;
  /** Inputs by features, (stride, padded samples), and the vec4s of a row. */
  readonly inputs: string;
  readonly quads: number;
  /** Destination, (padded samples) per start, or per network of the span. */
  readonly outputs: string;
}

/** f = β·x, one thread per four samples. */
export function outputsPass(shape: DiagonalShape, { label, subject, inputs, quads, outputs }: OutputsOptions): Pass {
  const { vectors } = layoutOf(shape);
  return makePass({
    label,
    bindings: [
      { buffer: PROFILES[subject.kind], name: 'profiles', type: 'vec4f' },
      { buffer: inputs, name: 'inputs', type: 'vec4f' },
      { buffer: outputs, name: 'outputs', type: 'vec4f', write: true },
    ],
    declarations: '',
    ...frame(
      subject,
      quads,
      `
  let profile = ${placeOf(subject)} * ${u32(2 * vectors)};
  var f = vec4f(0.0);
  for (var v = 0u; v < ${u32(vectors)}; v++) {
    let b = profiles[profile + v];
    let at = 4u * v * ${u32(quads)} + thread;
    f += (b.x * inputs[at] + b.y * inputs[at + ${u32(quads)}]) + (b.z * inputs[at + ${u32(2 * quads)}] + b.w * inputs[at + ${u32(3 * quads)}]);
  }
  outputs[${placeOf(subject)} * ${u32(quads)} + thread] = f;`,
    ),
  });
}

export interface GramOptions {
  readonly label: string;
  readonly subject: Subject;
  /** Factor on Σ_i x_i x'_i (w₊^(2D−2) + w₋^(2D−2)): D² for the tangent kernel, 1 for the hidden units' Gram matrix. */
  readonly factor: number;
  /**
   * Destination: (blocks, 4, 4) per start, or per network of the span; block (I, J) at `block_index(I, J)` of `trianglePairs`.
   */
  readonly gram: string;
}

/** Tangent kernel or Gram matrix on the probe samples, one thread per 4 × 4 block I ≤ J; zero on padded samples. */
export function gramPass(shape: DiagonalShape, probe: ProbeSizes, { label, subject, factor, gram }: GramOptions): Pass {
  const { vectors } = layoutOf(shape);
  const quads = probe.vectors;
  return makePass({
    label,
    bindings: [
      { buffer: PROFILES[subject.kind], name: 'profiles', type: 'vec4f' },
      { buffer: 'probeInputs', name: 'inputs', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f', write: true },
    ],
    declarations: trianglePairs('block', probe.entryVectors),
    ...frame(
      subject,
      probe.blocks,
      `
  let pair = block_of(thread);
  let profile = ${placeOf(subject)} * ${u32(2 * vectors)} + ${u32(vectors)};
  ${unroll(4, (a) => `var sum${a} = vec4f(0.0);`, ' ')}
  for (var v = 0u; v < ${u32(vectors)}; v++) {
    let coefficient = profiles[profile + v];
    ${unroll(
      4,
      (i) => `{
      let row = coefficient.${component(i)} * inputs[(4u * v + ${u32(i)}) * ${u32(quads)} + pair.x];
      let column = inputs[(4u * v + ${u32(i)}) * ${u32(quads)} + pair.y];
      ${unroll(4, (a) => `sum${a} += row.${component(a)} * column;`, ' ')}
    }`,
    )}
  }
  let at = (${placeOf(subject)} * ${u32(probe.blocks)} + thread) * 4u;
  ${unroll(4, (a) => `gram[at + ${u32(a)}] = ${f32(factor)} * sum${a};`, ' ')}`,
    ),
  });
}

/** Sums of the `weights` domain, one word per term. */
export function weightsPass(shape: DiagonalShape, terms: readonly Term[], columns: Columns): Pass {
  const { vectors } = layoutOf(shape);
  const body = `
      let origin = origins[start_at + item % ${u32(vectors)}];
      let now = origin + weights[now_at + item];
      let start = origin + start_weights[start_at + item];
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow(`(item % ${u32(vectors)})`, shape.inputDim) })}`;
  const { memory, ...sums } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = unit * ${u32(2 * vectors)};
  let start_at = ${startOf('unit')} * ${u32(2 * vectors)};`,
    loops: [{ count: 2 * vectors, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'diagonal: sums over weights',
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f' },
      { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
      { buffer: 'origins', name: 'origins', type: 'vec4f' },
      networksBinding,
      SUMS,
    ],
    declarations: `${memory}\n${termFunctions('weights', terms)}`,
    ...sums,
  });
}

/** Sums of the `map` domain, one word per term; `teacher`: (stride), zeros where the task has none. */
export function mapPass(shape: DiagonalShape, terms: readonly Term[], columns: Columns): Pass {
  const { vectors } = layoutOf(shape);
  const record = (word: number) => `bitcast<f32>(networks[unit * ${u32(NETWORK_WORDS)} + ${u32(word)}])`;
  const body = `
      let origin = start_profiles[start_at + item];
      let now = scale * (profiles[now_at + item] - centred * origin);
      let start = scale * (1.0 - centred) * origin;
      ${addTerms(terms, { variables: ['now', 'start', 'teacher[item]'], valid: validBelow('item', shape.inputDim) })}`;
  const { memory, ...sums } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = local * ${u32(2 * vectors)};
  let start_at = ${startOf('unit')} * ${u32(2 * vectors)};
  let scale = ${record(NETWORK.outputScale)};
  let centred = ${record(NETWORK.centred)};`,
    loops: [{ count: vectors, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'diagonal: sums over the map',
    bindings: [
      { buffer: PROFILES.networks, name: 'profiles', type: 'vec4f' },
      { buffer: PROFILES.starts, name: 'start_profiles', type: 'vec4f' },
      { buffer: 'teacher', name: 'teacher', type: 'vec4f' },
      networksBinding,
      SUMS,
    ],
    declarations: `${memory}\n${termFunctions('map', terms)}`,
    ...sums,
  });
}
