// The still parts of the page: rail of presets, head of the figure, foot with the controls. Plain functions: see phase-atlas.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Preset } from '../core/preset.ts';
import type { Science } from './science.ts';

/** Presets under their papers, in order. */
export function byPaper(presets: readonly Preset[]): Map<string, Preset[]> {
  const papers = new Map<string, Preset[]>();
  for (const preset of presets) papers.set(preset.paper, [...(papers.get(preset.paper) ?? []), preset]);
  return papers;
}

export function atlasRail(
  presets: readonly Preset[],
  chosen: string,
  choose: (id: string) => void,
  toggleTheme: () => void,
): TemplateResult {
  return html`<header part="rail">
    <p class="mark">phase atlas</p>
    <nav aria-label="Figures">${[...byPaper(presets)].map(
      ([paper, members]) =>
        html`<section><h2>${paper}</h2><ul>${members.map(
          ({ id, title }) =>
            html`<li><button aria-current=${id === chosen ? 'true' : nothing} data-preset=${id} @click=${() => choose(id)}>${title}</button></li>`,
        )}</ul></section>`,
    )}</nav>
    <button class="plain theme" @click=${toggleTheme}>Light or dark</button>
  </header>`;
}

/** Source, title and claim; for a changed experiment what it is and where it came from. */
export function atlasHead(preset: Preset | null, changed: string): TemplateResult | typeof nothing {
  if (preset === null) return nothing;
  const { title, claim, citation } = preset;
  const source = html`<a href=${citation.url} rel="noreferrer" target="_blank" title=${citation.title}>${citation.authors} ${citation.year}</a>`;
  if (changed !== '') {
    return html`<div class="head">
      <p class="source">Started from ${source}</p>
      <h1>${changed}</h1>
      <p class="claim">Your own experiment; the figure it started from is “${title}”.</p>
    </div>`;
  }
  return html`<div class="head">
    <p class="source">${source}</p>
    <h1>${title}</h1>
    <p class="claim">${claim}</p>
  </div>`;
}

/** What to look for, under the film. */
export function atlasHint(preset: Preset | null): TemplateResult | typeof nothing {
  return preset === null ? nothing : html`<p class="look">${preset.lookFor}</p>`;
}

export function atlasFoot(
  science: Science,
  json: Readonly<Record<string, unknown>> | null,
  open: boolean,
  toggle: () => void,
): TemplateResult {
  return html`<footer>
    <button class="plain" aria-expanded=${open ? 'true' : 'false'} data-adjust @click=${toggle}>${open ? 'Close the settings' : 'Change the experiment'}</button>
    <phase-controls ?hidden=${!open} .catalog=${science.catalog} .parse=${science.parseSweep} .sweep=${json}></phase-controls>
  </footer>`;
}
