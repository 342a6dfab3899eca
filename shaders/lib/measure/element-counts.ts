// Over how many elements the domains go that networks of samples have alike. What a family has besides is its own. Pure counting.

import type { Domain } from '../../../src/core/observable.ts';
import type { TaskData } from '../../../src/core/task.ts';

/** Domains of samples, kernels and representations. */
export function commonCounts({ train, test, probe }: TaskData, outputDim: number) {
  return {
    train: train.count,
    test: test.count,
    ensemble: test.count,
    kernel: (probe.count * outputDim) ** 2,
    kernelRows: probe.count * outputDim,
    representation: probe.count ** 2,
    representationRows: probe.count,
  };
}

/** The count of one domain. Throws where there is none. */
export function countOf(counts: Readonly<Partial<Record<Domain, number>>>, domain: Domain): number {
  const count = counts[domain];
  if (count === undefined) throw new Error(`measure: no elements of the domain ${domain}`);
  return count;
}
