// jax-js's declarations name Float16Array, which TypeScript's ES2023 library does not know. May go with a newer `lib`.

interface Float16Array<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
  readonly buffer: TArrayBuffer;
  readonly length: number;
  [index: number]: number;
}
