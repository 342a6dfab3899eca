// Observables at the weights of the case files, which other means have integrated and measured.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MECHANISMS } from '../../../src/core/mechanism.ts';
import { expectClose } from '../reference/expect-close.ts';
import { dataOf, LINEAR, measureAt } from './measure-at.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../expected/${name}`, import.meta.url), 'utf8'));

type Matrix = number[][];
interface BalancedCase {
  readonly name: string;
  readonly Ni: number;
  readonly Nh: number;
  readonly No: number;
  readonly Sigma_yx: Matrix;
  readonly W1_0: Matrix;
  readonly W2_0: Matrix;
  readonly W1: readonly Matrix[];
  readonly W2: readonly Matrix[];
  readonly W1tW1: readonly Matrix[];
  readonly W2W2t: readonly Matrix[];
  readonly W2W1: readonly Matrix[];
  readonly ntk_distance: readonly number[];
  readonly ntk_trace_over_P: readonly number[];
  readonly loss: readonly number[];
  readonly check_balance_drift: number;
}

/** 1 − cosine of two matrices, as half a squared chord. */
function chord(a: Matrix, b: Matrix): number {
  const [p, q] = [a.flat(), b.flat()];
  const [n, m] = [Math.hypot(...p), Math.hypot(...q)];
  return 0.5 * p.reduce((sum, x, i) => sum + (x / n - q[i] / m) ** 2, 0);
}

describe('λ-balanced networks', () => {
  const { cases } = read('lambda_balanced.json') as { cases: BalancedCase[] };

  test.each(cases)('$name', async (own) => {
    // Whitened probe inputs √N_i·1, so that XXᵀ/P = 1.
    const scale = Math.sqrt(own.Ni);
    const inputs = Array.from({ length: own.Ni }, (_, p) => Array.from({ length: own.Ni }, (__, i) => (p === i ? scale : 0)));
    const targets = inputs.map((x) => own.Sigma_yx.map((row) => row.reduce((sum, entry, i) => sum + entry * x[i], 0)));
    const data = dataOf(inputs, targets, { teacher: Float64Array.from(own.Sigma_yx.flat()) });
    const flat = (W1: Matrix, W2: Matrix) => Float64Array.from([...W1.flat(), ...W2.flat()]);
    const start = flat(own.W1_0, own.W2_0);
    const ids = [
      'kernelDistance',
      'kernelTrace',
      'inputDistance',
      'outputDistance',
      'mapError',
      'mapL2',
      'balanceDrift',
      'trainingLoss',
    ];
    const found: Record<string, number>[] = [];
    for (const [t, W1] of own.W1.entries()) {
      found.push(await measureAt({ values: { ...LINEAR, width: own.Nh }, data, start, now: flat(W1, own.W2[t]) }, ids));
    }
    const got = (id: string) => found.map((measured) => measured[id]);
    expectClose(got('kernelDistance'), own.ntk_distance, 1e-9, 1e-2);
    expectClose(got('kernelTrace'), own.ntk_trace_over_P, 1e-12);
    expectClose(
      got('mapError'),
      own.loss.map((loss) => 2 * loss),
      1e-12,
    );
    expectClose(got('trainingLoss'), own.loss, 1e-12);
    expectClose(
      got('mapL2'),
      own.W2W1.map((map) => Math.hypot(...map.flat())),
      1e-12,
    );
    expectClose(
      got('inputDistance'),
      own.W1tW1.map((gram) => chord(gram, own.W1tW1[0])),
      1e-9,
      1e-2,
    );
    expectClose(
      got('outputDistance'),
      own.W2W2t.map((gram) => chord(gram, own.W2W2t[0])),
      1e-9,
      1e-2,
    );
    const size = Math.max(...own.W2W2t.flat(2).map(Math.abs), ...own.W1tW1.flat(2).map(Math.abs));
    expect(Math.max(...got('balanceDrift'))).toBeLessThan(2 * own.check_balance_drift + 1e-14 * size);
  });
});

