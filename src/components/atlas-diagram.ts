// The middle of the page: colour bar, diagram, film strip and status line, put together. A plain function: see phase-atlas.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Preset } from '../core/preset.ts';
import { atlasCuts, atlasHint, textureKey } from './atlas-parts.ts';
import type { Picture } from './atlas-pictures.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { type DiagramView, lastKnownFrame, type ObservableView, type Slice } from './diagram-view.ts';
import { type AxisView, scaleOf } from './scale.ts';
import type { RunState } from './session-controller.ts';

/** What the middle of the page shows. */
export interface DiagramModel {
  readonly run: RunState;
  /** Null where a sweep of the reader's own is shown. */
  readonly preset: Preset | null;
  readonly observables: readonly ObservableView[];
  readonly observable: ObservableView | null;
  readonly slice: Slice | null;
  readonly picture: Picture | null;
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

export function atlasDiagram(model: DiagramModel): TemplateResult {
  const { run, observables, observable, slice, picture, empty, frame, cell, axisView } = model;
  const { sweep, film } = run;
  const view = picture?.views(frame) ?? empty;
  // Errors fall by orders while networks learn: their colours tell the late frames apart, early ones saturate.
  const last = film === null ? -1 : lastKnownFrame(film);
  const extent = picture?.cache.extent(observable?.role === 'order' ? 0 : last) ?? null;
  const x = slice === null ? null : axisView(slice.x);
  const y = slice === null || slice.y === null ? null : axisView(slice.y);
  const colours: ColourScale | null = observable === null ? null : colourScale(observable, extent);
  const threshold = model.threshold ?? observable?.threshold;
  const status = html`<phase-progress part="status" .state=${run}></phase-progress>`;
  const blocked = film === null && (run.phase === 'unsupported' || run.phase === 'failed');
  const choose = (event: Event) => model.chooseObservable((event.target as HTMLSelectElement).value);
  return html`
    <div class="legend">
      <phase-colour-bar .colours=${colours} .observable=${observable} .threshold=${threshold}>
        <label slot="name"><span class="unseen">Observable shown</span><select data-observable @change=${choose}>${observables.map(
          ({ id, label, symbol }) => html`<option value=${id} ?selected=${id === observable?.id}>${label}  ${symbol}</option>`,
        )}</select></label>
      </phase-colour-bar>
      ${sweep === null || slice === null ? nothing : atlasCuts(sweep, slice, axisView, model.chooseSlice)}
    </div>
    <div class="stage">
      <phase-heatmap part="heatmap" .view=${view} .x=${x} .y=${y} .observable=${observable} .extent=${extent}
        .threshold=${threshold} .selected=${cell} label=${observable === null ? 'Phase diagram' : `Phase diagram of ${observable.label}`}></phase-heatmap>
      ${blocked ? html`<div class="notice"><slot></slot>${status}</div>` : nothing} ${textureKey(view)}
    </div>
    <phase-film part="film" .times=${film?.times ?? [0, ...(sweep?.training.checkpoints ?? [])]} .views=${picture?.views ?? (empty === null ? null : model.emptyViews)} .colours=${colours}
      .x=${x === null ? null : scaleOf(x.axis)} .y=${y === null ? scaleOf({ parameter: '', scale: 'list', values: [''] }) : scaleOf(y.axis)}
      .frame=${frame} .last=${last} .playing=${model.playing} .version=${model.version}></phase-film>
    ${atlasHint(model.preset)}
    ${blocked ? nothing : status}
  `;
}
