// Measures a loaded batch: runs the measuring passes over networks and cells that have changed and finishes the observables.

import type { Batch, Family } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import type { Measurement } from '../core/program.ts';
import type { Clock } from '../gpu/clock.ts';
import type { LoadedProgram } from './loaded-program.ts';
import { createPacedSubmits, nextStretch, type PacedSubmits } from './paced-submits.ts';
import type { ProgressReader } from './progress-record.ts';
import { createSumsReader, type MeasuredRows } from './sums.ts';
import type { Measured } from './trainer.ts';

export interface GpuMeter {
  /** Values of all observables; networks that have not moved since the last call keep theirs. */
  measure(loaded: LoadedProgram, progress: ProgressReader): Promise<Measured>;
  /** Networks must be measured again although they have not moved. */
  forget(): void;
  /** The device was lost. True: too often. */
  lost(): boolean;
}

const UNMEASURED = 0xffffffff;

export function createGpuMeter(family: Family, batch: Batch, observables: readonly Observable[], clock: Clock): GpuMeter {
  const { networks, seeds } = batch;
  const cells = networks.length / seeds;
  /** Attempts at which each network was measured last. */
  const measuredAt = new Uint32Array(networks.length).fill(UNMEASURED);
  const values: Record<string, Float64Array> = {};
  for (const { id, per } of observables) values[id] = new Float64Array(per === 'cell' ? cells : networks.length).fill(Number.NaN);
  const pacers = new Map<Measurement, PacedSubmits>();
  const rowsOf = new Map<Measurement, Float32Array>();

  const pacerOf = (measurement: Measurement): PacedSubmits => {
    let pacer = pacers.get(measurement);
    if (pacer === undefined) {
      pacer = createPacedSubmits(clock);
      pacers.set(measurement, pacer);
    }
    return pacer;
  };

  async function sum(loaded: LoadedProgram, index: number, wanted: Uint8Array): Promise<MeasuredRows> {
    const { measurement, bound } = loaded.measurements[index];
    const words = measurement.terms.reduce((count, term) => count + term.words, 0);
    const kept = rowsOf.get(measurement) ?? new Float32Array(words * wanted.length).fill(Number.NaN);
    rowsOf.set(measurement, kept);
    const pacer = pacerOf(measurement);
    const sums = loaded.buffer('sums');
    const capacity = measurement.per === 'cell' ? Math.max(1, Math.floor(loaded.spanCapacity / seeds)) : loaded.spanCapacity;
    const left = wanted.slice();
    for (;;) {
      const plan = pacer.plan(Math.min(capacity, left.length), 1);
      const stretch = nextStretch(left, 0, plan.units, Math.min(capacity, 2 * plan.units));
      if (stretch === null) break;
      const { first, count } = stretch;
      left.fill(0, first, first + count);
      await pacer.run(
        () => {
          loaded.submit(bound, [{ first, count, row: first }]);
          return loaded.readback.read(sums, 4 * words * first, 4 * words * count);
        },
        (read) => {
          kept.set(new Float32Array(read), words * first);
          return { units: count, steps: 1 };
        },
      );
    }
    await pacer.drain();
    return { measurement, rows: kept };
  }

  return {
    async measure(loaded, progress) {
      const changed = Uint8Array.from(networks, (_, n) => (measuredAt[n] === progress.attempts(n) ? 0 : 1));
      const changedCells = Uint8Array.from({ length: cells }, (_, cell) =>
        changed.subarray(cell * seeds, (cell + 1) * seeds).includes(1) ? 1 : 0,
      );
      const measured: MeasuredRows[] = [];
      for (const [index, { measurement }] of loaded.measurements.entries()) {
        // Cells first mean that all their members' test outputs are there: a changed cell is measured whole.
        const wanted = measurement.per === 'cell' ? changedCells : changed;
        measured.push(await sum(loaded, index, wanted));
      }
      const sumsOf = createSumsReader(measured, family, batch);
      const nowhere = { time: Number.NaN, loss: Number.NaN, unmet: Number.NaN, halvingTime: Number.NaN };
      for (const { id, per, finish } of observables) {
        const own = values[id];
        for (let unit = 0; unit < own.length; unit++) {
          if ((per === 'cell' ? changedCells : changed)[unit] === 0) continue;
          if (per === 'cell') own[unit] = finish(sumsOf(unit, unit * seeds, nowhere));
          else if (progress.outcome(unit) === 'diverged') own[unit] = Number.NaN;
          else own[unit] = finish(sumsOf(unit, unit, progress.standing(unit)));
        }
      }
      for (let n = 0; n < networks.length; n++) measuredAt[n] = progress.attempts(n);
      const copies = Object.fromEntries(Object.entries(values).map(([id, own]) => [id, own.slice()]));
      return { values: copies, outcomes: networks.map((_, n) => progress.outcome(n)) };
    },
    forget() {
      measuredAt.fill(UNMEASURED);
    },
    lost() {
      measuredAt.fill(UNMEASURED);
      return [...pacers.values()].map((pacer) => pacer.lost()).includes(true);
    },
  };
}
