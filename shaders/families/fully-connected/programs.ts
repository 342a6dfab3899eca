// GPU programs of the family. Not linked yet: kernels live in the neighbouring folders.

import type { Batch, DeviceLimits } from '../../../src/core/family.ts';
import type { Term } from '../../../src/core/observable.ts';
import type { Program } from '../../../src/core/program.ts';

export function fullyConnectedPrograms(_batch: Batch, _terms: readonly Term[], _limits: DeviceLimits): readonly Program[] {
  throw new Error('fully-connected: GPU programs are not linked yet');
}
