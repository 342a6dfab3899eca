// The matrix of F of networks that are linear in their input: distance from the teacher's, and norms.

import type { Observable, Term } from '../../src/core/observable.ts';
import { productsOf } from './terms.ts';

const error: Term = {
  id: 'mapError',
  domain: 'map',
  wgsl: '(now - teacher) * (now - teacher)',
  measure: ({ now, teacher }) => (now - teacher) ** 2,
};
const size: Term = { id: 'mapSize', domain: 'map', wgsl: 'abs(now)', measure: ({ now }) => Math.abs(now) };
const { nowNow } = productsOf('map');

const common = {
  source: 'Woodworth et al. 2020 (arXiv:2002.09277)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  per: 'network',
} as const;

export const mapError: Observable = {
  ...common,
  id: 'mapError',
  label: 'error of the map',
  symbol: '‖β − β*‖²',
  description:
    'Sum of squared differences between the matrix of F and the teacher’s: the population error for inputs of unit covariance. ' +
    'Unknown where the task has no linear teacher.',
  role: 'error',
  terms: [error],
  finish: (sums) => sums.of(error),
};

export const mapL1: Observable = {
  ...common,
  id: 'mapL1',
  label: 'L1 norm of the map',
  symbol: '‖β‖₁',
  description: 'Sum of absolute entries of the matrix of F.',
  role: 'quantity',
  terms: [size],
  finish: (sums) => sums.of(size),
};

export const mapL2: Observable = {
  ...common,
  id: 'mapL2',
  label: 'L2 norm of the map',
  symbol: '‖β‖₂',
  description: 'Euclidean norm of the matrix of F, √Σβ².',
  role: 'quantity',
  terms: [nowNow],
  finish: (sums) => Math.sqrt(sums.of(nowNow)),
};
