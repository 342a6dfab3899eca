import type { Batch } from '../../../../src/core/family.ts';
import type { Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Measurement } from '../../../../src/core/program.ts';
import type { RecurrentOptions } from '../train/options.ts';
export function measureKernels(_b: Batch, _o: RecurrentOptions, _t: readonly Term[]): { buffers: readonly BufferSpec[]; measurements: readonly Measurement[] } {
  return { buffers: [], measurements: [] };
}
