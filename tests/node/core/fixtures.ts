// A small catalog of stand-ins and a usual sweep. No science.

import type { Catalog } from '../../../src/core/catalog.ts';
import { InputError } from '../../../src/core/errors.ts';
import type { Family } from '../../../src/core/family.ts';
import type { Domain, Observable } from '../../../src/core/observable.ts';
import { numberOf, type Parameter } from '../../../src/core/parameter.ts';
import type { Task } from '../../../src/core/task.ts';

const described = { label: 'label', symbol: 's', description: 'A stand-in.', source: 'none' } as const;

function real(id: string, usual: number, minimum = 0, maximum = 1e9, exclusiveMinimum = true): Parameter {
  return { ...described, id, scope: 'network', kind: 'number', minimum, maximum, exclusiveMinimum, default: usual };
}

function whole(id: string, usual: number, minimum = 1, maximum = 4096): Parameter {
  return { ...described, id, scope: 'shape', kind: 'integer', minimum, maximum, default: usual };
}

function choice(id: string, choices: readonly string[]): Parameter {
  return { ...described, id, scope: 'shape', kind: 'choice', choices, default: choices[0] };
}

function unused(): never {
  throw new Error('not used by these tests');
}

function family(id: string, parameters: readonly Parameter[], check: Family['check'] = () => {}): Family {
  const domains = (): Domain[] => ['train', 'test', 'ensemble', 'kernel', 'weights'];
  const sizes = { domains, domainCount: () => 1, flopsPerStep: () => 1 };
  return { ...described, id, parameters, check, model: unused, programs: unused, ...sizes };
}

function task(kind: string, parameters: readonly Parameter[], settings: readonly string[] = []): Task {
  return { ...described, kind, parameters, settings, load: unused };
}

export function observable(id: string, rest: Partial<Observable> = {}): Observable {
  return {
    ...described,
    id,
    unit: 'dimensionless',
    range: [0, 1],
    scale: 'linear',
    role: 'quantity',
    per: 'network',
    terms: [],
    finish: () => 0,
    ...rest,
  };
}

export const catalog: Catalog = {
  families: [
    family(
      'fully-connected',
      [
        real('outputScale', 1),
        whole('width', 64),
        whole('depth', 2, 1, 6),
        choice('activation', ['softplus', 'relu', 'linear']),
        choice('loss', ['softHinge', 'hinge', 'squared']),
        choice('parametrisation', ['mean-field', 'ntk', 'standard']),
        real('initScale', 1),
        real('initScaleOutput', 1, 0, 1e6, false),
        whole('rank', 1, 0),
      ],
      (values) => {
        const rank = numberOf(values, 'rank');
        if (rank > numberOf(values, 'width'))
          throw new InputError('fully-connected: rank', `expected at most the width, got ${rank}`);
      },
    ),
    family('diagonal', [real('outputScale', 1), real('balance', 0, -10, 10, false), choice('loss', ['squared'])]),
  ],
  tasks: [task('stripe', [whole('inputDim', 10)]), task('hierarchy', [whole('levels', 3)], ['items'])],
  observables: [
    observable('kernelChange', { scale: 'log', role: 'order', threshold: 1, richSide: 'above' }),
    observable('testError'),
    observable('seedVariance', { per: 'cell' }),
  ],
};

/** A sweep that uses most of the format; `rest` replaces its keys, undefined removes one. */
export function sweepJson(rest: Record<string, unknown> = {}): Record<string, unknown> {
  const whole: Record<string, unknown> = {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 10, samples: 128 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e3, steps: 7 },
      { parameter: 'width', values: [16, 32, 64] },
    ],
    fixed: { activation: 'relu' },
    seeds: 8,
    training: { method: 'flow', maxTime: 1e3 },
    observables: ['kernelChange', 'testError'],
    ...rest,
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}
