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
    display: flex;
    flex-direction: column;
    gap: 1.75rem;
  }
  main {
    grid-area: main;
    min-width: 0;
  }
  aside {
    grid-area: cell;
    min-width: 0;
    padding-top: 0.4rem;
  }
  .foot {
    grid-area: foot;
    min-width: 0;
    padding-top: 0.9rem;
    border-top: 1px solid var(--_hairline);
  }
  .mark {
    margin: 0.4rem 0 0;
    font-size: var(--_body);
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  nav h2 {
    margin: 0 0 0.4rem;
    font-size: var(--_small);
    font-weight: 400;
    color: var(--_muted);
  }
  nav ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  nav section + section {
    margin-top: 1.5rem;
  }
  nav button {
    width: 100%;
    padding: 0.5rem 0;
    border: 0;
    border-top: 1px solid var(--_hairline);
    border-radius: 0;
    text-align: left;
    line-height: 1.35;
  }
  nav button:hover {
    border-color: var(--_hairline);
    text-decoration: underline;
    text-decoration-color: var(--_hairline);
    text-underline-offset: 0.25em;
  }
  nav button[aria-current] {
    font-weight: 600;
    text-decoration: none;
  }
  .theme {
    align-self: start;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    margin-top: 0.9rem;
    padding-top: 0.6rem;
    border-top: 1px solid var(--_hairline);
  }
  .panel {
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
      flex-direction: row;
      align-items: baseline;
      gap: 1.5rem;
      padding-bottom: 0.5rem;
      border-bottom: 1px solid var(--_hairline);
    }
    .mark {
      margin: 0;
      white-space: nowrap;
    }
    .theme {
      align-self: baseline;
    }
    nav {
      display: flex;
      flex: 1 1 auto;
      gap: 1.5rem;
      min-width: 0;
      overflow-x: auto;
      scrollbar-width: thin;
    }
    nav section + section {
      margin-top: 0;
    }
    nav h2 {
      margin: 0;
    }
    nav section,
    nav ul {
      display: flex;
      align-items: baseline;
      gap: 1rem;
    }
    nav button,
    nav h2,
    .theme {
      width: auto;
      border-top: 0;
      white-space: nowrap;
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
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0.25rem 1rem;
    }
    nav {
      order: 1;
      flex-basis: 100%;
    }
    main {
      display: contents;
    }
    .page {
      display: block;
    }
    :host(:not([gallery])) .page {
      display: block;
    }
    .page > * + *,
    main > * + * {
      margin-top: 1rem;
    }
    aside {
      padding-top: 1rem;
      border-top: 1px solid var(--_hairline);
    }
  }
  @media print {
    header,
    .foot,
    .tools {
      display: none;
    }
    .page {
      display: block;
    }
  }
`;
