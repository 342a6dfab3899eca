// Reads the image data sets that build.mjs writes: header, checksum, payload. Touches neither network nor disk: see load.ts.

import { InputError, reasonOf } from '../../core/errors.ts';
import { gunzip } from '../readers/gzip.ts';

interface ImageSet {
  readonly name: string;
  /** "MNIST". */
  readonly title: string;
  readonly count: number;
  readonly classes: number;
  /** (count), class of each image, 0 … classes−1. */
  readonly labels: Uint8Array;
}

/** Grey images. */
export interface PixelSet extends ImageSet {
  readonly kind: 'pixels';
  readonly rows: number;
  readonly columns: number;
  /** (count, rows, columns), 0 … 255. */
  readonly images: Uint8Array;
}

/** Leading principal components of the same images in the same order, each with mean 0 and variance 1 over the set. */
export interface ComponentSet extends ImageSet {
  readonly kind: 'components';
  readonly components: number;
  /** (components, count), dimensionless. */
  readonly coefficients: Float64Array;
  /** (components), standard deviations before whitening, in units where every image has norm √784. */
  readonly stds: readonly number[];
}

const MAGIC = 'PHASEDAT';

/** Parses one data file. Throws InputError for anything that is not exactly what build.mjs wrote. */
export async function parseAsset(bytes: Uint8Array, where: string): Promise<PixelSet | ComponentSet> {
  const damaged = (what: string) => new InputError(where, what, 'The file is damaged or cut short; fetch or install it again.');
  const data = await gunzip(bytes, where);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 12 || String.fromCharCode(...data.subarray(0, 8)) !== MAGIC) {
    throw damaged('expected a phase-atlas data file, got other bytes');
  }
  const start = 12 + view.getUint32(8, true);
  if (start > data.length) throw damaged(`expected a header of ${start - 12} bytes, got ${data.length - 12}`);
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(data.subarray(12, start))) as Record<string, unknown>;
  } catch (cause) {
    throw damaged(`expected a JSON header, got ${reasonOf(cause)}`);
  }
  const whole = (key: string): number => {
    const value = header[key];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw damaged(`expected a whole number ${key} in the header`);
    }
    return value;
  };
  const numbers = (key: string, length: number): readonly number[] => {
    const list = header[key];
    const fits = Array.isArray(list) && list.length === length && list.every((value) => Number.isFinite(value));
    if (!fits) throw damaged(`expected ${length} numbers ${key} in the header`);
    return list as number[];
  };
  const payload = data.subarray(start);
  const length = whole('payloadBytes');
  if (payload.length !== length) throw damaged(`expected ${length} bytes of data, got ${payload.length}`);
  if (crc32(payload) !== whole('crc32')) throw damaged('expected a matching checksum, got another');
  const count = whole('count');
  const labels = payload.subarray(0, count);
  const common = { name: String(header.name), title: String(header.title), count, classes: whole('classes'), labels };
  if (header.kind === 'pixels') {
    const rows = whole('rows');
    const columns = whole('columns');
    if (payload.length !== count * (1 + rows * columns)) throw damaged('expected as many bytes as images, got another number');
    return { ...common, kind: 'pixels', rows, columns, images: payload.subarray(count) };
  }
  if (header.kind !== 'components') throw damaged('expected kind "pixels" or "components"');
  const components = whole('components');
  if (payload.length !== count * (1 + 2 * components)) throw damaged('expected as many bytes as components, got another number');
  const scales = numbers('scales', components);
  const coefficients = new Float64Array(components * count);
  for (let i = 0; i < coefficients.length; i++) {
    coefficients[i] = view.getInt16(start + count + 2 * i, true) * scales[Math.floor(i / count)];
  }
  return { ...common, kind: 'components', components, coefficients, stds: numbers('stds', components) };
}

/** CRC-32 of ISO 3309, as in gzip; servers that unfold gzip on the way leave us without gzip's own. */
export function crc32(bytes: Uint8Array): number {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    table[n] = value;
  }
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
