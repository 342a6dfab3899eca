// Activations and slopes of all hidden layers on the probe samples, and B_l = ∂f_c/∂z_l propagated back for every output c.
// A thread owns 8 samples from input to output and back, so nothing crosses threads. What becomes of them: kernel.wgsl.ts.
//
//   a^{l+1} = σ(z^l),  B_L = s_L W^L ∘ σ'(z^{L−1}),  B_l = (s_l W^lᵀ B_{l+1}) ∘ σ'(z^{l−1})

import type { Pass } from '../../../../src/core/program.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Binding, type ProbeSizes, SAMPLE_VECTORS, type Sizes, aloneFrame, makePass, unroll } from './common.ts';
import { activationOptions } from './data.ts';
import { biasTerm, maskedUnit, middleRowOf, productTiles, rowOf, transposedTiles } from './product.wgsl.ts';

/** Scratch buffers, per network: (depth, hiddenRows, padded probe samples), for `slopes` and `backward` per output as well. */
export const PROBE_BUFFERS = {
  activations: 'probeActivations',
  slopes: 'probeSlopes',
  /** (depth, outputDim, hiddenRows, padded). */
  backward: 'probeBackward',
} as const;

/** Words of one layer-resolved probe buffer. */
export function probeWords({ shape, hiddenRows }: Sizes, probe: ProbeSizes): number {
  return shape.depth * hiddenRows * probe.padded;
}

export interface ProbeOptions {
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  readonly weights: string;
  /** (inputRows, padded probe samples). */
  readonly inputs: string;
  /** What to keep besides the activations. */
  readonly backward: boolean;
  /** Buffer for the pre-activations; left out: not kept. */
  readonly preactivations?: { readonly buffer: string; readonly scratch: boolean };
}

export function probePass({ sizes, probe, label, weights, inputs, backward, preactivations }: ProbeOptions): Pass {
  const { shape, layout, hiddenRows, inputRows, tileRows } = sizes;
  const { depth, width, outputDim } = shape;
  const { matrices } = layout;
  const { vectors } = probe;
  const bindings: Binding[] = [
    { buffer: weights, name: 'weights', type: 'vec4f' },
    { buffer: inputs, name: 'inputs', type: 'vec4f' },
    { buffer: PROBE_BUFFERS.activations, name: 'activations', type: 'vec4f', write: true },
  ];
  if (backward) {
    bindings.push({ buffer: PROBE_BUFFERS.slopes, name: 'slopes', type: 'vec4f', write: true });
    bindings.push({ buffer: PROBE_BUFFERS.backward, name: 'backward', type: 'vec4f', write: true });
  }
  if (preactivations !== undefined) {
    bindings.push({ buffer: preactivations.buffer, name: 'preactivations', type: 'vec4f', write: true });
  }

  const place = (unit: string, layer: string, row: string, q: number) =>
    `((${unit} * ${u32(depth)} + ${layer}) * ${u32(hiddenRows)} + ${row}) * ${u32(vectors)} + q${q}`;
  const back = (layer: string, c: string, row: string, q: number) =>
    `(((local * ${u32(depth)} + ${layer}) * ${u32(outputDim)} + ${c}) * ${u32(hiddenRows)} + ${row}) * ${u32(vectors)} + q${q}`;
  const store = (layer: string, scale: number) =>
    unroll(tileRows, (k) =>
      unroll(SAMPLE_VECTORS, (q) => {
        const row = `(k0 + ${u32(k)})`;
        const at = place('local', layer, row, q);
        const activation = maskedUnit(sizes, k, backward ? 'both.value' : 'act4(z)');
        return `{
      let z = ${f32(scale)} * z${k}_${q};
      ${backward ? `let both = act_both4(z); slopes[${at}] = both.slope;` : ''}
      activations[${at}] = ${activation};
      ${preactivations === undefined ? '' : `preactivations[${place(preactivations.scratch ? 'local' : 'unit', layer, row, q)}] = z;`}
    }`;
      }),
    );
  const tile = { rows: tileRows, count: u32(hiddenRows) };
  const first = productTiles({
    ...tile,
    inputs: inputRows,
    weightRow: rowOf(matrices[0]),
    input: (i, q) => `inputs[${i} * ${u32(vectors)} + q${q}]`,
    initial: biasTerm(matrices[0], shape.inputDim),
    epilogue: store('0u', matrices[0].scale),
  });
  const middle =
    depth === 1
      ? ''
      : `for (var layer = 1u; layer < ${u32(depth)}; layer++) {
    ${productTiles({
      ...tile,
      inputs: Math.ceil(width / 4) * 4,
      weightRow: middleRowOf(sizes, 'layer'),
      input: (i, q) => `activations[${place('local', '(layer - 1u)', i, q)}]`,
      initial: biasTerm(matrices[1], width),
      epilogue: store('layer', matrices[1].scale),
    })}
  }`;
  const last = matrices[depth];
  const fromOutput = `
    for (var k = 0u; k < ${u32(width)}; k++) {
      let v = ${f32(last.scale)} * weights[${rowOf(last)('c')} + k / 4u][k % 4u];
      ${unroll(SAMPLE_VECTORS, (q) => `backward[${back(u32(depth - 1), 'c', 'k', q)}] = v * slopes[${place('local', u32(depth - 1), 'k', q)}];`)}
    }`;
  const down =
    depth === 1
      ? ''
      : `for (var layer = ${u32(depth - 1)}; layer > 0u; layer--) {
    ${transposedTiles({
      ...tile,
      inputs: width,
      weightRow: middleRowOf(sizes, 'layer'),
      input: (i, q) => `backward[${back('layer', 'c', i, q)}]`,
      epilogue: unroll(tileRows, (k) =>
        unroll(SAMPLE_VECTORS, (q) => {
          const row = `(k0 + ${u32(k)})`;
          const slope = `slopes[${place('local', '(layer - 1u)', row, q)}]`;
          return `backward[${back('(layer - 1u)', 'c', row, q)}] = (${f32(matrices[1].scale)} * z${k}_${q}) * ${slope};`;
        }),
      ),
    })}
    }`;
  return makePass({
    label,
    bindings,
    declarations: activationWgsl(activationOptions(shape)),
    ...aloneFrame(
      probe.tiles,
      1,
      `
  let base = unit * ${u32(layout.words / 4)};
  ${unroll(SAMPLE_VECTORS, (q) => `let q${q} = thread * ${u32(SAMPLE_VECTORS)} + ${u32(q)};`, ' ')}
  ${first}
  ${middle}
  ${
    backward
      ? `for (var c = 0u; c < ${u32(outputDim)}; c++) {
    ${fromOutput}
    ${down}
  }`
      : ''
  }`,
    ),
  });
}
