// The middle of a figure: colour bar, diagram, film strip and status line, put together. A plain function: see phase-diagram.ts.

import { html, nothing, type TemplateResult } from 'lit';
import { residualKind } from '../core/residual.ts';
import { atlasCuts, atlasHint, atlasVertical, textureKey } from './atlas-parts.ts';
import type { Picture } from './atlas-pictures.ts';
import { atlasRemarks, atlasTheory, residualExtent, residualView, residualWords, type TheoryNote } from './atlas-theory.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { type ObservableView, type Slice, TIME } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import { scaleOf } from './scale.ts';
import { classLegend } from './swatch.ts';

const ONE_ROW = scaleOf({ parameter: '', scale: 'list', values: [''] });

function diagramLabel(observable: ObservableView | null, note: TheoryNote | null): string {
  if (observable === null) return 'Phase diagram';
  return `Phase diagram of ${observable.label}${note?.layer === 'theory' ? ' as the theory says' : ''}`;
}

/** Ends of the colours: of the simulation, so that a theory shows the same values in the same colours; of a residual its own. */
function extentOf(figure: Figure, residual: Picture | null): readonly [number, number] | null {
  const { observable, slice, lastFrame, picture } = figure;
  if (observable === null) return null;
  if (residual !== null) return residualExtent(residual.cache.extent(0), observable);
  // Errors fall by orders while networks learn: their colours tell the late frames apart, early ones saturate.
  const all = observable.role === 'order' || slice?.y === TIME;
  return picture?.cache.extent(all ? 0 : Math.max(0, lastFrame)) ?? null;
}

export function atlasDiagram(figure: Figure, playing: boolean): TemplateResult {
  const { run, observables, slice, frame, cell, version, axisView, sweep, film, pictures } = figure;
  const { note, picture: beside, overlay } = figure.beside;
  const empty = sweep === null || slice === null ? null : pictures.emptyOf(sweep, slice);
  const picture = beside ?? figure.picture;
  const residual = note?.layer === 'residual' && beside !== null;
  const observable = figure.observable !== null && residual ? residualView(figure.observable) : figure.observable;
  const view = picture?.cache.view(frame) ?? empty;
  const extent = extentOf(figure, residual ? beside : null);
  const x = slice === null ? null : axisView(slice.x);
  const y = slice === null || slice.y === null ? null : axisView(slice.y);
  const colours: ColourScale | null = observable === null ? null : colourScale(observable, extent);
  const threshold = residual ? undefined : figure.threshold;
  const status = html`<phase-progress part="status" .state=${run}></phase-progress>`;
  const blocked = film === null && (run.phase === 'unsupported' || run.phase === 'failed');
  const choose = (event: Event) => figure.change({ observable: (event.target as HTMLSelectElement).value, threshold: null });
  const cut = (next: Slice) => figure.change(next);
  return html`
    <div class="legend">
      <phase-colour-bar .colours=${colours} .observable=${observable} .threshold=${threshold}>
        <label slot="name">${residual && figure.observable !== null ? html`<span>${residualWords(residualKind(figure.observable.scale))} of </span>` : nothing}<span class="unseen">Observable shown</span><select data-observable @change=${choose}>${observables.map(
          ({ id, label, symbol }) =>
            html`<option value=${id} ?selected=${id === figure.observable?.id}>${label}  ${symbol}</option>`,
        )}</select></label>${colours === null ? nothing : classLegend(colours)}
      </phase-colour-bar>
      ${sweep === null || slice === null ? nothing : [atlasVertical(sweep, slice, axisView, cut), atlasCuts(sweep, slice, axisView, cut)]}
    </div>
    ${note === null ? nothing : atlasTheory(note)}
    <div class="stage">
      <phase-heatmap part="heatmap" .view=${view} .x=${x} .y=${y} .observable=${observable} .extent=${extent}
        .threshold=${threshold} .selected=${cell} .frame=${frame} .overlay=${overlay} label=${diagramLabel(observable, note)}></phase-heatmap>
      ${blocked ? html`<div class="notice"><slot></slot>${status}</div>` : nothing} ${textureKey(view)}
    </div>
    ${note === null ? nothing : atlasRemarks(note)}
    <phase-film part="film" .times=${film?.times ?? [0, ...(sweep?.training.checkpoints ?? [])]} .views=${picture?.views ?? (empty === null ? null : pictures.emptyViews)} .colours=${colours}
      .x=${x === null ? null : scaleOf(x.axis)} .y=${y === null || slice?.y === TIME ? ONE_ROW : scaleOf(y.axis)}
      .frame=${frame} .last=${figure.lastFrame} .playing=${playing} .version=${version}></phase-film>
    ${figure.own ? nothing : atlasHint(figure.preset)}
    ${blocked ? nothing : status}
  `;
}
