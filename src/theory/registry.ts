// All theories, in the order in which they are offered. To add one: write its record, then a line here.

import type { Theory } from '../core/theory.ts';

export const theories: readonly Theory[] = [];
