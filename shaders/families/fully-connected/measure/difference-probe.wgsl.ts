// What probe.wgsl.ts leaves, at the start and as differences from it, for the difference form (../difference-form.ts):
// activations (A₀, δA), pre-activations (Z₀, δZ) and what is propagated back (B₀, δB). What becomes of them:
// difference-kernel.wgsl.ts.
//
//   p = (s W₀ᵀB₀, s (W₀ᵀδB + Uᵀ(B₀ + δB))),  B₀ = σ′(Z₀) p₀,  δB = σ′(Z₀+δZ) δp + [σ′(Z₀+δZ) − σ′(Z₀)] p₀

import type { Pass } from '../../../../src/core/program.ts';
import { activationDifferenceWgsl } from '../../../lib/activation-differences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import type { ProbeSizes } from '../../../lib/measure/passes.ts';
import { validBelow } from '../../../lib/measure/terms.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';
import { activationOptions } from './data.ts';
import { middleOffset, PAIR_WEIGHTS, pairProduct, pairTransposed, pairWeightsAt } from './pairs.wgsl.ts';
import { completeProbe, type ProbeSite } from './probe.wgsl.ts';
import { eachVector } from './product.wgsl.ts';

/** First vec4 of part 0 (start) or 1 (difference) of a probe buffer: (parts · layers, hiddenRows, vectors) per network. */
export function pairAt({ hiddenRows }: Sizes, { vectors }: ProbeSizes, index: string, part: number): string {
  return `(2u * (${index}) + ${u32(part)}) * ${u32(hiddenRows * vectors)}`;
}

/** `preactivations`: scratch for δZ, (depth, hiddenRows, padded samples). */
export function differenceProbePass(options: ProbeSite & { readonly preactivations?: string }): Pass {
  const { sizes, probe, backward, preactivations } = options;
  const { shape, layout, hiddenRows } = sizes;
  const { depth, width, outputDim, inputDim } = shape;
  const { matrices } = layout;
  const { vectors } = probe;
  const at = (name: string, part: number, layer: string, row: string, q: number) =>
    `${name}[${pairAt(sizes, probe, `local * ${u32(depth)} + ${layer}`, part)} + ${row} * ${u32(vectors)} + q${q}]`;
  const back = (part: number, layer: string, row: string, q: number) =>
    `backward[${pairAt(sizes, probe, `(local * ${u32(depth)} + ${layer}) * ${u32(outputDim)} + c`, part)} + ${row} * ${u32(vectors)} + q${q}]`;
  const store = (layer: string, scale: number) => (k: number) => {
    const row = `(k0 + ${u32(k)})`;
    return eachVector(
      (q) => `{
      let live = ${row} < ${u32(width)};
      let z = ${f32(scale)} * start${k}_${q};
      let moved = ${f32(scale)} * change${k}_${q};
      ${at('activations', 0, layer, row, q)} = select(vec4f(0.0), act4(z), live);
      ${at('activations', 1, layer, row, q)} = select(vec4f(0.0), act_difference4(z, moved), live);
      ${
        backward
          ? `${at('arguments', 0, layer, row, q)} = z;
      ${at('arguments', 1, layer, row, q)} = moved;`
          : ''
      }
      ${
        preactivations === undefined
          ? ''
          : `preactivations[((local * ${u32(depth)} + ${layer}) * ${u32(hiddenRows)} + ${row}) * ${u32(vectors)} + q${q}] = moved;`
      }
    }`,
    );
  };
  const first = pairProduct({
    offset: '0u',
    matrix: matrices[0],
    rows: hiddenRows,
    inputs: 4 * Math.ceil(inputDim / 4),
    biasColumn: inputDim,
    start: (i, q) => `inputs[${i} * ${u32(vectors)} + q${q}]`,
    epilogue: store('0u', matrices[0].scale),
  });
  const middle = () => `
  for (var layer = 1u; layer < ${u32(depth)}; layer++) {
    ${pairProduct({
      offset: middleOffset(sizes),
      matrix: matrices[1],
      rows: hiddenRows,
      inputs: hiddenRows,
      biasColumn: width,
      start: (i, q) => at('activations', 0, '(layer - 1u)', i, q),
      change: (i, q) => at('activations', 1, '(layer - 1u)', i, q),
      epilogue: store('layer', matrices[1].scale),
    })}
  }`;
  // Padded samples and rows must not count in any kernel entry: zero here is zero in all layers below.
  const masked = (value: string, row: string, q: number) => {
    const valid = validBelow(`q${q}`, probe.count, 8);
    const live = `vec4<bool>(${row} < ${u32(width)})`;
    return `select(vec4f(0.0), ${value}, ${valid === undefined ? live : `(${valid} & ${live})`})`;
  };
  /** B₀ and δB of row `row` from p₀ and δp. */
  const chain = (layer: string, row: string, q: number, p: string, dp: string) => `{
      let z = ${at('arguments', 0, layer, row, q)};
      let moved = ${at('arguments', 1, layer, row, q)};
      let p = ${p};
      ${back(0, layer, row, q)} = ${masked('act_slope4(z) * p', row, q)};
      ${back(1, layer, row, q)} = ${masked(`act_slope4(z + moved) * (${dp}) + act_slope_difference4(z, moved) * p`, row, q)};
    }`;
  const last = matrices[depth];
  const fromOutput = `
    for (var k = 0u; k < ${u32(hiddenRows)}; k++) {
      let word = ${u32(last.offset / 4)} + c * ${u32(last.stride / 4)} + k / 4u;
      let w = ${f32(last.scale)} * start_weights[start_at + word][k % 4u];
      let u = ${f32(last.scale)} * weights[now_at + word][k % 4u];
      ${eachVector((q) => chain(u32(depth - 1), 'k', q, 'vec4f(w)', 'vec4f(u)'))}
    }`;
  const scale = f32(depth > 1 ? matrices[1].scale : 1);
  const down = () => `
    for (var layer = ${u32(depth - 1)}; layer > 0u; layer--) {
      ${pairTransposed({
        offset: middleOffset(sizes),
        matrix: matrices[1],
        rows: hiddenRows,
        inputs: width,
        start: (i, q) => back(0, 'layer', i, q),
        change: (i, q) => back(1, 'layer', i, q),
        epilogue: (k) =>
          eachVector((q) =>
            chain('(layer - 1u)', `(k0 + ${u32(k)})`, q, `${scale} * start${k}_${q}`, `${scale} * change${k}_${q}`),
          ),
      })}
    }`;
  const activation = activationOptions(shape);
  return completeProbe(options, {
    weights: PAIR_WEIGHTS,
    slopes: 'arguments',
    preactivations:
      preactivations === undefined ? [] : [{ buffer: preactivations, name: 'preactivations', type: 'vec4f', write: true }],
    declarations: activationWgsl(activation) + activationDifferenceWgsl(activation),
    setup: pairWeightsAt(sizes),
    first,
    middle,
    fromOutput,
    down,
  });
}
