// Synthetic films whose exponents are known: the report must find them.

import { describe, expect, test } from 'vitest';
import { boundaryOf } from '../../../src/analysis/contour.ts';
import { curvesOf, meanCurve } from '../../../src/analysis/curves.ts';
import { type Finding, formatReport, isInBand } from '../../../src/analysis/finding.ts';
import { analyse } from '../../../src/analysis/report.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { numberOf, type Values } from '../../../src/core/parameter.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { randomSource } from '../../../src/core/random.ts';
import { cellValues } from '../../../src/core/sweep.ts';
import { observable, catalog as small, sweepJson } from '../core/fixtures.ts';

const log = { scale: 'log' } as const;
const observables = [
  observable('kernelChange', { ...log, role: 'order', threshold: 1, richSide: 'above' }),
  observable('weightChange', log),
  observable('halvingTime', log),
  observable('seedVariance', { ...log, per: 'cell' }),
];
const catalog = { ...small, observables };

/**
 * What theory says at depth L, with a crossover in the article's α ∝ h^crossover: kernel change (α̃/α̃*)^−a below it and
 * (α̃/α̃*)^−1 above; √h‖Δw‖/‖w₀‖ = 20 (α̃/0.01)^(−1/(L+1)); s₁ = 13 on the rich side, 58/α̃ beyond; Var = 5/h.
 */
function law(id: string, values: Values, crossover: number): number {
  const depth = numberOf(values, 'depth');
  const width = numberOf(values, 'width');
  const mean = values.parametrisation === 'mean-field';
  const alpha = numberOf(values, 'outputScale') * (mean ? 1 : Math.sqrt(width));
  const critical = 10 * (width / 64) ** (crossover + 0.5);
  const ratio = alpha / critical;
  if (id === 'kernelChange') return ratio < 1 ? ratio ** ((-2 * depth) / (depth + 1)) : 1 / ratio;
  if (id === 'weightChange') return (20 / Math.sqrt(width)) * (alpha / 0.01) ** (-1 / (depth + 1));
  if (id === 'halvingTime') return alpha < 4 ? 13 : 58 / alpha;
  return 5 / width;
}

interface Made {
  readonly axes?: readonly Record<string, unknown>[];
  readonly fixed?: Record<string, unknown>;
  readonly crossover?: number;
  /** Standard deviation of ln over seeds, the same luck in all cells. */
  readonly luck?: number;
  readonly training?: Record<string, unknown>;
}

function film({ axes, fixed = { activation: 'softplus' }, crossover = -0.5, luck = 0.05, training }: Made = {}): Film {
  const sweep = parseSweep(
    sweepJson({
      axes: axes ?? [
        { parameter: 'outputScale', scale: 'log', from: 1e-4, to: 1e6, steps: 21 },
        { parameter: 'width', values: [16, 32, 64, 128, 256] },
      ],
      fixed,
      seeds: 16,
      training: training ?? { method: 'flow', maxTime: 1, checkpoints: 1 },
      observables: observables.map(({ id }) => id),
    }),
    catalog,
  );
  const made = createFilm(sweep, (id) => id === 'seedVariance');
  const lucks = randomSource(1, 2).normals(sweep.seeds);
  for (let cell = 0; cell < made.cells; cell++) {
    const values = cellValues(sweep, cell);
    for (const [id, all] of Object.entries(made.network)) {
      for (let s = 0; s < sweep.seeds; s++)
        all[(made.cells + cell) * sweep.seeds + s] = law(id, values, crossover) * Math.exp(luck * lucks[s]);
    }
    made.cell.seedVariance[made.cells + cell] = law('seedVariance', values, crossover);
  }
  made.outcomes.fill(outcomeCode.converged, made.cells * sweep.seeds);
  return made;
}

function get(findings: readonly Finding[], id: string, where = ''): Finding {
  const found = findings.find((finding) => finding.id === id && finding.where === where);
  if (found === undefined)
    throw new Error(`no finding ${id} (${where}) among ${findings.map((one) => `${one.id} (${one.where})`).join(', ')}`);
  return found;
}

