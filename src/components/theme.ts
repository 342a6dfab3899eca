// Type, ink and paper shared by all elements: one stack, three sizes, hairlines. Public custom properties begin with `--phase-`.

import { css } from 'lit';

/**
 * Every element includes this. Light or dark follows `color-scheme`; hosts may set
 * @cssprop --phase-ink - Text, marks and outlines.
 * @cssprop --phase-muted - Secondary text and ticks.
 * @cssprop --phase-hairline - Thin lines between parts.
 * @cssprop --phase-paper - Background.
 * @cssprop --phase-wash - Background of what is not known yet.
 * @cssprop --phase-lazy - Words and marks of the lazy side.
 * @cssprop --phase-rich - Words and marks of the rich side.
 * @cssprop --phase-focus - Outline of what has the focus.
 * @cssprop --phase-font - Typeface of everything but symbols.
 * @cssprop --phase-symbol-font - Typeface of symbols.
 */
export const theme = css`
  :host {
    --_ink: var(--phase-ink, light-dark(#17191d, #eceae6));
    --_muted: var(--phase-muted, light-dark(#5c6168, #a2a5ab));
    --_hairline: var(--phase-hairline, light-dark(#dcd9d3, #33363c));
    --_paper: var(--phase-paper, light-dark(#fdfcfa, #0f1114));
    --_wash: var(--phase-wash, light-dark(#f3f1ec, #1a1d22));
    --_lazy: var(--phase-lazy, light-dark(#2a63b5, #74bdf2));
    --_rich: var(--phase-rich, light-dark(#ab4604, #eda75f));
    --_focus: var(--phase-focus, light-dark(#17191d, #eceae6));
    --_font: var(--phase-font, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif);
    --_symbol: var(--phase-symbol-font, 'STIX Two Text', 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Liberation Serif', serif);
    --_small: 0.8125rem;
    --_body: 1rem;
    display: block;
    /* The words are English, whatever page they stand on. */
    direction: ltr;
    text-align: start;
    color: var(--_ink);
    font-family: var(--_font);
    font-size: var(--_small);
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .symbol {
    font-family: var(--_symbol);
    font-style: italic;
    font-size: 1.08em;
    white-space: nowrap;
  }
  .lazy {
    color: var(--_lazy);
  }
  .rich {
    color: var(--_rich);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  sup {
    font-size: 0.72em;
    line-height: 0;
    vertical-align: 0.45em;
  }
  @media print {
    :host {
      color-scheme: light;
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
  }
  @media (forced-colors: active) {
    /* Colours are the data. */
    canvas,
    .swatch {
      forced-color-adjust: none;
    }
  }
`;
