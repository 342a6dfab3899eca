// The looks of <phase-explore>.

import { css } from 'lit';

export const exploreStyles = css`
  .layer {
    position: absolute;
    z-index: 1;
    overflow: visible;
    pointer-events: none;
  }
  .layer rect {
    fill: none;
    stroke: #14161a;
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  .layer .halo {
    stroke: #fff;
    stroke-width: 4;
    stroke-opacity: 0.8;
  }
  .layer .area {
    fill: #fff;
    fill-opacity: 0.18;
    stroke-dasharray: 5 3;
  }
  .layer .pointed {
    stroke-dasharray: 2 2;
  }
  .will {
    margin: 0;
    text-wrap: pretty;
  }
  .will:empty {
    display: none;
  }
  .tools,
  .group {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.1rem 1.25rem;
  }
  .tools {
    justify-content: space-between;
    color: var(--_muted);
  }
  .tools button.plain[aria-pressed='true'] {
    color: var(--_ink);
    font-weight: 600;
  }
  .tools button.plain:disabled {
    text-decoration: none;
  }
  .tools select {
    height: auto;
    border-color: transparent;
    field-sizing: content;
    color: var(--_ink);
    cursor: pointer;
  }
  label {
    display: inline-flex;
    align-items: baseline;
    gap: 0.35rem;
    cursor: pointer;
  }
  .tools label:has(> input) {
    align-items: baseline;
  }
  input[type='checkbox'] {
    margin: 0;
    accent-color: var(--_muted);
    translate: 0 0.1em;
  }
  @media (pointer: coarse) {
    .tools button.plain,
    .tools select {
      min-height: 2.25rem;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
