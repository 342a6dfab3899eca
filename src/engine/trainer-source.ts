// Opens the trainer of a batch on the engine that was asked for, after its memory has been counted against the cap.

import type { Caps } from '../core/caps.ts';
import type { Batch, DeviceLimits } from '../core/family.ts';
import { acquireDevice, type DeviceLease } from '../gpu/device.ts';
import type { Clock } from '../gpu/clock.ts';
import { createGpuTrainer } from './gpu-trainer.ts';
import { programBytes, spanCapacityOf } from './loaded-program.ts';
import { checkBytes, type Plan } from './plan.ts';
import { createReferenceTrainer } from './reference-trainer.ts';
import type { SessionOptions } from './session.ts';
import { termsOf } from './sums.ts';
import type { Trainer } from './trainer.ts';

export interface TrainerSource {
  readonly plan: Plan;
  readonly caps: Caps;
  readonly options: SessionOptions;
  readonly clock: Clock;
}

/** Adapters that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** Limits of a device with the hint on how many lanes run together. */
export function limitsOf({ device, info }: DeviceLease): DeviceLimits {
  const { limits } = device;
  const software = info.fallback || SOFTWARE.test(info.adapter);
  return {
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    lanes: software ? 4 : 32,
  };
}

/** Bytes taken by trainers that are open already. */
const bytesInUse = new WeakMap<object, number>();

/** Opens the trainer of a batch. `open` are the session's other trainers, whose memory counts too. */
export async function openTrainer(
  { plan, caps, options, clock }: TrainerSource,
  batch: Batch,
  open: readonly { readonly trainer: Trainer }[],
): Promise<Trainer> {
  const { family, observables } = plan;
  if (options.engine === 'reference') return createReferenceTrainer(family, batch, observables);
  const acquire = (): Promise<DeviceLease> =>
    acquireDevice({ ...(options.gpu === undefined ? {} : { gpu: options.gpu }), limits: options.limits ?? 'best' });
  const lease = await acquire();
  try {
    const limits = limitsOf(lease);
    const [program] = family.programs(batch, termsOf(observables), limits);
    const bytes = programBytes(program, batch, spanCapacityOf(program, batch, limits.maxStorageBufferBindingSize));
    checkBytes(bytes + open.reduce((sum, { trainer }) => sum + (bytesInUse.get(trainer) ?? 0), 0), caps);
    const label = `${family.id} ${JSON.stringify(batch.shape)}`;
    const trainer = await createGpuTrainer({ acquire, family, batch, program, observables, label, clock });
    bytesInUse.set(trainer, bytes);
    return trainer;
  } finally {
    lease.release();
  }
}
