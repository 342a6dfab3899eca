// λ-balanced linear networks on the GPU and the item hierarchy: learned level by level or at once, and what kin inherit.

import { afterAll, describe, expect, test } from 'vitest';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { hierarchy } from '../../src/tasks/hierarchy.ts';
import { type TaskFrames, taskFrames } from '../../src/theory/lambda-balanced/eigen-system.ts';
import { valuesOf } from '../node/tasks/values-of.ts';
import { between, crossing, LINEAR, mean, meet, obstructedSeeds, steps, sweepOf, train, trained, valueAt } from './acceptance.ts';

// Held for the whole file, so that kernels are compiled once.
const lease = await acquireDevice({ gpu: await nodeGpu(), limits: 'best', features: ['subgroups'] });
afterAll(() => lease.release());

/** How much of the first and of the last level of the hierarchy 8-8-8 networks with these weights have learned, 0 … 1. */
function levelShares(weights: Float64Array, { left, right, values }: TaskFrames): readonly [number, number] {
  const share = (from: number, to: number) => {
    let sum = 0;
    for (let k = from; k < to; k++) {
      for (let j = 0; j < 8; j++) {
        let [input, output] = [0, 0];
        for (let i = 0; i < 8; i++) {
          input += weights[j * 8 + i] * right[i * 8 + k];
          output += left[i * 8 + k] * weights[64 + i * 8 + j];
        }
        sum += (input * output) / values[k] / (to - from);
      }
    }
    return sum;
  };
  return [share(0, 2), share(4, 8)];
}

async function hierarchyFrames(): Promise<TaskFrames> {
  const { teacher } = await hierarchy.load(valuesOf(hierarchy, {}), {});
  if (teacher === undefined) throw new Error('the hierarchy has no map');
  return taskFrames(teacher, 8, 8);
}

describe('the item hierarchy', () => {
  test('is learned level by level at λ = 0 and all at once at large |λ|', async () => {
    const balances = [0, 1, -1, 5, -5];
    const windows = [steps(3, 12, 46), steps(0.5, 0.8, 16), steps(0.5, 0.8, 16), steps(0.12, 0.16, 11), steps(0.12, 0.16, 11)];
    const seeds = 8;
    const sweep = sweepOf({
      task: { kind: 'hierarchy' },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { ...LINEAR, width: 8, initialisation: 'balanced', productScale: 1e-3 },
      seeds,
      maxTime: 13,
      at: windows.flat(),
      observables: ['trainingLoss'],
    });
    const frames = await hierarchyFrames();
    // By cell and seed: shares of the first and the last level at the times of the window.
    const seen = balances.map(() =>
      Array.from({ length: seeds }, () => ({ times: [] as number[], first: [] as number[], last: [] as number[] })),
    );
    const film = await train(sweep, async (session, frame) => {
      const time = session.film.times[frame];
      for (const [cell, window] of windows.entries()) {
        if (time < window[0] - 1e-9 || time > window[window.length - 1] + 1e-9) continue;
        for (let seed = 0; seed < seeds; seed++) {
          const inspected = await session.inspect(cell, seed);
          const [first, last] = levelShares(inspected.weights, frames);
          seen[cell][seed].times.push(inspected.time);
          seen[cell][seed].first.push(first);
          seen[cell][seed].last.push(last);
        }
      }
    });
    const matched = seen.map((own, cell) => own.filter((_, seed) => !obstructedSeeds(film, cell).includes(seed)));
    const ratios = matched.map((own) =>
      own.map(({ times, first, last }) => crossing(times, last, 0.5) / crossing(times, first, 0.5)),
    );
    console.log(
      `λ = 0: ${ratios[0].length} of ${seeds} starts can learn it; ratios ${ratios[0].map((ratio) => ratio.toFixed(3)).join(', ')}`,
    );
    expect(ratios[0].length).toBeGreaterThan(0);
    meet(
      between('t₃/t₁ at λ = 0, least', Math.min(...ratios[0]), 1.8, 2.8),
      ...balances.slice(1).map((balance, n) => ({
        name: `t₃/t₁ at λ = ${balance}, mean`,
        measured: mean(ratios[n + 1]),
        target: Math.abs(balance) === 1 ? 1.117 : 1.014,
        tolerance: 0.01,
      })),
    );
  });

  test('grants a new feature of one item to its kin for λ ≫ 0 and not for λ ≪ 0', async () => {
    const balances = [-10, 0, 2, 10];
    const table = [
      [0.0025, 0.0012, 0],
      [0.261, 0.108, 0],
      [0.46, 0.217, 0],
      [0.498, 0.248, 0],
    ];
    const relatives = ['sibling', 'cousin', 'other'];
    const film = await trained({
      task: { kind: 'hierarchy' },
      axes: [
        { parameter: 'balance', values: balances },
        { parameter: 'relative', values: relatives },
      ],
      fixed: { ...LINEAR, width: 8, initialisation: 'aligned' },
      maxTime: 100,
      at: [100],
      stages: [{ from: 40, task: { variant: 'new-feature' }, frozen: ['hidden'], head: 'new' }],
      observables: ['transfer'],
    });
    meet(
      ...balances.flatMap((balance, b) =>
        relatives.map((relative, r) => ({
          name: `transfer to the ${relative} at λ = ${balance}`,
          measured: valueAt(film, 'transfer', 100, b * relatives.length + r),
          target: table[b][r],
          tolerance: 0.002,
        })),
      ),
    );
  });
});
