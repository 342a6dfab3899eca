// What can be measured of recurrent networks, and over how many elements. Pure counting.

import type { Domain } from '../../../src/core/observable.ts';
import { weighedSteps } from '../../../src/core/sequences.ts';
import type { TaskData } from '../../../src/core/task.ts';
import type { RecurrentShape } from './layout.ts';

export const recurrentDomains = [
  'train',
  'test',
  'kernel',
  'kernelRows',
  'kernelAll',
  'kernelDecision',
  'representation',
  'representationRows',
  'centredRepresentation',
  'weights',
  'spectrum',
  'gates',
] as const satisfies readonly Domain[];

export type RecurrentDomain = (typeof recurrentDomains)[number];

/** Number of elements of a domain: what the engine's `Sums.count` returns. */
export function domainCount(domain: Domain, shape: RecurrentShape, { train, test, probe, sequence }: TaskData): number {
  if (sequence === undefined) throw new Error('recurrent: expected data with a sequence, got none');
  const { width, channels, outputs } = shape;
  const trials = Math.min(sequence.kernelTrials, probe.count);
  const entries = trials * weighedSteps(sequence).length * outputs;
  switch (domain) {
    case 'train':
      return train.count;
    case 'test':
      return test.count;
    case 'kernel':
    case 'kernelAll':
      return entries ** 2;
    case 'kernelRows':
      return entries;
    case 'kernelDecision':
      return (trials * outputs) ** 2;
    case 'representation':
    case 'centredRepresentation':
      return probe.count ** 2;
    case 'representationRows':
      return probe.count;
    case 'weights':
      return width * (channels + width + outputs);
    case 'spectrum':
      return width;
    case 'gates':
      return probe.count * width;
    default:
      throw new Error(`recurrent: no elements of the domain ${domain}`);
  }
}
