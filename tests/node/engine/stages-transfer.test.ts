// What networks grant to an item of what they learn of another: Dominé et al. 2025, appendix D.3, with the input layer frozen and
// with all layers free beside the old features.

import { describe, expect, test } from 'vitest';
import { run, valueAt } from './staged.ts';

describe('transfer of a new feature, W₁ frozen', () => {
  test('generalises along the hierarchy for λ ≫ 0, by the square root of it at 0, not at all for λ ≪ 0', async () => {
    const balances = [-10, 0, 2, 10];
    const relatives = ['sibling', 'cousin', 'other'];
    const expected = [
      [0.0025, 0.0012, 0],
      [0.261, 0.108, 0],
      [0.46, 0.217, 0],
      [0.498, 0.248, 0],
    ];
    const from = 40;
    const film = await run({
      task: { kind: 'hierarchy' },
      axes: [
        { parameter: 'balance', values: balances },
        { parameter: 'relative', values: relatives },
      ],
      fixed: { width: 8, initialisation: 'aligned' },
      maxTime: from + 60,
      checkpoints: 1,
      tolerance: 1e-6,
      stages: [{ from, task: { variant: 'new-feature' }, frozen: ['hidden'], head: 'new' }],
      observables: ['trainingLoss', 'transfer'],
    });
    const wrong = expected.flatMap((row, b) =>
      row.flatMap((value, r) => {
        const got = valueAt(film, 'transfer', from + 60, b * relatives.length + r);
        return Math.abs(got - value) < 2e-3 ? [] : [`λ = ${balances[b]}, ${relatives[r]}: expected ${value}, got ${got}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('transfer of a new feature, the old ones kept in the loss', () => {
  test('generalises along the hierarchy as with W₁ frozen, and what was known stays known', async () => {
    const balances = [-10, 0, 2, 10];
    const from = 40;
    const film = await run({
      task: { kind: 'hierarchy' },
      axes: [{ parameter: 'balance', values: balances }],
      fixed: { width: 8, initialisation: 'aligned' },
      maxTime: from + 200,
      checkpoints: 1,
      tolerance: 1e-6,
      stages: [{ from, task: { variant: 'added-feature' }, head: 'extended' }],
      observables: ['trainingLoss', 'transfer', 'testLoss'],
    });
    const end = from + 200;
    const found = balances.map((_, cell) => valueAt(film, 'transfer', end, cell));
    for (const [cell, value] of [Number.NaN, 0.251, 0.454, 0.497].entries()) {
      if (cell > 0) expect(Math.abs(found[cell] - value), `λ = ${balances[cell]}: ${found[cell]}`).toBeLessThan(2e-3);
    }
    expect(Math.abs(found[0])).toBeLessThan(0.02);
    // Old and new features are all known in the end.
    for (const [cell] of balances.entries()) expect(valueAt(film, 'trainingLoss', end, cell)).toBeLessThan(1e-6);
  });

  test('asks for squared errors, and for a head with more outputs', async () => {
    const attempt = (stage: Record<string, unknown>, more: Record<string, unknown> = {}) => {
      const request = {
        task: { kind: 'hierarchy' },
        axes: [{ parameter: 'outputScale', values: [1] }],
        fixed: { width: 2, ...more },
        maxTime: 2,
        checkpoints: 1,
        stages: [{ from: 1, ...stage }],
      };
      return run(request);
    };
    const added = { task: { variant: 'added-feature' } };
    await expect(attempt({ ...added, head: 'extended' }, { loss: 'hinge' })).rejects.toThrow(
      /sweep\.fixed\.loss: expected "squared" for a task that does not ask for every output of every sample, got "hinge"/,
    );
    await expect(attempt(added)).rejects.toThrow(/expected 8 outputs, as the networks have, got 9 .*"extended" for more/);
    await expect(attempt({ task: { variant: 'colour' }, head: 'extended' })).rejects.toThrow(
      /expected more than the 8 outputs that the networks have, got 8 from its task/,
    );
  });
});
