// f of networks on a data set: (outputDim, paddedSamples) per unit. One structure keeps a thread's inputs in registers and runs over
// the hidden units (depth 1, few inputs), the other makes tiles of hidden units layer by layer. What f means for a loss: samples.wgsl.ts.

import type { Pass } from '../../../../src/core/program.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { paddedSamples } from '../layout.ts';
import { type Binding, LANES, SAMPLE_VECTORS, type Sizes, aloneFrame, makePass, unroll } from './common.ts';
import { activationOptions } from './data.ts';
import { biasTerm, maskedUnit, middleRowOf, productTiles, rowOf } from './product.wgsl.ts';

export interface OutputsOptions {
  readonly sizes: Sizes;
  readonly label: string;
  /** Buffer of weights: `weights` or `startWeights`. */
  readonly weights: string;
  /** Buffer of inputs, (inputRows, paddedSamples). */
  readonly inputs: string;
  readonly samples: number;
  /** Buffer of outputs. */
  readonly outputs: string;
  /** True: `outputs` holds the units of the span only (scratch). */
  readonly scratchOutputs: boolean;
  /** Networks per unit of the span: the seeds where spans count cells, else 1. */
  readonly perSpanUnit: number;
}

/** Buffer of hidden activations that the layered structure needs (scratch). */
export const HIDDEN_BUFFER = 'measureHidden';

/** Most inputs that a thread keeps in registers: 2 × 4 × 32 numbers. */
const RESIDENT_INPUTS = 32;
/** Most outputs that a thread accumulates in registers. */
const RESIDENT_OUTPUTS = 8;
/** Threads of a unit in the layered structure: each takes several groups of samples in turn and reuses its scratch. */
const LAYERED_THREADS = 32;

function isResident({ shape, inputRows }: Sizes): boolean {
  return shape.depth === 1 && inputRows <= RESIDENT_INPUTS && shape.outputDim <= RESIDENT_OUTPUTS;
}

const groupsOf = (samples: number) => Math.ceil(paddedSamples(samples) / (4 * SAMPLE_VECTORS));
const threadsOf = (samples: number) => Math.min(groupsOf(samples), LAYERED_THREADS);

/** Hidden layers kept at once: none, one or two taking turns; wide readouts need the last one too. */
function keptLayers({ shape }: Sizes): number {
  const stored = shape.outputDim > RESIDENT_OUTPUTS ? shape.depth : shape.depth - 1;
  return Math.min(stored, 2);
}

/** Words of HIDDEN_BUFFER per network for a set of `samples`; 0: not needed. */
export function hiddenWords(sizes: Sizes, samples: number): number {
  if (isResident(sizes)) return 0;
  return keptLayers(sizes) * sizes.hiddenRows * threadsOf(samples) * SAMPLE_VECTORS * 4;
}

export function outputsPass(options: OutputsOptions): Pass {
  const { sizes, samples, scratchOutputs, perSpanUnit, label } = options;
  const { shape, layout } = sizes;
  const resident = isResident(sizes);
  const vectors = paddedSamples(samples) / 4;
  const bindings: Binding[] = [
    { buffer: options.weights, name: 'weights', type: 'vec4f' },
    { buffer: options.inputs, name: 'inputs', type: 'vec4f' },
    { buffer: options.outputs, name: 'outputs', type: 'vec4f', write: true },
  ];
  if (hiddenWords(sizes, samples) > 0) bindings.push({ buffer: HIDDEN_BUFFER, name: 'hidden', type: 'vec4f', write: true });
  const place = (c: string, q: number) =>
    `outputs[(${scratchOutputs ? 'local' : 'unit'} * ${u32(shape.outputDim)} + ${c}) * ${u32(vectors)} + q${q}]`;
  const groupStart = unroll(
    SAMPLE_VECTORS,
    (q) => `let q${q} = min(group_of_samples * ${u32(SAMPLE_VECTORS)} + ${u32(q)}, ${u32(vectors - 1)});`,
  );
  const base = `let base = unit * ${u32(layout.words / 4)};`;
  const groups = groupsOf(samples);
  const frame = resident
    ? aloneFrame(
        groups,
        perSpanUnit,
        `${base}
  let group_of_samples = thread;
  ${groupStart}
  ${residentBody(sizes, vectors, place)}`,
      )
    : aloneFrame(
        threadsOf(samples),
        perSpanUnit,
        `${base}
  for (var group_of_samples = thread; group_of_samples < ${u32(groups)}; group_of_samples += ${u32(threadsOf(samples))}) {
    ${groupStart}
    ${layeredBody(sizes, vectors, threadsOf(samples), place)}
  }`,
      );
  return makePass({ label, bindings, declarations: activationWgsl(activationOptions(shape)), ...frame });
}

