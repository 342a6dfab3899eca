// By which mechanism the output has changed since the start: the rule of core/mechanism on measured sums.

import { leastKernel, MECHANISMS, mechanismClass } from '../../src/core/mechanism.ts';
import type { Observable, Sums } from '../../src/core/observable.ts';
import { cosineOf, perUnit, productChange, unitConstants, unitProducts, weightedKernels } from './hidden-units.ts';

/** cos at the start; where exactly one layer vanishes and can move, the side to which it will. */
function startCosine(sums: Sums, product: number, outgoing: number, incoming: number): number {
  if (outgoing > 0 && incoming > 0) return cosineOf(product, outgoing, incoming);
  if (outgoing === 0 && incoming === 0) return 0;
  const rate = outgoing === 0 ? unitConstants.outgoingRate : unitConstants.incomingRate;
  return sums.of(rate) > 0 ? Math.sign(sums.of(unitConstants.fitted)) : 0;
}

export const mechanism: Observable = {
  id: 'mechanism',
  label: 'mechanism',
  symbol: 'M',
  description:
    'How the output came to change since the start. static: it did not. kernel: the rate-weighted tangent kernel stayed within 10 %. ' +
    'alignment, disalignment: the layers turned towards or away from each other. rescaling: only their norms changed. The path between ' +
    'enters through the end, and through the kernel’s minimum where the output has crossed zero; exact for linear networks on data along ' +
    'one direction. Other networks: u and W n̂ as for the alignment of layers, norms for the kernel, and the target of a linear network.',
  source: 'Xu and Ziyin 2024 (arXiv:2401.07085) for the mechanisms; thresholds of phase-atlas',
  unit: 'class',
  range: [0, MECHANISMS.length - 1],
  scale: 'class',
  classes: MECHANISMS.map((label) => ({ label })),
  role: 'quantity',
  per: 'network',
  terms: [...Object.values(unitProducts), productChange, ...Object.values(unitConstants)],
  finish(sums) {
    const [product, productStart] = [sums.of(unitProducts.product), sums.of(unitProducts.productStart)];
    const kernels = weightedKernels(sums);
    const rates = perUnit(sums, unitConstants.outgoingRate) * perUnit(sums, unitConstants.incomingRate);
    const crossed = product * productStart < 0;
    const least = crossed ? leastKernel(kernels.now, product, rates) : kernels.now;
    const offset = sums.values.predictor === 'centred' ? productStart : 0;
    return mechanismClass(
      sums.of(productChange),
      productStart,
      perUnit(sums, unitConstants.fitted) + offset,
      Math.max(Math.abs(Math.log(kernels.now / kernels.start)), Math.abs(Math.log(least / kernels.start))),
      startCosine(sums, productStart, sums.of(unitProducts.outgoingStart), sums.of(unitProducts.incomingStart)),
      cosineOf(product, sums.of(unitProducts.outgoing), sums.of(unitProducts.incoming)),
    );
  },
};
