// The looks of <phase-heatmap>. Four colours of the canvas are read back by the painter: paper, wash, ink and hairline of the
// page. Text is not to be selected: what is dragged over the diagram is a rectangle. Comments inside would be sent to readers.

import { css } from 'lit';

export const heatmapStyles = css`
  :host {
    height: var(--phase-heatmap-height, 28rem);
    -webkit-user-select: none;
    user-select: none;
  }
  .plot {
    position: relative;
    height: 100%;
  }
  canvas,
  .grid {
    position: absolute;
  }
  canvas {
    background: var(--_paper);
    column-rule-color: var(--_wash);
    color: var(--_ink);
    border: 0 solid light-dark(#b9b4aa, #4a4e56);
  }
  svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    overflow: visible;
    pointer-events: none;
  }
  .grid {
    cursor: crosshair;
    touch-action: pan-y;
  }
  .grid:focus-visible {
    outline-offset: 3px;
  }
  .axes line {
    stroke: var(--_muted);
    stroke-width: 1;
    shape-rendering: crispEdges;
  }
  .axes line.minor {
    opacity: 0.55;
  }
  text {
    font-family: var(--_font);
    font-size: 13px;
    fill: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  text.title {
    fill: var(--_ink);
  }
  .raised {
    font-size: 9.5px;
  }
  text .symbol {
    font-size: 15px;
  }
  .boundary,
  .playhead,
  rect[class] {
    fill: none;
    stroke: #14161a;
    stroke-width: 1.5;
    stroke-linejoin: round;
  }
  .boundary.provisional {
    stroke-width: 1;
    stroke-dasharray: 5 3;
  }
  .words text {
    font-size: 12px;
    font-style: italic;
    fill: #14161a;
  }
  text.region {
    font-size: 16px;
    font-weight: 600;
    letter-spacing: 0.02em;
  }
  text.on-light {
    fill: #14161a;
    fill-opacity: 0.78;
  }
  text.on-deep {
    fill: #fff;
  }
  rect.selected {
    stroke-width: 2.5;
  }
  .halo.halo {
    stroke: #fff;
    stroke-width: 4;
  }
  .readout {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 2;
    width: max-content;
    max-width: 17rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--_hairline);
    border-radius: 3px;
    background: var(--_paper);
    pointer-events: none;
  }
  .where,
  .what {
    display: flex;
    align-items: baseline;
    gap: 0.75rem;
  }
  .what {
    font-size: var(--_body);
  }
  .where,
  .note {
    color: var(--_muted);
  }
  @media print {
    .readout {
      display: none;
    }
  }
`;
