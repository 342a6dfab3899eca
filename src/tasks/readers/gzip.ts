// Gzip by the platform's DecompressionStream, with a limit on what comes out. Knows no file format inside.

import { InputError, reasonOf } from '../../core/errors.ts';

/** Most bytes that any data file may unfold to: 256 MiB, five times the training images of MNIST. */
export const MAXIMUM_BYTES = 256 * 1024 * 1024;

/** True when `bytes` begin like a gzip file. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * Unfolds gzip; bytes that are not gzip are returned as they are (some servers unfold on the way). Throws InputError when
 * the data are damaged or cut short, or when more than `maximumBytes` come out.
 */
export async function gunzip(bytes: Uint8Array, where: string, maximumBytes = MAXIMUM_BYTES): Promise<Uint8Array> {
  if (!isGzip(bytes)) {
    if (bytes.length > maximumBytes) throw tooLarge(where, maximumBytes);
    // A plain view: Node's own kind of array has other methods.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    let chunk: Uint8Array | undefined;
    try {
      chunk = (await reader.read()).value;
    } catch (cause) {
      const what = `expected a whole gzip file, got damaged or truncated data (${reasonOf(cause)})`;
      throw new InputError(where, what, 'Fetch it again.');
    }
    if (chunk === undefined) break;
    length += chunk.length;
    if (length > maximumBytes) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(where, maximumBytes);
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function tooLarge(where: string, maximumBytes: number): InputError {
  return new InputError(where, `expected at most ${maximumBytes} bytes of data, got more`, 'Use a part of the data set.');
}
