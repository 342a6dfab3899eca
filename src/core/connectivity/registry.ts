// All connectivities. A new one is a file beside this one and a line here.

import type { Connectivity } from './connectivity.ts';
import { gauss } from './gauss.ts';

export const connectivities: readonly Connectivity[] = [gauss];

/** The connectivity named `id`. Throws where there is none: names are checked at the border. */
export function connectivityOf(id: string): Connectivity {
  const found = connectivities.find((one) => one.id === id);
  if (found === undefined) {
    throw new Error(`connectivity: expected one of ${connectivities.map((one) => one.id).join(', ')}, got ${id}`);
  }
  return found;
}
