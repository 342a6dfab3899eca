// What convolutional networks can be measured on, and over how many elements. Pure counting.

import type { Domain } from '../../../src/core/observable.ts';
import type { TaskData } from '../../../src/core/task.ts';
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
export function domainCount(domain: Domain, shape: ConvolutionalShape, { train, test, probe }: TaskData): number {
  const entries = probe.count * shape.outputDim;
  switch (domain) {
    case 'train':
      return train.count;
    case 'test':
    case 'ensemble':
      return test.count;
    case 'kernel':
      return entries ** 2;
    case 'kernelRows':
      return entries;
    case 'representation':
      return probe.count ** 2;
    case 'representationRows':
      return probe.count;
    case 'weights':
      return layoutOf(shape).matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    case 'gates':
      return probe.count * hiddenUnits(shape);
    case 'outputGram':
      return shape.outputDim ** 2;
    default:
      throw new Error(`convolutional: no elements of the domain ${domain}`);
  }
}
