// What `check` promises about files: failures are shown, unknown kinds refused, missing families told apart.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkCommand, checkFile, linesOf, schemas } from '../../../src/cli/check.ts';
import { entropyRank, participationRatio, stableRank } from '../../../src/core/effective-rank.ts';
import { singularValues } from '../../../src/core/svd.ts';
import { fakeConsole } from '../cli/fake-console.ts';
import { expectClose } from './expect-close.ts';

const path = fileURLToPath(new URL('../../expected/metrics.json', import.meta.url));
const file = JSON.parse(readFileSync(path, 'utf8')) as { cases: { id: string; P: number; expected: Record<string, unknown> }[] };
const tools = { gpuTrainer: () => Promise.reject(new Error('no GPU in this test')) };

describe('check', () => {
  test('a wrong expectation fails, with index, expected and got', async () => {
    const [first] = file.cases;
    const wrong = { ...first, expected: { ...first.expected, KA: 0.5 } };
    const { rows } = await checkFile({ cases: [wrong] });
    const failed = rows.filter(({ share }) => !(share <= 1));
    expect(failed.map(({ quantity }) => quantity)).toEqual(['KA']);
    const [line, detail] = linesOf(failed);
    expect(line).toMatch(/^FAIL {2}lin_scalar {2}KA {2}reference/);
    expect(detail).toMatch(/index 0: expected 0\.5, got 0\.99/);
  });

  test('a file of unknown kind is refused with the kinds that are known', async () => {
    await expect(checkFile({ kind: 'weather' }, { where: 'a.json' })).rejects.toThrow(
      `a.json: expected a case file of kind ${schemas.map(({ id }) => id).join(' or ')}, got kind "weather".`,
    );
    await expect(checkFile(3)).rejects.toThrow('case file: expected a case file');
  });

  test('a malformed case names the place', async () => {
    await expect(checkFile({ cases: [{ ...file.cases[0], P: 6 }] }, { where: 'a.json' })).rejects.toThrow(
      'a.json.cases[0].X: expected 6 × 4 numbers, got 5 rows.',
    );
  });

  test('the command prints a line per comparison and what it left out, and ends well', async () => {
    const console = fakeConsole();
    expect(await checkCommand([path, '--engine', 'reference'], console, tools)).toBe(0);
    expect(console.printed.filter((line) => line.startsWith('ok'))).toHaveLength(398);
    expect(console.printed.filter((line) => /not (checked|compared)/.test(line))).toEqual([]);
    expect(console.printed.at(-1)).toMatch(/^398 comparisons, 0 beyond tolerance/);
  });

  test('asks for a GPU unless told not to, and never goes on without it', async () => {
    await expect(checkCommand([path], fakeConsole(), tools)).rejects.toThrow('no GPU in this test');
  });
});

describe('effective ranks', () => {
  test('of r equal singular values are r', () => {
    const matrix = Float64Array.of(0, 3, 0, 0, -3, 0, 0, 0, 0, 0, 0, 0);
    const transposed = Float64Array.of(0, -3, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    expectClose(singularValues(matrix, 3, 4), [3, 3, 0], 1e-15);
    expectClose(singularValues(transposed, 4, 3), [3, 3, 0], 1e-15);
    const values = singularValues(matrix, 3, 4);
    expectClose([stableRank(values), entropyRank(values), participationRatio(values)], [2, 2, 2], 1e-14);
  });
});
