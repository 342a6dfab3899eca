// What the gallery finds, what its small pictures show, what a diagram says as a table and as sound: data alone, no page.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { colourScale } from '../../../src/components/colour-scale.ts';
import { type DiagramView, REFUSED } from '../../../src/components/diagram-view.ts';
import { byPaper, matching } from '../../../src/components/gallery-search.ts';
import { HIGHEST_HZ, LOWEST_HZ, pitchOf, scanOf } from '../../../src/components/sound-scan.ts';
import { tableData, tableText, thinned } from '../../../src/components/table-data.ts';
import { thumbnailPixels } from '../../../src/components/thumbnail.ts';
import { UNKNOWN } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';

const kernelChange = catalog.observables.find(({ id }) => id === 'kernelChange');
if (kernelChange === undefined) throw new Error('no kernelChange');

const X = { axis: { parameter: 'outputScale', scale: 'log', values: [0.1, 1, 10] }, label: 'output scale', symbol: 'α' } as const;
const Y = { axis: { parameter: 'width', scale: 'log', values: [4, 8] }, label: 'width', symbol: 'h' } as const;

/** Two rows of three; the last place is unknown, the one before diverged. */
const VIEW: DiagramView = {
  columns: 3,
  rows: 2,
  cells: Int32Array.from([0, 2, 4, 1, 3, 5]),
  values: Float64Array.from([10, 1, 0.1, 20, Number.NaN, Number.NaN]),
  spread: new Float64Array(6).fill(Number.NaN),
  counts: Uint16Array.from([1, 1, 1, 1, 0, 0]),
  measured: Uint16Array.from([1, 1, 1, 1, 1, 0]),
  outcomes: Uint8Array.from([1, 1, 1, 1, outcomeCode.diverged, UNKNOWN]),
};

describe('gallery', () => {
  test('a search finds words of title, claim and paper in any case and without accents', () => {
    expect(matching(catalog.presets, '')).toHaveLength(catalog.presets.length);
    expect(new Set(matching(catalog.presets, 'domine').map(({ paper }) => paper))).toEqual(new Set(['Dominé et al. 2025']));
    expect(matching(catalog.presets, 'CATAPULT loss').map(({ id }) => id)).toEqual(['catapult']);
    expect(matching(catalog.presets, 'no such figure')).toEqual([]);
  });

  test('papers keep the order of their first preset and hold every preset once', () => {
    const papers = byPaper(catalog.presets);
    expect([...papers.keys()][0]).toBe(catalog.presets[0].paper);
    expect([...papers.values()].flat()).toHaveLength(catalog.presets.length);
  });

  test('a small picture takes the ends of its colours, greys what diverged and leaves the unknown clear', () => {
    const pixels = thumbnailPixels({ map: 'diverging', cells: `A9-_${'A'.repeat(380)}` });
    expect([...pixels.subarray(0, 4)][3]).toBe(255);
    expect(pixels[2]).toBeGreaterThan(pixels[0]);
    expect(pixels[4]).toBeGreaterThan(pixels[6]);
    expect([...pixels.subarray(8, 12)]).toEqual([128, 128, 128, 110]);
    expect(pixels[15]).toBe(0);
  });
});

describe('table', () => {
  test('has the highest row first, as the diagram has, and says how networks ended', () => {
    const data = tableData(VIEW, kernelChange, X, Y);
    expect(data.rowHeads).toEqual(['8', '4']);
    expect(data.columnHeads).toEqual(['0.1', '1', '10']);
    expect(data.values).toEqual([
      ['20', '–', '–'],
      ['10', '1', '0.1'],
    ]);
    expect(data.notes[0][1]).toMatch(/stopped being finite/);
    expect(data.notes[1]).toEqual(['', '', '']);
  });

  test('the copy has tabs, full precision and nothing where there is no value', () => {
    const third = { ...VIEW, values: Float64Array.from([1 / 3, 1, 0.1, 20, Number.NaN, Number.NaN]) };
    expect(tableText(third, kernelChange, X, Y).split('\n')).toEqual([
      'width \\ output scale\t0.1\t1\t10',
      '8\t20\t\t',
      `4\t${1 / 3}\t1\t0.1`,
    ]);
    expect(tableText(third, kernelChange, { ...X, label: 'a\tb\nc' }, Y).split('\n')[0]).toBe('width \\ a b c\t0.1\t1\t10');
  });

  test('large diagrams are thinned evenly, ends kept', () => {
    const kept = thinned(200, 64);
    expect(kept).toHaveLength(64);
    expect([kept[0], kept[63]]).toEqual([0, 199]);
    expect(new Set(kept).size).toBe(64);
  });
});

describe('sound', () => {
  const colours = colourScale(kernelChange, [0.1, 20]);
  const { tones, seconds } = scanOf(VIEW, colours);

  test('goes from left to right, is silent where nothing is known and hisses where networks diverged', () => {
    expect(tones.map(({ place }) => place)).toEqual([0, 3, 1, 4, 2]);
    expect(tones.every(({ at }, i) => i === 0 || at > tones[i - 1].at)).toBe(true);
    expect(tones.find(({ place }) => place === 4)?.pitch).toBeNull();
    expect(tones.at(-1)!.at + tones.at(-1)!.seconds).toBeLessThanOrEqual(seconds);
  });

  test('the pitch follows the colours: lazy low, rich high, equal intervals for equal steps', () => {
    const pitch = (place: number) => tones.find((tone) => tone.place === place)?.pitch ?? Number.NaN;
    expect(pitch(2)).toBeLessThan(pitch(1));
    expect(pitch(1)).toBeLessThan(pitch(0));
    expect(pitchOf(-1)).toBe(LOWEST_HZ);
    expect(pitchOf(2)).toBeCloseTo(HIGHEST_HZ, 9);
    expect(pitchOf(0.5) ** 2).toBeCloseTo(LOWEST_HZ * HIGHEST_HZ, 6);
  });

  test('where a theory refuses there is silence', () => {
    const refused = { ...VIEW, values: new Float64Array(6).fill(Number.NaN), outcomes: new Uint8Array(6).fill(REFUSED) };
    expect(scanOf(refused, colours).tones).toEqual([]);
  });
});
