// The looks of <phase-film>.

import { css } from 'lit';

export const filmStyles = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: start;
    gap: 0.75rem;
  }
  button {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    padding: 0;
    border: 1px solid var(--_hairline);
    border-radius: 50%;
    background: none;
    color: var(--_ink);
    cursor: pointer;
  }
  button:hover {
    border-color: var(--_muted);
  }
  button:disabled {
    color: var(--_muted);
    cursor: default;
  }
  button svg {
    width: 16px;
    fill: currentcolor;
  }
  .strip {
    position: relative;
    height: 66px;
    cursor: ew-resize;
    touch-action: pan-y;
  }
  canvas {
    position: absolute;
    top: 3px;
    left: 0;
    width: 100%;
    height: 40px;
    column-rule-color: var(--_wash);
    color: var(--_ink);
    border: 0 solid light-dark(#b9b4aa, #4a4e56);
  }
  .marks {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 66px;
    overflow: visible;
  }
  text {
    font-size: 13px;
    fill: var(--_muted);
  }
  .raised {
    font-size: 9.5px;
  }
  .chosen,
  .pointed {
    fill: none;
    stroke: var(--_ink);
    stroke-width: 2;
  }
  .pointed {
    stroke-width: 1.5;
    stroke-dasharray: 2 2;
  }
  .time {
    min-width: 5.2rem;
    margin: 0;
    line-height: 44px;
    font-size: var(--_body);
    text-align: right;
    white-space: nowrap;
  }
`;
