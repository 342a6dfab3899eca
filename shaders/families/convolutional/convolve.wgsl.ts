// Convolutions forward and back as passes: a thread makes a few channels of a few neighbouring pixels of one row for four
// samples, so that every pixel and every weight that it loads is used several times. Serves training and measuring alike.

import type { Pass } from '../../../src/core/program.ts';
import { activationWgsl } from '../../lib/activations.ts';
import { type Binding, unroll } from '../../lib/pass.ts';
import { eachTask, type Gate, tiledPass } from '../../lib/training/tiled/pass.ts';
import { f32, u32 } from '../../wgsl.ts';
import { type ConvolutionalShape, KERNEL, layoutOf, PADDING, storedChannels, TAPS } from './layout.ts';
import { type Planes, pixelAt, positionsOf } from './planes.ts';

/** Where and on which networks the passes of one set of samples work. */
export interface Site {
  readonly shape: ConvolutionalShape;
  readonly planes: Planes;
  /** Names the passes: "training". */
  readonly label: string;
  /** Gate of forward passes, and of those on the way back. */
  readonly gate: Gate;
  readonly backGate: Gate;
  /** Buffer with the planes. */
  readonly scratch: string;
  /** Weights that are evaluated (binding `weights`, vec4f) and the first vec4 of a network's. */
  readonly weights: { readonly binding: Binding; readonly base: string };
  readonly lanes: number;
  /** Channels of a tile, 4 or 8. */
  readonly channels: number;
  readonly positions: number;
  /** Outputs that are carried back. */
  readonly outputs: number;
}

export const scratchBinding = ({ scratch }: Pick<Site, 'scratch'>): Binding => {
  return { buffer: scratch, name: 'scratch', type: 'vec4f', write: true };
};

/** First vec4 of a network's planes. */
export const scratchStart = ({ planes }: Pick<Site, 'planes'>) => `let scratch0 = local * ${u32(planes.vectors)};`;

/** One product: result(channel, row, column) = Σ over contracted channels and taps. */
interface Product {
  readonly label: string;
  readonly gate: Gate;
  /** Channels that are summed over. */
  readonly contracted: number;
  /** Rows and columns of the result. */
  readonly side: number;
  readonly positions: number;
  /** Times that the whole is done, `copy` being a variable. */
  readonly copies: number;
  /** `let begin`, `let end` of the loop over kernel rows `dy`; sees `row`. */
  readonly kernelRows: string;
  readonly kernelStep: number;
  /** Pixels that are loaded per kernel row, and per position the pairs of tap and loaded pixel. */
  readonly loads: number;
  readonly terms: readonly (readonly (readonly [tap: number, load: number])[])[];
  /** Index of the first loaded pixel; sees `c`, `dy`, `row`, `chunk`, `quad`. */
  readonly operand: string;
  /** First vec4 of the weights of `c` and `dy`, `block0` being the first vec4 of the tile's channels. */
  readonly weight: string;
  readonly weightName: string;
  readonly bindings: readonly Binding[];
  readonly declarations: string;
  /** For one finished vec4: sees `value`, `channel`, `row`, `column`, `quad`. */
  readonly finish: string;
}

