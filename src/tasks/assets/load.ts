// Fetches the image data sets beside this file, each at most once: from the server in a browser, from the disk in Node.
// The addresses stand as literals so that bundlers emit the files; `no-inline` keeps library builds from turning
// them into megabytes of base64.

import { InputError, reasonOf } from '../../core/errors.ts';
import type { ComponentSet, PixelSet } from './format.ts';
import { parseAsset } from './format.ts';

const addresses = {
  mnist: {
    pixels: () => new URL('./mnist-pixels.bin.gz?no-inline', import.meta.url),
    components: () => new URL('./mnist-components.bin.gz?no-inline', import.meta.url),
  },
  'fashion-mnist': {
    pixels: () => new URL('./fashion-mnist-pixels.bin.gz?no-inline', import.meta.url),
    components: () => new URL('./fashion-mnist-components.bin.gz?no-inline', import.meta.url),
  },
} as const;

/** Names of the image sets that come with the project. */
export type ImageSetName = keyof typeof addresses;

export const imageSetNames: readonly ImageSetName[] = ['mnist', 'fashion-mnist'];

const loaded = new Map<string, Promise<PixelSet | ComponentSet>>();

/** The images themselves: 12,000, as many of each class; 1.9 MB (MNIST) or 5.3 MB (Fashion-MNIST) to fetch. */
export async function loadPixels(name: ImageSetName): Promise<PixelSet> {
  const set = await once(`${name} pixels`, addresses[name].pixels());
  if (set.kind !== 'pixels') throw new Error(`data file of ${name} pixels holds ${set.kind}`);
  return set;
}

/** Principal components of the same images in the same order; 0.4 MB to fetch. */
export async function loadComponents(name: ImageSetName): Promise<ComponentSet> {
  const set = await once(`${name} components`, addresses[name].components());
  if (set.kind !== 'components') throw new Error(`data file of ${name} components holds ${set.kind}`);
  return set;
}

function once(name: string, address: URL): Promise<PixelSet | ComponentSet> {
  let promise = loaded.get(name);
  if (promise === undefined) {
    const where = `data set "${name}"`;
    promise = readBytes(address, where).then((bytes) => parseAsset(bytes, where));
    loaded.set(name, promise);
    // A failure is not kept: the network may be back at the next try.
    promise.catch(() => loaded.delete(name));
  }
  return promise;
}

async function readBytes(address: URL, where: string): Promise<Uint8Array> {
  // Asked of the process instead of imported, so that bundles for browsers hold no trace of Node.
  const node = address.protocol === 'file:' ? globalThis.process?.getBuiltinModule?.('fs') : undefined;
  try {
    if (node !== undefined) return await node.promises.readFile(address);
    const response = await fetch(address, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new InputError(
      where,
      `expected a data file at ${address.href.slice(0, 200)}, got none (${reasonOf(cause)})`,
      'Serve the file beside the scripts, and let the content-security policy allow connect-src to it.',
    );
  }
}
