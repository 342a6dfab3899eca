// All theories, in the order in which they are offered. To add one: write its record, then a line here.

import type { Theory } from '../core/theory.ts';
import { catapultTheory } from './catapult.ts';
import { connectivityRank } from './connectivity-rank/theory.ts';
import { diagonalLimitTheory } from './diagonal-limit.ts';
import { lambdaBalanced } from './lambda-balanced/theory.ts';
import { oneDimensional } from './one-dimensional/record.ts';
import { twoLayerRelu } from './two-layer-relu.ts';

export const theories: readonly Theory[] = [
  lambdaBalanced,
  oneDimensional,
  catapultTheory,
  diagonalLimitTheory,
  connectivityRank,
  twoLayerRelu,
];
