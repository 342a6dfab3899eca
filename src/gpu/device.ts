// The one WebGPU device of a page, shared and counted. Knows no buffers (arena.ts) and no shaders (kernels.ts).
// Importing it does nothing: safe on a server.

import { InputError, reasonOf } from '../core/errors.ts';

/** Features that are used where the adapter has them and never needed. */
export type OptionalFeature = 'timestamp-query' | 'subgroups';

export interface AcquireOptions {
  /** Defaults to `navigator.gpu`. In Node: `await nodeGpu()`. */
  readonly gpu?: GPU;
  /** `best`: raise the limits of `RAISED_LIMITS` to the adapter's; `default`: ask for nothing. Defaults to `best`. */
  readonly limits?: 'default' | 'best';
  /** A hint to the browser; ignored when a device is already shared. Defaults to `high-performance`. */
  readonly powerPreference?: GPUPowerPreference;
  /** Wanted features; those that the adapter lacks are left out silently: look at `info.features`. Defaults to none. */
  readonly features?: readonly OptionalFeature[];
}

/** Why a device went away though nobody here destroyed it. */
export interface DeviceLoss {
  /** The browser's word. `destroyed` happens too, although nobody asked for it. */
  readonly reason: 'destroyed' | 'unknown';
  readonly message: string;
}

/** An error that no call could report: WebGPU raises them later. */
export interface GpuError {
  readonly kind: 'validation' | 'out-of-memory' | 'internal';
  readonly message: string;
}

export interface DeviceInfo {
  /** One line about the adapter, for the badge and the provenance: "SwiftShader driver 5.0.0 (google swiftshader)". */
  readonly adapter: string;
  /** True on a software adapter that the browser marks as a fallback. */
  readonly fallback: boolean;
  readonly features: ReadonlySet<string>;
  /** Lanes of a subgroup where `subgroups` is on and the adapter has one size of them; 0 otherwise. */
  readonly subgroupSize: number;
  /** Limits of the device, by WebGPU name. */
  readonly limits: Readonly<Record<string, number>>;
}

export interface DeviceLease {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  /** Resolves on an unexpected loss only; stays pending when the device is released as intended. */
  readonly lost: Promise<DeviceLoss>;
  /** The loss if it has happened, or null. */
  readonly loss: DeviceLoss | null;
  /** Hears of every uncaptured error; returns the function that stops listening. With no listener errors go to the console. */
  onError(listener: (error: GpuError) => void): () => void;
  /** Gives the device back; the last lease destroys it. Safe to call twice. */
  release(): void;
}

/** Limits that `best` raises. Storage buffers per stage stay at the default: kernels must do with 8. */
export const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const;

/** A live or coming device. Two copies of this file may share one: keep the shape compatible. */
interface Slot {
  readonly gpu: GPU;
  readonly limits: 'default' | 'best';
  readonly features: readonly OptionalFeature[];
  readonly opening: Promise<Opened>;
  readonly listeners: Set<(error: GpuError) => void>;
  leases: number;
  /** Set before we destroy the device ourselves; the browser's own reason cannot be trusted. */
  intended: boolean;
  loss: DeviceLoss | null;
}

interface Opened {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  readonly lost: Promise<DeviceLoss>;
}

const SLOTS = Symbol.for('phase-atlas.device');

function sharedSlots(): Slot[] {
  const page = globalThis as { [SLOTS]?: Slot[] };
  page[SLOTS] ??= [];
  return page[SLOTS];
}

function forget(slot: Slot): void {
  const slots = sharedSlots();
  const at = slots.indexOf(slot);
  if (at >= 0) slots.splice(at, 1);
}

/**
 * Takes a share in the page's device, opening it when there is none. Callers with the same `gpu` and `limits` get the same
 * device as long as it was asked for the features they want.
 * @throws InputError when there is no WebGPU or no adapter.
 */
export async function acquireDevice(options: AcquireOptions = {}): Promise<DeviceLease> {
  const gpu = options.gpu ?? pageGpu();
  const limits = options.limits ?? 'best';
  const features = options.features ?? [];
  const fits = (slot: Slot): boolean =>
    slot.gpu === gpu && slot.limits === limits && features.every((feature) => slot.features.includes(feature));
  const slot = sharedSlots().find(fits) ?? openSlot(gpu, limits, features, options.powerPreference ?? 'high-performance');
  slot.leases += 1;
  let opened: Opened;
  try {
    opened = await slot.opening;
  } catch (cause) {
    slot.leases -= 1;
    forget(slot);
    throw cause;
  }
  return lease(slot, opened);
}

