// The middle of a figure: colour bar, diagram, film strip and status line, put together. A plain function: see phase-diagram.ts.

import { html, nothing, type TemplateResult } from 'lit';
import { atlasAcross } from './atlas-axes.ts';
import { atlasFilmTools } from './atlas-film.ts';
import { atlasCuts, atlasHint, atlasVertical, textureKey } from './atlas-parts.ts';
import { atlasRemarks, atlasTheory, type TheoryNote } from './atlas-theory.ts';
import { type ObservableView, type Slice, TIME } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import { scaleOf } from './scale.ts';
import { classLegend } from './swatch.ts';
import { symbolText } from './symbols.ts';

const ONE_ROW = scaleOf({ parameter: '', scale: 'list', values: [''] });

function diagramLabel(observable: ObservableView | null, note: TheoryNote | null): string {
  if (observable === null) return 'Phase diagram';
  return `Phase diagram of ${observable.label}${note?.layer === 'theory' ? ' as the theory says' : ''}`;
}

/** `shown`: `film` leaves out what changes the view, `none` the film too. */
export function atlasDiagram(figure: Figure, playing: boolean, shown = 'full'): TemplateResult {
  const { run, observables, slice, frame, cell, version, axisView, sweep, film, pictures } = figure;
  const { beside, observable, picture, extent, table, colours, threshold, overlay, before, after, refusal } = figure.shown;
  const { note } = beside;
  const empty = sweep === null || slice === null ? null : pictures.emptyOf(sweep, slice);
  const view = picture?.cache.view(frame) ?? empty;
  const x = slice === null ? null : axisView(slice.x);
  const y = slice === null || slice.y === null ? null : axisView(slice.y);
  const status = html`<phase-progress part="status" .state=${run}></phase-progress>`;
  const blocked = film === null && (run.phase === 'unsupported' || run.phase === 'failed');
  const choose = (event: Event) => figure.change({ observable: (event.target as HTMLSelectElement).value, threshold: null });
  const cut = (next: Slice) => figure.change(next);
  const still = shown === 'film' || shown === 'none';
  return html`
    <div class="legend">
      <phase-colour-bar .colours=${colours} .observable=${observable} .threshold=${threshold}>
        <label slot="name">${before === '' ? nothing : html`<span>${before} </span>`}<span class="unseen">Observable shown</span><select data-observable ?disabled=${still} @change=${choose}>${observables.map(
          ({ id, label, symbol }) =>
            html`<option value=${id} ?selected=${id === figure.observable?.id}>${label}  ${symbolText(symbol)}</option>`,
        )}</select>${after === '' ? nothing : html`<span>${after}</span>`}</label>${colours === null ? nothing : classLegend(colours)}
      </phase-colour-bar>
      <slot name="legend"></slot>
      ${still || sweep === null || slice === null ? nothing : [html`<div class="axes">${atlasAcross(sweep, slice, axisView, cut)} ${atlasVertical(sweep, slice, axisView, cut)}</div>`, atlasCuts(sweep, slice, axisView, cut)]}
    </div>
    ${note === null ? nothing : atlasTheory(note)}
    ${refusal === '' ? nothing : html`<p class="refusal" role="status">${refusal}</p>`}
    <div class="stage">
      <phase-heatmap part="heatmap" .view=${view} .x=${x} .y=${y} .observable=${observable} .extent=${extent} .table=${table}
        .threshold=${threshold} .selected=${cell} .frame=${frame} .overlay=${overlay} label=${diagramLabel(observable, note)}></phase-heatmap>
      ${blocked ? html`<div class="notice"><slot name="fallback"><slot></slot></slot>${status}</div>` : nothing} ${still ? nothing : html`<phase-explore part="explore" .figure=${figure}></phase-explore>`} ${textureKey(view)}
    </div>
    ${note === null ? nothing : atlasRemarks(note)}
    ${
      shown === 'none'
        ? nothing
        : html`<phase-film part="film" .times=${film?.times ?? [0, ...(sweep?.training.checkpoints ?? [])]} .views=${picture?.views ?? (empty === null ? null : pictures.emptyViews)} .colours=${colours}
      .x=${x === null ? null : scaleOf(x.axis)} .y=${y === null || slice?.y === TIME ? ONE_ROW : scaleOf(y.axis)}
      .frame=${frame} .last=${figure.lastFrame} .playing=${playing} .version=${version} .pointed=${figure.pointed}></phase-film>
      ${still || figure.lastFrame < 1 ? nothing : atlasFilmTools(frame, figure.lastFrame)}`
    }
    ${blocked ? nothing : status}<phase-verdict .figure=${figure}></phase-verdict>
    ${figure.own || still ? nothing : atlasHint(figure.preset)}
  `;
}
