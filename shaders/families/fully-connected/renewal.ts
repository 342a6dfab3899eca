// How a stage of a sweep sets the two layers of a linear network anew. The arithmetic is core/rebalance.

import { InputError, quoted } from '../../../src/core/errors.ts';
import type { Renewal } from '../../../src/core/family.ts';
import { numberOf } from '../../../src/core/parameter.ts';
import { rebalance } from '../../../src/core/rebalance.ts';

const THROUGHOUT = { depth: 1, activation: 'linear', bias: 0 } as const;

/** Both layers factored anew, their product kept, to the balance `laterBalance`. Dominé et al. 2025, appendix D.4. */
export const rebalancing: Renewal = {
  check(taken, where) {
    for (const [id, value] of Object.entries(THROUGHOUT)) {
      const other = taken(id).find((one) => one !== value);
      if (other === undefined) continue;
      throw new InputError(
        where,
        `expected ${id} ${quoted(value)} throughout, got ${quoted(other)}`,
        'Only the product of two linear layers can be factored anew.',
      );
    }
  },
  renew({ weights, values, model, random }) {
    const [, { offset, length }] = model.layers;
    const balance = numberOf(values, 'laterBalance');
    const { input, output } = rebalance({
      input: weights.subarray(0, offset),
      output: weights.subarray(offset),
      width: length / model.outputDim,
      balance,
      random,
    });
    const renewed = new Float64Array(weights.length);
    renewed.set(input);
    renewed.set(output, offset);
    // They are a balanced start of the new balance.
    return { weights: renewed, values: { ...values, initialisation: 'balanced', balance } };
  },
};
