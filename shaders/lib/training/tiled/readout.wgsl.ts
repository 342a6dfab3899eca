// The output layer's forward product and the loss: F, its bookkeeping and the cotangents that the backward products start from.
// A workgroup takes eight quads of samples; several threads share out the hidden units of a quad.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { lossWgsl } from '../../losses.ts';
import { unroll } from '../../pass.ts';
import { philoxWgsl } from '../../philox.wgsl.ts';
import { OUTPUT_SECTIONS } from '../head.ts';
import { NETWORKS_BINDING, networkNumber, networkWord, progressWord, tiledPass } from './pass.ts';
import { outputWords, TILED, type TiledSizes } from './sizes.ts';
import { matrixRows, presentBlock } from './weights.ts';

const QUADS = 8;
/** Outputs whose sums a thread holds at once. */
const OUTPUTS_AT_ONCE = 4;

/** Workgroups of one block of samples. */
export function readoutGroups({ quads }: TiledSizes): number {
  return Math.ceil(quads / QUADS);
}

/** Index of a network's first vec4 in `parts`; they last from round to round where samples take turns. */
export function partsStart(sizes: TiledSizes): string {
  return `${sizes.blocks === 1 ? 'local' : 'network'} * ${u32(sizes.blocks * readoutGroups(sizes))}`;
}

