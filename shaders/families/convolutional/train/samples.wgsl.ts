// The passes around the convolutions of a step: a block's images, the average over pixels, and its way back.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { type Binding, unroll } from '../../../lib/pass.ts';
import { philoxWgsl } from '../../../lib/philox.wgsl.ts';
import { eachTask, NETWORKS_BINDING, networkWord, progressWord, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { presentBlock } from '../../../lib/training/tiled/weights.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Site, scratchBinding, scratchStart } from '../convolve.wgsl.ts';
import { pooledPixels, storedChannels } from '../layout.ts';
import { pixelAt } from '../planes.ts';
import type { ConvolutionalSizes } from './options.ts';

/** Copies the images of this round's samples into the first plane: one thread per row of an image and quad of samples. */
export function gatherPass(site: Site, { tiled }: ConvolutionalSizes): Pass {
  const { planes, shape, lanes } = site;
  const { channels, side } = shape.image;
  const { quads, setQuads, miniBatch, options } = tiled;
  const tasks = channels * side * quads;
  const slot = (i: number) => `4u * (${presentBlock(tiled)} * ${u32(quads)} + quad) + ${u32(i)}`;
  const sample = (i: number) => (miniBatch ? `batch_sample(step, ${slot(i)}, seed, ${u32(options.samples)})` : slot(i));
  return tiledPass({
    label: `${site.label}, images`,
    bindings: [
      ...(miniBatch ? [NETWORKS_BINDING] : []),
      { buffer: 'trainSet', name: 'train_set', type: 'f32' },
      scratchBinding(site),
    ],
    declarations: miniBatch ? philoxWgsl() : '',
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(quads)};
  let line = task / ${u32(quads)};
  ${scratchStart(site)}
  ${miniBatch ? `let step = ${progressWord(PROGRESS.attempts)};\n  let seed = ${networkWord('seed')};` : ''}
  ${unroll(4, (i) => `let sample${i} = ${sample(i)};`)}
  for (var column = 0u; column < ${u32(side)}; column++) {
    let feature = (line * ${u32(side)} + column) * ${u32(4 * setQuads)};
    scratch[${pixelAt(planes, planes.values[0], `(line / ${u32(side)})`, `line % ${u32(side)}`, 'column')}] =
      vec4f(${unroll(4, (i) => `train_set[feature + sample${i}]`, ', ')});
  }`,
    ),
  });
}

/** Averages the last convolution over pixels into `pooled`, (stored channels, quads) per network of the span. */
export function poolPass(site: Site, pooled: string): Pass {
  const { planes, shape, lanes } = site;
  const { quads } = planes;
  const last = planes.values[planes.values.length - 1];
  const tasks = shape.width * quads;
  return tiledPass({
    label: `${site.label}, average over pixels`,
    bindings: [scratchBinding(site), { buffer: pooled, name: 'pooled', type: 'vec4f', write: true }],
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(quads)};
  let channel = task / ${u32(quads)};
  ${scratchStart(site)}
  var sum = vec4f(0.0);
  for (var row = 0u; row < ${u32(last.side)}; row++) {
    for (var column = 0u; column < ${u32(last.side)}; column++) {
      sum += scratch[${pixelAt(planes, last, 'channel', 'row', 'column')}];
    }
  }
  pooled[local * ${u32(storedChannels(shape) * quads)} + task] = ${f32(1 / pooledPixels(shape))} * sum;`,
    ),
  });
}

/** D of the last convolution: its slopes times what comes back through the average, one vec4 per `channel` and `quad`. */
export function unpoolPass(
  site: Site,
  cotangent: { readonly bindings: readonly Binding[]; readonly setup: string; readonly value: string },
): Pass {
  const { planes, shape, lanes } = site;
  const { quads, slopes, backs } = planes;
  const last = shape.convolutions.length - 1;
  const { side } = backs[last];
  const tasks = site.outputs * storedChannels(shape) * quads;
  const at = (plane: (typeof backs)[number]) => pixelAt(planes, plane, 'channel', 'row', 'column');
  return tiledPass({
    label: `${site.label}, back through the average`,
    bindings: [scratchBinding(site), site.weights.binding, ...cotangent.bindings],
    gate: site.backGate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(quads)};
  let channel = task / ${u32(quads)} % ${u32(storedChannels(shape))};
  let copy = task / ${u32(quads * storedChannels(shape))};
  ${scratchStart(site)}
  let weights0 = ${site.weights.base};
  ${cotangent.setup}
  let share = ${f32(1 / pooledPixels(shape))} * ${cotangent.value};
  for (var row = 0u; row < ${u32(side)}; row++) {
    for (var column = 0u; column < ${u32(side)}; column++) {
      let place = ${at(backs[last])}${site.outputs > 1 ? ` + copy * ${u32(planes.backVectors)}` : ''};
      scratch[place] = scratch[${at(slopes[last])}] * share;
    }
  }`,
    ),
  });
}

/** The cotangents of a step's loss, carried back through the output weights. */
export function lossCotangent({ shape, tiled }: ConvolutionalSizes): Parameters<typeof unpoolPass>[1] {
  const { quads, options } = tiled;
  const matrix = options.layout.matrices[shape.convolutions.length];
  return {
    bindings: [{ buffer: TILED.cotangents, name: 'cotangents', type: 'vec4f' }],
    setup: `var sum = vec4f(0.0);
  for (var c = 0u; c < ${u32(shape.outputDim)}; c++) {
    let weight = weights[weights0 + ${u32(matrix.offset / 4)} + c * ${u32(matrix.stride / 4)} + channel / 4u][channel % 4u];
    sum += weight * cotangents[(local * ${u32(shape.outputDim)} + c) * ${u32(quads)} + quad];
  }`,
    value: 'sum',
  };
}
