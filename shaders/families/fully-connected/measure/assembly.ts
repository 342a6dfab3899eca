// What stands where while the measuring kernels are put together: see measure.ts.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../../src/core/program.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import type { TermsByDomain } from '../../../lib/measure/measurements.ts';
import type { ProbeSizes } from '../../../lib/measure/passes.ts';
import type { FullyConnectedShape } from '../layout.ts';
import type { Sizes } from './common.ts';
import type { FullyConnectedDomain } from './domains.ts';

export interface MeasureOptions {
  readonly shape: FullyConnectedShape;
  readonly data: TaskData;
  /** What to sum; terms with the same id are summed once. */
  readonly terms: readonly Term[];
  /** Networks per cell. */
  readonly seeds: number;
  /** Networks of the batch. */
  readonly networks: number;
  readonly limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  /** Sharpness β of the soft hinge. */
  readonly lossBeta: number;
  /** Numbers that a thread may keep of its inputs, ≥ 32. Defaults to `DEFAULT_REGISTERS`. */
  readonly registers?: number;
  /** True: `weights` are differences from the start, and outputs f − f₀; see ../difference-form.ts. Defaults to false. */
  readonly difference?: boolean;
}

export interface Assembly {
  readonly options: MeasureOptions;
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly terms: TermsByDomain<FullyConnectedDomain>;
  readonly buffers: BufferSpec[];
  readonly prepare: Pass[];
  readonly measurements: Measurement[];
}
