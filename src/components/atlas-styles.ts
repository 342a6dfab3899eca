// The layout of the page: rail, diagram, cell side by side; stacked on narrow screens.

import { css } from 'lit';

export const atlasStyles = css`
  :host {
    /* Measured by its own width, not the window's: an embed is as narrow as its column. */
    container: atlas / inline-size;
    background: var(--_paper);
    --_gap: clamp(1.25rem, 2.6vw, 3rem);
  }
  :host([gallery]) {
    color-scheme: light dark;
    min-height: 100vh;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  .page {
    display: grid;
    grid-template-columns: 11.5rem minmax(0, 1fr) 18.5rem;
    grid-template-rows: auto 1fr;
    grid-template-areas: 'rail main cell' 'rail foot foot';
    gap: 1.25rem var(--_gap);
    max-width: 110rem;
    margin: 0 auto;
    padding: 1.75rem var(--_gap) 2.5rem;
  }
  :host(:not([gallery])) .page {
    grid-template-columns: minmax(0, 1fr) 18.5rem;
    grid-template-areas: 'main cell' 'foot foot';
    padding: 1rem;
  }
  header {
    grid-area: rail;
    position: sticky;
    top: 1.75rem;
    align-self: start;
    display: flex;
    flex-direction: column;
    gap: 1.25rem;
    min-width: 0;
    max-height: calc(100vh - 3.5rem);
  }
  .main {
    grid-area: main;
    min-width: 0;
  }
  .over .main {
    outline: 2px dashed var(--_muted);
    outline-offset: 0.75rem;
  }
  .side {
    grid-area: cell;
    min-width: 0;
    padding-top: 0.4rem;
  }
  .beside {
    margin: 0 0 1.25rem;
    padding-bottom: 1.25rem;
    border-bottom: 1px solid var(--_hairline);
    scroll-margin: 1rem;
  }
  .foot {
    grid-area: foot;
    min-width: 0;
    padding-top: 0.9rem;
    border-top: 1px solid var(--_hairline);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 1.25rem;
  }
  phase-controls {
    flex-basis: 100%;
  }
  .mark {
    margin: 0.4rem 0 0;
    font-size: var(--_body);
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .help {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    margin: 0;
    padding-top: 0.6rem;
    border-top: 1px solid var(--_hairline);
  }
  .skips {
    position: absolute;
    z-index: 6;
    display: flex;
    margin: 0;
  }
  .skips button {
    position: absolute;
    top: 0.5rem;
    inset-inline-start: 0.5rem;
    white-space: nowrap;
    background: var(--_paper);
  }
  .skips button:not(:focus) {
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    margin-top: 0.9rem;
    padding-top: 0.6rem;
    border-top: 1px solid var(--_hairline);
  }
  .panel:not(.beside) {
    margin-top: 1rem;
  }
  @container atlas (max-width: 72rem) {
    .page {
      grid-template-columns: minmax(0, 1fr) 16rem;
      grid-template-rows: auto;
      grid-template-areas: 'rail rail' 'main cell' 'foot foot';
      padding-top: 1rem;
    }
    header {
      position: relative;
      top: 0;
      z-index: 3;
      flex-flow: row wrap;
      align-items: baseline;
      gap: 0.25rem 1.5rem;
      max-height: none;
      padding-bottom: 0.5rem;
      border-bottom: 1px solid var(--_hairline);
    }
    .mark {
      margin: 0;
      white-space: nowrap;
    }
    .help {
      margin-inline-start: auto;
      padding: 0;
      border: 0;
    }
  }
  @container atlas (max-width: 47rem) {
    .page {
      grid-template-columns: minmax(0, 1fr);
      grid-template-areas: 'rail' 'main' 'cell' 'foot';
      gap: 1rem;
      padding: 0.75rem 1rem 2rem;
    }
    header {
      margin-bottom: 0.75rem;
    }
    .help {
      margin-inline-start: 0;
    }
    /* One column: no boxes between the diagram and the page, so that it stays in view down to the settings. */
    .main,
    phase-diagram {
      display: contents;
    }
    phase-diagram {
      container-type: normal;
    }
    .page {
      display: block;
    }
    :host(:not([gallery])) .page {
      display: block;
    }
    .page > * + *,
    .main > * + * {
      margin-top: 1rem;
    }
    .tools,
    .panel,
    .side,
    .foot {
      /* Passes under the diagram, which stays. */
      position: relative;
      z-index: 0;
    }
    aside {
      padding-top: 1rem;
      border-top: 1px solid var(--_hairline);
    }
    .beside {
      padding-bottom: 0;
      border: 0;
    }
  }
  @media print {
    header,
    .skips,
    .side,
    .foot,
    .tools,
    .panel {
      display: none;
    }
    .page,
    :host(:not([gallery])) .page {
      display: block;
      max-width: none;
      padding: 0;
    }
    :host([gallery]) {
      min-height: 0;
    }
  }
`;
