// The middle of the page: colour bar, diagram, film strip and status line, put together. A plain function: see phase-atlas.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Preset } from '../core/preset.ts';
import { atlasCuts, atlasHint, atlasVertical, textureKey } from './atlas-parts.ts';
import type { Picture } from './atlas-pictures.ts';
import { atlasRemarks, atlasTheory, RESIDUAL_WORDS, residualExtent, residualView, type TheoryNote } from './atlas-theory.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { type DiagramView, lastKnownFrame, type ObservableView, type Slice, TIME } from './diagram-view.ts';
import type { Overlay } from './heatmap-marks.ts';
import { type AxisView, scaleOf } from './scale.ts';
import type { RunState } from './session-controller.ts';
import { classLegend } from './swatch.ts';

const ONE_ROW = scaleOf({ parameter: '', scale: 'list', values: [''] });

/** What the middle of the page shows. */
export interface DiagramModel {
  readonly run: RunState;
  /** Null where a sweep of the reader's own is shown. */
  readonly preset: Preset | null;
  readonly observables: readonly ObservableView[];
  readonly observable: ObservableView | null;
  readonly slice: Slice | null;
  /** The simulation. */
  readonly picture: Picture | null;
  /** What is shown instead of the simulation: a theory, or its residual. */
  readonly beside: Picture | null;
  /** What is said of the theory; null without one. */
  readonly note: TheoryNote | null;
  /** Lines of the theory. */
  readonly overlay: Overlay | null;
  /** What stands in while there is no film. */
  readonly empty: DiagramView | null;
  readonly emptyViews: () => DiagramView;
  readonly frame: number;
  readonly cell: number;
  readonly threshold: number | undefined;
  readonly playing: boolean;
  readonly version: number;
  readonly axisView: (parameter: string) => AxisView | null;
  readonly chooseObservable: (id: string) => void;
  readonly chooseSlice: (slice: Slice) => void;
}

function diagramLabel(observable: ObservableView | null, note: TheoryNote | null): string {
  if (observable === null) return 'Phase diagram';
  return `Phase diagram of ${observable.label}${note?.layer === 'theory' ? ' as the theory says' : ''}`;
}

/** Ends of the colours: of the simulation, so that a theory shows the same values in the same colours; of a residual its own. */
function extentOf({ picture, beside, note, run, observable, slice }: DiagramModel): readonly [number, number] | null {
  if (observable === null) return null;
  // Errors fall by orders while networks learn: their colours tell the late frames apart, early ones saturate.
  const all = observable.role === 'order' || slice?.y === TIME;
  const from = all || run.film === null ? 0 : lastKnownFrame(run.film);
  if (note?.layer === 'residual' && beside !== null) return residualExtent(beside.cache.extent(0), observable);
  return picture?.cache.extent(from) ?? null;
}

export function atlasDiagram(model: DiagramModel): TemplateResult {
  const { run, observables, slice, beside, empty, frame, cell, note, axisView } = model;
  const { sweep, film } = run;
  const picture = beside ?? model.picture;
  const residual = note?.layer === 'residual' && beside !== null;
  const observable = model.observable !== null && residual ? residualView(model.observable) : model.observable;
  const view = picture?.cache.view(frame) ?? empty;
  const last = film === null ? -1 : lastKnownFrame(film);
  const extent = extentOf(model);
  const x = slice === null ? null : axisView(slice.x);
  const y = slice === null || slice.y === null ? null : axisView(slice.y);
  const colours: ColourScale | null = observable === null ? null : colourScale(observable, extent);
  const threshold = residual ? undefined : (model.threshold ?? observable?.threshold);
  const status = html`<phase-progress part="status" .state=${run}></phase-progress>`;
  const blocked = film === null && (run.phase === 'unsupported' || run.phase === 'failed');
  const choose = (event: Event) => model.chooseObservable((event.target as HTMLSelectElement).value);
  return html`
    <div class="legend">
      <phase-colour-bar .colours=${colours} .observable=${observable} .threshold=${threshold}>
        <label slot="name">${residual ? html`<span>${RESIDUAL_WORDS} of </span>` : nothing}<span class="unseen">Observable shown</span><select data-observable @change=${choose}>${observables.map(
          ({ id, label, symbol }) =>
            html`<option value=${id} ?selected=${id === model.observable?.id}>${label}  ${symbol}</option>`,
        )}</select></label>${colours === null ? nothing : classLegend(colours)}
      </phase-colour-bar>
      ${sweep === null || slice === null ? nothing : [atlasVertical(sweep, slice, axisView, model.chooseSlice), atlasCuts(sweep, slice, axisView, model.chooseSlice)]}
    </div>
    ${note === null ? nothing : atlasTheory(note)}
    <div class="stage">
      <phase-heatmap part="heatmap" .view=${view} .x=${x} .y=${y} .observable=${observable} .extent=${extent}
        .threshold=${threshold} .selected=${cell} .frame=${frame} .overlay=${model.overlay} label=${diagramLabel(observable, note)}></phase-heatmap>
      ${blocked ? html`<div class="notice"><slot></slot>${status}</div>` : nothing} ${textureKey(view)}
    </div>
    ${note === null ? nothing : atlasRemarks(note)}
    <phase-film part="film" .times=${film?.times ?? [0, ...(sweep?.training.checkpoints ?? [])]} .views=${picture?.views ?? (empty === null ? null : model.emptyViews)} .colours=${colours}
      .x=${x === null ? null : scaleOf(x.axis)} .y=${y === null || slice?.y === TIME ? ONE_ROW : scaleOf(y.axis)}
      .frame=${frame} .last=${last} .playing=${model.playing} .version=${model.version}></phase-film>
    ${atlasHint(model.preset)}
    ${blocked ? nothing : status}
  `;
}
