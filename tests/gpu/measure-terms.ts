// Terms by which tests of the measuring kernels see every variable of every domain.

import { DOMAINS } from '../../shaders/families/fully-connected/measure/domains.ts';
import { DOMAIN_VARIABLES, type Domain, type StructureDomain, type Term } from '../../src/core/observable.ts';

/** Terms that together use every variable of a domain, sums and maxima. */
export function termsOfDomain(domain: Domain): readonly Term[] {
  const variables: readonly string[] = DOMAIN_VARIABLES[domain];
  const term = (name: string, wgsl: string, measure: Term['measure'], reduce?: Term['reduce']): Term => ({
    id: `${domain}.${name}`,
    domain,
    wgsl,
    measure,
    ...(reduce === undefined ? {} : { reduce }),
  });
  const [first] = variables;
  return [
    term('one', '1.0', () => 1),
    // Below zero everywhere: padding that counted would be seen.
    term('most', `-1.0 - abs(${first})`, (element) => -1 - Math.abs(element[first]), 'max'),
    ...variables.map((name) => term(name, name, (element) => element[name])),
    ...(variables.includes('now')
      ? [
          term('product', 'now * start', ({ now, start }) => now * start),
          term('moved', 'change', ({ now, start }) => now - start),
          term('change', 'change * change', ({ now, start }) => (now - start) ** 2),
        ]
      : []),
    ...(variables.includes('incoming')
      ? [
          term('changes', 'incomingChange * outgoingChange', (unit) => {
            return (unit.incoming - unit.incomingStart) * (unit.outgoing - unit.outgoingStart);
          }),
        ]
      : []),
    ...(variables.includes('targets') ? [term('aligned', 'now * targets', ({ now, targets }) => now * targets)] : []),
    ...(variables.includes('diagonal') ? [term('trace', 'now * diagonal', ({ now, diagonal }) => now * diagonal)] : []),
  ];
}

/** Domains that are made of the weights alone. */
export const STRUCTURE = ['outputGram', 'balance', 'hiddenUnits', 'map'] as const satisfies readonly StructureDomain[];

/** Terms of all other domains. */
export const allTerms: readonly Term[] = DOMAINS.filter((domain) => !(STRUCTURE as readonly Domain[]).includes(domain)).flatMap(
  termsOfDomain,
);
