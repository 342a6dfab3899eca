// Whether the rerun of a shared link came to the shared result. Opens nothing: see share-opening.ts.

import type { Link } from '../core/link.ts';
import { type Comparison, compareDigest } from '../core/result-digest.ts';
import { sweepHash } from '../core/sweep-json.ts';
import type { Figure } from './figure.ts';

interface Opened {
  readonly link: Link;
  /** Hash of the sweep that the link asked for. */
  readonly sweep: string;
}

const opened = new WeakMap<Figure, Opened>();

/** Keeps a link whose view the figure is about to show. */
export function keepLink(figure: Figure, link: Link): void {
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