function productPass(site: Site, p: Product): Pass {
  const { planes, lanes } = site;
  const { quads } = planes;
  const stored = storedChannels(site.shape);
  const channels = stored % site.channels === 0 ? site.channels : 4;
  const chunks = Math.ceil(p.side / p.positions);
  const blocks = stored / channels;
  const tasks = p.copies * blocks * p.side * chunks * quads;
  const used = [...new Set(p.terms.flatMap((terms) => terms.map(([tap]) => tap)))];
  const tile = (make: (position: number, channel: number) => string, separator = '\n') =>
    unroll(p.positions, (position) => unroll(channels, (channel) => make(position, channel), separator), separator);
  return tiledPass({
    label: `${site.label}, ${p.label}`,
    bindings: [site.weights.binding, scratchBinding(site), ...p.bindings],
    declarations: p.declarations,
    gate: p.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  let quad = task % ${u32(quads)};
  let chunk = task / ${u32(quads)} % ${u32(chunks)};
  let row = task / ${u32(quads * chunks)} % ${u32(p.side)};
  let block = task / ${u32(quads * chunks * p.side)} % ${u32(blocks)};
  let copy = task / ${u32(quads * chunks * p.side * blocks)};
  let block0 = block * ${u32(channels / 4)};
  ${scratchStart(site)}
  let weights0 = ${site.weights.base};
  ${p.kernelRows}
  ${tile((position, channel) => `var z${position}_${channel} = vec4f(0.0);`, ' ')}
  for (var c = 0u; c < ${u32(p.contracted)}; c++) {
    for (var dy = begin; dy < end; dy += ${u32(p.kernelStep)}) {
      let operand0 = ${p.operand};
      let weight0 = ${p.weight};
      ${unroll(p.loads, (i) => `let x${i} = scratch[operand0 + ${u32(i * quads)}];`)}
      ${used
        .map((tap) =>
          unroll(channels / 4, (v) => `let w${tap}_${v} = ${p.weightName}[weight0 + ${u32((tap * stored) / 4 + v)}];`, ' '),
        )
        .join('\n      ')}
      ${tile((position, channel) => {
        const products = p.terms[position].map(([tap, load]) => `w${tap}_${channel >> 2}.${'xyzw'[channel & 3]} * x${load}`);
        return `z${position}_${channel} += ${products.join(' + ')};`;
      })}
    }
  }
  // In a loop: unrolled, the copies of what follows would take most of the compiler's time.
  var sums = array<vec4f, ${u32(p.positions * channels)}>(${tile((position, channel) => `z${position}_${channel}`, ', ')});
  for (var s = 0u; s < ${u32(p.positions * channels)}; s++) {
    let channel = 4u * block0 + s % ${u32(channels)};
    let column = chunk * ${u32(p.positions)} + s / ${u32(channels)};
    if (column >= ${u32(p.side)}) { continue; }
    let value = sums[s];
    ${p.finish}
  }`,
    ),
  });
}

/** What else a forward pass keeps: pre-activations in a buffer of their own, at the vec4 `at(channel, row, column)`. */
export interface Kept {
  readonly bindings: readonly Binding[];
  readonly store: (place: { channel: string; row: string; column: string; value: string }) => string;
}

/** A^{l+1} = σ(s_l W^l ∗ A^l) of convolution `index`, and s_l σ′ where derivatives are carried back. */
export function forwardPass(site: Site, index: number, kept?: Kept): Pass {
  const { shape, planes } = site;
  const { inChannels, inSide, outSide, stride, scale } = shape.convolutions[index];
  const { offset } = layoutOf(shape).matrices[index];
  const stored = storedChannels(shape);
  const positions = positionsOf(outSide, site.positions, false);
  const at = (plane: Planes['values'][number], row: string, column: string) => pixelAt(planes, plane, 'channel', row, column);
  const slopes = planes.slopes[index];
  return productPass(site, {
    label: `forward, convolution ${index + 1}`,
    gate: site.gate,
    contracted: inChannels,
    side: outSide,
    positions,
    copies: 1,
    kernelRows: `let begin = select(0u, ${u32(PADDING)}, row == 0u);
  let end = min(${u32(KERNEL)}, ${u32(inSide + PADDING)} - row * ${u32(stride)});`,
    kernelStep: 1,
    loads: (positions - 1) * stride + KERNEL,
    terms: Array.from({ length: positions }, (_, p) => Array.from({ length: KERNEL }, (_, dx) => [dx, p * stride + dx] as const)),
    // The border's zeros stand in for what lies one pixel before the image.
    operand: pixelAt(
      planes,
      { ...planes.values[index], top: 0, left: 0 },
      'c',
      `row * ${u32(stride)} + dy`,
      `chunk * ${u32(positions * stride)}`,
    ),
    weight: `weights0 + ${u32(offset / 4)} + (c * ${u32(TAPS)} + dy * ${u32(KERNEL)}) * ${u32(stored / 4)} + block0`,
    weightName: 'weights',
    bindings: kept?.bindings ?? [],
    declarations: activationWgsl(shape),
    finish: `let z = ${f32(scale)} * value;
    ${
      slopes === undefined
        ? `scratch[${at(planes.values[index + 1], 'row', 'column')}] = act4(z);`
        : `let both = act_both4(z);
    scratch[${at(planes.values[index + 1], 'row', 'column')}] = both.value;
    scratch[${at(slopes, 'row', 'column')}] = ${f32(scale)} * both.slope;`
    }
    ${kept === undefined ? '' : kept.store({ channel: 'channel', row: 'row', column: 'column', value: 'z' })}`,
  });
}

/** D^{l−1} = s_{l−1} σ′ ∘ (Wᵀ ∗ D^l) from above convolution `index` ≥ 1 to below it. */
export function backwardPass(site: Site, index: number): Pass {
  const { shape, planes } = site;
  const { inSide, outSide, stride } = shape.convolutions[index];
  const stored = storedChannels(shape);
  const positions = positionsOf(inSide, site.positions, stride === 2);
  const { left } = planes.backs[index];
  // Position p of a chunk and tap d meet at pixel (p + 1 − d)/stride above, counted from the chunk's first.
  const terms = Array.from({ length: positions }, (_, p) =>
    Array.from({ length: KERNEL }, (_, d) => d)
      .filter((d) => (p + PADDING - d) % stride === 0)
      .map((d) => [d, (p + PADDING - d) / stride + left] as const),
  );
  const at = (plane: Planes['backs'][number]) => pixelAt(planes, plane, 'channel', 'row', 'column');
  const shift = `copy * ${u32(planes.backVectors)}`;
  const above = pixelAt(
    planes,
    { ...planes.backs[index], left: 0 },
    'c',
    stride === 1 ? '(row + 1u - dy)' : '((row + 1u - dy) / 2u)',
    `chunk * ${u32(positions / stride)}`,
  );
  return productPass(site, {
    label: `backward, convolution ${index + 1}`,
    gate: site.backGate,
    contracted: shape.width,
    side: inSide,
    positions,
    copies: site.outputs,
    // Rows above lie between 0 and outSide − 1: row + 1 − dy between 0 and stride·(outSide − 1).
    kernelRows: `let least = max(row + 1u, ${u32(stride * (outSide - 1))}) - ${u32(stride * (outSide - 1))};
  let begin = least${stride === 1 ? '' : ' + ((least + row + 1u) & 1u)'};
  let end = min(${u32(KERNEL)}, row + 2u);`,
    kernelStep: stride,
    loads: Math.max(...terms.flatMap((pairs) => pairs.map(([, load]) => load))) + 1,
    terms,
    operand: `${above}${site.outputs > 1 ? ` + ${shift}` : ''}`,
    weight: `scratch0 + ${u32(planes.turned[index])} + (c * ${u32(TAPS)} + dy * ${u32(KERNEL)}) * ${u32(stored / 4)} + block0`,
    weightName: 'scratch',
    bindings: [],
    declarations: '',
    finish: `let below = ${at(planes.backs[index - 1])}${site.outputs > 1 ? ` + ${shift}` : ''};
    scratch[below] = scratch[${at(planes.slopes[index - 1])}] * value;`,
  });
}

/** Transposed copies of the weights for the way back: (channels, 25, channels below), all convolutions but the first. */
export function turnPass(site: Site): Pass {
  const { shape, planes, lanes } = site;
  const { width } = shape;
  const stored = storedChannels(shape);
  const { matrices } = layoutOf(shape);
  const each = (width * TAPS * stored) / 4;
  const later = shape.convolutions.length - 1;
  const begin = matrices[1].offset;
  const tasks = later * each;
  return tiledPass({
    label: `${site.label}, turned weights`,
    bindings: [{ ...site.weights.binding, type: 'f32' }, scratchBinding(site)],
    gate: site.gate,
    ...eachTask(
      tasks,
      lanes,
      `
  ${scratchStart(site)}
  let below = task % ${u32(stored / 4)};
  let tap = task / ${u32(stored / 4)} % ${u32(TAPS)};
  let k = task / ${u32((stored / 4) * TAPS)} % ${u32(width)};
  let matrix = ${u32(begin)} + task / ${u32(each)} * ${u32(width * TAPS * stored)};
  let source = 4u * (${site.weights.base}) + matrix + tap * ${u32(stored)} + k;
  var turned = vec4f(0.0);
  for (var i = 0u; i < 4u; i++) {
    let c = 4u * below + i;
    if (c < ${u32(width)}) { turned[i] = weights[source + c * ${u32(TAPS * stored)}]; }
  }
  scratch[scratch0 + ${u32(planes.turned[1])} + task] = turned;`,
    ),
  });
}
