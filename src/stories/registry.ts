// All stories, in the order in which they are offered.

import { balance } from './balance.ts';
import { lazyToRich } from './lazy-to-rich.ts';
import { oneMap } from './one-map.ts';
import { rank } from './rank.ts';
import type { Story } from './story.ts';

export const stories: readonly Story[] = [lazyToRich, balance, oneMap, rank];
