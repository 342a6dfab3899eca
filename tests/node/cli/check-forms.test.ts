// What `check` promises about cases of the known forms that nobody wrote for this project: other factors, times, activations and
// missing values are compared; what is malformed is refused by place, and takes nothing from the other files.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkCommand, checkFile, linesOf } from '../../../src/cli/check.ts';
import { fakeConsole } from './fake-console.ts';

type Case = Readonly<Record<string, unknown>> & { readonly expected: Readonly<Record<string, unknown>> };

const path = fileURLToPath(new URL('../../expected/metrics.json', import.meta.url));
const metrics = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly cases: readonly Case[];
  readonly rnn_cases: readonly Case[];
};
const failed = ({ rows }: Awaited<ReturnType<typeof checkFile>>) => linesOf(rows.filter(({ share }) => !(share <= 1)));

/**
 * Two linear units in a row, factor c, α = 1: while F stays far below 1 the soft hinge pulls with slope 1
 * and w₀ = w₁ grow as e^{ct}.
 */
function pair(factor: number, times: readonly number[], changed: Readonly<Record<string, unknown>> = {}) {
  const weights = times.map((time) => 0.1 * Math.exp(factor * time));
  const outputs = weights.map((weight) => [factor * (weight ** 2 - 0.01)]);
  const grown = weights.map((weight) => weight / 0.1);
  const expected = {
    loss: outputs.map(([output]) => 1 - output),
    f_train: outputs,
    f_test: outputs,
    ntk_change: grown.map((ratio) => ratio ** 2 - 1),
    weight_change: grown.map((ratio) => ratio - 1),
    margin_min: outputs.map(([output]) => output),
  };
  const sizes = { depth: 1, width: 1, inputDim: 1, activation: 'linear', activationBeta: 1, activationFactor: factor };
  const data = { x_train: [[1]], y_train: [1], x_test: [[1]], y_test: [1], weights: [[[0.1]], [[0.1]]], times };
  const own = { name: 'pair', ...sizes, lossBeta: 40, alpha: 1, ...data, expected, ...changed };
  return { kind: 'flow-trajectories', cases: [own] };
}

describe('flow trajectories', () => {
  test.each([1, 1.7, 0.3])('with the factor %d, from t = 0 on, are compared', async (factor) => {
    const found = await checkFile(pair(factor, [0, 0.25, 0.5]));
    expect(failed(found)).toEqual([]);
    expect(found.rows).toHaveLength(6);
    expect(found.unchecked).toEqual([]);
  });

  test('a factor is not taken for another', async () => {
    expect(failed(await checkFile(pair(1.7, [0, 0.5], { activationFactor: 1 }))).length).toBeGreaterThan(0);
  });

  test.each([
    [{ times: [1, 0.5] }, 'times[1]: expected ascending times from 0 on, got 0.5.'],
    [{ times: [] }, 'times: expected at least one time, got none.'],
    [{ alpha: 0 }, 'alpha: expected a number above 0, got 0.'],
    [{ activationFactor: -1 }, 'activationFactor: expected a number above 0, got -1.'],
    [{ activation: 'tanhh' }, 'activation: expected one of linear, relu'],
    [{ x_train: [[1, 2]] }, 'x_train: expected 1 × 1 numbers, got a row of 2.'],
  ])('%o is refused by place', async (changed, message) => {
    await expect(checkFile(pair(1, [0.5], changed), { where: 'a.json' })).rejects.toThrow(`a.json.cases[0].${message}`);
  });
});

describe('metrics', () => {
  const [first] = metrics.cases;
  const [circuit] = metrics.rnn_cases;

  test('a value of null is left out and said', async () => {
    const { rows, unchecked } = await checkFile({ cases: [{ ...first, expected: { KA: null, RA: first.expected.RA } }] });
    expect(rows.map(({ quantity }) => quantity)).toEqual(['RA']);
    expect(unchecked).toEqual([{ case: 'lin_scalar', reason: 'not compared: KA' }]);
  });

  test('of positive activations no sign ever changes', async () => {
    const own = { ...first, activation: 'sigmoid', expected: { sign_similarity: 1 } };
    expect(failed(await checkFile({ cases: [own] }))).toEqual([]);
  });

  test.each([
    [{ cases: [{ ...first, activation: 'tan' }] }, 'cases[0].activation: expected one of linear, relu'],
    [{ cases: [{ ...first, expected: { f_before: [1] } }] }, 'cases[0].expected.f_before: expected 5 numbers, got 1.'],
    [{ rnn_cases: [{ ...circuit, convention: 'leak' }] }, 'convention: expected one of leak_inside, leak_outside, got "leak".'],
    [{ rnn_cases: [{ ...circuit, loss: 'hinge' }] }, 'loss: expected one of ce, mse, got "hinge".'],
    [{ rnn_cases: [{ ...circuit, x: [1] }] }, 'x: expected 30 numbers, got 1.'],
    [{ rnn_cases: [{ ...circuit, y: new Array(10).fill(7) }] }, 'y: expected class indices from 0 to 1, got 7.'],
    [{ rnn_cases: [{ ...circuit, n_out: 1 }] }, 'n_out: expected two classes or more for ce, got 1.'],
    [{ rnn_cases: [{ ...circuit, sgd: { lr: 0, momentum: 0, steps: 1 } }] }, 'sgd.lr: expected a number above 0, got 0.'],
    [
      {
        lowrank_cases: [
          {
            id: 'a',
            N: 2,
            r: 3,
            W0: [
              [1, 0],
              [0, 1],
            ],
            expected: {},
          },
        ],
      },
      'r: expected a rank of at most 2, got 3.',
    ],
  ])('malformed content is refused by place: %#', async (content, message) => {
    await expect(checkFile(content, { where: 'a.json' })).rejects.toThrow(message);
  });
});

describe('files', () => {
  test('one that cannot be read takes nothing from the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-'));
    try {
      const file = async (name: string, text: string) => {
        await writeFile(join(folder, name), text);
        return join(folder, name);
      };
      const good = await file('good.json', `\uFEFF${JSON.stringify(pair(1, [0.5]))}`);
      const broken = await file('broken.json', '{"kind":\n NaN}');
      const deep = await file('deep.json', JSON.stringify(pair(1, [0.5])).replace('[0.5]', '['.repeat(9999) + ']'.repeat(9999)));
      const console = fakeConsole();
      const tools = { gpuTrainer: () => Promise.reject(new Error('no GPU in this test')) };
      const paths = [folder, broken, deep, join(folder, 'none.json'), good];
      expect(await checkCommand([...paths, '--engine', 'reference'], console, tools)).toBe(1);
      expect(console.noted).toHaveLength(4);
      for (const line of console.noted) expect(line).toMatch(/^phase-atlas check: [^\n]*: expected [^\n]*, got[^\n]*$/);
      expect(console.noted[1]).toContain('JSON knows neither NaN nor Infinity.');
      expect(console.printed.at(-1)).toMatch(/^6 comparisons, 0 beyond tolerance/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
