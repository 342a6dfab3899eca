// Whether a sweep needs files that only one thread has been given: workers are not asked to run it then.

import type { Sweep } from '../core/sweep.ts';

/** True where a sweep names files, for its task, a stage or its connectivity; see `registerFile`. */
export function readsFiles({ task, stages, connectivity }: Pick<Sweep, 'task' | 'stages' | 'connectivity'>): boolean {
  const named = ({ settings }: { readonly settings: Readonly<Record<string, unknown>> }) =>
    'file' in settings || 'files' in settings;
  return named(task) || stages.some((stage) => named(stage.task)) || (connectivity !== undefined && 'file' in connectivity);
}
