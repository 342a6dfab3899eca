// IDX files made by hand, for tests. Not a test file.

/** An IDX file of `type` (8: bytes) with these sizes around `data` as it is. */
export function idxFile(sizes: readonly number[], data: Uint8Array, type = 8): Uint8Array {
  const words = sizes.flatMap((size) => [Math.floor(size / 2 ** 24), (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, type, sizes.length, ...words, ...data]);
}
