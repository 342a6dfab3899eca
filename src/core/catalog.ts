// What there is to choose from, as data: the parser and the schema see families, tasks and observables only through it.
// The members themselves are gathered in src/catalog.ts.

import type { Family } from './family.ts';
import type { Observable } from './observable.ts';
import type { Parameter } from './parameter.ts';
import { type Task, taskParameters } from './task.ts';
import { trainingParameters } from './training.ts';

export interface Catalog {
  readonly families: readonly Family[];
  readonly tasks: readonly Task[];
  readonly observables: readonly Observable[];
}

/** True where the family learns tasks of this sort: sequences go to families of sequences, whole samples to all others. */
export function suits(family: Pick<Family, 'sequential'>, task: Pick<Task, 'sequential'>): boolean {
  return (family.sequential === true) === (task.sequential === true);
}

/** Scalar options of a task: those common to all tasks, unless the task states its own, then its own. */
export function scalarOptionsOf(task: Pick<Task, 'parameters'>): readonly Parameter[] {
  const own = new Set(task.parameters.map(({ id }) => id));
  return [...taskParameters.filter(({ id }) => !own.has(id)), ...task.parameters];
}

/**
 * Everything a sweep of this family and task may vary or fix, in the order family, task, training.
 * Throws a plain Error where two of them claim one id: a fault of the catalog, not of the user.
 */
export function parametersOf(
  family: Pick<Family, 'id' | 'parameters'>,
  task: Pick<Task, 'kind' | 'parameters'>,
): readonly Parameter[] {
  const all = [...family.parameters, ...scalarOptionsOf(task), ...trainingParameters];
  const seen = new Set<string>();
  for (const { id } of all) {
    if (seen.has(id))
      throw new Error(`catalog: parameter "${id}" is declared twice by family ${family.id} and task ${task.kind}`);
    seen.add(id);
  }
  return all;
}
