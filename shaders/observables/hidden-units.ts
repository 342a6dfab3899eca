// Sums over the units of a single hidden layer: u_i the weight to the first output, w_i·n̂ the weights from the input
// along the task's direction, η_u and η_w their rates. See the domain `hiddenUnits`; stored weights, so that factors before
// the layers cancel in ratios.

import type { Sums, Term } from '../../src/core/observable.ts';

function unitTerm(id: string, wgsl: string, measure: Term['measure']): Term {
  return { id: `units${id}`, domain: 'hiddenUnits', wgsl, measure };
}

/** Σ u², Σ w², Σ uw, now and at the start. */
export const unitProducts = {
  outgoing: unitTerm('Outgoing', 'outgoing * outgoing', ({ outgoing }) => outgoing * outgoing),
  incoming: unitTerm('Incoming', 'incoming * incoming', ({ incoming }) => incoming * incoming),
  product: unitTerm('Product', 'outgoing * incoming', ({ outgoing, incoming }) => outgoing * incoming),
  outgoingStart: unitTerm('OutgoingStart', 'outgoingStart * outgoingStart', ({ outgoingStart }) => outgoingStart ** 2),
  incomingStart: unitTerm('IncomingStart', 'incomingStart * incomingStart', ({ incomingStart }) => incomingStart ** 2),
  productStart: unitTerm(
    'ProductStart',
    'outgoingStart * incomingStart',
    ({ outgoingStart, incomingStart }) => outgoingStart * incomingStart,
  ),
} as const;

/** Σ uw − Σ u₀w₀ from the changes of the weights: does not cancel where they hardly move. */
export const productChange = unitTerm(
  'ProductChange',
  'outgoingChange * incoming + outgoingStart * incomingChange',
  ({ outgoing, outgoingStart, incoming, incomingStart }) =>
    (outgoing - outgoingStart) * incoming + outgoingStart * (incoming - incomingStart),
);

/** What is the same for all units, summed over them: divide by their number. */
export const unitConstants = {
  outgoingRate: unitTerm('OutgoingRate', 'outgoingRate', ({ outgoingRate }) => outgoingRate),
  incomingRate: unitTerm('IncomingRate', 'incomingRate', ({ incomingRate }) => incomingRate),
  fitted: unitTerm('Fitted', 'fitted', ({ fitted }) => fitted),
} as const;

/** Mean of a term over the units. */
export function perUnit(sums: Sums, term: Term): number {
  return sums.of(term) / sums.count('hiddenUnits');
}

/** Cosine between u and w; 0 where one of them vanishes. */
export function cosineOf(product: number, outgoing: number, incoming: number): number {
  return outgoing > 0 && incoming > 0 ? product / Math.sqrt(outgoing * incoming) : 0;
}

/** η_u|w|² + η_w|u|², which the rate-weighted tangent kernel is proportional to, now and at the start. */
export function weightedKernels(sums: Sums): { readonly now: number; readonly start: number } {
  const [outgoingRate, incomingRate] = [perUnit(sums, unitConstants.outgoingRate), perUnit(sums, unitConstants.incomingRate)];
  const { outgoing, incoming, outgoingStart, incomingStart } = unitProducts;
  return {
    now: outgoingRate * sums.of(incoming) + incomingRate * sums.of(outgoing),
    start: outgoingRate * sums.of(incomingStart) + incomingRate * sums.of(outgoingStart),
  };
}
