// The layout of one figure: head, legend, diagram, film.

import { css } from 'lit';

export const diagramStyles = css`
  :host {
    /* Measured by its own width, not the window's: an embed is as narrow as its column. The page around may take its box away, so
       that the diagram can stay in view beyond it; then the page's width counts. */
    container-type: inline-size;
    background: var(--_paper);
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  h1 {
    margin: 0 0 0.5rem;
    font-size: clamp(1.5rem, 1rem + 1.2vw, 2rem);
    font-weight: 650;
    line-height: 1.15;
    letter-spacing: -0.02em;
    overflow-wrap: anywhere;
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
    margin: 0.7rem 0 1.1rem;
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
    margin: 0.25rem 0 0;
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
  .axes {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    align-self: start;
    gap: 0.1rem 0.75rem;
  }
  .refusal {
    margin: 0.25rem 0 0;
    color: var(--_muted);
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
    --phase-heatmap-height: clamp(20rem, calc(100vh - 29rem), 46rem);
  }
  phase-film {
    margin: 0.75rem 0 0.2rem;
  }
  .film-tools {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.1rem 1.25rem;
    margin-bottom: 0.6rem;
    color: var(--_muted);
  }
  .film-tools select {
    height: auto;
    border-color: transparent;
    color: var(--_ink);
  }
  .film-tools [aria-pressed='true'] {
    color: var(--_ink);
    font-weight: 600;
  }
  @container (max-width: 47rem) {
    .beside .theory {
      flex-basis: 100%;
      order: -1;
      text-align: left;
    }
  }
  /* A phone, not a narrow column of a wide page: the diagram stays, and what follows passes under it. */
  @media (max-width: 47rem) {
    .figure {
      display: contents;
    }
    .figure > * + * {
      margin-top: 1rem;
    }
    .stage {
      position: sticky;
      top: 0;
      z-index: 1;
      margin: 0.25rem 0 0;
      padding: 0.5rem 0 0.4rem;
      border-bottom: 1px solid var(--_hairline);
      background: var(--_paper);
    }
    phase-heatmap {
      --phase-heatmap-height: min(56vh, 22rem);
    }
  }
  /* A phone held sideways: a diagram that stays would leave no room to read. */
  @media (max-width: 47rem) and (max-height: 30rem) {
    .stage {
      position: relative;
    }
    phase-heatmap {
      --phase-heatmap-height: 80vh;
    }
  }
  @media print {
    phase-progress,
    phase-film,
    .layers,
    .legend .upwards {
      display: none;
    }
    .stage {
      position: relative;
      break-inside: avoid;
    }
    .head,
    .legend {
      break-inside: avoid;
      break-after: avoid;
    }
    phase-heatmap {
      --phase-heatmap-height: 10cm;
    }
    a::after {
      content: ' ' attr(href);
      color: var(--_muted);
    }
  }
`;
