// The tangent kernel on the probe samples, layer by layer: gradients of each sample's outputs by the weights of a few input
// channels, then sums of products of two samples' gradients. Weights are shared by all pixels, so that gradients are far
// smaller than the products over pairs of pixels, which would give the same. Sums over the entries:
// lib/measure/kernel-sums.wgsl.ts.

import type { Pass } from '../../../../src/core/program.ts';
import { type ProbeSizes, trianglePairs } from '../../../lib/measure/passes.ts';
import { validBelow } from '../../../lib/measure/terms.ts';
import { type Binding, unroll } from '../../../lib/pass.ts';
import { eachTask, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Site, scratchBinding, scratchStart } from '../convolve.wgsl.ts';
import { KERNEL, layoutOf, storedChannels, TAPS } from '../layout.ts';
import { pixelAt } from '../planes.ts';
import { slidingWindow } from '../train/gradient.wgsl.ts';
import { unpoolPass } from '../train/samples.wgsl.ts';
import { numberBinding } from './outputs.wgsl.ts';

/** Scratch with gradients of samples, (outputs, weights of some input channels, probe vectors) vec4s per network. */
export const SAMPLE_GRADIENTS = 'probeSampleGradients';

/** Bytes of gradients of one network that are held at once. */
const GRADIENT_BYTES = 2 ** 25;

/** Input channels of convolution `index` that take their turn at once. */
export function channelsAtOnce({ shape }: Pick<Site, 'shape'>, index: number, { vectors }: ProbeSizes): number {
  const each = 16 * shape.outputDim * TAPS * storedChannels(shape) * vectors;
  return Math.max(1, Math.min(shape.convolutions[index].inChannels, Math.floor(GRADIENT_BYTES / each)));
}

/** Words of SAMPLE_GRADIENTS per network. */
export function gradientWords(site: Pick<Site, 'shape'>, probe: ProbeSizes): number {
  const { shape } = site;
  const channels = Math.max(...shape.convolutions.map((_, index) => channelsAtOnce(site, index, probe)));
  return 4 * shape.outputDim * channels * TAPS * storedChannels(shape) * probe.vectors;
}

/** ∂f_c/∂(last convolution's products) for every output c; zero on samples that pad the set. */
export function unitCotangents(site: Site, { count }: ProbeSizes): Pass {
  const { shape } = site;
  const { offset, stride, scale } = layoutOf(shape).matrices[shape.convolutions.length];
  const valid = validBelow('quad', count, 8);
  const value = `vec4f(${f32(scale)} * weight)`;
  return unpoolPass(site, {
    bindings: [],
    setup: `let weight = weights[weights0 + ${u32(offset / 4)} + copy * ${u32(stride / 4)} + channel / 4u][channel % 4u];`,
    value: valid === undefined ? value : `select(vec4f(0.0), ${value}, ${valid})`,
  });
}

