// What the gallery lists: presets under their papers, and those that a search leaves. Pure; shows nothing.

import type { Preset } from '../core/preset.ts';

/** Presets under their papers, in order. */
export function byPaper(presets: readonly Preset[]): Map<string, Preset[]> {
  const papers = new Map<string, Preset[]>();
  for (const preset of presets) papers.set(preset.paper, [...(papers.get(preset.paper) ?? []), preset]);
  return papers;
}

/** Lower case without accents: "Dominé" is found by "domine". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Presets whose title, paper, claim or swept parameters hold every word of the query; all for an empty one. */
export function matching(presets: readonly Preset[], query: string): Preset[] {
  const words = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return presets.filter(({ id, title, paper, claim, citation, sweep, view }) => {
    const name = typeof sweep.title === 'string' ? sweep.title : '';
    const text = plain([id, title, paper, claim, citation.authors, name, view.observable].join(' '));
    return words.every((word) => text.includes(word));
  });
}
