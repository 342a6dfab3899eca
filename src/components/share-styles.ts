// Looks of the share panel: columns of short blocks under hairlines.

import { css } from 'lit';

export const shareStyles = css`
  :host {
    container: share / inline-size;
  }
  .blocks {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 clamp(1.25rem, 2.6vw, 3rem);
  }
  .block {
    min-width: 0;
    padding: 0.6rem 0 1.6rem;
    border-top: 1px solid var(--_hairline);
  }
  h2 {
    margin: 0 0 0.35rem;
    font-size: var(--_small);
    font-weight: 600;
  }
  p {
    margin: 0 0 0.5rem;
    color: var(--_muted);
    text-wrap: pretty;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.75rem;
  }
  .row input[readonly] {
    flex: 1 1 12rem;
    font-family: ui-monospace, 'Liberation Mono', monospace;
    text-overflow: ellipsis;
  }
  pre {
    max-height: 11rem;
    margin: 0 0 0.6rem;
    padding: 0.5rem 0.6rem;
    overflow: auto;
    background: var(--_wash);
    font:
      0.75rem / 1.5 ui-monospace,
      'Liberation Mono',
      monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1rem;
    margin-bottom: 0.5rem;
  }
  .kinds button {
    padding-bottom: 0.1rem;
    border-bottom: 2px solid transparent;
    border-radius: 0;
    text-decoration: none;
  }
  .kinds button[aria-pressed='true'] {
    border-color: var(--_ink);
    color: var(--_ink);
    font-weight: 600;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .files li,
  .kept li {
    display: grid;
    grid-template-columns: 6.5rem minmax(0, 1fr);
    align-items: baseline;
    gap: 0.75rem;
    padding: 0.16rem 0;
    color: var(--_muted);
  }
  .files button {
    justify-self: start;
    color: var(--_ink);
  }
  .kept {
    margin-top: 0.6rem;
  }
  .kept li {
    grid-template-columns: minmax(0, 1fr) auto auto;
  }
  .kept .name {
    overflow: hidden;
    color: var(--_ink);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .drop {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3rem 0.6rem;
    color: var(--_muted);
    padding: 0.7rem 0.8rem;
    border: 1px dashed var(--_hairline);
  }
  input[type='file'] {
    max-width: 100%;
    height: auto;
    border: 0;
    color: var(--_muted);
    background: none;
  }
  ::file-selector-button {
    margin-right: 0.6rem;
    padding: 0.3rem 0.7rem;
    border: 1px solid var(--_hairline);
    border-radius: 1rem;
    color: var(--_ink);
    background: none;
    font: inherit;
    cursor: pointer;
  }
  .said {
    min-height: 1.45em;
    margin: 0 0 0.6rem;
    scroll-margin: 1rem;
    color: var(--_ink);
  }
  .said:empty {
    min-height: 0;
    margin: 0;
  }
  .verdict::before {
    content: '';
    display: inline-block;
    width: 0.55rem;
    height: 0.55rem;
    margin-right: 0.5rem;
    border: 1px solid var(--_ink);
    border-radius: 50%;
  }
  .verdict.identical::before {
    background: var(--_ink);
  }
  .verdict.within::before {
    background: linear-gradient(90deg, var(--_ink) 50%, transparent 50%);
  }
  @container share (max-width: 40rem) {
    .blocks {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