function pageGpu(): GPU {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (gpu) return gpu;
  throw new InputError(
    'gpu',
    'expected WebGPU, got a page without it',
    'Use a current Chrome, Edge, Firefox or Safari over https, or the engine "reference". In Node pass `gpu: await nodeGpu()`.',
  );
}

function openSlot(
  gpu: GPU,
  limits: 'default' | 'best',
  features: readonly OptionalFeature[],
  powerPreference: GPUPowerPreference,
): Slot {
  const slot: Slot = {
    gpu,
    limits,
    features,
    listeners: new Set(),
    leases: 0,
    intended: false,
    loss: null,
    // Deferred by one microtask so that `slot` exists when the device is watched.
    opening: Promise.resolve().then(() => open(slot, powerPreference)),
  };
  sharedSlots().push(slot);
  return slot;
}

async function open(slot: Slot, powerPreference: GPUPowerPreference): Promise<Opened> {
  const adapter = await slot.gpu.requestAdapter({ powerPreference });
  if (!adapter) {
    throw new InputError(
      'gpu',
      'expected a WebGPU adapter, got none',
      'Graphics drivers may be missing or blocked: see chrome://gpu or about:support, or use the engine "reference".',
    );
  }
  const requiredLimits: Record<string, number> = {};
  if (slot.limits === 'best') {
    for (const name of RAISED_LIMITS) requiredLimits[name] = adapter.limits[name];
  }
  // The cast: typings that a peer package brings along do not know "subgroups" yet.
  const requiredFeatures = slot.features.filter((feature) => adapter.features.has(feature)) as GPUFeatureName[];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ label: 'phase-atlas', requiredLimits, requiredFeatures });
  } catch (cause) {
    const hint = 'Close other pages that use the GPU and try again.';
    throw new InputError('gpu', `expected a WebGPU device, got: ${reasonOf(cause)}`, hint);
  }
  return { device, info: describe(adapter, device), lost: watch(slot, device) };
}

/** Listens for loss and for errors. The promise resolves on an unexpected loss. */
function watch(slot: Slot, device: GPUDevice): Promise<DeviceLoss> {
  device.addEventListener('uncapturederror', (event) => {
    const error: GpuError = { kind: kindOf(event.error), message: event.error.message };
    if (slot.listeners.size === 0) console.error(`gpu: ${error.kind} error. ${error.message}`);
    else event.preventDefault();
    for (const listener of [...slot.listeners]) listener(error);
  });
  return new Promise((resolve) => {
    void device.lost.then(({ reason, message }) => {
      if (slot.intended) return;
      slot.loss = { reason: reason === 'destroyed' ? 'destroyed' : 'unknown', message };
      forget(slot);
      resolve(slot.loss);
    });
  });
}

function kindOf(error: GPUError): GpuError['kind'] {
  const name = error.constructor.name;
  if (name === 'GPUValidationError') return 'validation';
  return name === 'GPUOutOfMemoryError' ? 'out-of-memory' : 'internal';
}

function describe(adapter: GPUAdapter, device: GPUDevice): DeviceInfo {
  const { vendor, architecture, description, isFallbackAdapter, subgroupMinSize, subgroupMaxSize } = adapter.info;
  const kind = [vendor, architecture].filter((word) => word !== '').join(' ');
  const limits: Record<string, number> = {};
  // Limits are getters on the prototype: `for … in` sees them, object spread does not.
  for (const name in device.limits) {
    const value = (device.limits as unknown as Record<string, unknown>)[name];
    if (typeof value === 'number') limits[name] = value;
  }
  return {
    adapter: description === '' ? kind || 'unnamed adapter' : kind === '' ? description : `${description} (${kind})`,
    fallback: isFallbackAdapter ?? false,
    features: new Set(device.features as ReadonlySet<string>),
    subgroupSize:
      device.features.has('subgroups' as GPUFeatureName) && subgroupMinSize === subgroupMaxSize ? (subgroupMinSize ?? 0) : 0,
    limits,
  };
}

function lease(slot: Slot, opened: Opened): DeviceLease {
  const mine = new Set<(error: GpuError) => void>();
  let released = false;
  return {
    device: opened.device,
    info: opened.info,
    lost: opened.lost,
    get loss() {
      return slot.loss;
    },
    onError(listener) {
      const heard = (error: GpuError): void => listener(error);
      mine.add(heard);
      slot.listeners.add(heard);
      return () => {
        mine.delete(heard);
        slot.listeners.delete(heard);
      };
    },
    release() {
      if (released) return;
      released = true;
      for (const listener of mine) slot.listeners.delete(listener);
      slot.leases -= 1;
      if (slot.leases > 0) return;
      slot.intended = true;
      forget(slot);
      opened.device.destroy();
    },
  };
}
