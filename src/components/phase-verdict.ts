// <phase-verdict>: one line on a figure that was opened from a link: whether the rerun came to the shared
// result. Silent otherwise.

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { shareStyles } from './share-styles.ts';
import { verdictOf } from './share-verdict.ts';
import { theme } from './theme.ts';

export class PhaseVerdict extends LitElement {
  static override styles = [theme, shareStyles];
  static override properties = { figure: { attribute: false } };
  declare figure: Figure | null;

  constructor() {
    super();
    this.figure = null;
    new FigureListener(this);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.figure === null) return nothing;
    const { kind, words, caution } = verdictOf(this.figure);
    const said = [words, caution].filter((part) => part !== '').join(' ');
    return html`<p class="said" role="status">${said === '' ? nothing : html`<span class="verdict ${kind}" data-verdict=${kind}>${said}</span>`}</p>`;
  }
}
