// The still parts of the page: rail of presets, head of the figure, foot with the controls. Plain functions: see phase-atlas.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Caps } from '../core/caps.ts';
import type { Preset } from '../core/preset.ts';
import type { Sweep } from '../core/sweep.ts';
import { type DiagramView, type Slice, TIME } from './diagram-view.ts';
import { textureOf } from './paint.ts';
import type { GalleryChoice } from './phase-gallery.ts';
import type { AxisView } from './scale.ts';
import type { Science } from './science.ts';
import { swatch } from './swatch.ts';
import { symbolHtml } from './symbols.ts';
import type { Texture } from './textures.ts';
import type { Thumbnails } from './thumbnail.ts';

/** For the keyboard: past the list of figures. */
export function atlasSkips(toDiagram: () => void, toSettings: () => void): TemplateResult {
  return html`<p class="skips">
    <button data-skip="diagram" @click=${toDiagram}>Skip to the diagram</button>
    <button data-skip="settings" @click=${toSettings}>Skip to the settings</button>
  </p>`;
}

/** Name of the page, its figures, and what helps to read them. */
export function atlasRail(
  presets: readonly Preset[],
  thumbnails: Thumbnails | null,
  chosen: string,
  choose: (id: string) => void,
  toggleTheme: () => void,
  openGuide: (part: 'reading' | 'keys') => void,
): TemplateResult {
  return html`<header part="rail">
    <p class="mark">phase atlas</p>
    <phase-gallery .presets=${presets} .thumbnails=${thumbnails} .chosen=${chosen}
      @gallery-choice=${(event: GalleryChoice) => choose(event.detail.id)}></phase-gallery>
    <p class="help">
      <button class="plain" data-guide @click=${() => openGuide('reading')}>How to read this</button>
      <button class="plain" data-keys aria-keyshortcuts="?" @click=${() => openGuide('keys')}>Keys</button>
      <button class="plain theme" @click=${toggleTheme}>Light or dark</button>
    </p>
  </header>`;
}

/** Source, title and claim; for a changed experiment what it is and where it came from. */
export function atlasHead(preset: Preset | null, changed: string): TemplateResult | typeof nothing {
  if (preset === null) return nothing;
  const { title, claim, citation } = preset;
  const source = html`<a href=${citation.url} rel="noreferrer" target="_blank" title=${citation.title}>${citation.authors} ${citation.year}</a>`;
  if (changed !== '') {
    return html`<div class="head" part="heading">
      <p class="source">Started from ${source}</p>
      <h1>${changed}</h1>
      <p class="claim">Your own experiment; the figure it started from is “${title}”.</p>
    </div>`;
  }
  return html`<div class="head" part="heading">
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
  caps: Caps,
  open: boolean,
  toggle: () => void,
): TemplateResult {
  return html`<footer>
    <button class="plain" aria-expanded=${open ? 'true' : 'false'} data-adjust @click=${toggle}>${open ? 'Close the settings' : 'Change the experiment'}</button>
    <phase-controls ?hidden=${!open} .catalog=${science.catalog} .parse=${science.parseSweep} .sweep=${json} .caps=${caps}></phase-controls>
    <slot name="foot"></slot>
  </footer>`;
}

/**
 * In place of the diagram before there is anything to draw: what the host put there, a sentence, and a way on where there is one.
 */
export function atlasWaiting(words: string, action: string, act: (() => void) | null): TemplateResult {
  return html`<div class="waiting" part="waiting" role="status">
    <slot name="fallback"><slot></slot></slot>
    ${words === '' ? nothing : html`<p>${words}</p>`}
    ${act === null ? nothing : html`<p><button class="primary" data-start @click=${act}>${action}</button></p>`}
  </div>`;
}

/** What stands upwards: another axis of the sweep, or training time. */
export function atlasVertical(
  sweep: Sweep,
  slice: Slice,
  axisView: (parameter: string) => AxisView | null,
  choose: (slice: Slice) => void,
): TemplateResult | typeof nothing {
  if (sweep.training.checkpoints.length < 2) return nothing;
  const others = sweep.axes.map(({ parameter }) => parameter).filter((parameter) => parameter !== slice.x);
  const options: readonly (readonly [string, string])[] = [
    ...(others.length === 0
      ? [['', 'nothing'] as const]
      : others.map((parameter) => [parameter, axisView(parameter)?.label ?? parameter] as const)),
    [TIME, 'training time'],
  ];
  const pick = (event: Event) => choose({ ...slice, y: (event.target as HTMLSelectElement).value || null });
  return html`<label class="upwards"><span>upwards</span>
    <select data-vertical @change=${pick}>${options.map(
      ([value, label]) => html`<option value=${value} ?selected=${value === (slice.y ?? '')}>${label}</option>`,
    )}</select></label>`;
}

/** Sliders through the axes that are not drawn. */
export function atlasCuts(
  sweep: Sweep,
  slice: Slice,
  axisView: (parameter: string) => AxisView | null,
  choose: (slice: Slice) => void,
): TemplateResult[] {
  const others = sweep.axes.filter(({ parameter }) => parameter !== slice.x && parameter !== slice.y);
  return others.map(({ parameter, values }) => {
    const at = slice.at[parameter] ?? 0;
    const axis = axisView(parameter);
    const move = (event: Event) =>
      choose({ ...slice, at: { ...slice.at, [parameter]: Number((event.target as HTMLInputElement).value) } });
    return html`<label class="cut"><span>${axis?.label} ${symbolHtml(axis?.symbol ?? '')} = ${values[at]}</span>
      <input type="range" min="0" max=${values.length - 1} .value=${String(at)} aria-valuetext=${String(values[at])} @input=${move}></label>`;
  });
}

/** "Output scale × width" of a sweep. */
export function sweepName(sweep: Sweep | null, axisView: (sweep: Sweep, parameter: string) => AxisView | null): string {
  if (sweep === null) return '';
  const name = sweep.axes.map(({ parameter }) => axisView(sweep, parameter)?.label ?? parameter).join(' × ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** What the outcomes' textures mean, in the order in which a legend names them. */
const TEXTURE_WORDS: readonly (readonly [Texture, string])[] = [
  ['out-of-budget', 'stopped before it had converged'],
  ['stalled', 'stalled'],
  ['obstructed', 'kept from the task by their start'],
  ['diverged', 'diverged'],
  ['refused', 'the theory does not hold'],
];

/** What the textures that are shown mean; nothing where there are none. */
export function textureKey(view: DiagramView | null): TemplateResult | typeof nothing {
  if (view === null) return nothing;
  const shown = new Set(Array.from(view.values, (_, index) => textureOf(view, index)));
  const words = TEXTURE_WORDS.filter(([texture]) => shown.has(texture));
  if (words.length === 0) return nothing;
  return html`<ul class="key">${words.map(([texture, meaning]) => html`<li>${swatch(`key-${texture}`, texture)} ${meaning}</li>`)}</ul>`;
}
