// Weight gradients, and what becomes of them: descent steps from them at once, a flow keeps them as the slope of its stage.
// Where samples take turns in blocks, the blocks' gradients are summed in their order.
//
// A workgroup makes the taps of one input channel (all, or one row of the kernel) for four output channels. Its threads share
// out the rows of pixels; each moves along a row with the pixels under the kernel in registers.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { type Binding, unroll } from '../../../lib/pass.ts';
import { adamStep, adamWgsl } from '../../../lib/training/adam.ts';
import { eachTask, NETWORKS_BINDING, networkNumber, progressWord, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED, type TiledSizes } from '../../../lib/training/tiled/sizes.ts';
import { presentBlock, presentSlope } from '../../../lib/training/tiled/weights.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Site, scratchBinding, scratchStart } from '../convolve.wgsl.ts';
import { KERNEL, storedChannels, TAPS } from '../layout.ts';
import { pixelAt } from '../planes.ts';
import type { ConvolutionalSizes } from './options.ts';

/** Buffer of Adam's running means: of the gradient and, one layout vector later, of its square. */
export const MOMENTS = 'moments';

/** What a method does with a gradient. */
interface Use {
  readonly bindings: readonly Binding[];
  readonly declarations: string;
  readonly setup: string;
  /** Sees `place`, the vec4's place in a layout vector, and `gradient`, this block's share without the layer's rate. */
  readonly finish: string;
}

/** W ← W − η v, v ← μ v + g; or Adam. */
function descentUse(sizes: TiledSizes): Use {
  const { options, blocks } = sizes;
  const { training, layout } = options;
  if (training.method !== 'descent') throw new Error('convolutional: expected descent');
  const { adam, momentum } = training;
  const words = u32(layout.words / 4);
  const stepped =
    adam !== undefined
      ? `if (own_rate != 0.0) {
    ${adamStep(adam, {
      weight: 'weights[base + place]',
      mean: 'moments[2u * base + place]',
      square: `moments[2u * base + ${words} + place]`,
      gradient: 'gradient',
      rate: 'rate * own_rate',
      bias1: 'bias1',
      bias2: 'bias2',
    })}
    }`
      : momentum > 0
        ? `let velocity = ${f32(momentum)} * slopes[base + place] + own_rate * gradient;
    slopes[base + place] = velocity;
    weights[base + place] -= rate * velocity;`
        : 'weights[base + place] -= rate * own_rate * gradient;';
  return {
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f', write: true },
      ...(adam === undefined ? [] : [{ buffer: MOMENTS, name: 'moments', type: 'vec4f', write: true } as const]),
      ...(momentum > 0 ? [{ buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true } as const] : []),
      ...(blocks > 1 ? [{ buffer: TILED.gradient, name: 'summed', type: 'vec4f', write: true } as const] : []),
    ],
    declarations: adam === undefined ? '' : adamWgsl(adam),
    setup: `let base = network * ${words};
  let rate = ${networkNumber('learningRate')};
  ${
    adam === undefined
      ? ''
      : `let bias1 = adam_bias1(${progressWord(PROGRESS.attempts)});
  let bias2 = adam_bias2(${progressWord(PROGRESS.attempts)});`
  }
  ${blocks === 1 ? '' : `let turn = ${presentBlock(sizes, true)};`}`,
    finish:
      blocks === 1
        ? stepped
        : `gradient += select(summed[base + place], vec4f(0.0), turn == 0u);
    if (turn < ${u32(blocks - 1)}) {
      summed[base + place] = gradient;
    } else {
      ${stepped}
    }`,
  };
}

/** The gradient is the slope of the present stage. */
function flowUse(sizes: TiledSizes): Use {
  const earlier = sizes.blocks === 1 ? '' : ` + select(slopes[slope0 + place], vec4f(0.0), ${presentBlock(sizes, true)} == 0u)`;
  return {
    bindings: [{ buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true }],
    declarations: '',
    setup: `let slope0 = ${presentSlope(sizes)};`,
    finish: `slopes[slope0 + place] = own_rate * gradient${earlier};`,
  };
}

const useOf = (sizes: TiledSizes): Use => (sizes.flow ? flowUse(sizes) : descentUse(sizes));

/** The window of pixels under the kernel and its move along a row; `kernelRows` rows from row `dy0` on. */
export function slidingWindow(
  { planes, shape }: Pick<Site, 'planes' | 'shape'>,
  index: number,
  kernelRows: number,
): { readonly begin: string; readonly move: string } {
  const { stride } = shape.convolutions[index];
  const { quads } = planes;
  const plane = { ...planes.values[index], top: 0, left: 0 };
  const eachRow = (make: (t: number) => string) => unroll(kernelRows, make, '\n      ');
  const kept = KERNEL - stride;
  const lineAt = (t: number) => pixelAt(planes, plane, 'c', `(row * ${u32(stride)} + dy0 + ${u32(t)})`, '0u');
  const load = (t: number, j: number, column: string) =>
    `v${t}_${j} = scratch[at${t} + (${column} + ${u32(j)}) * ${u32(quads)}];`;
  return {
    begin: `${eachRow((t) => `let at${t} = ${lineAt(t)};`)}
      ${eachRow((t) => unroll(KERNEL, (j) => `var v${t}_${j} = vec4f(0.0);`, ' '))}
      ${eachRow((t) => unroll(kept, (j) => `v${t}_${j + stride} = scratch[at${t} + ${u32(j * quads)}];`, ' '))}`,
    move: `${eachRow((t) => unroll(kept, (j) => `v${t}_${j} = v${t}_${j + stride};`, ' '))}
        ${eachRow((t) => unroll(stride, (i) => load(t, kept + i, `column * ${u32(stride)}`), ' '))}`,
  };
}

