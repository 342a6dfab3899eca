// Every story can be told: its views exist, each step says something in a few sentences, and steps share runs where they can.

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { COLOUR_MAPS } from '../../../src/components/colour-maps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { parseViewState } from '../../../src/core/parse-view-state.ts';
import { viewOfPreset } from '../../../src/core/view-state.ts';
import { stories } from '../../../src/stories/registry.ts';

describe.each(stories.map((story) => [story.id, story] as const))('story %s', (_, story) => {
  it('shows what its sweeps measure, along axes that they have', () => {
    for (const { view } of story.steps) {
      const preset = catalog.presets.find(({ id }) => id === view.preset);
      if (preset === undefined) throw new Error(`no preset ${view.preset}`);
      const whole = parseViewState({ ...viewOfPreset(preset), ...view }, catalog);
      const sweep = parseSweep(preset.sweep, catalog);
      expect(sweep.observables).toContain(whole.observable);
      if (whole.difference?.from === 'observable') expect(sweep.observables).toContain(whole.difference.observable);
      const axes = sweep.axes.map(({ parameter }) => parameter);
      expect(axes).toContain(whole.x);
      if (whole.y !== null) expect([...axes, 'time']).toContain(whole.y);
      if (whole.colours !== '') expect(COLOUR_MAPS.map(({ id }) => id)).toContain(whole.colours);
    }
  });

  it('says two to four sentences at each step', () => {
    for (const { text } of story.steps) {
      const sentences = text.split(/(?<=[.?:])\s+(?=[A-Z])/).length;
      expect(sentences, text).toBeGreaterThanOrEqual(2);
      expect(sentences, text).toBeLessThanOrEqual(4);
      expect(text).toMatch(/[.?]$/);
    }
  });

  it('has fewer sweeps than steps', () => {
    expect(new Set(story.steps.map(({ view }) => view.preset)).size).toBeLessThan(story.steps.length);
  });
});

it('every paper has a story', () => {
  const papers = new Set(stories.map(({ paper }) => paper));
  expect(papers.size).toBe(stories.length);
  const known = new Set(catalog.presets.map(({ paper }) => paper));
  for (const paper of papers) expect(known, paper).toContain(paper);
});
