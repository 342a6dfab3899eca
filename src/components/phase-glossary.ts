// <phase-glossary>: what the words of the page mean, thirty-odd terms with their sources. The same whatever figure is shown.

import { css, html, LitElement, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { GLOSSARY } from '../words/glossary.ts';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { theme } from './theme.ts';
import { type Formulas, formulas, termHtml, wordsStyles } from './words.ts';

export class PhaseGlossary extends LitElement {
  static override properties = { figure: { attribute: false }, formulas: { state: true } };
  declare figure: Figure | null;
  declare private formulas: Formulas | null;

  constructor() {
    super();
    this.figure = null;
    this.formulas = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void formulas().then((all) => {
      this.formulas = all;
    });
  }

  protected override render(): TemplateResult {
    return html`<dl>${guard([this.formulas], () =>
      GLOSSARY.map((term) => html`<div id=${term.id}><dt>${term.name}</dt><dd>${termHtml(term, this.formulas)}</dd></div>`),
    )}</dl>`;
  }

  static override styles = [
    theme,
    controls,
    wordsStyles,
    css`
      dl {
        margin: 0;
        columns: 20rem 3;
        column-gap: 2.5rem;
      }
      div {
        padding: 0.5rem 0;
        border-top: 1px solid var(--_hairline);
        break-inside: avoid;
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin: 0;
        text-wrap: pretty;
      }
    `,
  ];
}
