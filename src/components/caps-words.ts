// What a sweep asks for and what an element runs, in two sentences for the settings. Judges nothing: see core/caps.ts.

import { type Caps, PAGE_CAPS } from '../core/caps.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import { formatSeconds } from './numbers.ts';

const count = (number: number): string => number.toLocaleString('en');

const sizeWords = ({ cells, networks, bytes }: Caps): string =>
  `${count(cells)} cells, ${count(networks)} networks or ${count(bytes / 2 ** 20)} MiB of memory`;

/**
 * "Trains 528 networks in 264 cells. …": with what needs a click, and what is refused. Memory is known only
 * once data has been loaded.
 */
export function capsWords(sweep: Sweep, caps: Caps): string {
  const cells = cellCount(sweep);
  const asks = (['cells', 'networks', 'bytes'] as const).some((key) => caps[key] < PAGE_CAPS[key]);
  return [
    `Trains ${count(cells * sweep.seeds)} networks in ${count(cells)} cells.`,
    ...(asks ? [`Beyond ${sizeWords(caps)} the figure asks first.`] : []),
    `No more than ${sizeWords(PAGE_CAPS)} can be run; after every ${formatSeconds(caps.seconds)} of computing the figure asks whether to go on.`,
  ].join(' ');
}
