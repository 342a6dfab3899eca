// f of networks on a data set, block by block of samples: images into the first plane, forward, average over pixels, output
// weights. Measuring alone uses it; what f means for a loss: lib/measure/samples.wgsl.ts.

import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import { type Binding, unroll } from '../../../lib/pass.ts';
import { eachTask, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { forwardPass, type Kept, type Site, scratchBinding, scratchStart } from '../convolve.wgsl.ts';
import { layoutOf, storedChannels } from '../layout.ts';
import { pixelAt } from '../planes.ts';
import { poolPass } from '../train/samples.wgsl.ts';

/** A shared buffer with one number: the code that reads it is the same for all numbers. */
export const numberBuffer = (number: number): BufferSpec => {
  return { name: `convolutionalNumber${number}`, scope: 'shared', words: 1, data: Uint32Array.of(number) };
};
export const numberBinding = (number: number): Binding => {
  return { buffer: numberBuffer(number).name, name: 'number', type: 'u32' };
};

/** A data set on the GPU. */
export interface SetPlaces {
  /** Buffer of pixels, (channels · side², columns) vec4s of samples. */
  readonly inputs: string;
  readonly columns: number;
  /** vec4s of samples that count; the others are zero. */
  readonly used: number;
}

/** Copies block `block` of a set into the first plane: one thread per row of an image and quad of samples. */
export function imagesPass(site: Site, set: SetPlaces, block: number): Pass {
  const { planes, shape, lanes } = site;
  const { channels, side } = shape.image;
  const tasks = channels * side * planes.quads;
  const place = pixelAt(planes, planes.values[0], `(line / ${u32(side)})`, `line % ${u32(side)}`, 'column');
  return tiledPass({
    label: `${site.label}, images`,
    bindings: [{ buffer: set.inputs, name: 'inputs', type: 'vec4f' }, numberBinding(block), scratchBinding(site)],
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(planes.quads)};
  let line = task / ${u32(planes.quads)};
  ${scratchStart(site)}
  let set_quad = number[0] * ${u32(planes.quads)} + quad;
  for (var column = 0u; column < ${u32(side)}; column++) {
    let value = inputs[(line * ${u32(side)} + column) * ${u32(set.columns)} + min(set_quad, ${u32(set.columns - 1)})];
    scratch[${place}] = select(vec4f(0.0), value, set_quad < ${u32(set.used)});
  }`,
    ),
  });
}

/** From the first plane to the pooled channels. */
export function evaluatePasses(
  site: Site,
  pooled: string,
  keptOf: (index: number) => Kept | undefined = () => undefined,
): Pass[] {
  const layers = site.shape.convolutions.map((_, index) => index);
  return [...layers.map((index) => forwardPass(site, index, keptOf(index))), poolPass(site, pooled)];
}

export interface OutputsPlace {
  readonly buffer: string;
  /** True: one share per network of the span; otherwise per unit of all. */
  readonly scratch: boolean;
}

/** f from pooled channels: (outputDim, used) vec4s per unit. */
function outputsPass(site: Site, pooled: string, set: SetPlaces, block: number, to: OutputsPlace): Pass {
  const { planes, shape, lanes } = site;
  const { offset, stride, scale } = layoutOf(shape).matrices[shape.convolutions.length];
  const tasks = shape.outputDim * planes.quads;
  return tiledPass({
    label: `${site.label}, outputs`,
    bindings: [
      site.weights.binding,
      { buffer: pooled, name: 'pooled', type: 'vec4f' },
      numberBinding(block),
      { buffer: to.buffer, name: 'outputs', type: 'vec4f', write: true },
    ],
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(planes.quads)};
  let c = task / ${u32(planes.quads)};
  let at = number[0] * ${u32(planes.quads)} + quad;
  if (at >= ${u32(set.used)}) { return; }
  let weights0 = ${site.weights.base} + ${u32(offset / 4)} + c * ${u32(stride / 4)};
  var sum = vec4f(0.0);
  for (var k = 0u; k < ${u32(stride / 4)}; k++) {
    let w = weights[weights0 + k];
    let source = (local * ${u32(storedChannels(shape))} + 4u * k) * ${u32(planes.quads)} + quad;
    sum += ${unroll(4, (i) => `w[${i}] * pooled[source + ${u32(i * planes.quads)}]`, ' + ')};
  }
  outputs[(${to.scratch ? 'local' : 'network'} * ${u32(shape.outputDim)} + c) * ${u32(set.used)} + at] = ${f32(scale)} * sum;`,
    ),
  });
}

/** All passes that make f on a set. */
export function setPasses(site: Site, pooled: string, set: SetPlaces, to: OutputsPlace): Pass[] {
  const blocks = Math.ceil(set.used / site.planes.quads);
  const evaluate = evaluatePasses(site, pooled);
  return Array.from({ length: blocks }, (_, block) => [
    imagesPass(site, set, block),
    ...evaluate,
    outputsPass(site, pooled, set, block, to),
  ]).flat();
}