/** Inputs in registers: x<i>_<q>; runs over hidden units with weights that all threads of a unit share. */
function residentBody(sizes: Sizes, vectors: number, place: (c: string, q: number) => string): string {
  const { shape, layout, inputRows } = sizes;
  const [first, last] = layout.matrices;
  const outputBias = biasTerm(last, shape.width);
  const z = (q: number) =>
    unroll(
      inputRows / 4,
      (v) => `w${v}.x * x${4 * v}_${q} + w${v}.y * x${4 * v + 1}_${q} + w${v}.z * x${4 * v + 2}_${q} + w${v}.w * x${4 * v + 3}_${q}`,
      ';\n    z += ',
    );
  return `
  ${unroll(inputRows, (i) => unroll(SAMPLE_VECTORS, (q) => `let x${i}_${q} = inputs[${u32(i * vectors)} + q${q}];`, ' '))}
  ${unroll(shape.outputDim, (c) => {
    const initial = outputBias(rowOf(last)(u32(c)));
    return `let initial${c} = vec4f(${initial});${unroll(SAMPLE_VECTORS, (q) => ` var f${q}_${c} = initial${c};`, '')}`;
  })}
  for (var j = 0u; j < ${u32(shape.width)}; j++) {
    let at = ${rowOf(first)('j')};
    ${unroll(inputRows / 4, (v) => `let w${v} = weights[at + ${u32(v)}];`, ' ')}
    ${unroll(shape.outputDim, (c) => `let v${c} = weights[${rowOf(last)(u32(c))} + j / 4u][j % 4u];`)}
    let initial = vec4f(${biasTerm(first, shape.inputDim)('at')});
    ${unroll(
      SAMPLE_VECTORS,
      (q) => `{
    var z = initial + ${z(q)};
    let a = act4(${f32(first.scale)} * z);
    ${unroll(shape.outputDim, (c) => `f${q}_${c} += v${c} * a;`, ' ')}
    }`,
    )}
  }
  ${unroll(shape.outputDim, (c) => unroll(SAMPLE_VECTORS, (q) => `${place(u32(c), q)} = ${f32(last.scale)} * f${q}_${c};`, ' '))}`;
}