/** Gradient of convolution `index`. */
export function gradientPass(site: Site, { geometry, tiled }: ConvolutionalSizes, index: number): Pass {
  const { shape, planes } = site;
  const { inChannels, outSide } = shape.convolutions[index];
  const { kernelRows, gradientLanes: lanes } = geometry;
  const { quads } = planes;
  const { offset, stride } = tiled.options.layout.matrices[index];
  const blocks = storedChannels(shape) / 4;
  const parts = KERNEL / kernelRows;
  const vectors = kernelRows * KERNEL;
  const items = outSide * quads;
  const use = useOf(tiled);
  const window = slidingWindow(site, index, kernelRows);
  const back = planes.backs[index];
  const channelStep = back.rows * back.columns * quads;
  return tiledPass({
    label: `${site.label}, gradient, convolution ${index + 1}`,
    bindings: [NETWORKS_BINDING, scratchBinding(site), ...use.bindings],
    declarations: `${use.declarations}
var<workgroup> shares: array<vec4f, ${u32(lanes * vectors)}>;`,
    lanes,
    groups: inChannels * parts * blocks,
    gate: site.backGate,
    body: `
  let block = part % ${u32(blocks)};
  let c = part / ${u32(blocks * parts)};
  let dy0 = part / ${u32(blocks)} % ${u32(parts)} * ${u32(kernelRows)};
  ${scratchStart(site)}
  ${unroll(vectors, (n) => `var g${n} = vec4f(0.0);`, ' ')}
  for (var item = lane; item < ${u32(items)}; item += ${u32(lanes)}) {
      let quad = item % ${u32(quads)};
      let row = item / ${u32(quads)};
      let back0 = ${pixelAt(planes, back, '(4u * block)', 'row', '0u')};
      ${window.begin}
      for (var column = 0u; column < ${u32(outSide)}; column++) {
        ${window.move}
        let back1 = back0 + column * ${u32(quads)};
        ${unroll(4, (k) => `let d${k} = scratch[back1 + ${u32(k * channelStep)}];`)}
        ${unroll(kernelRows, (t) =>
          unroll(KERNEL, (j) => unroll(4, (k) => `g${t * KERNEL + j}.${'xyzw'[k]} += dot(v${t}_${j}, d${k});`, ' ')),
        )}
      }
  }
  ${unroll(vectors, (n) => `shares[lane * ${u32(vectors)} + ${u32(n)}] = g${n};`)}
  workgroupBarrier();
  let own_rate = ${networkNumber('hiddenRate')};
  ${use.setup}
  for (var n = lane; n < ${u32(vectors)}; n += ${u32(lanes)}) {
    var gradient = vec4f(0.0);
    for (var l = 0u; l < ${u32(lanes)}; l++) { gradient += shares[l * ${u32(vectors)} + n]; }
    let place = ${u32(offset / 4)} + (c * ${u32(TAPS)} + dy0 * ${u32(KERNEL)} + n) * ${u32(stride / 4)} + block;
    ${use.finish}
  }`,
  });
}

/** Gradient of the output matrix: a thread makes one output's weights of four channels. */
export function outputGradientPass(site: Site, { tiled }: ConvolutionalSizes): Pass {
  const { shape, lanes } = site;
  const { quads, options } = tiled;
  const { offset, stride } = options.layout.matrices[shape.convolutions.length];
  const blocks = stride / 4;
  const tasks = shape.outputDim * blocks;
  const use = useOf(tiled);
  return tiledPass({
    label: `${site.label}, gradient, output`,
    bindings: [
      NETWORKS_BINDING,
      { buffer: TILED.cotangents, name: 'cotangents', type: 'vec4f' },
      { buffer: TILED.values(shape.convolutions.length - 1), name: 'pooled', type: 'vec4f' },
      ...use.bindings,
    ],
    declarations: use.declarations,
    gate: site.backGate,
    ...eachTask(
      tasks,
      lanes,
      `
  var gradient = vec4f(0.0);
  for (var quad = 0u; quad < ${u32(quads)}; quad++) {
    let d = cotangents[(local * ${u32(shape.outputDim)} + task / ${u32(blocks)}) * ${u32(quads)} + quad];
    let at = (local * ${u32(stride)} + 4u * (task % ${u32(blocks)})) * ${u32(quads)} + quad;
    gradient += vec4f(${unroll(4, (k) => `dot(d, pooled[at + ${u32(k * quads)}])`, ', ')});
  }
  let own_rate = ${networkNumber('outputRate')};
  ${use.setup}
  let place = ${u32(offset / 4)} + task;
  ${use.finish}`,
    ),
  });
}
