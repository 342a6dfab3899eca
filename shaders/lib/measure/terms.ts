// Terms of observables inside kernels: one WGSL function per term, and the statements that add it up. Knows no domain's data.

import { DERIVED_VARIABLES, DOMAIN_VARIABLES, type Domain, type Term } from '../../../src/core/observable.ts';
import { u32 } from '../../wgsl.ts';
import { type Binding, type PassText, unroll } from '../pass.ts';
import { accumulate, lanesFor, neutral, type Reduction, reduceLanes, reduceMemory, stridedSums } from '../reduce.wgsl.ts';

/** Where the results of one domain land in a row of `sums`. */
export interface Columns {
  /** Words of a row. */
  readonly stride: number;
  /** First word of this domain. */
  readonly offset: number;
}

/** True where one of the terms reads the variable. */
export function reads(terms: readonly Term[], variable: string): boolean {
  return terms.some(({ wgsl }) => new RegExp(`\\b${variable}\\b`).test(wgsl));
}

/**
 * `term_<k>(variables …) -> f32` for every term of a domain. `given`: derived variables that callers hand over after the domain's
 * own; the others are computed from those.
 */
export function termFunctions(domain: Domain, terms: readonly Term[], given: readonly string[] = []): string {
  const parameters = [...DOMAIN_VARIABLES[domain], ...given].map((name) => `${name}: f32`).join(', ');
  const own: readonly string[] = DOMAIN_VARIABLES[domain];
  return terms
    .map((term, k) => {
      const derived = DERIVED_VARIABLES.filter(
        ({ name, of }) => !given.includes(name) && own.includes(of[0]) && reads([term], name),
      );
      const lines = derived.map(({ name, of }) => `let ${name} = ${of[0]} - ${of[1]}; `).join('');
      return `fn term_${k}(${parameters}) -> f32 { ${lines}return ${term.wgsl}; }`;
    })
    .join('\n');
}

/** What passes of the difference form hand over after a domain's variables. */
export const givenChange = (difference: boolean): readonly string[] => (difference ? ['change'] : []);

/** How each term comes together. */
export function reductionsOf(terms: readonly Term[]): readonly Reduction[] {
  return terms.map(({ reduce = 'sum' }) => reduce);
}

/**
 * Statements that bring every term of four elements into `part_<k>`. `variables`: vec4f expressions in the order of
 * DOMAIN_VARIABLES, then those that `termFunctions` was told of; `valid`: a vec4<bool>, where elements may be padding; `weight`:
 * how often an element counts in sums, f32.
 */
export function addTerms(
  terms: readonly Term[],
  options: { readonly variables: readonly string[]; readonly valid?: string; readonly weight?: string; readonly first?: number },
): string {
  const { variables, valid, weight, first = 0 } = options;
  return unroll(terms.length, (k) => {
    const { reduce = 'sum' } = terms[k];
    const values = `vec4f(${unroll(4, (c) => `term_${k}(${variables.map((name) => `${name}.${'xyzw'[c]}`).join(', ')})`, ', ')})`;
    const counted = valid === undefined ? values : `select(vec4f(${neutral(reduce)}), ${values}, ${valid})`;
    const whole =
      reduce === 'max'
        ? 'max(max(t.x, t.y), max(t.z, t.w))'
        : `${weight === undefined ? '' : `${weight} * `}((t.x + t.y) + (t.z + t.w))`;
    return `{ let t = ${counted};
      ${accumulate(reduce, `part_${first + k}`, whole)} }`;
  });
}

/**
 * A condition for vec4 number `index` of a run of `count` elements padded to a multiple of `block`; undefined where there is no
 * padding.
 */
export function validBelow(index: string, count: number, block = 4): string | undefined {
  return count % block === 0 ? undefined : `(vec4u(4u * ${index}) + vec4u(0u, 1u, 2u, 3u) < vec4u(${u32(count)}))`;
}

export interface SumsOptions {
  /** How each result comes together; one per term unless a term has several. */
  readonly reductions: readonly Reduction[];
  readonly columns: Columns;
  /**
   * Workgroups that share a unit; the body sees `group_part`, and results land in scratch, one row per workgroup. Defaults to 1.
   */
  readonly groups?: number;
  /** Items that the lanes share, and the name of an item's index in `body`. */
  readonly loops: readonly {
    readonly count: number;
    readonly name: string;
    /** Adds to `part_<k>` for k from `first` on. */
    readonly body: string;
    readonly first: number;
    readonly length: number;
  }[];
  /** Statements before the loops; see `local` (unit − first) and `unit`. */
  readonly setup?: string;
  /** Word of result k (WGSL expressions) among this domain's. Defaults to k. */
  readonly place?: (k: string) => string;
  /** What is stored for `value` of result k. Defaults to the value. */
  readonly result?: (k: string, value: string) => string;
}

/**
 * Body and lanes of a pass with one workgroup (or several) per unit whose lanes share a sum. Bindings must
 * name `sums` (f32, write).
 */
export function sumsFrame({
  reductions,
  columns,
  groups = 1,
  loops,
  setup = '',
  place = (k) => k,
  result = (_, value) => value,
}: SumsOptions): Pick<PassText, 'lanes' | 'body' | 'workgroups'> & {
  readonly memory: string;
} {
  const values = reductions.length;
  const lanes = lanesFor(
    loops.reduce((most, { count }) => Math.max(most, count), 0),
    values,
  );
  const totals = Array.from({ length: values }, (_, k) => `total_${k}`);
  return {
    lanes,
    memory: reduceMemory(lanes, values),
    workgroups: (count) => count * groups,
    body: `
  ${groups === 1 ? 'let local = group_number;' : `let local = group_number / ${u32(groups)};\n  let group_part = group_number % ${u32(groups)};`}
  if (local >= span.count) { return; }
  let unit = span.first + local;
  let row = ${groups === 1 ? '(span.row + local)' : 'group_number'} * ${u32(columns.stride)} + ${u32(columns.offset)};
  ${totals.map((total, k) => `var ${total} = ${neutral(reductions[k])};`).join(' ')}
  ${setup}
  ${loops
    .map(({ count, name, body, first, length }) =>
      stridedSums({
        lanes,
        count,
        name,
        totals: totals.slice(first, first + length),
        parts: totals.slice(first, first + length).map((_, k) => `part_${first + k}`),
        reductions: reductions.slice(first, first + length),
        body,
      }),
    )
    .join('\n')}
  ${reduceLanes(lanes, totals, reductions, (k, value) => `sums[row + ${place(k)}] = ${result(k, value)};`)}`,
  };
}

/** The results' buffer as a binding. */
export const SUMS: Binding = { buffer: 'sums', name: 'sums', type: 'f32', write: true };
