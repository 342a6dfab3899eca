// Every preset is a sweep that the atlas accepts, and shows something that it measures.

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { cellValues } from '../../../src/core/sweep.ts';
import { planSweep } from '../../../src/engine/plan.ts';

describe.each(catalog.presets.map((preset) => [preset.id, preset] as const))('preset %s', (_, preset) => {
  const sweep = parseSweep(preset.sweep, catalog);

  it('plans within the page’s caps, every cell in one bucket', () => {
    const plan = planSweep(sweep, catalog, PAGE_CAPS);
    const cells = plan.buckets.flatMap((bucket) => bucket.cells).sort((a, b) => a - b);
    expect(cells).toEqual(Array.from({ length: plan.cells }, (__, cell) => cell));
  });

  it('shows an observable and axes of its sweep', () => {
    expect(sweep.observables).toContain(preset.view.observable);
    const swept = sweep.axes.map(({ parameter }) => parameter);
    expect(swept).toContain(preset.view.x);
    if (preset.view.y !== undefined) expect([...swept, 'time']).toContain(preset.view.y);
  });

  it('names a theory that holds in its first cell', () => {
    const { theory: id } = preset.view;
    if (id === undefined) return;
    const theory = catalog.theories.find((one) => one.id === id);
    if (theory === undefined) throw new Error(`no theory ${id}`);
    const setting = { family: sweep.family, task: sweep.task.kind, values: cellValues(sweep, 0), training: sweep.training };
    expect(theory.refusal(setting)).toBeNull();
  });

  it('has one-sentence words and a citation by https', () => {
    expect(preset.claim).toMatch(/^[^.]+\.$|^[^.]+\.[^.]*\.$/);
    expect(preset.citation.url).toMatch(/^https:/);
  });
});

it('presets have ids of their own, and the first trains thousands of networks', () => {
  const ids = catalog.presets.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(planSweep(parseSweep(catalog.presets[0].sweep, catalog), catalog, PAGE_CAPS).networks).toBeGreaterThanOrEqual(2000);
});
