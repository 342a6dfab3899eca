// The looks of <phase-gallery>: a narrow list beside the diagram; in narrow columns a button that unfolds it.

import { css } from 'lit';

export const galleryStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .list {
    flex: 0 1 auto;
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr);
    gap: 0.75rem;
    min-height: 0;
    max-height: 100%;
  }
  .toggle {
    display: none;
    min-height: 1.5rem;
  }
  .find input {
    width: 100%;
  }
  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  nav {
    position: relative;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_hairline) transparent;
    /* Room for focus rings. */
    margin: 0 -4px;
    padding: 0 4px 4px;
  }
  details + details {
    border-top: 1px solid var(--_hairline);
  }
  summary {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.5rem;
    padding: 0.45rem 0;
    color: var(--_muted);
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:hover,
  details[open] > summary {
    color: var(--_ink);
  }
  h2 {
    display: inline;
    margin: 0;
    font-size: inherit;
    font-weight: 400;
  }
  ul {
    margin: 0 0 0.75rem;
    padding: 0;
    list-style: none;
  }
  li button {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 0.6rem;
    width: 100%;
    min-height: 0;
    padding: 0.3rem 0;
    border: 0;
    border-radius: 2px;
    line-height: 1.3;
    text-align: start;
  }
  li button:hover span {
    text-decoration: underline;
    text-decoration-color: var(--_hairline);
    text-underline-offset: 0.25em;
  }
  li button[aria-current] {
    font-weight: 600;
  }
  canvas {
    width: 42px;
    height: 28px;
    background: var(--_wash);
    image-rendering: pixelated;
  }
  [aria-current] canvas {
    outline: 1.5px solid var(--_ink);
    outline-offset: 1.5px;
  }
  .none {
    color: var(--_muted);
  }
  @container (max-width: 72rem) {
    .toggle {
      display: inline-block;
    }
    .list {
      display: none;
    }
    :host([open]) .list {
      /* Below the head of the page, over what comes next. */
      position: absolute;
      inset-inline: 0;
      top: 100%;
      display: grid;
      max-height: min(70vh, 34rem);
      padding: 0.75rem 0 1rem;
      border-bottom: 1px solid var(--_hairline);
      background: var(--_paper);
    }
    details ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
      gap: 0 1.5rem;
    }
  }
  @media (pointer: coarse) {
    summary {
      padding: 0.7rem 0;
    }
  }
  @media (forced-colors: active) {
    canvas {
      forced-color-adjust: none;
    }
  }
`;
