// What was shared with the reader: says whether the rerun of a link came to the same, and shows what a file holds.

import { quoted } from '../core/errors.ts';
import type { Link } from '../core/link.ts';
import { type Comparison, compareDigest } from '../core/result-digest.ts';
import { sweepHash } from '../core/sweep-json.ts';
import { type SweepJson, type ViewState, viewOfPreset, viewOfSweep } from '../core/view-state.ts';
import type { Recognised } from '../engine/recognise-file.ts';
import type { Figure } from './figure.ts';
import { rememberOrigin } from './share-request.ts';

interface Opened {
  readonly link: Link;
  /** Hash of the sweep that the link asked for. */
  readonly sweep: string;
}

const opened = new WeakMap<Figure, Opened>();

/** Remembers the link whose view the figure is about to show, for the verdict on its rerun. */
export function rememberLink(figure: Figure, link: Link): void {
  const { science } = figure;
  const json = link.state.sweep ?? science.presets.find(({ id }) => id === link.state.preset)?.sweep;
  if (json !== undefined) opened.set(figure, { link, sweep: sweepHash(science.parseSweep(json)) });
}

/** What there is to say of the link that was opened last: nothing yet, that it is being rerun, or how the rerun compares. */
export interface Verdict {
  readonly kind: 'none' | 'running' | Comparison['verdict'];
  readonly words: string;
  /** A caution beside it; empty for none. */
  readonly caution: string;
}

const SILENT: Verdict = { kind: 'none', words: '', caution: '' };
let compared: { readonly film: object; readonly digest: object; readonly comparison: Comparison } | null = null;

export function verdictOf(figure: Figure): Verdict {
  const { film, run, sweep } = figure;
  const shared = opened.get(figure);
  if (shared === undefined || sweep === null || sweepHash(sweep) !== shared.sweep) return SILENT;
  const { digest, version, presetChanged } = shared.link;
  const caution = presetChanged ? `The figure has changed since the link was made with version ${version}.` : '';
  if (digest === undefined) return { ...SILENT, caution };
  if (run.phase !== 'finished' || film === null)
    return { kind: 'running', words: 'Shared with its result: trained here anew to compare.', caution };
  if (compared?.film !== film || compared.digest !== digest) {
    compared = { film, digest, comparison: compareDigest(digest, film, figure.science.catalog.observables) };
  }
  return { kind: compared.comparison.verdict, words: compared.comparison.words, caution };
}

/** The view of a sweep: of the preset that has the same one, else of the reader's own. */
function viewFor(figure: Figure, json: SweepJson): ViewState {
  const { science } = figure;
  const hash = sweepHash(science.parseSweep(json));
  const preset = science.presets.find((candidate) => sweepHash(science.parseSweep(candidate.sweep)) === hash);
  return preset === undefined ? viewOfSweep(figure.state, json) : viewOfPreset(preset);
}

/** Shows what a recognised file holds and says, in a sentence, what became of it. `bytes` are those of the file. */
export async function openFile(figure: Figure, name: string, bytes: Uint8Array, file: Recognised): Promise<string> {
  if (file.kind === 'result') {
    const { film, provenance } = file.result;
    const { engine, adapter, kernel } = provenance;
    const kind = engine.startsWith('reference') ? 'reference' : 'gpu';
    rememberOrigin(film, provenance);
    figure.showFilm(viewFor(figure, file.sweep), { ...file.sweep }, film, { engine: kind, label: engine, adapter, kernel });
    return `Opened a result of ${provenance.created.slice(0, 10)}, made with version ${provenance.version}.`;
  }
  if (file.kind === 'sweep') {
    figure.restore(viewFor(figure, file.sweep));
    return 'Opened a sweep; it is being trained.';
  }
  const { giveFile } = await import('../engine/recognise-file.ts');
  giveFile(name, bytes);
  const shape = file.data.array.shape.join(' × ');
  if (file.kind === 'matrix' && figure.sweep !== null) {
    const { recogniseConnectivity, withOwnConnectivity } = await import('../engine/own-matrix.ts');
    const own = await recogniseConnectivity(name);
    if (own !== null) {
      figure.runOwn(withOwnConnectivity(figure.sweep, name, own.size));
      return `Circuits of ${own.size} units begin from ${quoted(name)}.`;
    }
  }
  return `${quoted(name)} holds ${shape} numbers. Tasks find it under that name, until the page is closed.`;
}
