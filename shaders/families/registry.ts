// All families. A new one is a folder beside this file and a line here.

import type { Family } from '../../src/core/family.ts';
import { convolutional } from './convolutional/family.ts';
import { diagonal } from './diagonal/family.ts';
import { fullyConnected } from './fully-connected/family.ts';
import { recurrent } from './recurrent/family.ts';

export const families: readonly Family[] = [fullyConnected, convolutional, diagonal, recurrent];
