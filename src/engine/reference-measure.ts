// Sums of the observables' terms over their domains, in float64 and in the order of core/observable. Trains nothing.

import type { Network } from '../core/family.ts';
import type { Domain, Observable, Standing, Sums, Term } from '../core/observable.ts';
import type { TaskData } from '../core/task.ts';
import { createElements, type Element, ensembleElements, predictorOn } from './reference-elements.ts';
import type { ReferenceNetwork, Shared } from './reference-network.ts';
import { combine, layerIndex, probeSamplesOf, termsOf } from './sums.ts';

export interface ReferenceMeter {
  /** Values of the observables per network. NaN for a diverged network. */
  measureNetwork(own: ReferenceNetwork): Record<string, number>;
  /** Values of the observables per cell, over its networks that have not diverged; NaN where none is left. */
  measureCell(members: readonly ReferenceNetwork[]): Record<string, number>;
}

/** Measures networks of one batch; keeps what belongs to a start. */
export function createMeter(shared: Shared, observables: readonly Observable[]): ReferenceMeter {
  const { model, data } = shared;
  const elementsOf = createElements(shared);
  const ofNetworks = observables.filter(({ per }) => per === 'network');
  const ofCells = observables.filter(({ per }) => per === 'cell');
  const unknown = { time: Number.NaN, loss: Number.NaN, unmet: Number.NaN, halvingTime: Number.NaN };

  return {
    measureNetwork(own) {
      if (own.state.outcome === 'diverged') return Object.fromEntries(ofNetworks.map(({ id }) => [id, Number.NaN]));
      const terms = termsOf(ofNetworks);
      const elementsIn = elementsOf(own);
      const counts = new Map<Domain, number>();
      const totals = new Map<string, number>();
      const layers = new Map<string, number[]>();
      for (const domain of new Set(terms.map((term) => term.domain))) {
        const elements = elementsIn(domain);
        counts.set(domain, elements.length);
        for (const term of terms) {
          if (term.domain !== domain) continue;
          const parts =
            domain === 'weights'
              ? model.layers.map(({ offset, length }) => combined(term, elements.slice(offset, offset + length)))
              : [combined(term, elements)];
          totals.set(term.id, combine(term, parts));
          layers.set(term.id, parts);
        }
      }
      const { time, loss, unmet, halvingTime } = own.state;
      const sums = sumsOf(totals, layers, counts, own.network, data, { time, loss, unmet, halvingTime });
      return Object.fromEntries(ofNetworks.map((observable) => [observable.id, observable.finish(sums)]));
    },
    measureCell(members) {
      if (ofCells.length === 0) return {};
      const alive = members.filter(({ state }) => state.outcome !== 'diverged');
      if (alive.length === 0) return Object.fromEntries(ofCells.map(({ id }) => [id, Number.NaN]));
      const elements = ensembleElements(
        shared,
        alive.map((own) => predictorOn(shared, own, 'test')),
      );
      const totals = new Map(termsOf(ofCells).map((term) => [term.id, combined(term, elements)]));
      const sums = sumsOf(totals, new Map(), new Map([['ensemble', elements.length]]), members[0].network, data, unknown);
      return Object.fromEntries(ofCells.map((observable) => [observable.id, observable.finish(sums)]));
    },
  };
}

function combined(term: Term, elements: readonly Element[]): number {
  return combine(term, elements.map(term.measure));
}

function sumsOf(
  totals: ReadonlyMap<string, number>,
  layers: ReadonlyMap<string, readonly number[]>,
  counts: ReadonlyMap<Domain, number>,
  { values }: Network,
  data: TaskData,
  progress: Standing,
): Sums {
  const known = <T>(map: ReadonlyMap<string, T>, key: string): T => {
    const value = map.get(key);
    if (value === undefined) throw new Error(`reference: ${key} has not been summed`);
    return value;
  };
  return {
    of: (term) => known(totals, term.id),
    ofLayer(term, layer) {
      const parts = known(layers, term.id);
      return parts[layerIndex(layer, parts.length)] ?? Number.NaN;
    },
    count: (domain) => known<number>(counts, domain),
    values,
    probeSamples: probeSamplesOf(data),
    taskDistance: data.taskDistance ?? Number.NaN,
    progress,
  };
}
