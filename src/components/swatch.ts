// Small fields of legends: a colour, a texture, or both. Plain functions of data: see textures.ts.

import { html, nothing, svg, type TemplateResult } from 'lit';
import { cssColour } from './colour.ts';
import type { ColourScale } from './colour-scale.ts';
import { classTexture, TEXTURES, type Texture, TILE } from './textures.ts';

/** `id` must be unique within its shadow root. Without a colour the field is paper; strokes take the colour of the text. */
export function swatch(id: string, texture: Texture | null, colour?: string): TemplateResult {
  const drawn = texture === null ? null : TEXTURES[texture];
  return html`<svg class="swatch" viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">
    ${colour === undefined ? nothing : svg`<rect width="22" height="14" fill=${colour} />`}
    ${
      drawn === null
        ? nothing
        : svg`<pattern id=${id} width=${TILE} height=${TILE} patternUnits="userSpaceOnUse"><path d=${drawn.path} fill="none"
            stroke=${colour === undefined ? 'currentColor' : '#16181c'} stroke-width=${drawn.width}
            stroke-opacity=${Math.min(1, drawn.opacity * 1.4)} stroke-linecap="square" /></pattern><rect width="22" height="14" fill="url(#${id})" />`
    }
    <rect class="rim" x="0.5" y="0.5" width="21" height="13" fill="none" stroke="currentColor" stroke-opacity="0.3" />
  </svg>`;
}

/** Classes by colour and texture; nothing for other scales. */
export function classLegend(colours: ColourScale): TemplateResult | typeof nothing {
  if (colours.classes === undefined) return nothing;
  return html`<ul class="key" part="classes">${colours.classes.map(
    ({ label }, value) =>
      html`<li>${swatch(`class-${value}`, classTexture(value), cssColour(colours.table, colours.position(value)))} ${label}</li>`,
  )}</ul>`;
}
