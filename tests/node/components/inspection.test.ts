// What is shown of single networks, as far as it needs no page: colours, points, ratios, words, moments.

import { describe, expect, it } from 'vitest';
import { connectivityPicture } from '../../../src/analysis/connectivity-picture.ts';
import { closestTime } from '../../../src/components/curve-plots.ts';
import type { ObservableView } from '../../../src/components/diagram-view.ts';
import { largestOf, signed, signedPixels } from '../../../src/components/inspection-colour.ts';
import { compareText, observableAt } from '../../../src/components/inspection-compare.ts';
import { connectivityRows, spectrumPoints } from '../../../src/components/inspection-spectrum.ts';
import { differenceText, partingText, shareText, verdictText } from '../../../src/components/inspection-verdict.ts';
import { ratioWords } from '../../../src/components/inspection-words.ts';
import { formatNumber } from '../../../src/components/numbers.ts';
import { rangeWords } from '../../../src/components/phase-matrix.ts';
import type { Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import type { ComparedObservable } from '../../../src/engine/verify-verdict.ts';
import { labOf } from './srgb.ts';

const observable: ObservableView = {
  id: 'change',
  label: 'relative kernel change',
  symbol: 'Δ',
  description: '',
  range: [0, 1],
  scale: 'log',
  role: 'order',
  per: 'network',
};

describe('colours of a matrix', () => {
  it('are white at 0 and equally far from it on both sides, also without colour', () => {
    const lightness = (entry: number) =>
      labOf([signed[3 * entry] / 255, signed[3 * entry + 1] / 255, signed[3 * entry + 2] / 255])[0];
    for (const k of [0, 40, 90, 120]) expect(Math.abs(lightness(127 - k) - lightness(128 + k))).toBeLessThan(0.03);
    for (let i = 128; i < 255; i++) expect(lightness(i + 1)).toBeLessThan(lightness(i) + 0.01);
    expect(lightness(128)).toBeGreaterThan(0.97);
  });

  it('mark what is no number, and show nothing where all is zero', () => {
    const pixels = signedPixels([0, Number.NaN, 2, -2], 2);
    expect(Array.from(pixels.slice(4, 8))).toEqual([128, 128, 128, 255]);
    expect(Array.from(pixels.slice(8, 11))).toEqual(Array.from(signed.slice(-3)));
    expect(Array.from(pixels.slice(12, 15))).toEqual(Array.from(signed.slice(0, 3)));
    expect(Array.from(signedPixels([0, 0], 0)).every((channel) => channel > 240)).toBe(true);
    expect([largestOf([1, -3, Number.NaN, Number.POSITIVE_INFINITY]), largestOf([])]).toEqual([3, 0]);
  });

  it('come with their range in words', () => {
    expect(rangeWords([1, -2, 0], formatNumber)).toBe('from −2 to 1');
    expect(rangeWords([4, 4], formatNumber)).toBe('4 throughout');
    expect(rangeWords([1, 2, Number.NaN], formatNumber)).toBe('from 1 to 2, 1 not finite');
    expect(rangeWords([Number.NaN], formatNumber)).toBe('no finite number');
  });
});

describe('the spectrum of a connectivity', () => {
  it('keeps the unit circle inside the drawing and puts a rotation on it', () => {
    const { circle, points } = spectrumPoints(connectivityPicture(Float64Array.of(0, -1, 1, 0), 2));
    expect(points.map(([x, y]) => Math.hypot(x, y) / circle)).toEqual([1, 1]);
    expect(points[0][1]).toBe(-points[1][1]);
    const large = spectrumPoints(connectivityPicture(Float64Array.of(3, 0, 0, 1), 2));
    expect(Math.max(...large.points.map(([x]) => Math.abs(x)))).toBeLessThan(100);
    expect(large.circle * 3).toBeCloseTo(large.points[0][0], 10);
  });

  it('tells effective ranks in numbers', () => {
    const rows = Object.fromEntries(connectivityRows(connectivityPicture(Float64Array.of(2, 0, 0, 2), 2)));
    expect(rows['stable rank']).toBeCloseTo(2, 12);
    expect(rows['participation ratio']).toBeCloseTo(2, 12);
    expect(rows['spectral radius']).toBeCloseTo(2, 12);
  });
});

describe('two networks', () => {
  const film = {
    times: [0, 1],
    cells: 2,
    seeds: 2,
    network: { change: Float64Array.of(0, 0, 0, 0, 1, 100, 2, 8) },
    cell: {},
    outcomes: new Uint8Array(8).fill(outcomeCode.converged),
  } as unknown as Film;

  it('are compared by the mean that the diagram has, or one by one', () => {
    expect(observableAt({ film }, { cell: 0 }, 1, observable)).toBeCloseTo(10, 10);
    expect(observableAt({ film }, { cell: 1, seed: 1 }, 1, observable)).toBe(8);
    expect(observableAt({ film }, { cell: 5 }, 1, observable)).toBe(Number.NaN);
  });

  it('have a ratio where there is one', () => {
    expect([ratioWords(6, 2), ratioWords(2, 2), ratioWords(1, 0), ratioWords(-1, 2), ratioWords(Number.NaN, 1)]).toEqual([
      '×3',
      'equal',
      '–',
      '–',
      '–',
    ]);
    const classes = { ...observable, scale: 'class' as const };
    expect([compareText(classes, 1, 1), compareText(classes, 1, 2), compareText(classes, 1, Number.NaN)]).toEqual([
      'same',
      'differs',
      '–',
    ]);
  });
});

describe('a verdict in words', () => {
  const row: ComparedObservable = {
    id: 'change',
    compared: 4,
    difference: 3e-5,
    share: 3e-5,
    tolerance: 0.02,
    frame: 1,
    film: 1,
    float64: 1.00003,
    within: true,
    left: -1,
  };

  it('names the largest difference and its time', () => {
    expect(differenceText(row, observable, [0, 12])).toBe(
      'relative kernel change differs by at most 3×10⁻⁵ (relative) at t = 12',
    );
    expect(differenceText({ ...row, difference: 0 }, observable, [])).toBe(
      'relative kernel change is the same at all 4 checkpoints',
    );
    expect(differenceText({ ...row, compared: 0 }, observable, [])).toBe('relative kernel change has no value to compare');
    expect([shareText(0.02), shareText(4e-6)]).toEqual(['2 %', '4×10⁻⁶']);
  });

  it('says whether it holds, how far it was tested, and what is in its way', () => {
    const outcomes = { film: 'converged', float64: 'converged' } as const;
    const verdict = { observables: [row], outcomes, agrees: true };
    expect(verdictText(verdict, 0.02, false)).toBe('Verified: float32 and float64 agree within 2 %.');
    expect(verdictText(verdict, 0.02, true)).toBe('Verified as far as it was trained: float32 and float64 agree within 2 %.');
    const wrong = { ...verdict, agrees: false, observables: [{ ...row, within: false }] };
    expect(verdictText(wrong, 0.02, false)).toBe('Not verified: 1 of 1 observables differ by more than their tolerance.');
    const ended = { ...verdict, agrees: false, outcomes: { film: 'diverged', float64: 'converged' } as const };
    expect(verdictText(ended, 0.02, false)).toContain('the run ended as diverged');
    // Only kinked activations part so, and only those that have agreed before.
    const parted = { ...wrong, observables: [{ ...row, within: false, left: 2 }] };
    expect(partingText(parted, 0.05, [0, 1, 3])).toMatch(/^Until t = 1 they agree within 5 %\. .* only means over seeds/);
    expect([
      partingText(parted, 0.02, [0, 1, 3]),
      partingText({ ...wrong, observables: [{ ...row, within: false, left: 1 }] }, 0.05, [0, 1, 3]),
      partingText(verdict, 0.05, [0, 1, 3]),
    ]).toEqual(['', '', '']);
  });
});

describe('the moment under the pointer', () => {
  it('is the closest checkpoint on a logarithmic axis', () => {
    expect([0.02, 0.5, 4, 1e9].map((time) => closestTime([0, 0.01, 0.1, 1, 10], time))).toEqual([1, 3, 4, 4]);
    expect([closestTime([], 1), closestTime([0], 1), closestTime([1], 0)]).toEqual([-1, -1, -1]);
  });
});