/** Gradients of the samples by the weights of `channels` input channels from number `first` on. */
export function sampleGradientsPass(site: Site, index: number, channels: number, first: number): Pass {
  const { shape, planes, lanes } = site;
  const { inChannels, outSide } = shape.convolutions[index];
  const { quads } = planes;
  const stored = storedChannels(shape);
  const back = planes.backs[index];
  const channelStep = back.rows * back.columns * quads;
  const window = slidingWindow(site, index, 1);
  const tasks = site.outputs * channels * KERNEL * (stored / 4) * quads;
  const shift = site.outputs > 1 ? ` + copy * ${u32(planes.backVectors)}` : '';
  return tiledPass({
    label: `${site.label}, sample gradients, convolution ${index + 1}`,
    bindings: [
      scratchBinding(site),
      numberBinding(first),
      { buffer: SAMPLE_GRADIENTS, name: 'gradients', type: 'vec4f', write: true },
    ],
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(quads)};
  let block = task / ${u32(quads)} % ${u32(stored / 4)};
  let dy0 = task / ${u32((quads * stored) / 4)} % ${u32(KERNEL)};
  let own = task / ${u32(((quads * stored) / 4) * KERNEL)} % ${u32(channels)};
  let copy = task / ${u32(((quads * stored) / 4) * KERNEL * channels)};
  let wanted = number[0] + own;
  let c = min(wanted, ${u32(inChannels - 1)});
  ${scratchStart(site)}
  ${unroll(KERNEL, (j) => unroll(4, (k) => `var g${j}_${k} = vec4f(0.0);`, ' '))}
  for (var row = 0u; row < ${u32(outSide)}; row++) {
      let back0 = ${pixelAt(planes, back, '(4u * block)', 'row', '0u')}${shift};
      ${window.begin}
      for (var column = 0u; column < ${u32(outSide)}; column++) {
        ${window.move}
        let back1 = back0 + column * ${u32(quads)};
        ${unroll(4, (k) => `let d${k} = scratch[back1 + ${u32(k * channelStep)}];`)}
        ${unroll(KERNEL, (j) => unroll(4, (k) => `g${j}_${k} += v0_${j} * d${k};`, ' '))}
      }
  }
  let of_channel = (local * ${u32(site.outputs)} + copy) * ${u32(channels)} + own;
  let to = (of_channel * ${u32(TAPS)} + dy0 * ${u32(KERNEL)}) * ${u32(stored)} + 4u * block;
  let counts = select(0.0, 1.0, wanted < ${u32(inChannels)});
  ${unroll(KERNEL, (j) =>
    unroll(4, (k) => `gradients[(to + ${u32(j * stored + k)}) * ${u32(quads)} + quad] = counts * g${j}_${k};`, ' '),
  )}`,
    ),
  });
}

export interface KernelPlace {
  /** (blocks, 4, 4) words per unit; block (I, J) of vec4s of entries stands at `block_index(I, J)` of `trianglePairs`. */
  readonly buffer: string;
  /** True: one share per network of the span. */
  readonly scratch: boolean;
}

/** What is summed: gradients of some weights, or the output weights', which are the pooled channels. */
export type Summand =
  | { readonly kind: 'gradients'; readonly weights: number }
  | { readonly kind: 'pooled'; readonly buffer: string };

/** Adds Σ over weights of products of two samples' gradients to the kernel, 8 × 8 entries per thread; the pooled part first. */
export function kernelShare(site: Site, probe: ProbeSizes, summand: Summand, to: KernelPlace): Pass {
  const { shape, lanes } = site;
  const { vectors, entryVectors, blocks, count } = probe;
  const pooled = summand.kind === 'pooled';
  const features = pooled ? shape.width : summand.weights;
  const sourceRows = pooled ? storedChannels(shape) : summand.weights;
  const scale = layoutOf(shape).matrices[shape.convolutions.length].scale ** 2;
  const tiles = entryVectors / 2;
  const tasks = (tiles * (tiles + 1)) / 2;
  const perOutput = u32(vectors / 2);
  const eachEntry = (make: (row: number, half: number) => string) => unroll(8, (a) => unroll(2, (h) => make(a, h), ' '));
  const at = (side: string, half: number) => `source[${side}_at + i * ${u32(vectors)} + ${u32(half)}]`;
  const start = (side: string) => {
    const unit = pooled ? 'local' : `(local * ${u32(shape.outputDim)} + tile.${side} / ${perOutput})`;
    return `${unit} * ${u32(sourceRows * vectors)} + 2u * (tile.${side} % ${perOutput})`;
  };
  const valid = validBelow(`(2u * (tile.y % ${perOutput}) + h)`, count, 8);
  const masked = (a: number, h: number) => {
    if (!pooled) return `sum${a}_${h}`;
    const same = `tile.x / ${perOutput} == tile.y / ${perOutput}`;
    const row = `8u * (tile.x % ${perOutput}) + ${u32(a)} < ${u32(count)}`;
    const both =
      valid === undefined ? `vec4<bool>(${same})` : `${valid.replace(' + h)', ` + ${u32(h)})`)} & vec4<bool>(${same} && ${row})`;
    return `select(vec4f(0.0), ${f32(scale)} * sum${a}_${h}, ${both})`;
  };
  const block = (i: number, j: number) => `
    { let to = kernel_at + 4u * block_index(2u * tile.x + ${u32(i)}, 2u * tile.y + ${u32(j)});
      ${unroll(4, (a) => `kernel[to + ${u32(a)}] ${pooled ? '=' : '+='} ${masked(4 * i + a, j)};`, ' ')} }`;
  const source: Binding = { buffer: pooled ? summand.buffer : SAMPLE_GRADIENTS, name: 'source', type: 'vec4f' };
  return tiledPass({
    label: `${site.label}, tangent kernel`,
    bindings: [source, { buffer: to.buffer, name: 'kernel', type: 'vec4f', write: true }],
    declarations: trianglePairs('tile', tiles) + trianglePairs('block', entryVectors),
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let tile = tile_of(task);
  let row_at = ${start('x')};
  let column_at = ${start('y')};
  ${eachEntry((a, h) => `var sum${a}_${h} = vec4f(0.0);`)}
  for (var i = 0u; i < ${u32(features)}; i++) {
    let r0 = ${at('row', 0)}; let r1 = ${at('row', 1)}; let c0 = ${at('column', 0)}; let c1 = ${at('column', 1)};
    ${eachEntry((a, h) => `sum${a}_${h} += r${a >> 2}.${'xyzw'[a & 3]} * c${h};`)}
  }
  let kernel_at = ${to.scratch ? 'local' : 'network'} * ${u32(4 * blocks)};
  ${block(0, 0)}
  ${block(0, 1)}
  ${block(1, 1)}
  if (tile.x != tile.y) { ${block(1, 0)} }`,
    ),
  });
}
