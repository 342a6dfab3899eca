// One network's weights between a program's padded storage and the flat vectors of a Model.

import type { Program } from '../core/program.ts';

/** Calls `copy(flat, stored, length)` for each row, in the order of `Model.layers`. */
function eachRow({ weights }: Pick<Program, 'weights'>, copy: (flat: number, stored: number, columns: number) => void): number {
  let flat = 0;
  for (const { offset, rows, columns, stride } of weights.layers) {
    for (let row = 0; row < rows; row++, flat += columns) copy(flat, offset + row * stride, columns);
  }
  return flat;
}

/** Words of one network in the weights' buffer. */
export function storedWords(program: Pick<Program, 'weights' | 'buffers'>): number {
  const spec = program.buffers.find(({ name }) => name === program.weights.buffer);
  if (spec === undefined) throw new Error(`program: no buffer "${program.weights.buffer}"`);
  return spec.words;
}

/** Flat weights of a stored vector. */
export function flatWeights(program: Pick<Program, 'weights'>, stored: Float32Array): Float64Array {
  const flat = new Float64Array(eachRow(program, () => undefined));
  eachRow(program, (to, from, columns) => flat.set(stored.subarray(from, from + columns), to));
  return flat;
}

/** The stored vector of flat weights, zeros in the padding. */
export function storedWeights(program: Pick<Program, 'weights' | 'buffers'>, flat: Float64Array): Float32Array<ArrayBuffer> {
  const stored = new Float32Array(storedWords(program));
  eachRow(program, (from, to, columns) => stored.set(flat.subarray(from, from + columns), to));
  return stored;
}