describe('the report of a synthetic film', () => {
  const findings = analyse(film(), observables);

  test.each([
    ['crossover-exponent-1', -0.5],
    ['crossover-exponent-1-wide', -0.5],
    ['crossover-exponent-0.5', -0.5],
    ['crossover-exponent-0.5-wide', -0.5],
    ['rich-kernel-exponent', 4 / 3],
    ['lazy-kernel-exponent', 1],
    ['rich-weight-exponent', -1 / 3],
    ['rich-time-exponent', 1],
    ['lazy-time-exponent', 0],
    ['rich-spread-exponent', -0.5],
    ['lazy-spread-exponent', -0.5],
  ])('%s is found to be %f, as theory says, and inside its band', (id, expected) => {
    const finding = get(findings, id);
    expect(finding.value).toBeCloseTo(expected, 9);
    expect(finding.theory).toBeCloseTo(expected, 9);
    expect(isInBand(finding)).toBe(true);
  });

  test('crossover and plateaus are read width by width', () => {
    const luck = Math.exp(
      0.05 *
        (randomSource(1, 2)
          .normals(16)
          .reduce((sum, x) => sum + x, 0) /
          16),
    );
    // Between neighbours the curve bends at the crossover itself, a grid point here up to luck.
    expect(get(findings, 'crossover', 'width = 64').value).toBeCloseTo(10 * luck, 1);
    expect(get(findings, 'weight-change', 'width = 128').value).toBeCloseTo(20 * luck, 9);
    expect(get(findings, 'rich-time', 'width = 16').value).toBeCloseTo(13 * luck, 9);
    expect(get(findings, 'lazy-time', 'width = 256').value).toBeCloseTo(58 * luck, 8);
    expect(get(findings, 'converged').value).toBe(1);
  });

  test('curves of all widths collapse over √h α', () => {
    expect(get(findings, 'collapse-exponent-kernelChange').value).toBeCloseTo(0.5, 3);
    for (const id of ['kernelChange', 'halvingTime']) {
      expect(get(findings, `collapse-cost-${id}`).value).toBeLessThan(1e-9);
    }
  });

  test('boundaries are read at any threshold', () => {
    const other = analyse(film(), observables, { thresholds: [0.01] });
    expect(get(other, 'crossover-exponent-0.01').value).toBeCloseTo(-0.5, 9);
    expect(get(other, 'crossover-exponent-0.01').band).toBeNull();
    expect(get(other, 'crossover-0.01', 'width = 64').value / 1000).toBeCloseTo(1, 0);
    expect(other.some(({ id }) => id === 'crossover')).toBe(false);
  });

  test('intervals over seeds hold the truth', () => {
    const [low, high] = get(findings, 'weight-change', 'width = 64').interval ?? [0, 0];
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(20);
    expect(high - low).toBeLessThan(3);
  });

  test('is the same every time', () => {
    expect(analyse(film(), observables)).toEqual(findings);
  });

  test('without resamples there are no intervals, and the same values', () => {
    const quick = analyse(film(), observables, { replicates: 0 });
    expect(quick).toEqual(findings.map((finding) => ({ ...finding, interval: null })));
  });

  test('as text: one line each, aligned, with the verdict', () => {
    const lines = formatReport(findings).trimEnd().split('\n');
    expect(lines).toHaveLength(findings.length + 2);
    expect(lines[0]).toMatch(/^quantity +measured +95 % over seeds +theory +band$/);
    expect(lines.find((line) => line.startsWith('a in kernel change ∝ α̃^−a, rich'))).toMatch(
      /1\.333 ± .*1\.333 +1\.253 … 1\.413 +inside$/,
    );
    expect(formatReport([])).toMatch(/^No boundary/);
  });
});

