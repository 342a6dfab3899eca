// The looks of <phase-scaling>.

import { css } from 'lit';

export const scalingStyles = css`
  :host {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr));
    gap: 1rem 2rem;
  }
  figure {
    min-width: 0;
    margin: 0;
  }
  figcaption {
    font-weight: 600;
  }
  p {
    margin: 0 0 0.4rem;
    min-height: 2.9em;
    text-wrap: pretty;
  }
  .hint {
    grid-column: 1 / -1;
    min-height: 0;
    color: var(--_muted);
  }
  .plot {
    height: var(--phase-scaling-height, 14rem);
    color: var(--_muted);
    border: 0 solid var(--_hairline);
    overflow: hidden;
  }
  .axis {
    min-height: 0;
    color: var(--_muted);
    text-align: right;
  }
  .turn {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-height: 0;
  }
  .turn label {
    display: flex;
    flex: 1 1 auto;
    align-items: center;
    gap: 0.5rem;
  }
  .turn input[type='range'] {
    flex: 1 1 auto;
    min-width: 4rem;
  }
  .turn input[type='text'] {
    width: 4rem;
  }
`;
