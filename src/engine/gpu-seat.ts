// A program's place on a device: set up, its errors heard, and set up again on another device when the
// first is lost. Trains nothing.

import type { Batch } from '../core/family.ts';
import type { Program } from '../core/program.ts';
import type { DeviceLease, GpuError } from '../gpu/device.ts';
import { type LoadedProgram, loadProgram, submitStart } from './loaded-program.ts';

export interface SeatOptions {
  /** Opens or shares the device; called again after a loss. */
  readonly acquire: () => Promise<DeviceLease>;
  readonly batch: Batch;
  readonly program: Program;
  /** Names the buffers: "sweep 1: width 32". */
  readonly label: string;
}

/** What those who work on a device do about its loss. */
export interface LossHandlers {
  /** Forgets what was under way. True: lost too often, give up. */
  lost(): boolean;
  /** Goes on where the program has just been put at its start. */
  resume(loaded: LoadedProgram): Promise<void>;
}

export interface GpuSeat {
  /** The device's own description. */
  readonly adapter: string;
  /** Runs `work`, again after a loss. An error that no call reported is thrown here. */
  steadily<T>(work: (loaded: LoadedProgram) => Promise<T>): Promise<T>;
  /** Frees everything. Safe to call twice. */
  dispose(): void;
}

/** How long after a rejected call the event of the loss that caused it may come, ms. */
const LOSS_EVENT_MS = 50;

export async function takeSeat(
  { acquire, batch, program, label }: SeatOptions,
  { lost, resume }: LossHandlers,
): Promise<GpuSeat> {
  let failure: GpuError | null = null;
  let disposed = false;

  async function sit() {
    const lease = await acquire();
    const silence = lease.onError((error) => {
      failure ??= error;
    });
    const leave = () => {
      silence();
      lease.release();
    };
    try {
      const loaded = await loadProgram(lease, batch, program, label, { trainingLater: true });
      submitStart(loaded);
      return { lease, loaded, leave };
    } catch (cause) {
      leave();
      throw cause;
    }
  }

  let seat = await sit();

  function leave(): void {
    seat.loaded.dispose();
    seat.leave();
  }

  async function recover(): Promise<void> {
    const reason = seat.lease.loss?.message ?? '';
    const tooOften = lost();
    leave();
    if (tooOften) {
      disposed = true;
      throw new Error(`gpu: the device was lost too often; stopped. ${reason}`);
    }
    failure = null;
    seat = await sit();
    await resume(seat.loaded);
  }

  return {
    get adapter() {
      return seat.lease.info.adapter;
    },
    async steadily(work) {
      for (;;) {
        try {
          if (seat.lease.loss !== null) await recover();
          const result = await work(seat.loaded);
          if (failure !== null) throw new Error(`gpu: ${failure.kind} error. ${failure.message}`);
          return result;
        } catch (cause) {
          // A loss shows as a rejected read first.
          await Promise.race([seat.lease.lost, new Promise((resolve) => setTimeout(resolve, LOSS_EVENT_MS))]);
          if (disposed || seat.lease.loss === null) throw cause;
        }
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      leave();
    },
  };
}
