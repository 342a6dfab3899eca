// Sums over hidden units and over the linear map, now against the start. The float64 definition is
// structure.ts; the balance of layers is balance.wgsl.ts.

import type { Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { nowOf, recordNumber, startOf } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { blockedSum, WEIGHTS, weightsAt } from '../../../lib/measure/output-gram.wgsl.ts';
import {
  addTerms,
  type Columns,
  givenChange,
  reductionsOf,
  SUMS,
  sumsFrame,
  termFunctions,
  validBelow,
} from '../../../lib/measure/terms.ts';
import { makePass, unroll } from '../../../lib/pass.ts';
import { NETWORK } from '../../../lib/training/network-record.ts';
import { u32 } from '../../../wgsl.ts';
import { type FullyConnectedShape, layoutOf } from '../layout.ts';
import type { Sizes } from './common.ts';
import { unitTarget } from './structure.ts';

/** n̂, zeros up to `inputStride` (the bias among them), then φ* over s_1 c s_2 and padding: inputStride + 4 words. */
export function directionData(shape: FullyConnectedShape, data: TaskData): Float32Array {
  const { inputStride } = layoutOf(shape);
  const { direction, slope } = unitTarget(shape, data);
  const words = new Float32Array(inputStride + 4);
  words.set(direction);
  words[inputStride] = slope;
  return words;
}

/** Sums of the `hiddenUnits` domain: an item is four units. `direction`: buffer of `directionData`. */
export function hiddenUnitsPass(
  terms: readonly Term[],
  { shape, layout, difference = false }: Sizes,
  direction: string,
  columns: Columns,
): Pass {
  const [first, last] = layout.matrices;
  const vectors = first.stride / 4;
  const row = (name: string, at: string, unit: number) => `${name}[${at} + (4u * item + ${u32(unit)}) * ${u32(vectors)} + k]`;
  const incoming = (variable: string, name: string, at: string) =>
    blockedSum(
      variable,
      vectors,
      `let n = direction[k];
          part += vec4f(${unroll(4, (a) => `dot(n, ${row(name, at, a)})`, ', ')});`,
    );
  const body = `
      ${incoming(difference ? 'incoming_change' : 'incoming', 'weights', 'now_at')}
      ${incoming('incoming_start', 'start_weights', 'start_at')}
      let ${difference ? 'outgoing_change' : 'outgoing'} = weights[now_at + ${u32(last.offset / 4)} + item];
      let outgoing_start = start_weights[start_at + ${u32(last.offset / 4)} + item];
      ${difference ? 'let incoming = incoming_start + incoming_change;\n      let outgoing = outgoing_start + outgoing_change;' : ''}
      ${addTerms(terms, {
        variables: [
          ...['incoming', 'outgoing', 'incoming_start', 'outgoing_start', 'incoming_rate', 'outgoing_rate', 'fitted'],
          ...(difference ? ['incoming_change', 'outgoing_change'] : []),
        ],
        valid: validBelow('item', shape.width),
      })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `${weightsAt(layout.words / 4)}
  let incoming_rate = vec4f(${recordNumber('unit', NETWORK.hiddenRate)});
  let outgoing_rate = vec4f(${recordNumber('unit', NETWORK.outputRate)});
  let fitted = vec4f(direction[${u32(vectors)}].x / ${recordNumber('unit', NETWORK.outputScale)});`,
    loops: [{ count: Math.ceil(shape.width / 4), name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over hidden units',
    bindings: [...WEIGHTS, { buffer: direction, name: 'direction', type: 'vec4f' }, SUMS],
    declarations: `${memory}\n${termFunctions('hiddenUnits', terms, difference ? ['incomingChange', 'outgoingChange'] : [])}`,
    ...frame,
  });
}

/** Samples on which a linear network shows its map: the unit vectors, and zero where there is a bias to take off. */
export function mapSamples({ inputDim, biasScale }: FullyConnectedShape): number {
  return inputDim + (biasScale > 0 ? 1 : 0);
}

/** Those samples, (inputRows, padded): column i is unit vector i. */
export function mapInputs(shape: FullyConnectedShape, inputRows: number): Float32Array {
  const padded = paddedSamples(mapSamples(shape));
  const inputs = new Float32Array(inputRows * padded);
  for (let i = 0; i < shape.inputDim; i++) inputs[i * padded + i] = 1;
  return inputs;
}

/** The teacher as rows of the same length, zeros where there is none: (outputDim, padded). */
export function teacherData(shape: FullyConnectedShape, { teacher }: TaskData): Float32Array {
  const { inputDim, outputDim } = shape;
  const padded = paddedSamples(mapSamples(shape));
  const rows = new Float32Array(outputDim * padded);
  if (teacher === undefined) return rows;
  for (let c = 0; c < outputDim; c++) rows.set(teacher.subarray(c * inputDim, (c + 1) * inputDim), c * padded);
  return rows;
}

/** Buffers of the map: f on `mapSamples` now (scratch) and at the start, and `teacherData`. */
export interface MapBuffers {
  readonly outputs: string;
  readonly startOutputs: string;
  readonly teacher: string;
}

/** Sums of the `map` domain: an item is one output against four inputs. */
export function mapPass(
  terms: readonly Term[],
  { shape, difference = false }: Sizes,
  buffers: MapBuffers,
  columns: Columns,
): Pass {
  const { inputDim, outputDim, biasScale } = shape;
  const vectors = paddedSamples(mapSamples(shape)) / 4;
  const used = Math.ceil(inputDim / 4);
  const size = u32(outputDim * vectors);
  const column = (name: string, at: string) => {
    const value = `${name}[${at} + c * ${u32(vectors)} + q]`;
    const atZero = `${name}[${at} + c * ${u32(vectors)} + ${u32(Math.floor(inputDim / 4))}][${inputDim % 4}]`;
    return biasScale > 0 ? `(${value} - ${atZero})` : value;
  };
  const body = `
      let c = item / ${u32(used)};
      let q = item % ${u32(used)};
      let first = ${column('start_outputs', 'start_at')};
      ${
        difference
          ? `let start = -scale * centred * first;
      ${nowOf(`scale * ${column('outputs', 'now_at')}`, true)}`
          : `let now = scale * (${column('outputs', 'now_at')} - centred * first);
      let start = scale * (1.0 - centred) * first;`
      }
      let teacher = teachers[c * ${u32(vectors)} + q];
      ${addTerms(terms, { variables: ['now', 'start', 'teacher', ...givenChange(difference)], valid: validBelow('q', inputDim) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = local * ${size};
  let start_at = ${startOf} * ${size};
  let scale = ${recordNumber('unit', NETWORK.outputScale)};
  let centred = ${recordNumber('unit', NETWORK.centred)};`,
    loops: [{ count: outputDim * used, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the linear map',
    bindings: [
      { buffer: buffers.outputs, name: 'outputs', type: 'vec4f' },
      { buffer: buffers.startOutputs, name: 'start_outputs', type: 'vec4f' },
      { buffer: buffers.teacher, name: 'teachers', type: 'vec4f' },
      { buffer: 'networks', name: 'networks', type: 'u32' },
      SUMS,
    ],
    declarations: `${memory}\n${termFunctions('map', terms, givenChange(difference))}`,
    ...frame,
  });
}
