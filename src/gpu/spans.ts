// The uniform buffer behind binding 0: many spans side by side, one per dispatch, chosen by dynamic offset.

import type { Arena } from './arena.ts';

/** One dispatch's share of the work; see `SPAN_WGSL` in core/program.ts. Left out: 0. */
export interface Span {
  /** First unit (network, cell or start). */
  readonly first: number;
  /** Number of units. */
  readonly count: number;
  /** Most steps to take. */
  readonly steps?: number;
  /** First row of results. */
  readonly row?: number;
  /** Training time to reach. */
  readonly horizon?: number;
}

/** Bytes of a span as the shader sees it. */
export const SPAN_BYTES = 32;

export interface Spans {
  readonly buffer: GPUBuffer;
  /** Adds a span for the next submit; returns its dynamic offset in bytes. @throws RangeError when full. */
  put(span: Span): number;
  /** Sends what was put and starts over. Call once before each `queue.submit`: the queue keeps the order. */
  upload(): void;
}

/** @param capacity Most spans per submit. Defaults to 64. */
export function createSpans(arena: Arena, capacity = 64): Spans {
  const { device } = arena;
  const stride = Math.max(SPAN_BYTES, device.limits.minUniformBufferOffsetAlignment);
  const buffer = arena.buffer({
    label: 'spans',
    bytes: capacity * stride,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const bytes = new ArrayBuffer(capacity * stride);
  const view = new DataView(bytes);
  let used = 0;
  return {
    buffer,
    put(span) {
      if (used === capacity) throw new RangeError(`gpu: a submit holds at most ${capacity} spans`);
      const offset = used * stride;
      used += 1;
      view.setUint32(offset, span.first, true);
      view.setUint32(offset + 4, span.count, true);
      view.setUint32(offset + 8, span.steps ?? 0, true);
      view.setUint32(offset + 12, span.row ?? 0, true);
      view.setFloat32(offset + 16, span.horizon ?? 0, true);
      return offset;
    },
    upload() {
      if (used > 0) device.queue.writeBuffer(buffer, 0, bytes, 0, used * stride);
      used = 0;
    },
  };
}
