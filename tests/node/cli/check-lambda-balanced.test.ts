// What `check` promises about λ-balanced files: closed form and float64 trainer within tolerance, malformed files refused by
// place, saddles told apart.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkFile, linesOf } from '../../../src/cli/check.ts';

type Case = Record<string, unknown> & { readonly name: string; readonly times: number[]; readonly W1_0: number[][] };

const file = JSON.parse(readFileSync(new URL('../../expected/lambda_balanced.json', import.meta.url), 'utf8')) as {
  kind: string;
  cases: Case[];
};
const only = (own: Record<string, unknown>) => ({ kind: file.kind, cases: [own] });
const failed = (rows: Awaited<ReturnType<typeof checkFile>>['rows']) => linesOf(rows.filter(({ share }) => !(share <= 1)));

describe('a λ-balanced file', () => {
  test('is met by the closed form and by the float64 trainer in every quantity of every case', { timeout: 60_000 }, async () => {
    const { schema, rows, unchecked } = await checkFile(file);
    expect(schema).toBe('lambda-balanced');
    expect(failed(rows)).toEqual([]);
    expect(rows).toHaveLength(file.cases.length * 2 * 6);
    expect(unchecked).toEqual([]);
  });

  test('with a wrong number fails there, with index, expected and got', async () => {
    const [first] = file.cases;
    const loss = (first.loss as number[]).with(3, 7);
    const { rows } = await checkFile(only({ ...first, loss }), { reference: false });
    const lines = failed(rows);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^FAIL {2}sq4_lam0_small {2}loss\s+theory/);
    expect(lines[1]).toMatch(/index 3: expected 7, got /);
  });

  test.each([
    ['a matrix of other sizes', { Nh: 5 }, /W1_0: expected 5 × 4 numbers/],
    ['a time constant of 0', { tau: 0 }, /tau: expected a number above 0, got 0/],
    ['times that descend', { times: [0, 2, 1] }, /times\[2\]: expected ascending times/],
    ['no times', { times: [] }, /times: expected at least one time/],
    ['a text for λ', { lambda: 'two' }, /lambda: expected a finite number/],
    ['fewer matrices than times', { W2W1: [] }, /W2W1: expected 11 matrices, one per time, got 0/],
    ['half a hidden unit', { Nh: 4.5 }, /Nh: expected an integer/],
  ])('is refused with the place: %s', async (_, change, message) => {
    await expect(checkFile(only({ ...file.cases[0], ...change }), { where: 'a.json' })).rejects.toThrow(message);
  });

  test('whose start is not balanced is left to the trainers, and says so', async () => {
    const [, second] = file.cases;
    const { rows, unchecked } = await checkFile(only({ ...second, W1_0: second.W1_0.map((row) => row.map((w) => 1.5 * w)) }));
    expect(new Set(rows.map(({ trainer }) => trainer))).toEqual(new Set(['reference']));
    expect(unchecked[0].reason).toMatch(/its start misses W₂ᵀW₂ − W₁W₁ᵀ = λ/);
    const other = await checkFile(only({ ...second, lambda: 3 }), { reference: false });
    expect(other.unchecked[0].reason).toMatch(
      /^its start has balance (2|2\.0+\d*|1\.9+\d*), not 3: the closed form is not compared$/,
    );
  });

  test('of a reversed task at λ = 0 is compared as long as rounding leaves it on its saddle', async () => {
    // One unit from −1 to 1: w₁ = −w₂ = e^{−T}/√(2 − e^{−2T}) for ever; rounding escapes as e^{2T}.
    const times = [0, 1, 2, 40];
    const square = times.map((time) => Math.exp(-2 * time) / (2 - Math.exp(-2 * time)));
    const [a, c] = [square, square].map((values) => values.map((value) => [[value]]));
    const { rows, unchecked } = await checkFile(
      only({
        name: 'reversed',
        Ni: 1,
        Nh: 1,
        No: 1,
        lambda: 0,
        tau: 1,
        Sigma_yx: [[1]],
        W1_0: [[1]],
        W2_0: [[-1]],
        times,
        W2W1: square.map((value) => [[-value]]),
        W1tW1: a,
        W2W2t: c,
        ntk_distance: [0, 0, 0, 0],
        ntk_trace_over_P: square.map((value) => 2 * value),
        loss: square.map((value) => (1 + value) ** 2 / 2),
      }),
    );
    expect(failed(rows)).toEqual([]);
    expect(unchecked.map(({ reason }) => reason)).toEqual(
      ['the closed form', 'float64'].map(
        (name) => `from T = 40.0 on rounding decides when it leaves a saddle: not compared with ${name}`,
      ),
    );
  });
});