interface OneDimensionalCase {
  readonly name: string;
  readonly inputs: {
    readonly width: number;
    readonly u0: readonly number[];
    readonly w0: readonly number[];
    readonly gamma: number;
    readonly eta_u: number;
    readonly eta_w: number;
    readonly data: {
      readonly x: readonly number[] | null;
      readonly y: readonly number[] | null;
      readonly mean_xx: number;
      readonly mean_xy: number;
      readonly mean_yy: number;
    };
  };
  readonly outputs: {
    readonly f_coefficient: readonly number[];
    readonly cos: readonly number[];
    readonly norm_u: readonly number[];
    readonly norm_w: readonly number[];
    readonly ntk_weighted_ratio: number;
    readonly mechanism_end: string;
  };
}

/** Weights at the end: p = a + b grows by √ρ and q = a − b shrinks by it, a = u/√η_u and b = w/√η_w; ρ from the output. */
function weightsAtEnd({ inputs, outputs }: OneDimensionalCase): Float64Array {
  const { u0, w0, gamma, eta_u, eta_w } = inputs;
  const [a, b] = [u0.map((u) => u / Math.sqrt(eta_u)), w0.map((w) => w / Math.sqrt(eta_w))];
  const [p, q] = [a.map((x, i) => x + b[i]), a.map((x, i) => x - b[i])];
  const [P, Q] = [p, q].map((vector) => vector.reduce((sum, x) => sum + x * x, 0));
  const G = (outputs.f_coefficient.at(-1) ?? Number.NaN) / (gamma * Math.sqrt(eta_u * eta_w));
  const root = Math.hypot(2 * G, Math.sqrt(P * Q));
  // Pρ² − 4Gρ − Q = 0, without cancellation; where p = 0 the output tells 1/ρ.
  const rho = G >= 0 && P > 0 ? (2 * G + root) / P : Q / (root - 2 * G);
  const [grow, shrink] = [Math.sqrt(rho), 1 / Math.sqrt(rho)];
  const w = p.map((x, i) => (Math.sqrt(eta_w) / 2) * (x * grow - q[i] * shrink));
  const u = p.map((x, i) => (Math.sqrt(eta_u) / 2) * (x * grow + q[i] * shrink));
  return Float64Array.from([...w, ...u]);
}

describe('one-dimensional networks', () => {
  const { cases } = read('one_dimensional.json') as { cases: OneDimensionalCase[] };

  test.each(cases)('$name: $outputs.mechanism_end', async (own) => {
    const { inputs, outputs } = own;
    const { x, y, mean_xx: M, mean_xy: C, mean_yy: Y2 } = inputs.data;
    // Two samples of the same moments where the file gives moments only.
    const spread = Math.sqrt(Math.max(0, Y2 - C ** 2 / M));
    const xs = x ?? [Math.sqrt(M), Math.sqrt(M)];
    const ys = y ?? [C / Math.sqrt(M) + spread, C / Math.sqrt(M) - spread];
    const data = dataOf(
      xs.map((value) => [value]),
      ys.map((value) => [value]),
    );
    const values = {
      ...LINEAR,
      width: inputs.width,
      outputScale: inputs.gamma,
      learningRateRatio: inputs.eta_u,
      hiddenRate: inputs.eta_w,
    };
    const point = { values, data, start: Float64Array.from([...inputs.w0, ...inputs.u0]), now: weightsAtEnd(own) };
    const ids = ['mechanism', 'alignmentCosine', 'kernelRatio', 'inputWeightNorm', 'outputWeightNorm'];
    const got = await measureAt(point, ids);
    expect(MECHANISMS[got.mechanism]).toBe(outputs.mechanism_end);
    expectClose([got.kernelRatio], [outputs.ntk_weighted_ratio], 1e-9);
    expectClose([got.alignmentCosine], [outputs.cos.at(-1) ?? Number.NaN], 1e-10, 1);
    expectClose([got.inputWeightNorm, got.outputWeightNorm], [outputs.norm_w.at(-1) ?? 0, outputs.norm_u.at(-1) ?? 0], 1e-9);
  });

  test('at its start every network is static', async () => {
    for (const { inputs } of cases.slice(0, 4)) {
      const start = Float64Array.from([...inputs.w0, ...inputs.u0]);
      const point = { values: { ...LINEAR, width: inputs.width }, data: dataOf([[1]], [[1]]), start, now: start };
      expect(MECHANISMS[(await measureAt(point, ['mechanism'])).mechanism]).toBe('static');
    }
  });
});
