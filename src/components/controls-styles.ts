// The looks of the settings: fields in columns, complaints under their fields.

import { css } from 'lit';

export const controlsStyles = css`
  form {
    display: grid;
    gap: 1.75rem;
    padding: 1.25rem 0 0.5rem;
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 0.6rem;
    font-weight: 600;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
    gap: 1rem 1.5rem;
  }
  .axis {
    display: grid;
    grid-template-columns: minmax(11rem, 2fr) repeat(4, minmax(4rem, 1fr)) auto;
    gap: 0.75rem 1.5rem;
  }
  .axis + .axis {
    margin-top: 0.9rem;
  }
  .axis .less {
    justify-self: start;
    align-self: end;
    padding-bottom: 0.3rem;
  }
  .more {
    margin-top: 0.9rem;
  }
  textarea {
    display: block;
    width: 100%;
    min-height: 18rem;
    padding: 0.6rem 0.75rem;
    border: 1px solid var(--_muted);
    background: var(--_wash);
    color: inherit;
    font: 0.8125rem/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace;
    resize: vertical;
    tab-size: 2;
  }
  .wide {
    grid-column: span 4;
  }
  .axis .complaint {
    grid-column: 1 / -1;
  }
  label {
    display: grid;
    align-content: start;
    min-width: 0;
  }
  label > span:first-child {
    color: var(--_muted);
  }
  .hint {
    grid-column: 1 / -1;
    margin: 0;
  }
  label .symbol {
    /* Larger letters do not make their line higher. */
    line-height: 0;
  }
  .checks {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
    gap: 0.3rem 1.5rem;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 1.5rem;
  }
  summary {
    width: max-content;
    padding: 1rem 0 0.5rem;
    color: var(--_muted);
    cursor: pointer;
  }
  [aria-invalid='true'] {
    border-color: var(--_rich);
  }
  .complaint {
    padding-top: 0.25rem;
    font-style: normal;
    color: var(--_rich);
  }
  .size {
    max-width: 52rem;
    margin: 0;
    color: var(--_muted);
    text-wrap: pretty;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem 1.25rem;
    margin: 0;
  }
  .general {
    flex: 1 1 16rem;
    color: var(--_rich);
  }
  @media (max-width: 40rem) {
    .axis {
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: 0.5rem 0.75rem;
    }
    .which,
    .wide {
      grid-column: 1 / -1;
    }
  }
`;
