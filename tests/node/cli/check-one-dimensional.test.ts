// What `check` promises about one-dimensional case files: agreement with the product's own, and errors that name the place.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkFile, linesOf } from '../../../src/cli/check.ts';
import { samplesWith } from '../../../src/cli/one-dimensional-case.ts';
import { momentsFrom, momentsOf } from '../../../src/theory/one-dimensional/moments.ts';
import { expectClose } from '../reference/expect-close.ts';

interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const path = new URL('../../expected/one_dimensional.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly kind: string; readonly cases: readonly Case[] };
const caseOf = (name: string) => file.cases.find((own) => own.name === name) as Case;
const check = (cases: readonly unknown[], reference = false) => checkFile({ ...file, cases }, { where: 'a.json', reference });

describe('one-dimensional case files', () => {
  test('the theory and the float64 trainer agree with every case', { timeout: 60_000 }, async () => {
    const { schema, rows, unchecked } = await check(file.cases, true);
    expect(schema).toBe('one-dimensional');
    expect(unchecked).toEqual([]);
    expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
    for (const own of file.cases) {
      const found = rows.filter((row) => row.case === own.name);
      expect(found.filter(({ trainer }) => trainer === 'reference')).toHaveLength(9);
      expect(found.filter(({ trainer }) => trainer === 'theory').length).toBeGreaterThanOrEqual(9 + 1 + 4);
    }
  });

  test('a wrong number, label or share fails, and only it', async () => {
    const own = caseOf('two_units_rates');
    const wrong = { ...own.outputs, cos: [0, 0, 0, 0, 0, 0, 0], mechanism_end: 'kernel', rotation_share: 0.5 };
    const { rows } = await check([{ ...own, outputs: wrong }]);
    const failed = rows.filter(({ share }) => !(share <= 1)).map(({ quantity }) => quantity);
    expect(failed).toEqual(['cos', 'mechanism_end', 'rotation_share']);
  });

  test('a residual is compared relative to itself', async () => {
    const own = caseOf('scalar_balanced_small');
    const residual = [...(own.outputs.residual_s as number[])];
    residual[6] *= 1 + 1e-8;
    const { rows } = await check([{ ...own, outputs: { ...own.outputs, residual_s: residual } }]);
    expect(rows.filter(({ share }) => !(share <= 1)).map(({ quantity, worst }) => [quantity, worst.index])).toEqual([
      ['residual_s', 6],
    ]);
  });

  test('a start too close to a saddle for the precision is said to be unchecked', async () => {
    const own = caseOf('exact_saddle');
    const w0 = (own.inputs.u0 as number[]).map((u, i) => (i === 0 ? -u * (1 + 2 ** -51) : -u));
    const { unchecked } = await check([{ ...own, inputs: { ...own.inputs, w0 } }], true);
    expect(unchecked).toHaveLength(1);
    expect(unchecked[0].reason).toMatch(/^starts within .* of a saddle: float64 weights do not hold the digits/);
  });

  test.each([
    [{ width: 3 }, 'a.json.cases[0].inputs.u0: expected 3 numbers, got 2.'],
    [{ gamma: 'one' }, 'a.json.cases[0].inputs.gamma: expected a finite number, got "one".'],
    [{ eta_u: -1 }, 'a.json.cases[0].inputs.eta_u: expected a rate of at least 0, got -1.'],
    [{ times: [0, 2, 1] }, 'a.json.cases[0].inputs.times[2]: expected ascending times from 0 on, got 1.'],
    [{ times: [] }, 'a.json.cases[0].inputs.times: expected at least one time, got none.'],
    [{ data: {} }, 'a.json.cases[0].inputs.data: expected samples x, y or the means mean_xx, mean_xy, mean_yy, got neither.'],
    [{ data: { mean_xx: 0, mean_xy: 0, mean_yy: 1 } }, 'a.json.cases[0].inputs.data: expected inputs with mean x² > 0, got 0.'],
    [{ data: { mean_xx: 1, mean_xy: 2, mean_yy: 1 } }, 'a.json.cases[0].inputs.data: expected mean y² of at least'],
    [{ data: { x: [1, 2], y: [1] } }, 'a.json.cases[0].inputs.data.y: expected 2 numbers, got 1.'],
    [
      { data: { x: [1], y: [1], mean_xx: 2, mean_xy: 1, mean_yy: 1 } },
      'a.json.cases[0].inputs.data: expected the means of the samples',
    ],
  ])('malformed inputs %o are refused by place', async (inputs, message) => {
    const own = caseOf('two_units_rates');
    await expect(check([{ ...own, inputs: { ...own.inputs, ...inputs } }])).rejects.toThrow(message);
  });

  test('an unknown mechanism is refused with those that are known', async () => {
    const own = caseOf('two_units_rates');
    await expect(check([{ ...own, outputs: { ...own.outputs, mechanism_end: 'magic' } }])).rejects.toThrow(
      'a.json.cases[0].outputs.mechanism_end: expected one of static, kernel, alignment, disalignment, rescaling, got "magic".',
    );
  });

  test('a last time alone is compared at the size of the data, not of what is left of the residual', async () => {
    const own = caseOf('two_units_rates');
    const last = (values: unknown) => (Array.isArray(values) && values.length === 7 ? values.slice(-1) : values);
    const outputs = Object.fromEntries(Object.entries(own.outputs).map(([key, values]) => [key, last(values)]));
    const ends = { mechanism_end: 'static', delta_cos: 0, ntk_weighted_ratio: 1, rotation_share: null };
    const { rows } = await check([{ ...own, inputs: { ...own.inputs, times: [8] }, outputs: { ...outputs, ...ends } }], true);
    expect(linesOf(rows.filter(({ share, trainer }) => trainer === 'reference' && !(share <= 1)))).toEqual([]);
  });

  test('samples are made with the moments that are given', () => {
    for (const moments of [momentsFrom(2, -1.2, 3), momentsFrom(0.5, 0, 0), momentsFrom(1, 1, 1)]) {
      const { inputs, targets } = samplesWith(moments);
      const own = momentsOf(inputs, targets);
      const list = ({ inputSquare, inputTarget, targetSquare, leastLoss }: typeof own) => [
        inputSquare,
        inputTarget,
        targetSquare,
        leastLoss,
      ];
      expectClose(list(own), list(moments), 1e-14);
    }
  });
});
