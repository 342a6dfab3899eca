// Fused training of any depth: one workgroup per network, weights in storage. Forward and backward products of a sample touch
// nobody else's samples and need no barrier: a thread carries vec4s of samples through all layers, a chunk of inputs in registers
// at a time. Then the threads share out the weight gradients in register tiles. Hidden matrices are kept transposed as well,
// so that one loop serves both directions. In the difference form (../difference-form.ts) rows of weights are [W₀ | U] and
// inputs (δA, A), so that the same loop makes δZ; Z₀ is made once in a dispatch. One hidden layer of few inputs is faster in
// shallow.wgsl.ts, very wide layers in ../tiled.

import { descentFrame, type Element, flowFrame, type Structure, tableauWgsl } from '../../../lib/training/frames.wgsl.ts';
import { each, isMiniBatch, tableauOf } from '../../../lib/training/head.ts';
import { f32, u32, wgsl } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';
import { preamble } from './common.ts';
import { type DeepGeometry, deepCounts, deepSetQuads } from './deep-counts.ts';
import { deepPlaces } from './deep-places.ts';
import { quadStatements } from './quads.ts';
import { residentProduct } from './resident-product.ts';

/** The training kernel of a network of any depth. Entry point `train`. */
export function deepKernel(options: TrainingOptions, geometry: DeepGeometry): string {
  const { shape, layout, training, difference } = options;
  const counts = deepCounts(options, geometry);
  const tableau = tableauOf(training);
  const { depth, outputDim: outputs, width } = shape;
  const flow = training.method === 'flow';
  const miniBatch = isMiniBatch(training);
  const bias = shape.biasScale > 0;
  const hidden = layout.hiddenStride;
  const [first] = layout.matrices;
  const readout = layout.matrices[depth];
  const middle = layout.matrices[Math.min(1, depth)];
  const { weight, startWeight, wholeWeight, row, value, startOf, error, input, activate, slopeOf } = deepPlaces(options);
  const eachQuad = (make: (q: string, t: number) => string) => each(geometry.quadsPerLane, (t) => make(`quad${t}`, t));
  const matrixOf = (layer: string) => `${u32(middle.offset / 4)} + (${layer} - 1u) * HIDDEN * HIDDEN_VECTORS`;
  const hiddenChunks = hidden / counts.hiddenChunk;
  const scaleOf = (layer: string) => `select(${f32(middle.scale)}, ${f32(first.scale)}, ${layer} == 0u)`;

  const forwardFirst = residentProduct(geometry.quadsPerLane, {
    subgroupSize: geometry.subgroupSize,
    input,
    chunk: counts.inputChunk,
    chunks: layout.inputStride / counts.inputChunk,
    weight: (k, v) => weight('0u', k, first.stride / 4, v),
    rows: 'WIDTH',
    partial: (k, q) => value('0u', k, q),
    finish: activate('0u', f32(first.scale)),
  });
  const forwardHidden = residentProduct(geometry.quadsPerLane, {
    subgroupSize: geometry.subgroupSize,
    input: (i, q) => row('(layer - 1u)', i, q),
    chunk: counts.forwardChunk,
    chunks: (difference ? 2 * hidden : hidden) / counts.forwardChunk,
    weight: (k, v) => (difference ? startWeight('matrix', k, hidden / 4, v) : weight('matrix', k, hidden / 4, v)),
    rows: 'WIDTH',
    partial: (k, q) => value('layer', k, q),
    finish: activate('layer', f32(middle.scale)),
  });
  const backwardHidden = residentProduct(geometry.quadsPerLane, {
    subgroupSize: geometry.subgroupSize,
    input: (i, q) => error('layer', i, q),
    chunk: counts.hiddenChunk,
    chunks: hiddenChunks,
    weight: (k, v) => `scratch[transposed + ((layer - 1u) * HIDDEN + ${k}) * HIDDEN_VECTORS + ${v}]`,
    rows: 'WIDTH',
    partial: (k, q) => `scratch[partial + ${k} * QUADS + ${q}]`,
    finish: (k, q, z) => `${error('(layer - 1u)', k, q)} = ${slopeOf('(layer - 1u)', k, q, 'lower_scale')} * ${z};`,
  });
  // Z₀ of the thread's own samples; A₀ stands where A will.
  const atStart = (layer: string, scale: string) => (k: string, q: string, z: string) =>
    `{ let before = ${scale} * ${z}; ${startOf(layer, k, q)} = before; ${value(layer, k, q)} = act4(before); }`;
  const forwardStart = difference
    ? `
      ${residentProduct(geometry.quadsPerLane, {
        subgroupSize: geometry.subgroupSize,
        input,
        chunk: counts.inputChunk,
        chunks: layout.inputStride / counts.inputChunk,
        weight: (k, v) => startWeight('0u', k, first.stride / 4, v),
        rows: 'WIDTH',
        partial: (k, q) => startOf('0u', k, q),
        finish: atStart('0u', f32(first.scale)),
      })}
      ${
        depth === 1
          ? ''
          : `for (var layer = 1u; layer < DEPTH; layer++) {
        let matrix = ${matrixOf('layer')};
        ${residentProduct(geometry.quadsPerLane, {
          subgroupSize: geometry.subgroupSize,
          input: (i, q) => value('(layer - 1u)', i, q),
          chunk: counts.hiddenChunk,
          chunks: hiddenChunks,
          weight: (k, v) => startWeight('matrix', k, hidden / 4, v),
          rows: 'WIDTH',
          partial: (k, q) => startOf('layer', k, q),
          finish: atStart('layer', f32(middle.scale)),
        })}
      }`
      }`
    : '';
  const outputWeights = (name: string, of: typeof weight) =>
    each(outputs, (c) => `let ${name}${c} = ${of(u32(readout.offset / 4), u32(c), hidden / 4, 'k')};`);
  const outputPhase = `
      ${eachQuad((_, t) => each(outputs, (c) => `var f${c}_${t} = vec4f(0.0);`))}
      for (var k = 0u; k < HIDDEN_VECTORS; k++) {
        ${outputWeights('v', weight)}
        ${difference ? outputWeights('s', startWeight) : ''}
        ${each(4, (i) =>
          eachQuad((q, t) => {
            const at = `(4u * k + ${u32(i)})`;
            const moved = difference ? `let d${i}_${t} = ${row(u32(depth - 1), at, q)};` : '';
            const ofMoved = (c: number) => (difference ? `s${c}[${i}] * d${i}_${t} + ` : '');
            return `let h${i}_${t} = ${value(u32(depth - 1), at, q)}; ${moved}
        ${each(outputs, (c) => `f${c}_${t} += ${ofMoved(c)}v${c}[${i}] * h${i}_${t};`)}`;
          }),
        )}
      }
      ${eachQuad(
        (q, t) => `{
        ${quadStatements(
          options,
          { f: (c) => `f${c}_${t} * ${f32(readout.scale)}`, quad: q, miniBatch },
          (c, cotangent) =>
            `e${c}_${t} = ${cotangent} * ${f32(readout.scale)}; scratch[errors + ${u32(c)} * QUADS + ${q}] = e${c}_${t};`,
          (c) => `var e${c}_${t} = vec4f(0.0);`,
        )}`,
      )}
      for (var k = 0u; k < HIDDEN_VECTORS; k++) {
        ${outputWeights('v', wholeWeight)}
        ${each(4, (i) =>
          eachQuad((q, t) => {
            const row = `(4u * k + ${u32(i)})`;
            const back = each(outputs, (c) => `v${c}[${i}] * e${c}_${t}`, ' + ');
            return `${error(u32(depth - 1), row, q)} = ${slopeOf(u32(depth - 1), row, q, scaleOf(u32(depth - 1)))} * (${back});`;
          }),
        )}
      }
      ${eachQuad(() => '}')}`;

  const ownQuads = each(
    geometry.quadsPerLane,
    (t) => `let quad${t} = (block * LANES + lane) * ${u32(geometry.quadsPerLane)} + ${u32(t)};`,
  );
  const evaluate = `
    part = vec4f(0.0);
    for (var block = 0u; block < QUAD_BLOCKS; block++) {
      ${ownQuads}
      ${
        miniBatch
          ? eachQuad(
              (q) => `{
        let rows = batch_rows(${q}, state.attempts, net.seed);
        for (var i = 0u; i < ${u32(layout.inputStride)}; i++) {
          scratch[batch + i * QUADS + ${q}] = vec4f(${each(4, (c) => `train_set[i * SET_QUADS + rows[${c}] / 4u][rows[${c}] % 4u]`, ', ')});
        }
      }`,
            )
          : ''
      }
      ${miniBatch ? forwardStart : ''}
      ${forwardFirst}
      for (var layer = 1u; layer < DEPTH; layer++) {
        let matrix = ${matrixOf('layer')};
        ${depth > 1 ? forwardHidden : ''}
      }
      ${outputPhase}
      for (var layer = DEPTH - 1u; layer > 0u; layer--) {
        let lower_scale = ${scaleOf('(layer - 1u)')};
        ${depth > 1 ? backwardHidden : ''}
      }
    }
    parts[lane] = part;
    storageBarrier();
    workgroupBarrier();`;

  const tileRows = (rows: number) => (rows % geometry.tile === 0 ? geometry.tile : rows % 4 === 0 ? 4 : 1);
  interface TileLoop {
    readonly rows: number;
    readonly stride: number;
    readonly offset: string;
    readonly back: (k: string, q: string) => string;
    readonly ahead: (j: string, q: string) => string;
    readonly rate: string;
    readonly transpose: boolean;
  }
  const placeOf = (loop: TileLoop, a: string, b: string): Parameters<typeof weight> => [
    loop.offset,
    `(k0 + ${a})`,
    loop.stride / 4,
    `j0 / 4u + ${b}`,
  ];
  const element = (loop: TileLoop, a: string, b: string): Element => {
    const vector = `${loop.offset} + (k0 + ${a}) * ${u32(loop.stride / 4)} + j0 / 4u + ${b}`;
    const here = weight(...placeOf(loop, a, b));
    return { kind: 'vector', here, assign: (v) => `${here} = ${v};`, at: (base, buffer) => `${buffer}[${base} + ${vector}]` };
  };
  const tiles = (loop: TileLoop, inner: (rows: number, columns: number) => string, fresh: boolean) => {
    const rows = tileRows(loop.rows);
    const columns = tileRows(loop.stride);
    const across = loop.stride / columns;
    const follow =
      fresh && loop.transpose
        ? each(rows / 4, (a) =>
            each(
              columns / 4,
              (b) => `{
          ${each(4, (i) => `let row${i} = ${wholeWeight(...placeOf(loop, u32(4 * a + i), u32(b)))};`)}
          ${each(4, (j) => `scratch[transposed + ((layer - 1u) * HIDDEN + j0 + ${u32(4 * b + j)}) * HIDDEN_VECTORS + k0 / 4u + ${u32(a)}] = vec4f(${each(4, (i) => `row${i}[${j}]`, ', ')});`)}
        }`,
            ),
          )
        : '';
    return `
      for (var tile = lane; tile < ${u32((loop.rows / rows) * across)}; tile += LANES) {
        let k0 = (tile / ${u32(across)}) * ${u32(rows)};
        let j0 = (tile % ${u32(across)}) * ${u32(columns)};
        ${inner(rows, columns)}
        ${follow}
      }`;
  };
  const overMatrices = (inner: (loop: TileLoop, rows: number, columns: number) => string, fresh: boolean) => {
    const run = (loop: TileLoop) => tiles(loop, (rows, columns) => inner(loop, rows, columns), fresh);
    const firstLoop: TileLoop = {
      rows: first.storedRows,
      stride: first.stride,
      offset: '0u',
      back: (k, q) => error('0u', k, q),
      ahead: input,
      rate: 'net.hidden_rate',
      transpose: false,
    };
    const middleLoop: TileLoop = {
      rows: hidden,
      stride: hidden,
      offset: 'matrix',
      back: (k, q) => error('layer', k, q),
      ahead: (j, q) => value('(layer - 1u)', j, q),
      rate: 'net.hidden_rate',
      transpose: true,
    };
    const lastLoop: TileLoop = {
      rows: outputs,
      stride: hidden,
      offset: u32(readout.offset / 4),
      back: (k, q) => `scratch[errors + ${k} * QUADS + ${q}]`,
      ahead: (j, q) => value(u32(depth - 1), j, q),
      rate: 'net.output_rate',
      transpose: false,
    };
    return `
    ${run(firstLoop)}
    ${
      depth > 1
        ? `for (var layer = 1u; layer < DEPTH; layer++) {
      let matrix = ${matrixOf('layer')};
      ${run(middleLoop)}
    }`
        : ''
    }
    ${run(lastLoop)}`;
  };

  const eachVector = (make: (loop: TileLoop) => string, fresh: boolean) =>
    overMatrices(
      (loop, rows, columns) => `
        for (var a = 0u; a < ${u32(rows)}; a++) {
          for (var b = 0u; b < ${u32(columns / 4)}; b++) {
            ${make(loop)}
          }
        }`,
      fresh,
    );
  const copyStart = (loop: TileLoop) =>
    `${startWeight(...placeOf(loop, 'a', 'b'))} = ${element(loop, 'a', 'b').at('net.start * WEIGHT_VECTORS', 'start_weights')};`;
  const structure: Structure = {
    setup: difference
      ? `${eachVector(copyStart, false)}
  storageBarrier();
  workgroupBarrier();
  ${miniBatch ? '' : `for (var block = 0u; block < QUAD_BLOCKS; block++) {\n    ${ownQuads}\n    ${forwardStart}\n  }`}`
      : '',
    evaluate,
    eachGradient: (use) =>
      overMatrices(
        (loop, rows, columns) => `
        ${each(rows, (a) => each(columns, (b) => `var g${a}_${b} = 0.0;`))}
        for (var q = 0u; q < SAMPLE_QUADS; q++) {
          ${each(rows, (a) => `let d${a} = ${loop.back(`(k0 + ${u32(a)})`, 'q')};`)}
          ${each(columns, (b) => `let x${b} = ${loop.ahead(`(j0 + ${u32(b)})`, 'q')};`)}
          ${each(rows, (a) => each(columns, (b) => `g${a}_${b} += dot(d${a}, x${b});`))}
        }
        ${each(rows, (a) =>
          each(columns / 4, (b) => {
            const sum = `vec4f(${each(4, (i) => `g${a}_${4 * b + i}`, ', ')})`;
            return use({ value: `${loop.rate} * ${sum}`, ...element(loop, u32(a), u32(b)) });
          }),
        )}`,
        !flow,
      ),
    eachElement: (use, fresh) => eachVector((loop) => use(element(loop, 'a', 'b')), fresh),
    eachSample: (use) => `
    for (var block = 0u; block < QUAD_BLOCKS; block++) {
      for (var t = 0u; t < ${u32(geometry.quadsPerLane)}; t++) {
        let quad = (block * LANES + lane) * ${u32(geometry.quadsPerLane)} + t;
        if (quad < SAMPLE_QUADS) { ${use('quad')} }
      }
    }`,
    trialBarrier: 'storageBarrier();\n    workgroupBarrier();',
    inPlace: !flow && !difference,
    fromStart: difference,
    inStorage: true,
  };
  const biasRows = each(
    depth,
    (layer) => `
  for (var quad = lane; quad < QUADS; quad += LANES) {
    ${value(u32(layer), u32(width), 'quad')} = vec4f(${f32(layout.matrices[layer + 1].biasInput)});
  }`,
  );

  return wgsl`
#if ${geometry.subgroupSize > 0}
enable subgroups;
#endif
${preamble(options, geometry.lanes, true)}
${tableau === null ? '' : tableauWgsl(tableau)}
const DEPTH = ${u32(depth)};
const WIDTH = ${u32(width)};
const HIDDEN = ${u32(hidden)};
const HIDDEN_VECTORS = ${u32(hidden / 4)};
const QUADS = ${u32(counts.quads)};
const QUAD_BLOCKS = ${u32(counts.quadBlocks)};
const SAMPLE_QUADS = ${u32(Math.ceil(options.batchSamples / 4))};
// vec4s per row of the training set: (inputStride + outputDim, SET_QUADS), features and then targets, samples along the row.
const SET_QUADS = ${u32(deepSetQuads(options, geometry))};
const ROWS = ${u32(options.samples)};

var<workgroup> parts: array<vec4f, LANES>;
var<workgroup> norms: array<vec4f, LANES>;
var<workgroup> verdict: u32;

#if ${miniBatch}
// Rows of the training set that the four samples of a quad stand for in step \`step\`.
fn batch_rows(quad: u32, step: u32, seed: u32) -> vec4u {
  return vec4u(
    batch_sample(step, 4u * quad, seed, ROWS),
    batch_sample(step, 4u * quad + 1u, seed, ROWS),
    batch_sample(step, 4u * quad + 2u, seed, ROWS),
    batch_sample(step, 4u * quad + 3u, seed, ROWS),
  );
}
#endif

@compute @workgroup_size(LANES)
fn train(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
#if ${geometry.subgroupSize > 0}
  @builtin(subgroup_invocation_id) sid: u32,
#endif
) {
  let unit_of_span = group_index(group, groups);
  if (unit_of_span >= span.count) { return; }
  let network = span.first + unit_of_span;
  let net = network_of(network);
  let base = network * WEIGHT_VECTORS;
  // Regions of this network's scratch, in vec4s.
  let values = unit_of_span * ${u32(counts.vectors)};
  let starts = values + ${u32(counts.starts)};
  let backs = values + ${u32(counts.slopes)};
  let errors = values + ${u32(counts.errors)};
  let partial = values + ${u32(counts.partial)};
  let batch = values + ${u32(counts.batch)};
  let trial = values + ${u32(counts.trial)};
  let transposed = values + ${u32(counts.transposed)};
  var state = load_progress(network);
  var part = vec4f(0.0);
  ${bias ? biasRows : ''}
  ${flow ? flowFrame(options, structure) : descentFrame(options, structure)}
}
`;
}
