// Weights of networks on the GPU as the flat vectors of a Model: read and written. Some programs store them
// relative to their start's.

import type { LoadedProgram } from './loaded-program.ts';
import { flatWeights, storedWeights, storedWords } from './stored-weights.ts';

/** Row `index` of a buffer that is laid out as the weights are, flat. */
async function rowOf(loaded: LoadedProgram, name: string, index: number): Promise<Float64Array> {
  const { program, readback } = loaded;
  const bytes = 4 * storedWords(program);
  return flatWeights(program, new Float32Array(await readback.read(loaded.buffer(name), bytes * index, bytes)));
}

/** What stored weights of network `index` are relative to, flat; null where they are the weights themselves. */
async function originOf(loaded: LoadedProgram, index: number): Promise<Float64Array | null> {
  const { relativeTo } = loaded.program.weights;
  return relativeTo === undefined ? null : rowOf(loaded, relativeTo, loaded.batch.networks[index].start);
}

function sumOf(origin: Float64Array | null, stored: Float64Array): Float64Array {
  return origin === null ? stored : stored.map((weight, n) => origin[n] + weight);
}

/** Flat weights of network `index`. */
export async function readWeights(loaded: LoadedProgram, index: number): Promise<Float64Array> {
  return sumOf(await originOf(loaded, index), await rowOf(loaded, loaded.program.weights.buffer, index));
}

/** Flat weights of all networks, in the order of the batch. */
export async function readAllWeights(loaded: LoadedProgram): Promise<Float64Array[]> {
  const { program, batch, readback } = loaded;
  const words = storedWords(program);
  const rowsOf = async (name: string) => {
    const stored = new Float32Array(await readback.read(loaded.buffer(name)));
    return (row: number) => flatWeights(program, stored.subarray(row * words, (row + 1) * words));
  };
  const { buffer, relativeTo } = program.weights;
  const stored = await rowsOf(buffer);
  const origin = relativeTo === undefined ? null : await rowsOf(relativeTo);
  return batch.networks.map(({ start }, n) => sumOf(origin === null ? null : origin(start), stored(n)));
}

/** Puts network `index` at flat weights. */
export async function writeWeights(loaded: LoadedProgram, index: number, weights: Float64Array): Promise<void> {
  const { program, arena } = loaded;
  const origin = await originOf(loaded, index);
  const stored = storedWeights(program, origin === null ? weights : weights.map((weight, n) => weight - origin[n]));
  arena.device.queue.writeBuffer(loaded.buffer(program.weights.buffer), stored.byteLength * index, stored);
}
