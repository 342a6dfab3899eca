// What fully-connected networks can be measured on: the domains that a shape has and their numbers of elements. Sums nothing.

import { DOMAIN_VARIABLES, type Domain } from '../../../../src/core/observable.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import type { FullyConnectedShape } from '../layout.ts';

/** Domains of networks of sequences alone. */
const OF_SEQUENCES = ['kernelAll', 'kernelDecision', 'centredRepresentation', 'spectrum'] as const satisfies readonly Domain[];
type OfSequences = (typeof OF_SEQUENCES)[number];

export type FullyConnectedDomain = Exclude<Domain, OfSequences>;

function isOwn(domain: Domain): domain is FullyConnectedDomain {
  return !(OF_SEQUENCES as readonly Domain[]).includes(domain);
}

/** All domains that some shape has, in the order of core/observable. */
export const DOMAINS: readonly FullyConnectedDomain[] = (Object.keys(DOMAIN_VARIABLES) as Domain[]).filter(isOwn);

/** The domains of a shape: units need one hidden layer, a map needs linear activations. */
export function domainsOf({ depth, activation }: Pick<FullyConnectedShape, 'depth' | 'activation'>): readonly Domain[] {
  return DOMAINS.filter((domain) => {
    if (domain === 'hiddenUnits') return depth === 1;
    return domain !== 'map' || activation === 'linear';
  });
}

/** Number of elements of a domain: what the engine's `Sums.count` returns. */
export function domainCount(domain: Domain, shape: FullyConnectedShape, data: TaskData): number {
  const { depth, width, inputDim, outputDim } = shape;
  const probe = data.probe.count;
  const bias = shape.biasScale > 0 ? 1 : 0;
  if (!isOwn(domain)) throw new Error(`fully-connected: no domain ${domain}`);
  switch (domain) {
    case 'train':
      return data.train.count;
    case 'test':
    case 'ensemble':
      return data.test.count;
    case 'kernel':
      return (probe * outputDim) ** 2;
    case 'kernelRows':
      return probe * outputDim;
    case 'representation':
      return probe ** 2;
    case 'representationRows':
      return probe;
    case 'weights':
      return width * (inputDim + bias) + (depth - 1) * width * (width + bias) + outputDim * (width + bias);
    case 'gates':
      return probe * depth * width;
    case 'outputGram':
      return outputDim ** 2;
    case 'balance':
      return depth * width ** 2;
    case 'hiddenUnits':
      return width;
    case 'map':
      return outputDim * inputDim;
    default:
      return domain satisfies never;
  }
}
