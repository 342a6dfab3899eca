// Symbols as HTML: what follows an underscore is lowered. The diagram has its own for SVG: see heatmap-marks.ts.

import { html, type TemplateResult } from 'lit';

/** "c_w − c_u" with w and u lowered. */
export function symbolHtml(symbol: string): TemplateResult {
  const parts = symbol.split(/_(\p{L}+)/u);
  return html`<span class="symbol">${parts.map((part, i) => (i % 2 === 0 ? part : html`<sub>${part}</sub>`))}</span>`;
}
