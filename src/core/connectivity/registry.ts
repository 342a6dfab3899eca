// All connectivities. A new one is a file beside this one and a line here. A user's own matrix is own.ts.

import type { Parameter } from '../parameter.ts';
import { blockvar } from './blockvar.ts';
import { chain, chain0, chainneg } from './chains.ts';
import type { Connectivity } from './connectivity.ts';
import { dale } from './dale.ts';
import { em } from './electron-microscopy.ts';
import { gauss } from './gauss.ts';
import { pd } from './potjans-diesmann.ts';
import { sonet } from './sonet.ts';
import { song } from './song.ts';
import { v1block } from './v1-block.ts';

/** In the order in which they are offered. */
export const connectivities: readonly Connectivity[] = [
  gauss,
  dale,
  blockvar,
  v1block,
  pd,
  song,
  em,
  sonet,
  chain,
  chain0,
  chainneg,
];

/** What any of them can be told, for the parameters of a family. Ids are unique. */
export const connectivityParameters: readonly Parameter[] = connectivities.flatMap(({ parameters }) => parameters ?? []);

/** The connectivity named `id`. Throws where there is none: names are checked at the border. */
export function connectivityOf(id: string): Connectivity {
  const found = connectivities.find((one) => one.id === id);
  if (found === undefined) {
    throw new Error(`connectivity: expected one of ${connectivities.map((one) => one.id).join(', ')}, got ${id}`);
  }
  return found;
}
