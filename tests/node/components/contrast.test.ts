// Text can be read and fields can be seen, light and dark: the theme's colours by the contrast ratios of WCAG 2.2, which axe
// cannot compute where elements overlap.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { controls } from '../../../src/components/controls.ts';
import { controlsStyles } from '../../../src/components/controls-styles.ts';
import { theme } from '../../../src/components/theme.ts';
import { ROOT } from '../house/source-files.ts';

/** Least ratios: of text (1.4.3), and of what has to be seen of a control (1.4.11). */
const TEXT = 4.5;
const BOUNDARY = 3;
const SCHEMES = ['light', 'dark'] as const;

/** Colours by token, light and dark. */
const tokens = new Map(
  [...theme.cssText.matchAll(/--_(\w+): var\(--phase-\w+, light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)\)/g)].map(
    ([, name, light, dark]) => [name, { light, dark }],
  ),
);

/** Relative luminance of `#rrggbb`, 0 … 1. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function expectContrast(front: string, back: string, least: number): void {
  for (const scheme of SCHEMES) {
    const [one, other] = [front, back].map((name) => tokens.get(name)?.[scheme] ?? '');
    const ratio = contrast(one, other);
    expect(ratio, `${scheme}: ${front} ${one} on ${back} ${other}: ${ratio.toFixed(2)} of ${least}`).toBeGreaterThanOrEqual(
      least,
    );
  }
}

test('the ratio is that of the standard: 21 for black on white, 4.48 for #777 on white', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

describe('text', () => {
  for (const front of ['ink', 'muted', 'lazy', 'rich']) {
    for (const back of ['paper', 'wash']) test(`${front} on ${back}`, () => expectContrast(front, back, TEXT));
  }
  test('of the main button', () => {
    expect(controls.cssText).toMatch(/button\.primary \{[^}]*background: var\(--_ink\);\s*color: var\(--_paper\)/);
    expectContrast('paper', 'ink', TEXT);
  });
});

describe('boundaries', () => {
  test('of fields are muted, and can be seen', () => {
    expect(controls.cssText).toMatch(/select,\s*input:not\([^{]*\{[^}]*border-bottom: 1px solid var\(--_muted\)/);
    expect(controlsStyles.cssText).toMatch(/textarea \{[^}]*border: 1px solid var\(--_muted\)/);
    for (const back of ['paper', 'wash']) expectContrast('muted', back, BOUNDARY);
  });
  test('of what has the focus or is wrong', () => {
    for (const front of ['focus', 'rich']) for (const back of ['paper', 'wash']) expectContrast(front, back, BOUNDARY);
  });
});

test('the page around the atlas has the same colours', () => {
  const own = readFileSync(join(ROOT, 'src/page.css'), 'utf8').match(/light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\)/g) ?? [];
  const known = [...tokens.values()].map(({ light, dark }) => `light-dark(${light}, ${dark})`);
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((pair) => !known.includes(pair))).toEqual([]);
});
