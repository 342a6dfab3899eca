// Activations and slopes of all hidden layers on the probe samples, and B_l = ∂f_c/∂z_l propagated back for every output c.
// A thread owns its samples from input to output and back, so nothing crosses threads. What becomes of them: kernel.wgsl.ts.
//
//   a^{l+1} = σ(z^l),  B_L = s_L W^L ∘ σ'(z^{L−1}),  B_l = (s_l W^lᵀ B_{l+1}) ∘ σ'(z^{l−1})

import type { Pass } from '../../../../src/core/program.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { fixedFrame, type Placing, type ProbeSizes, placingBinding } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { validBelow } from '../../../lib/measure/terms.ts';
import { type Binding, makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { SAMPLE_VECTORS, type Sizes } from './common.ts';
import { activationOptions } from './data.ts';
import { biasTerm, eachVector, middleRowOf, product, rowOf, transposedTiles } from './product.wgsl.ts';

/** Words of one layer-resolved probe buffer. */
export function probeWords({ shape, hiddenRows }: Sizes, { vectors }: ProbeSizes): number {
  return shape.depth * hiddenRows * 4 * vectors;
}

export interface ProbeSite {
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  /** (inputRows, padded probe samples). */
  readonly inputs: string;
  /** Whether to keep slopes and propagate back. */
  readonly backward: boolean;
}

export interface ProbeOptions extends ProbeSite {
  readonly weights: string;
  /** Buffer for the pre-activations, (depth, hiddenRows, padded samples); left out: not kept. */
  readonly preactivations?: { readonly buffer: string; readonly placing: Placing };
}

export function probePass(options: ProbeOptions): Pass {
  const { sizes, probe, weights, backward, preactivations } = options;
  const { shape, layout, hiddenRows, tileRows, inputChunks, hiddenChunks } = sizes;
  const { depth, width, outputDim, inputDim } = shape;
  const { matrices } = layout;
  const { vectors } = probe;
  const at = (unit: string, layer: string, row: string, q: number) =>
    `((${unit} * ${u32(depth)} + ${layer}) * ${u32(hiddenRows)} + ${row}) * ${u32(vectors)} + q${q}`;
  const layerOf = (layer: string) => `((local * ${u32(depth)} + ${layer}) * ${u32(outputDim)} + c)`;
  const back = (layer: string, row: string, q: number) =>
    `backward[(${layerOf(layer)} * ${u32(hiddenRows)} + ${row}) * ${u32(vectors)} + q${q}]`;
  const store = (layer: string, scale: number) =>
    eachVector((q) => {
      const here = at('local', layer, 'k', q);
      const kept = preactivations === undefined ? '' : `preactivations[${at('place', layer, 'k', q)}] = s${q};`;
      const values = backward
        ? `let both${q} = act_both4(s${q}); activations[${here}] = both${q}.value; slopes[${here}] = both${q}.slope;`
        : `activations[${here}] = act4(s${q});`;
      return `let s${q} = ${f32(scale)} * z${q}; ${values} ${kept}`;
    });
  const common = { count: width };
  const first = product({
    ...common,
    inputs: inputDim,
    chunks: inputChunks,
    input: (i, q) => `inputs[${i} * ${u32(vectors)} + q${q}]`,
    zeroPadded: true,
    weightRow: rowOf(matrices[0]),
    initial: biasTerm(matrices[0], inputDim),
    partial: (k, q) => `activations[${at('local', '0u', k, q)}]`,
    epilogue: store('0u', matrices[0].scale),
  });
  const middle = () => `
  for (var layer = 1u; layer < ${u32(depth)}; layer++) {
    ${product({
      ...common,
      inputs: width,
      chunks: hiddenChunks,
      input: (i, q) => `activations[${at('local', '(layer - 1u)', i, q)}]`,
      zeroPadded: false,
      weightRow: middleRowOf(sizes),
      initial: biasTerm(matrices[1], width),
      partial: (k, q) => `activations[${at('local', 'layer', k, q)}]`,
      epilogue: store('layer', matrices[1].scale),
    })}
  }`;
  const last = matrices[depth];
  const slope = (layer: string, row: string, q: number) => `slopes[${at('local', layer, row, q)}]`;
  // Padded samples must not count in any kernel entry: zero here is zero in all layers below.
  const masked = (value: string, q: number) => {
    const valid = validBelow(`q${q}`, probe.count, 8);
    return valid === undefined ? value : `select(vec4f(0.0), ${value}, ${valid})`;
  };
  const fromOutput = `
    for (var k = 0u; k < ${u32(width)}; k++) {
      let v = ${f32(last.scale)} * weights[${rowOf(last)('c')} + k / 4u][k % 4u];
      ${eachVector((q) => `${back(u32(depth - 1), 'k', q)} = ${masked(`v * ${slope(u32(depth - 1), 'k', q)}`, q)};`)}
    }`;
  const scale = f32(depth > 1 ? matrices[1].scale : 1);
  const down = () => `
    for (var layer = ${u32(depth - 1)}; layer > 0u; layer--) {
      ${transposedTiles({
        rows: tileRows,
        count: hiddenRows,
        inputs: width,
        weightRow: middleRowOf(sizes),
        input: (i, q) => back('layer', i, q),
        epilogue: unroll(tileRows, (k) => {
          const row = `(k0 + ${u32(k)})`;
          return eachVector(
            (q) => `${back('(layer - 1u)', row, q)} = (${scale} * z${k}_${q}) * ${slope('(layer - 1u)', row, q)};`,
          );
        }),
      })}
    }`;
  return completeProbe(options, {
    weights: [{ buffer: weights, name: 'weights', type: 'vec4f' }],
    slopes: 'slopes',
    preactivations:
      preactivations === undefined
        ? []
        : [
            { buffer: preactivations.buffer, name: 'preactivations', type: 'vec4f', write: true },
            placingBinding(preactivations.placing),
          ],
    declarations: activationWgsl(activationOptions(shape)),
    setup: `let base = unit * ${u32(layout.words / 4)};
  ${preactivations === undefined ? '' : 'let place = unit - span.first * placing[0];'}`,
    first,
    middle,
    fromOutput,
    down,
  });
}

/** What values and pairs of values (difference-probe.wgsl.ts) differ in, as WGSL. */
export interface ProbeForm {
  readonly weights: readonly Binding[];
  /** Name of the buffer of slopes, or of what slopes are made from. */
  readonly slopes: string;
  /** The buffer of pre-activations, if they are kept. */
  readonly preactivations: readonly Binding[];
  readonly declarations: string;
  /** Finds the weights of `unit`. */
  readonly setup: string;
  /** From the inputs to the first hidden layer, and on through all others. */
  readonly first: string;
  readonly middle: () => string;
  /** From output `c` back to the last hidden layer, and on down through all others. */
  readonly fromOutput: string;
  readonly down: () => string;
}

/** The pass around the layers of a form. */
export function completeProbe({ sizes, probe, label, inputs, backward }: ProbeSite, form: ProbeForm): Pass {
  const { depth, outputDim } = sizes.shape;
  const back = `for (var c = 0u; c < ${u32(outputDim)}; c++) {
    ${form.fromOutput}
    ${depth > 1 ? form.down() : ''}
  }`;
  const written = (buffer: string, name: string): Binding => ({ buffer, name, type: 'vec4f', write: true });
  return makePass({
    label,
    bindings: [
      ...form.weights,
      { buffer: inputs, name: 'inputs', type: 'vec4f' },
      written(PROBE_BUFFERS.activations, 'activations'),
      ...(backward ? [written(PROBE_BUFFERS.slopes, form.slopes), written(PROBE_BUFFERS.backward, 'backward')] : []),
      ...form.preactivations,
    ],
    declarations: form.declarations,
    ...fixedFrame(
      probe.vectors / SAMPLE_VECTORS,
      `
  ${form.setup}
  ${eachVector((q) => `let q${q} = thread * ${u32(SAMPLE_VECTORS)} + ${u32(q)};`)}
  ${form.first}
  ${depth > 1 ? form.middle() : ''}
  ${backward ? back : ''}`,
    ),
  });
}
