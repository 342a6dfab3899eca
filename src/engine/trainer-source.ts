// Opens the trainer of a batch on the engine that was asked for, after its memory has been counted against the cap.

import type { Caps } from '../core/caps.ts';
import { type Batch, type DeviceLimits, type Family, modelOn } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import type { Program } from '../core/program.ts';
import type { Clock } from '../gpu/clock.ts';
import { acquireDevice, type DeviceLease } from '../gpu/device.ts';
import { createGpuTrainer } from './gpu-trainer.ts';
import { programBytes, spanCapacityOf } from './loaded-program.ts';
import { checkBytes, type Plan, workOf } from './plan.ts';
import type { SessionOptions } from './session.ts';
import { termsOf } from './sums.ts';
import type { Trainer } from './trainer.ts';
import { knownProgram, tuneProgram, tuningKey } from './tune.ts';

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
    subgroupSize: info.subgroupSize,
  };
}

/** Expected speed before anything was measured, flop/s: only decides whether timing candidates is worth it. */
const GUESSED_SPEED = { software: 5e9, hardware: 3e11 } as const;
/** Training that is expected to take longer than this is worth a timing, s. */
const WORTH_TUNING_SECONDS = 60;

/** Bytes taken by trainers that are open already. */
const bytesInUse = new WeakMap<object, number>();

/** The GPU trainer of a batch with the program that is fastest here. `tune`: whether to time candidates now. */
export async function openGpuTrainer(
  family: Family,
  batch: Batch,
  observables: readonly Observable[],
  options: {
    readonly acquire: () => Promise<DeviceLease>;
    readonly clock: Clock;
    readonly tune: boolean;
    /** Count the memory of a start for every network, as later stages will need it. */
    readonly ownStarts?: boolean;
    check?(bytes: number): void;
  },
): Promise<Trainer> {
  const { acquire, clock } = options;
  const lease = await acquire();
  try {
    const limits = limitsOf(lease);
    const key = tuningKey(family, batch, lease);
    const programs = family.programs(batch, termsOf(observables), limits);
    const counted =
      options.ownStarts === true ? { ...batch, starts: batch.networks.map(({ start }) => batch.starts[start]) } : batch;
    const bytesOf = (program: Program) =>
      programBytes(program, counted, spanCapacityOf(program, counted, limits.maxStorageBufferBindingSize));
    // Before a timing allocates anything.
    options.check?.(Math.min(...programs.map(bytesOf)));
    const index = options.tune ? await tuneProgram(key, family, batch, lease, limits, clock) : await knownProgram(key);
    const program = programs[index];
    const bytes = bytesOf(program);
    options.check?.(bytes);
    const { width } = batch.shape;
    const label = width === undefined ? family.id : `${family.id}, width ${width}`;
    const trainer = await createGpuTrainer({ acquire, family, batch, program, observables, label, clock });
    bytesInUse.set(trainer, bytes);
    return trainer;
  } finally {
    lease.release();
  }
}

/**
 * Opens the trainer of a batch. `open` are the session's other trainers, whose memory counts too. The first level goes ahead with
 * the best guess, so that a diagram is soon to be seen; the bulk of the networks comes later and is worth a timing.
 * `leaving` is a trainer that the new one takes the place of: it is freed before anything is allocated, and its device, with all
 * that is compiled, is kept.
 */
export async function openTrainer(
  { plan, caps, options, clock }: TrainerSource,
  batch: Batch,
  level: number,
  open: readonly { readonly trainer: Trainer }[],
  leaving?: Trainer,
): Promise<Trainer> {
  const { family, observables } = plan;
  if (options.engine === 'reference') {
    leaving?.dispose();
    // Each network holds its weights at least, in float64.
    checkBytes(8 * modelOn(family, batch.shape, batch.data).parameterCount * batch.networks.length, caps);
    // On demand: most pages never need it.
    const { createReferenceTrainer } = await import('./reference-trainer.ts');
    return createReferenceTrainer(family, batch, observables);
  }
  const acquire = (): Promise<DeviceLease> =>
    acquireDevice({
      ...(options.gpu === undefined ? {} : { gpu: options.gpu }),
      limits: options.limits ?? 'best',
      // Guaranteed limits go with guaranteed features.
      features: options.limits === 'default' ? [] : ['subgroups'],
    });
  const lease = await acquire();
  try {
    leaving?.dispose();
    const speed = limitsOf(lease).lanes <= 8 ? GUESSED_SPEED.software : GUESSED_SPEED.hardware;
    const tune = (level > 0 || plan.levels === 1) && workOf(plan, batch) / speed > WORTH_TUNING_SECONDS;
    const check = (bytes: number) =>
      checkBytes(
        open.reduce((sum, { trainer }) => sum + (bytesInUse.get(trainer) ?? 0), bytes),
        caps,
      );
    return await openGpuTrainer(family, batch, observables, {
      acquire,
      clock,
      tune,
      check,
      ownStarts: plan.sweep.stages.length > 0,
    });
  } finally {
    lease.release();
  }
}