/** Tiles of hidden units, layer by layer; the last hidden layer is consumed as it is made unless there are many outputs. */
function layeredBody(sizes: Sizes, vectors: number, threads: number, place: (c: string, q: number) => string): string {
  const { shape, layout, hiddenRows, inputRows, tileRows } = sizes;
  const { depth, outputDim, width } = shape;
  const { matrices } = layout;
  const last = matrices[depth];
  const consumed = outputDim <= RESIDENT_OUTPUTS;
  const slots = threads * SAMPLE_VECTORS;
  const kept = keptLayers(sizes);
  const slot = (buffer: string, row: string, q: number) =>
    `hidden[((local * ${u32(kept)} + ${buffer}) * ${u32(hiddenRows)} + ${row}) * ${u32(slots)} + thread * ${u32(SAMPLE_VECTORS)} + ${u32(q)}]`;
  const turn = (layer: string) => (kept === 2 ? `(${layer} & 1u)` : '0u');
  const tile = {
    rows: tileRows,
    count: u32(hiddenRows),
  };
  const activations = (scale: number, use: (k: number, q: number, a: string) => string) =>
    unroll(tileRows, (k) => unroll(SAMPLE_VECTORS, (q) => use(k, q, maskedUnit(sizes, k, `act4(${f32(scale)} * z${k}_${q})`))));
  const store = (layer: string, scale: number) =>
    activations(scale, (k, q, a) => `${slot(turn(layer), `(k0 + ${u32(k)})`, q)} = ${a};`);
  const consume = (scale: number) => `
    ${unroll(outputDim, (c) => unroll(tileRows / 4, (v) => `let v${c}_${v} = weights[${rowOf(last)(u32(c))} + k0 / 4u + ${u32(v)}];`))}
    ${activations(
      scale,
      (k, q, a) => `{ let a = ${a}; ${unroll(outputDim, (c) => `f${q}_${c} += v${c}_${k >> 2}.${'xyzw'[k & 3]} * a;`, ' ')} }`,
    )}`;
  const fromInputs = (epilogue: string) =>
    productTiles({
      ...tile,
      inputs: inputRows,
      weightRow: rowOf(matrices[0]),
      input: (i, q) => `inputs[${i} * ${u32(vectors)} + q${q}]`,
      initial: biasTerm(matrices[0], shape.inputDim),
      epilogue,
    });
  const paddedWidth = Math.ceil(width / 4) * 4;
  // Hidden layers are counted from 0; layer `layer` is made from layer `layer − 1`.
  const fromHidden = (layer: string, epilogue: string) =>
    productTiles({
      ...tile,
      inputs: paddedWidth,
      weightRow: middleRowOf(sizes, layer),
      input: (i, q) => slot(turn(`(${layer} - 1u)`), i, q),
      initial: biasTerm(matrices[1], width),
      epilogue,
    });
  const storedLayers = consumed ? depth - 1 : depth;
  const outputBias = biasTerm(last, width);
  return `
    ${
      consumed
        ? unroll(outputDim, (c) => {
            const initial = `let initial${c} = vec4f(${outputBias(rowOf(last)(u32(c)))});`;
            return `${initial}${unroll(SAMPLE_VECTORS, (q) => ` var f${q}_${c} = initial${c};`, '')}`;
          })
        : ''
    }
    ${storedLayers > 0 ? fromInputs(store('0u', matrices[0].scale)) : fromInputs(consume(matrices[0].scale))}
    ${
      storedLayers > 1
        ? `for (var layer = 1u; layer < ${u32(storedLayers)}; layer++) {
    ${fromHidden('layer', store('layer', matrices[1].scale))}
    }`
        : ''
    }
    ${consumed && depth > 1 ? fromHidden(u32(depth - 1), consume(matrices[1].scale)) : ''}
    ${
      consumed
        ? unroll(outputDim, (c) => unroll(SAMPLE_VECTORS, (q) => `${place(u32(c), q)} = ${f32(last.scale)} * f${q}_${c};`, ' '))
        : productTiles({
            rows: tileRows,
            count: u32(Math.ceil(outputDim / tileRows) * tileRows),
            inputs: paddedWidth,
            weightRow: (row) => rowOf(last)(`min(${row}, ${u32(outputDim - 1)})`),
            input: (i, q) => slot(turn(u32(depth - 1)), i, q),
            initial: outputBias,
            epilogue: unroll(
              tileRows,
              (k) => `if (k0 + ${u32(k)} < ${u32(outputDim)}) {
      ${unroll(SAMPLE_VECTORS, (q) => `${place(`(k0 + ${u32(k)})`, q)} = ${f32(last.scale)} * z${k}_${q};`)}
      }`,
            ),
          })
    }`;
}

/** Lanes and tile, for the program's label. */
export function outputsGeometry(sizes: Sizes): string {
  return isResident(sizes) ? `${LANES} lanes × ${4 * SAMPLE_VECTORS} samples` : `${sizes.tileRows} × ${4 * SAMPLE_VECTORS} tiles`;
}
