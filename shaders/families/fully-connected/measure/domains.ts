// What fully-connected networks can be measured on: the domains that a shape has and their numbers of elements. Sums nothing.

import { DOMAIN_VARIABLES, type Domain } from '../../../../src/core/observable.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import { commonCounts, countOf } from '../../../lib/measure/element-counts.ts';
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
  const bias = shape.biasScale > 0 ? 1 : 0;
  const counts: Record<FullyConnectedDomain, number> = {
    ...commonCounts(data, outputDim),
    weights: width * (inputDim + bias) + (depth - 1) * width * (width + bias) + outputDim * (width + bias),
    gates: data.probe.count * depth * width,
    outputGram: outputDim ** 2,
    balance: depth * width ** 2,
    hiddenUnits: width,
    map: outputDim * inputDim,
  };
  return countOf(counts, domain);
}
