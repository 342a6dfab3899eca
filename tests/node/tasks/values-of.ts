// Complete values of a task's options for tests: the defaults, with some of them changed. Not a test file.

import type { Value, Values } from '../../../src/core/parameter.ts';
import type { Samples, Task } from '../../../src/core/task.ts';
import { taskParameters } from '../../../src/core/task.ts';

export function valuesOf(task: Task, changes: Record<string, Value> = {}): Values {
  const defaults = [...taskParameters, ...task.parameters].map(({ id, default: value }) => [id, value]);
  return { ...Object.fromEntries(defaults), ...changes };
}

/** Rows of samples as text, for comparing sets. */
export function rowsOf(samples: Samples): string[] {
  const columns = samples.inputs.length / samples.count;
  return Array.from({ length: samples.count }, (_, i) => samples.inputs.slice(i * columns, (i + 1) * columns).join());
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
