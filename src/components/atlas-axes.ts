// Which parameter runs across the diagram, and changing places with the one upwards. Plain functions: see phase-diagram.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Sweep } from '../core/sweep.ts';
import { type Slice, TIME } from './diagram-view.ts';
import type { AxisView } from './scale.ts';

/** The slice with another parameter across. The one that stood there goes up where the new one comes from. */
export function acrossSlice(slice: Slice, x: string): Slice {
  return { ...slice, x, y: slice.y === x ? slice.x : slice.y };
}

/** Across and upwards change places; null where time or nothing stands upwards. */
export function turnedSlice(slice: Slice): Slice | null {
  return slice.y === null || slice.y === TIME ? null : { ...slice, x: slice.y, y: slice.x };
}

/** Choice of the horizontal axis; nothing for sweeps of one axis. */
export function atlasAcross(
  sweep: Sweep,
  slice: Slice,
  axisView: (parameter: string) => AxisView | null,
  choose: (slice: Slice) => void,
): TemplateResult | typeof nothing {
  if (sweep.axes.length < 2) return nothing;
  const turned = turnedSlice(slice);
  const pick = (event: Event) => choose(acrossSlice(slice, (event.target as HTMLSelectElement).value));
  return html`<label class="upwards"><span>across</span>
      <select data-across @change=${pick}>${sweep.axes.map(
        ({ parameter }) =>
          html`<option value=${parameter} ?selected=${parameter === slice.x}>${axisView(parameter)?.label ?? parameter}</option>`,
      )}</select></label>${
        turned === null
          ? nothing
          : html`<button class="plain swap" data-swap title="Swap the axes" aria-label="Swap the axes" @click=${() => choose(turned)}>⇄</button>`
      }`;
}
