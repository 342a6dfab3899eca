// The line that lays a theory beside the diagram: what is shown, how far the two are apart, where the theory is silent and why.
// Plain functions: see theory-controller.ts for what they tell of.

import { html, nothing, type TemplateResult } from 'lit';
import { type ResidualKind, residualKind } from '../core/residual.ts';
import type { Theory } from '../core/theory.ts';
import { LAYERS, type Layer } from '../core/view-state.ts';
import type { TheoryFilm, WorstResidual } from '../engine/theory-film.ts';
import type { ObservableView } from './diagram-view.ts';
import { formatNumber } from './numbers.ts';

export interface TheoryNote {
  readonly theory: Theory;
  readonly layer: Layer;
  /** Why there is nothing to compare, a sentence; empty where there is. */
  readonly silence: string;
  /** The largest residual so far. */
  readonly worst: WorstResidual | null;
  /** Values of the swept parameters in a cell: "λ = 2". */
  readonly place: (cell: number) => string;
  readonly film: TheoryFilm | null;
  /** What residuals of the observable are. */
  readonly kind: ResidualKind;
  readonly choose: (layer: Layer) => void;
  /** Shows a cell at a frame. */
  readonly jump: (cell: number, frame: number) => void;
}

/** What a residual is: where values span decades, a ratio. */
export function residualWords(kind: ResidualKind): string {
  return kind === 'relative' ? '|ln simulation − ln theory|' : '|simulation − theory|';
}

/** How an observable's residual is drawn. */
export function residualView(observable: ObservableView): ObservableView {
  const { threshold: _, richSide: __, classes: ___, ...rest } = observable;
  const classes = observable.scale === 'class';
  return {
    ...rest,
    label: classes
      ? `networks whose ${observable.label} differs from the theory’s`
      : `${residualWords(residualKind(observable.scale))} of ${observable.label}`,
    range: classes ? [0, 1] : [0, Number.POSITIVE_INFINITY],
    scale: classes ? 'linear' : 'log',
    role: 'error',
    per: 'network',
  };
}

/** Decades of residual that the colours tell apart, below the largest. */
const RESIDUAL_DECADES = 6;

/** Ends of the colours of a residual map. */
export function residualExtent(
  extent: readonly [number, number] | null,
  observable: ObservableView,
): readonly [number, number] | null {
  if (extent === null || observable.scale === 'class') return observable.scale === 'class' ? [0, 1] : null;
  return [Math.max(extent[0], extent[1] / 10 ** RESIDUAL_DECADES), extent[1]];
}

function counted(film: TheoryFilm): readonly [string, number][] {
  const counts = new Map<string, number>();
  for (const sentence of film.exceptions) if (sentence !== null) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** What a reader must know of the theory's film besides its numbers: one sentence each. */
export function theoryRemarks(film: TheoryFilm): string[] {
  const remarks: string[] = [];
  if (film.reach === 'limit') remarks.push('It says where training ends, and is compared there only.');
  const refused = new Map<string, number>();
  for (const sentence of film.refusals) if (sentence !== null) refused.set(sentence, (refused.get(sentence) ?? 0) + 1);
  for (const [sentence, count] of [...refused].sort((a, b) => b[1] - a[1]).slice(0, 2)) {
    remarks.push(`${count} of ${film.cells} cells are left to the simulation: ${lowered(sentence)}`);
  }
  const refusedCells = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const solved = (film.done - refusedCells) * film.seeds;
  for (const [sentence, count] of counted(film).slice(0, 2)) {
    remarks.push(`${count} of ${solved} networks are counted, not averaged, each because ${lowered(sentence)}`);
  }
  return remarks;
}

/** A sentence that goes on within another; names and symbols keep their capitals. */
function lowered(sentence: string): string {
  return /^[A-Z][a-z]*\s/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}

function readout({ worst, place, film, kind, jump }: TheoryNote): TemplateResult {
  if (worst === null || film === null) {
    const share = film === null ? 0 : film.done / film.cells;
    return html`${share < 1 ? `Solving, ${Math.floor(100 * share)} %.` : 'Nothing to compare yet.'}`;
  }
  const time = formatNumber(film.times[worst.frame]);
  const where = html`<button class="plain" data-worst title="Show this cell at this time" @click=${() => jump(worst.cell, worst.frame)}>${place(worst.cell)}, <span class="symbol">t</span> = ${time}</button>`;
  if (kind === 'class')
    return worst.value === 0
      ? html`every network compared is in the theory’s class`
      : html`not every network is in the theory’s class: see ${where}`;
  return html`worst ${residualWords(kind)}: <strong>${formatNumber(worst.value, 2)}</strong> at ${where}`;
}

/** Switch, name and readout, over the diagram. */
export function atlasTheory(note: TheoryNote): TemplateResult {
  const { theory, layer, silence, choose } = note;
  const lines = theory.observables.length === 0;
  return html`<div class="beside" part="theory">
    ${
      silence !== '' || lines
        ? nothing
        : html`<div class="layers" role="radiogroup" aria-label="Shown in the diagram">${LAYERS.map(
            (one) =>
              html`<label><input type="radio" name="layer" value=${one} .checked=${one === layer} @change=${() => choose(one)}><span>${one}</span></label>`,
          )}</div>`
    }
    <p class="theory" title=${theory.description}>${lines && silence === '' ? 'Lines: ' : 'Theory: '}${theory.label}</p>
    ${silence !== '' ? html`<p class="readout">${silence}</p>` : lines ? nothing : html`<p class="readout">${readout(note)}</p>`}
  </div>`;
}

/** What must be known besides, under the diagram. */
export function atlasRemarks({ theory, film, silence }: TheoryNote): TemplateResult | typeof nothing {
  const remarks = film === null || silence !== '' || theory.observables.length === 0 ? [] : theoryRemarks(film);
  return remarks.length === 0
    ? nothing
    : html`<div class="remarks" part="remarks">${remarks.map((remark) => html`<p>${remark}</p>`)}</div>`;
}
