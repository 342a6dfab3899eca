// Owns every buffer of a session and frees them all at once. Knows nothing of what they hold.

import { InputError } from '../core/errors.ts';

export interface BufferRequest {
  /** What it holds; the GPU object is called "<arena>: <label>". */
  readonly label: string;
  /** Size in bytes, > 0; rounded up to a multiple of 4. Left out: the size of `data`. */
  readonly bytes?: number;
  /** Bits of GPUBufferUsage. */
  readonly usage: GPUBufferUsageFlags;
  /** First content, at most `bytes` long; the rest is zeros. */
  readonly data?: ArrayBufferView;
}

export interface Arena {
  readonly device: GPUDevice;
  readonly label: string;
  /** Bytes in live buffers. */
  readonly bytes: number;
  /** Live buffers. */
  readonly count: number;
  /** @throws InputError when a size exceeds a limit of the device; Error after `dispose`. */
  buffer(request: BufferRequest): GPUBuffer;
  /** Destroys one buffer of this arena before the others. */
  free(buffer: GPUBuffer): void;
  /** Destroys everything. Safe to call twice. */
  dispose(): void;
}

/** @param label Who owns it, for example "session 3". */
export function createArena(device: GPUDevice, label: string): Arena {
  const buffers = new Map<GPUBuffer, number>();
  let live = 0;
  let disposed = false;

  return {
    device,
    label,
    get bytes() {
      return live;
    },
    get count() {
      return buffers.size;
    },
    buffer(request) {
      if (disposed) throw new Error(`gpu: arena "${label}" was used after dispose`);
      const name = `${label}: ${request.label}`;
      const size = checkedSize(device, name, request);
      const { usage, data } = request;
      const buffer = device.createBuffer({ label: name, size, usage, mappedAtCreation: data !== undefined });
      buffers.set(buffer, size);
      live += size;
      if (data) {
        const { buffer: source, byteOffset, byteLength } = data;
        new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(source, byteOffset, byteLength));
        buffer.unmap();
      }
      return buffer;
    },
    free(buffer) {
      const size = buffers.get(buffer);
      if (size === undefined) {
        if (disposed) return;
        throw new Error(`gpu: arena "${label}" does not own buffer "${buffer.label}"`);
      }
      buffers.delete(buffer);
      live -= size;
      buffer.destroy();
    },
    dispose() {
      disposed = true;
      for (const buffer of buffers.keys()) buffer.destroy();
      buffers.clear();
      live = 0;
    },
  };
}

/** Size in bytes, checked against the device's limits before the driver sees it. */
function checkedSize(device: GPUDevice, name: string, request: BufferRequest): number {
  const asked = request.bytes ?? request.data?.byteLength ?? 0;
  if (!Number.isInteger(asked) || asked <= 0) throw new InputError(name, `size must be a positive number of bytes, got ${asked}`);
  const size = Math.ceil(asked / 4) * 4;
  if (request.data && request.data.byteLength > size) {
    throw new InputError(name, `data must fit into ${size} bytes, got ${request.data.byteLength}`);
  }
  refuseAbove(device, 'maxBufferSize', name, size);
  if (request.usage & GPUBufferUsage.STORAGE) refuseAbove(device, 'maxStorageBufferBindingSize', name, size);
  if (request.usage & GPUBufferUsage.UNIFORM) refuseAbove(device, 'maxUniformBufferBindingSize', name, size);
  return size;
}

type SizeLimit = 'maxBufferSize' | 'maxStorageBufferBindingSize' | 'maxUniformBufferBindingSize';

function refuseAbove(device: GPUDevice, limit: SizeLimit, name: string, size: number): void {
  const most = device.limits[limit];
  if (size <= most) return;
  throw new InputError(name, `size must be at most ${inWords(most)} (${limit}), got ${inWords(size)}`, 'Use smaller batches.');
}

/** Bytes as a user reads them: "268,435,456 bytes = 256 MiB". */
function inWords(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  const rounded = mebibytes >= 100 ? mebibytes.toFixed(0) : mebibytes.toPrecision(3);
  return `${bytes.toLocaleString('en-US')} bytes = ${Number(rounded)} MiB`;
}
