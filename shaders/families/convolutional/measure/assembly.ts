// What stands where while the measuring kernels are put together: see measure.ts.

import type { Batch } from '../../../../src/core/family.ts';
import type { BufferSpec, Measurement, Pass } from '../../../../src/core/program.ts';
import type { TermsByDomain } from '../../../lib/measure/measurements.ts';
import type { LayerSizes } from '../../../lib/measure/passes.ts';
import type { Site } from '../convolve.wgsl.ts';
import type { ConvolutionalDomain } from '../domains.ts';
import type { ConvolutionalGeometry, ConvolutionalOptions } from '../train/options.ts';

/** Weights that are evaluated. */
export type Which = 'weights' | 'startWeights';

export interface Assembly {
  readonly batch: Batch;
  readonly options: ConvolutionalOptions;
  readonly geometry: ConvolutionalGeometry;
  /** vec4s per row of the buffer `trainSet`. */
  readonly trainColumns: number;
  /** The network as the shared measuring passes see it. */
  readonly sizes: LayerSizes;
  readonly terms: TermsByDomain<ConvolutionalDomain>;
  readonly buffers: BufferSpec[];
  readonly prepare: Pass[];
  readonly measurements: Measurement[];
  /** Numbers that passes read from `numberBuffer`s. */
  readonly numbers: Set<number>;
}

/** Where passes work that evaluate networks now or at their start. */
export function siteOf({ options, geometry }: Assembly, which: Which, site: Pick<Site, 'planes' | 'scratch' | 'outputs'>): Site {
  const { shape, head } = options;
  return {
    ...site,
    shape,
    label: 'measure',
    gate: 'open',
    backGate: 'open',
    weights: { binding: { buffer: which, name: 'weights', type: 'vec4f' }, base: `network * ${head.layout.words / 4}u` },
    lanes: geometry.lanes,
    channels: geometry.channels,
    positions: geometry.positions,
  };
}