export function readoutPass(sizes: TiledSizes): Pass {
  const { options, geometry, quads, setQuads, blocks, miniBatch, flow, valueRows } = sizes;
  const { shape, layout, batchSamples, samples, outputStride, gain } = options;
  const matrix = layout.matrices[shape.depth];
  const weights = matrixRows(sizes, matrix.stride / 4, 'forward', u32(matrix.offset / 4));
  const block = presentBlock(sizes);
  // Threads per quad: barriers are dear where a workgroup's threads take turns, which is where geometries read from storage.
  const splits = geometry.staging === 'staged' ? 8 : 4;
  const lanes = QUADS * splits;
  const atOnce = Math.min(OUTPUTS_AT_ONCE, shape.outputDim);
  const row = miniBatch
    ? `batch_sample(${progressWord(PROGRESS.attempts)}, sample, ${networkWord('seed')}, ${u32(samples)})`
    : 'sample';
  // gain / P and the layer's own factor, between a sample's loss slope and its cotangent.
  const motion = f32((gain / batchSamples) * matrix.scale);
  const section = (name: keyof typeof OUTPUT_SECTIONS) =>
    `outputs[outputs0 + ${u32((OUTPUT_SECTIONS[name] * outputWords(options)) / 3)} + c * ${u32(outputStride)} + row]`;
  return tiledPass({
    label: 'outputs and loss',
    bindings: [
      NETWORKS_BINDING,
      weights.binding,
      { buffer: TILED.values(shape.depth - 1), name: 'values', type: 'vec4f' },
      { buffer: 'trainSet', name: 'train_set', type: 'f32' },
      { buffer: 'outputs', name: 'outputs', type: 'f32', write: flow },
      { buffer: TILED.cotangents, name: 'cotangents', type: 'f32', write: true },
      { buffer: TILED.parts, name: 'parts', type: 'vec4f', write: true },
    ],
    declarations: `
${lossWgsl({ loss: options.loss, beta: options.lossBeta, outputDim: shape.outputDim })}
${miniBatch ? philoxWgsl() : ''}
const OUTPUTS = ${u32(shape.outputDim)};
var<workgroup> sums: array<vec4f, ${u32(atOnce * lanes)}>;
var<workgroup> lane_parts: array<vec4f, ${u32(4 * QUADS)}>;

// By the bits: comparisons may take it for granted that there is no NaN.
fn is_finite_bits(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }`,
    lanes,
    groups: readoutGroups(sizes),
    gate: 'at work',
    body: `
  ${weights.setup}
  let values0 = local * ${u32(valueRows * quads)} + min(part * ${u32(QUADS)} + lane % ${u32(QUADS)}, ${u32(quads - 1)});
  let cotangents0 = local * ${u32(4 * shape.outputDim * quads)};
  let split = lane / ${u32(QUADS)};
  for (var c0 = 0u; c0 < OUTPUTS; c0 += ${u32(atOnce)}) {
    ${unroll(atOnce, (c) => `var sum${c} = vec4f(0.0);`)}
    for (var k = split; k < ${u32(valueRows / 4)}; k += ${u32(splits)}) {
      ${unroll(4, (i) => `let h${i} = values[values0 + (4u * k + ${u32(i)}) * ${u32(quads)}];`)}
      ${unroll(
        atOnce,
        (c) => `let v${c} = ${weights.at(`min(c0 + ${u32(c)}, OUTPUTS - 1u)`, 'k')};
      sum${c} += v${c}.x * h0 + v${c}.y * h1 + v${c}.z * h2 + v${c}.w * h3;`,
      )}
    }
    ${unroll(atOnce, (c) => `sums[${u32(c * lanes)} + lane] = sum${c};`)}
    workgroupBarrier();
    // One thread per sample adds the splits; f waits where its cotangent will stand.
    if (lane < ${u32(4 * QUADS)}) {
      let quad = part * ${u32(QUADS)} + lane / 4u;
      for (var c = 0u; c < ${u32(atOnce)}; c++) {
        var f = 0.0;
        for (var s = 0u; s < ${u32(splits)}; s++) { f += sums[c * ${u32(lanes)} + s * ${u32(QUADS)} + lane / 4u][lane % 4u]; }
        if (quad < ${u32(quads)} && c0 + c < OUTPUTS) {
          cotangents[cotangents0 + ((c0 + c) * ${u32(quads)} + quad) * 4u + lane % 4u] = ${f32(matrix.scale)} * f;
        }
      }
    }
    workgroupBarrier();
  }
  if (lane < ${u32(4 * QUADS)}) {
    let place = part * ${u32(4 * QUADS)} + lane;
    let sample = ${block} * ${u32(4 * quads)} + place;
    let live = place < ${u32(4 * quads)} && sample < ${u32(batchSamples)};
    var of_sample = vec4f(0.0);
    if (live) {
      let alpha = ${networkNumber('outputScale')};
      let centred = ${networkNumber('centred')};
      let row = ${row};
      let outputs0 = network * ${u32(outputWords(options))};
      var predictions = array<f32, OUTPUTS>();
      var targets = array<f32, OUTPUTS>();
      for (var c = 0u; c < OUTPUTS; c++) {
        let f = cotangents[cotangents0 + c * ${u32(4 * quads)} + place];
        let predicted = alpha * (f - centred * ${section('start')});
        predictions[c] = predicted;
        targets[c] = train_set[(${u32(layout.inputStride)} + c) * ${u32(4 * setQuads)} + row];
        of_sample.w += select(1.0, 0.0, is_finite_bits(predicted));
        ${
          flow
            ? `of_sample.z = max(of_sample.z, abs(predicted - ${section('accepted')}));
        ${section('trial')} = predicted;`
            : ''
        }
      }
      of_sample.x = sample_loss(predictions, targets);
      of_sample.y = select(1.0, 0.0, sample_margin(predictions, targets) >= 1.0);
      let slope = sample_slope(predictions, targets);
      for (var c = 0u; c < OUTPUTS; c++) {
        cotangents[cotangents0 + c * ${u32(4 * quads)} + place] = ${motion} * slope[c];
      }
    } else if (place < ${u32(4 * quads)}) {
      for (var c = 0u; c < OUTPUTS; c++) { cotangents[cotangents0 + c * ${u32(4 * quads)} + place] = 0.0; }
    }
    lane_parts[lane] = of_sample;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var total = vec4f(0.0);
    for (var l = 0u; l < ${u32(4 * QUADS)}; l++) {
      let other = lane_parts[l];
      total = vec4f(total.xy + other.xy, max(total.z, other.z), total.w + other.w);
    }
    parts[${partsStart(sizes)} + ${blocks === 1 ? '' : `${block} * ${u32(readoutGroups(sizes))} + `}part] = total;
  }`,
  });
}
