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
  footer {
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
  h1 {
    margin: 0 0 0.5rem;
    font-size: clamp(1.5rem, 1rem + 1.2vw, 2rem);
    font-weight: 650;
    line-height: 1.15;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }
  .claim {
    max-width: 44rem;
    margin: 0;
    font-size: var(--_body);
    text-wrap: pretty;
  }
  .source,
  .look {
    max-width: 52rem;
    margin: 0;
    color: var(--_muted);
    text-wrap: pretty;
  }
  .source {
    margin: 0.1rem 0 0.5rem;
  }
  .look {
    margin: 0.2rem 0 1.1rem;
  }
  cite {
    font-style: normal;
  }
  a {
    color: inherit;
    text-decoration-color: var(--_hairline);
    text-underline-offset: 0.25em;
  }
  a:hover {
    color: var(--_ink);
    text-decoration-color: currentcolor;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 2rem;
    margin: 1.4rem 0 0.5rem;
  }
  phase-colour-bar {
    flex: 1 1 16rem;
    min-width: 0;
  }
  .legend label {
    min-width: 0;
  }
  .legend select {
    max-width: 100%;
    margin-left: -0.25rem;
    border-color: transparent;
    font-weight: 600;
    cursor: pointer;
    field-sizing: content;
  }
  .beside {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.15rem 1.5rem;
    margin: 0.9rem 0 0.6rem;
  }
  .beside p {
    margin: 0;
    text-wrap: pretty;
  }
  .beside .theory {
    flex: 1 1 auto;
    color: var(--_muted);
    text-align: right;
  }
  .beside .readout {
    flex-basis: 100%;
  }
  .remarks {
    max-width: 52rem;
    margin-top: 0.3rem;
    color: var(--_muted);
  }
  .remarks p {
    margin: 0;
    text-wrap: pretty;
  }
  .readout button.plain {
    color: inherit;
  }
  .layers {
    display: flex;
    gap: 1rem;
  }
  .layers label {
    position: relative;
    color: var(--_muted);
    cursor: pointer;
  }
  .layers input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .layers span {
    padding-bottom: 0.1rem;
    border-bottom: 2px solid transparent;
  }
  .layers label:hover span {
    color: var(--_ink);
    border-color: var(--_hairline);
  }
  .layers input:checked + span {
    color: var(--_ink);
    font-weight: 600;
    border-color: var(--_ink);
  }
  .layers input:focus-visible + span {
    outline: 2px solid var(--_focus);
    outline-offset: 3px;
  }
  .stage {
    position: relative;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1.25rem;
    margin: 0;
    padding: 0;
    list-style: none;
    color: var(--_muted);
  }
  .key li {
    display: flex;
    align-items: center;
    gap: 0.45rem;
  }
  .waiting {
    display: grid;
    align-content: center;
    justify-items: center;
    min-height: 20rem;
    margin-top: 1.4rem;
    background: var(--_wash);
    color: var(--_muted);
  }
  .notice {
    position: absolute;
    top: 50%;
    left: 50%;
    width: min(26rem, 80%);
    padding: 1rem 1.25rem 1.25rem;
    background: var(--_paper);
    transform: translate(-50%, -60%);
  }
  .cut {
    flex: 0 1 12rem;
    display: grid;
  }
  .legend .upwards {
    flex: 0 1 auto;
    display: flex;
    align-items: baseline;
    gap: 0.4rem;
    color: var(--_muted);
  }
  .legend .upwards select {
    height: auto;
    margin: 0;
    font-weight: 400;
    color: var(--_ink);
  }
  phase-heatmap {
    --phase-heatmap-height: clamp(20rem, calc(100vh - 27.5rem), 46rem);
  }
  phase-film {
    margin: 0.75rem 0 0.6rem;
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
    .beside .theory {
      flex-basis: 100%;
      order: -1;
      text-align: left;
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
    .stage {
      position: sticky;
      top: 0;
      z-index: 1;
      margin: 0.25rem 0 0;
      padding-top: 0.5rem;
      background: var(--_paper);
    }
    phase-heatmap {
      --phase-heatmap-height: min(56vh, 22rem);
    }
    aside {
      padding-top: 1rem;
      border-top: 1px solid var(--_hairline);
    }
  }
  @media print {
    header,
    footer,
    phase-progress {
      display: none;
    }
    .page {
      display: block;
    }
  }
`;
