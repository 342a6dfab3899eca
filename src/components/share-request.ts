// From a figure to what is shared of it: a link with a digest, and everything that exports read. Saves and copies nothing.

import { InputError } from '../core/errors.ts';
import { encodeLink, presetLink } from '../core/link.ts';
import { isComplete, type Provenance } from '../core/result.ts';
import { type DigestJson, digestOf } from '../core/result-digest.ts';
import { labelsOf } from '../core/result-labels.ts';
import type { TheoryRecord } from '../core/result-theory.ts';
import { sweepHash } from '../core/sweep-json.ts';
import { FIRST_VIEW, type ViewState, viewOfPreset } from '../core/view-state.ts';
import { compareWithTheory } from '../engine/theory-comparison.ts';
import { fileName } from '../exports/file-name.ts';
import type { ExportRequest } from '../exports/formats.ts';
import { version } from '../version.ts';
import type { Figure } from './figure.ts';
import { drawingOf, figureTitle } from './share-drawing.ts';

const origins = new WeakMap<object, Provenance>();

/** Where the present film comes from. A run is dated when it is first asked about; an opened result keeps its own. */
export function provenanceOf({ film, run }: Figure): Provenance {
  const known = film === null ? undefined : origins.get(film);
  if (known !== undefined) return known;
  const made: Provenance = {
    version,
    engine: run.engine?.label ?? '',
    adapter: run.engine?.adapter ?? '',
    kernel: run.engine?.kernel ?? '',
    created: new Date().toISOString(),
    seconds: run.progress?.elapsedSeconds ?? 0,
  };
  if (film !== null && run.phase === 'finished') origins.set(film, made);
  return made;
}

/** Remembers where an opened film comes from. */
export function rememberOrigin(film: object, provenance: Provenance): void {
  origins.set(film, provenance);
}

/** What the theory beside the run comes to, once both are complete; null before and where there is none. */
function theoryOf({ film, theory, science }: Figure): TheoryRecord | null {
  const predicted = theory?.film ?? null;
  if (film === null || predicted === null || predicted.done < film.cells || !isComplete(film)) return null;
  return compareWithTheory(film, predicted, science.catalog.observables);
}

/** What exports read. Throws InputError before there is anything to export. */
export function exportRequest(figure: Figure, signal?: AbortSignal): ExportRequest {
  const { film, observable, science, frame, lastFrame } = figure;
  if (film === null || observable === null || lastFrame < 0) {
    throw new InputError('export', 'expected a figure with numbers in it, got one without', 'Run it first.');
  }
  const first = Math.min(1, lastFrame);
  return {
    film,
    observables: science.catalog.observables,
    provenance: provenanceOf(figure),
    theory: theoryOf(figure),
    labels: labelsOf(film.sweep, science.catalog),
    observable: observable.id,
    drawing: (at) => {
      const drawing = drawingOf(figure, at);
      if (drawing === null) throw new InputError('export', 'expected a diagram to draw, got none', 'Run it first.');
      return drawing;
    },
    frame,
    // Nothing has moved at t = 0.
    frames: Array.from({ length: lastFrame + 1 - first }, (_, i) => first + i),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Name of a downloaded file. */
export function downloadName(figure: Figure, extension: string): string {
  return fileName([figureTitle(figure), figure.observable?.label ?? ''], extension);
}

let digested: { readonly key: string; readonly film: object; readonly digest: DigestJson | null } | null = null;

/** The digest of the finished result at the frame that is shown; made once. */
function digestNow({ film, run, observable, frame, version: grown }: Figure): DigestJson | null {
  if (film === null || observable === null || run.phase !== 'finished') return null;
  const key = `${observable.id} ${frame} ${grown}`;
  if (digested?.film !== film || digested.key !== key) digested = { key, film, digest: digestOf(film, frame, [observable]) };
  return digested.digest;
}

/** What of a view makes sense elsewhere: a run kept for comparison stays here. */
function shareable(state: ViewState): ViewState {
  return state.difference?.from === 'kept' ? { ...state, difference: null } : state;
}

/** The fragment `#1.…` of the present view. Throws InputError where its sweep is too long for one. */
export function linkOf(figure: Figure): string {
  const digest = digestNow(figure);
  const { catalog, presets } = figure.science;
  return encodeLink(shareable(figure.state), { ...catalog, presets }, { version, ...(digest === null ? {} : { digest }) });
}

/** True while the preset is shown as it was published. */
function isAsPublished({ preset, state }: Figure): boolean {
  const untouched = preset === null ? FIRST_VIEW : viewOfPreset(preset);
  return preset !== null && JSON.stringify({ ...untouched, ...state }) === JSON.stringify(untouched);
}

/** What an element needs to show the present view: a preset's name where that says it all, else a link. */
export function embedOf(figure: Figure): { readonly preset: string } | { readonly link: string } {
  const { preset } = figure;
  if (preset !== null && isAsPublished(figure)) return { preset: preset.id };
  const { catalog, presets } = figure.science;
  return { link: encodeLink(shareable(figure.state), { ...catalog, presets }, { version }) };
}

/** The readable link where the preset is shown as it was published; empty otherwise. */
export function readableLink(figure: Figure): string {
  return figure.preset !== null && isAsPublished(figure) ? presetLink(figure.preset.id) : '';
}

/** Names the present sweep, for the store. */
export function idOf(figure: Figure): string {
  return figure.sweep === null ? '' : sweepHash(figure.sweep);
}
