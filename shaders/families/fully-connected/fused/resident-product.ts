// A matrix times a thread's own samples: a chunk of inputs stays in registers while the rows go by. Knows no layer.

import { sharedVectors } from '../../../lib/shared-vectors.ts';
import { each } from '../../../lib/training/head.ts';
import { u32 } from '../../../wgsl.ts';

export interface ResidentProduct {
  /** Inputs (features, quads): expression of the vec4 of feature `i` and the thread's quad `q`. */
  readonly input: (i: string, q: string) => string;
  readonly chunk: number;
  readonly chunks: number;
  /** Lanes that share weight loads by shuffles; 0: each loads all. */
  readonly subgroupSize: number;
  /** vec4 `v` of row `k`. */
  readonly weight: (k: string, v: string) => string;
  readonly rows: string;
  /** Where partial sums wait between chunks. */
  readonly partial: (k: string, q: string) => string;
  /** What becomes of the sum `z` of row `k`. */
  readonly finish: (k: string, q: string, z: string) => string;
}

/** Σ_i weight(k, i)·input(i) for all rows k and the thread's `quads` quads. */
export function residentProduct(quads: number, p: ResidentProduct): string {
  const vectors = p.chunk / 4;
  const component = ['x', 'y', 'z', 'w'];
  const body = (chunk: string, first: string, last: string) => `
      ${each(p.chunk, (i) => each(quads, (t) => `let a${i}_${t} = ${p.input(`(${chunk} * ${u32(p.chunk)} + ${u32(i)})`, `quad${t}`)};`))}
      for (var k = 0u; k < ${p.rows}; k++) {
        ${sharedVectors('w', vectors, p.subgroupSize, (v) => p.weight('k', `(${chunk} * ${u32(vectors)} + ${v})`))}
        ${each(quads, (t) => {
          const sum = each(vectors, (v) => each(4, (i) => `w${v}.${component[i]} * a${4 * v + i}_${t}`, ' + '), ' + ');
          const started = p.chunks === 1 ? '' : `select(${p.partial('k', `quad${t}`)}, vec4f(0.0), ${first}) + `;
          const finish = p.finish('k', `quad${t}`, `z${t}`);
          return `let z${t} = ${started}${sum};
        ${p.chunks === 1 ? finish : `if (${last}) { ${finish} } else { ${p.partial('k', `quad${t}`)} = z${t}; }`}`;
        })}
      }`;
  if (p.chunks === 1) return `{${body('0u', 'true', 'true')}\n    }`;
  return `for (var chunk = 0u; chunk < ${u32(p.chunks)}; chunk++) {
      ${body('chunk', 'chunk == 0u', `chunk == ${u32(p.chunks - 1)}`)}
    }`;
}
