// The looks of <phase-inspector> and <phase-verify>.

import { css } from 'lit';

export const inspectorStyles = css`
  .choices,
  .busy {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.4rem 1.5rem;
    margin: 0 0 0.75rem;
  }
  .choices label,
  .busy label {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
    min-width: 0;
    color: var(--_muted);
  }
  .choices select {
    max-width: 100%;
    color: var(--_ink);
  }
  progress {
    width: 8rem;
    height: 0.35rem;
    accent-color: var(--_ink);
  }
  p {
    max-width: 44rem;
    margin: 0 0 0.75rem;
  }
  .when,
  .note {
    color: var(--_muted);
  }
  section {
    margin-top: 1.25rem;
    padding-top: 0.75rem;
    border-top: 1px solid var(--_hairline);
  }
  h2 {
    margin: 0 0 0.25rem;
    font-size: var(--_body);
    font-weight: 600;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr));
    gap: 1rem 1.5rem;
    align-items: start;
  }
  .grid.pairs {
    grid-template-columns: repeat(2, minmax(0, 20rem));
  }
  .grid > table,
  .grid.pairs > table {
    grid-column: 1 / -1;
  }
  .heads {
    font-weight: 600;
  }
  .heads p {
    margin: 0;
  }
  figure {
    margin: 0;
  }
  figcaption {
    margin-bottom: 0.3rem;
  }
  .plane {
    display: block;
    width: 100%;
    max-width: 16rem;
    overflow: visible;
  }
  .plane .axis {
    stroke: var(--_hairline);
    stroke-width: 1;
    vector-effect: non-scaling-stroke;
  }
  .plane .unit {
    fill: none;
    stroke: var(--_muted);
    stroke-width: 1;
    vector-effect: non-scaling-stroke;
  }
  .plane .point {
    fill: var(--_ink);
    fill-opacity: 0.75;
  }
  .seeds {
    max-width: 30rem;
  }
  .said {
    margin: 0.4rem 0 0;
    color: var(--_muted);
  }
  table {
    width: 100%;
    max-width: 44rem;
    margin: 0.75rem 0;
    border-collapse: collapse;
  }
  caption {
    padding-bottom: 0.3rem;
    color: var(--_muted);
    text-align: left;
  }
  caption.unseen {
    padding: 0;
  }
  th,
  td {
    padding: 0.3rem 0.75rem 0.3rem 0;
    border-top: 1px solid var(--_hairline);
    vertical-align: baseline;
  }
  tbody tr:last-child > * {
    border-bottom: 1px solid var(--_hairline);
  }
  th {
    color: var(--_muted);
    font-weight: 400;
    text-align: left;
  }
  thead th:not(:first-child),
  td {
    text-align: right;
  }
  tr > :last-child {
    padding-right: 0;
  }
  .scroll {
    overflow-x: auto;
  }
  .verdict {
    font-size: var(--_body);
  }
  .beyond {
    font-weight: 600;
  }
  ul {
    max-width: 44rem;
    margin: 0 0 0.75rem;
    padding: 0;
    list-style: none;
  }
  li::first-letter {
    text-transform: uppercase;
  }
  .plot {
    height: 9rem;
    color: var(--_muted);
    border: 0 solid var(--_hairline);
    overflow: hidden;
  }
  .plots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr));
    gap: 0.5rem 1.5rem;
  }
`;
