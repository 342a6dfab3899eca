// Symbols as HTML and as text: what follows an underscore is lowered. The diagram has its own for SVG: see heatmap-marks.ts.

import { html, type TemplateResult } from 'lit';

const LETTERS = 'aehijklmnoprstuvxβγ';
const LOWERED = 'ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧ';
const NAMES = new RegExp(`_([${LETTERS}]+)(?!\\p{L})`, 'gu');

/** "c_γ" as plain text: "cᵧ"; an underscore stays where letters cannot be lowered. */
export function symbolText(symbol: string): string {
  return symbol.replace(NAMES, (_, name: string) => [...name].map((letter) => LOWERED[LETTERS.indexOf(letter)]).join(''));
}

/** "c_w − c_u" with w and u lowered. */
export function symbolHtml(symbol: string): TemplateResult {
  const parts = symbol.split(/_(\p{L}+)/u);
  return html`<span class="symbol">${parts.map((part, i) => (i % 2 === 0 ? part : html`<sub>${part}</sub>`))}</span>`;
}
