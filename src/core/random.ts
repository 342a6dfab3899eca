// Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011) and float64 normals on top.
// No state is shared and nothing reads the clock: the same (key, counter) gives the same numbers everywhere.

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const low = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(low / 65536)) >>> 0;
}

/** Philox4x32-10: four 32-bit words from a counter of four and a key of two. */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Named streams keep draws for different purposes apart under one seed. */
export const STREAMS = {
  weights: 1,
  data: 2,
  batches: 3,
  teacher: 4,
  bootstrap: 5,
  shuffle: 6,
  trials: 7,
} as const;

/** A reproducible sequence for one (seed, stream, substream). */
export interface RandomSource {
  /** Next unsigned 32-bit integer. */
  word(): number;
  /** Uniform in the open interval (0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in 0 … bound−1, without modulo bias. */
  below(bound: number): number;
  /** Standard normal, float64, by Box and Muller's transform. */
  normal(): number;
  /** `count` standard normals. */
  normals(count: number): Float64Array;
}

/**
 * Opens the sequence of `stream` under `seed`. Seeds are integers 0 … 2^32−1.
 * `substream` (0 … 2^32−1) separates members of a stream, for example layers.
 */
export function randomSource(seed: number, stream: number, substream = 0): RandomSource {
  const key = [seed >>> 0, stream >>> 0] as const;
  let block = 0;
  let words: number[] = [];
  let spare: number | null = null;
  const word = () => {
    if (words.length === 0) {
      words = philox([block >>> 0, Math.floor(block / 4294967296), substream >>> 0, 0], key);
      block++;
    }
    return words.shift() as number;
  };
  const uniform = () => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 67108864 + low + 0.5) / 9007199254740992;
  };
  const normal = () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return {
    word,
    uniform,
    normal,
    below(bound) {
      const limit = Math.floor(4294967296 / bound) * bound;
      let draw = word();
      while (draw >= limit) draw = word();
      return draw % bound;
    },
    normals(count) {
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) values[i] = normal();
      return values;
    },
  };
}

/** A permutation of 0 … count−1 (Fisher and Yates). */
export function permutation(count: number, source: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = source.below(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