describe('conventions', () => {
  test('a boundary read between output scales five decades apart is held to no band', () => {
    const axes = [
      { parameter: 'outputScale', values: [0.1, 1e4] },
      { parameter: 'width', values: [32, 64, 128] },
    ];
    expect(get(analyse(film({ axes }), observables), 'crossover-exponent-1').band).toBeNull();
  });

  test('another crossover exponent is found, and falls outside of the band', () => {
    const collapsed = get(analyse(film({ crossover: -0.9, luck: 0 }), observables), 'collapse-exponent-kernelChange');
    expect(collapsed.value).toBeCloseTo(0.9, 1);
    const finding = get(analyse(film({ crossover: -0.9 }), observables), 'crossover-exponent-1');
    expect(finding.value).toBeCloseTo(-0.9, 1);
    expect(isInBand(finding)).toBe(false);
  });

  test('the ntk parametrisation measures α itself and gives the same findings', () => {
    const fixed = { activation: 'softplus', parametrisation: 'ntk' };
    const axes = [
      { parameter: 'width', values: [64, 128, 256] },
      { parameter: 'outputScale', scale: 'log', from: 1e6, to: 1e-5, steps: 221 },
    ];
    // The bend of the synthetic law falls between grid points here, hence the fine grid and the digits.
    const findings = analyse(film({ fixed, axes, luck: 0 }), observables);
    expect(get(findings, 'crossover-exponent-1').value).toBeCloseTo(-0.5, 2);
    expect(get(findings, 'crossover', 'width = 64').value).toBeCloseTo(10, 0);
    expect(get(findings, 'rich-time-exponent').value).toBeCloseTo(1, 9);
  });

  test('other axes cut the film into slices, each with its own theory', () => {
    const axes = [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 15 },
      { parameter: 'depth', values: [2, 5] },
    ];
    const findings = analyse(film({ axes }), observables);
    expect(get(findings, 'rich-kernel-exponent', 'depth = 2').value).toBeCloseTo(4 / 3, 9);
    expect(get(findings, 'rich-kernel-exponent', 'depth = 5').value).toBeCloseTo(5 / 3, 9);
    expect(get(findings, 'rich-kernel-exponent', 'depth = 5').theory).toBeCloseTo(5 / 3, 9);
    expect(findings.some(({ id }) => id === 'crossover-exponent-1')).toBe(false);
  });

  test('with ReLU there is no lazy theory; with one hidden layer none for t₁', () => {
    const findings = analyse(film({ fixed: { activation: 'relu', depth: 1 } }), observables);
    expect(get(findings, 'lazy-kernel-exponent')).toMatchObject({ theory: null, band: null });
    expect(get(findings, 'rich-time-exponent')).toMatchObject({ theory: null, band: null });
    expect(get(findings, 'rich-kernel-exponent').theory).toBe(1);
  });

  test('where units are not known nothing is claimed', () => {
    expect(analyse(film({ fixed: { parametrisation: 'standard' } }), observables)).toEqual([]);
    expect(analyse(film({ training: { method: 'descent', maxTime: 1, checkpoints: 1 } }), observables)).toEqual([]);
    expect(analyse(film({ axes: [{ parameter: 'depth', values: [1, 2] }] }), observables)).toEqual([]);
  });

  test('an unfinished film gives what it can', () => {
    const unfinished = film();
    unfinished.outcomes.fill(255);
    expect(analyse(unfinished, observables)).toEqual([]);
    unfinished.outcomes.fill(outcomeCode.running, unfinished.cells * 16, unfinished.cells * 24);
    const findings = analyse(unfinished, observables);
    expect(get(findings, 'rich-kernel-exponent').value).toBeCloseTo(4 / 3, 9);
    expect(get(findings, 'converged').value).toBe(0);
  });
});

describe('curves and boundaries', () => {
  test('are sorted whatever the order of axes and values', () => {
    const axes = [
      { parameter: 'width', values: [256, 16, 64] },
      { parameter: 'outputScale', scale: 'log', from: 1e4, to: 1e-2, steps: 13 },
    ];
    const options = { along: 'outputScale', against: 'width' };
    const curves = curvesOf(film({ axes, luck: 0 }), observables[0], options);
    expect(curves.against).toEqual([16, 64, 256]);
    expect(curves.along[0]).toBe(1e-2);
    const boundary = boundaryOf(curves, 1);
    boundary.at.forEach((alpha) => {
      expect(alpha).toBeCloseTo(10, 6);
    });
    boundary.intervals.forEach((interval) => {
      expect(interval?.[0]).toBeCloseTo(10, 6);
    });
  });

  test('diverged networks do not enter', () => {
    const made = film({ luck: 0 });
    const first = (made.cells + 0) * made.seeds;
    made.network.kernelChange[first] = 1e30;
    made.outcomes[first] = outcomeCode.diverged;
    const curves = curvesOf(made, observables[0], { along: 'outputScale', against: 'width' });
    expect(meanCurve(curves, 0)[0]).toBeCloseTo(law('kernelChange', cellValues(made.sweep, 0), -0.5), 3);
  });

  test('a boundary outside of the axis is not invented', () => {
    const axes = [{ parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1, steps: 4 }];
    const boundary = boundaryOf(curvesOf(film({ axes }), observables[0], { along: 'outputScale', against: 'width' }), 1);
    expect(boundary).toEqual({ against: [64], at: [Number.NaN], intervals: [null] });
  });
});
