// What convolutional networks can be measured on, and over how many elements. Pure counting.

import type { Domain } from '../../../src/core/observable.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { commonCounts, countOf } from '../../lib/measure/element-counts.ts';
import { type ConvolutionalShape, hiddenUnits, layoutOf } from './layout.ts';

export const convolutionalDomains = [
  'train',
  'test',
  'ensemble',
  'kernel',
  'kernelRows',
  'representation',
  'representationRows',
  'weights',
  'gates',
  'outputGram',
] as const satisfies readonly Domain[];

export type ConvolutionalDomain = (typeof convolutionalDomains)[number];

/** Number of elements of a domain: what the engine's `Sums.count` returns. */
export function domainCount(domain: Domain, shape: ConvolutionalShape, data: TaskData): number {
  const counts: Record<ConvolutionalDomain, number> = {
    ...commonCounts(data, shape.outputDim),
    weights: layoutOf(shape).matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0),
    gates: data.probe.count * hiddenUnits(shape),
    outputGram: shape.outputDim ** 2,
  };
  return countOf(counts, domain);
}
