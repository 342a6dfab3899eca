// Weight gradients of one layer, and what becomes of them: descent steps from them at once, a flow keeps them as the slope of its stage
// and measures them. Where samples take turns in blocks, the blocks' gradients are summed in their order.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { needsStart, slopeCount, tableauOf } from '../fused/common.ts';
import { layerInput, presentBlock } from './layers.wgsl.ts';
import { product } from './product.wgsl.ts';
import { type Binding, NETWORKS_BINDING, networkNumber, networkWord, progressWord, TILED, tiledPass, type TiledSizes } from './sizes.ts';

/** Private words of lib/stepping that the gradients of a flow need. */
const STAGE = PROGRESS.privateFrom;
const PRIMED = PROGRESS.privateFrom + 2;

/** What a method does with a gradient. */
interface Use {
  readonly bindings: readonly Binding[];
  readonly declarations: string;
  readonly setup: string;
  /** Sees `place`, the vec4's place in a layout vector, and `gradient`, summed over the blocks so far. */
  readonly store: string;
  /** The same, once the sum is complete. */
  readonly complete: string;
  /** Where the sum stands between blocks. */
  readonly summed: string;
  readonly end: string;
}

function layerProduct({ options, geometry, quads }: TiledSizes, layer: number, below: (row: string, k: string) => string, finish: string) {
  const { layout, shape } = options;
  const matrix = layout.matrices[layer];
  const stride = matrix.stride / 4;
  return product(
    {
      form: 'gradient',
      rows: layer === shape.depth ? shape.outputDim : layout.hiddenStride,
      columns: stride,
      length: 4 * quads,
      left: (row, k) => `above[above0 + ${row} * ${u32(quads)} + ${k}]`,
      right: below,
      finish: (row, column, value) => `
      let place = ${u32(matrix.offset / 4)} + ${row} * ${u32(stride)} + ${column};
      let own = ratio * ${value};
      ${finish}`,
    },
    geometry,
  );
}

/** Workgroups of each layer's gradient: together the length of the buffer of norms. */
export function gradientGroups(sizes: TiledSizes): number[] {
  return sizes.options.layout.matrices.map((_, layer) => layerProduct(sizes, layer, () => '', '').groups);
}

/** Gradient of matrix `layer` (0 … depth). */
export function gradientPass(sizes: TiledSizes, layer: number): Pass {
  const { options, quads, flow, blocks } = sizes;
  const { layout, shape } = options;
  const top = layer === shape.depth;
  const block = presentBlock(sizes, true);
  const input = layerInput(sizes, layer, block);
  const use = flow ? flowUse(sizes, layer) : descentUse(sizes);
  const finish =
    blocks === 1
      ? `let gradient = own;
      ${use.store}
      ${use.complete}`
      : `let gradient = own + select(${use.summed}, vec4f(0.0), ${block} == 0u);
      ${use.store}
      if (${block} == ${u32(blocks - 1)}) { ${use.complete} }`;
  const text = layerProduct(sizes, layer, input.at, finish);
  return tiledPass({
    label: `gradient, matrix ${layer + 1}`,
    bindings: [
      NETWORKS_BINDING,
      { buffer: top ? TILED.cotangents : TILED.backs(layer), name: 'above', type: 'vec4f' },
      input.binding,
      ...use.bindings,
    ],
    declarations: `${text.declarations}${use.declarations}`,
    lanes: text.lanes,
    groups: text.groups,
    gate: flow ? 'at work' : 'decided',
    body: `
  let ratio = ${top ? networkNumber('learningRateRatio') : '1.0'};
  let base = network * ${u32(layout.words / 4)};
  let above0 = local * ${u32((top ? shape.outputDim : layout.hiddenStride) * quads)};
  ${input.setup}
  ${use.setup}
  ${text.body}
  ${use.end}`,
  });
}

/** W ← W − η v, v ← μ v + g. */
function descentUse({ options, blocks }: TiledSizes): Use {
  const { training } = options;
  const momentum = training.method === 'descent' ? training.momentum : 0;
  const summed = 'summed[base + place]';
  return {
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f', write: true },
      ...(momentum > 0 ? [{ buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true } as const] : []),
      ...(blocks > 1 ? [{ buffer: TILED.gradient, name: 'summed', type: 'vec4f', write: true } as const] : []),
    ],
    declarations: '',
    setup: `let rate = ${networkNumber('learningRate')};`,
    summed,
    store: blocks > 1 ? `${summed} = gradient;` : '',
    complete:
      momentum > 0
        ? `let velocity = ${f32(momentum)} * slopes[base + place] + gradient;
      slopes[base + place] = velocity;
      weights[base + place] -= rate * velocity;`
        : 'weights[base + place] -= rate * gradient;',
    end: '',
  };
}

/** Keeps the gradient as slope of the stage; one vec4 of squared norms per workgroup: gradient, its change or error, distance moved. */
function flowUse(sizes: TiledSizes, layer: number): Use {
  const { training, layout } = sizes.options;
  const tableau = tableauOf(training);
  if (tableau === null) throw new Error('gradient: expected a flow');
  const { threadRows, threadColumns } = sizes.geometry;
  const lanes = u32(threadRows * threadColumns);
  const words = u32(layout.words / 4);
  const rungeKutta = needsStart(training);
  const { error } = tableau;
  const wrong = error
    .map((weight, j) => {
      if (weight === 0) return '';
      return `${f32(weight)} * ${j === error.length - 1 ? 'gradient' : `slopes[slopes0 + ${u32(j)} * ${words} + place]`}`;
    })
    .filter((term) => term !== '')
    .join(' + ');
  const groups = gradientGroups(sizes);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const slope = `slopes[slopes0 + slot * ${words} + place]`;
  return {
    bindings: [
      { buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true },
      { buffer: TILED.norms, name: 'norms', type: 'vec4f', write: true },
      ...(rungeKutta
        ? ([
            { buffer: 'weights', name: 'weights', type: 'vec4f' },
            { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
          ] as const)
        : []),
    ],
    declarations: `
var<workgroup> lane_norms: array<vec4f, ${lanes}>;`,
    setup: `
  let slopes0 = network * ${u32((slopeCount(training) * layout.words) / 4)};
  let stage = ${progressWord(STAGE)};
  let slot = select(0u, stage + 1u, ${progressWord(PRIMED)} != 0u);
  ${rungeKutta ? `let start0 = ${networkWord('start')} * ${words};` : ''}
  var norm = vec4f(0.0);`,
    summed: slope,
    store: `${slope} = gradient;`,
    complete: `
      norm.x += dot(gradient, gradient);
      ${
        rungeKutta
          ? `if (stage == ${u32(tableau.stages.length - 1)}) {
        let wrong = ${wrong};
        let moved = weights[base + place] - start_weights[start0 + place];
        norm.y += dot(wrong, wrong);
        norm.z += dot(moved, moved);
      }`
          : `let turned = slopes[slopes0 + place] - gradient;
      norm.y += dot(turned, turned);`
      }`,
    end: `
  lane_norms[lane] = norm;
  workgroupBarrier();
  if (lane == 0u) {
    var sum = vec4f(0.0);
    for (var l = 0u; l < ${lanes}; l++) { sum += lane_norms[l]; }
    norms[local * ${u32(sum(groups))} + ${u32(sum(groups.slice(0, layer)))} + part] = sum;
  }`,
  };
}
