// Links: a view of a sweep as the fragment of an address, in as few characters as it takes, and the strict way back.
// Reads no address bar and opens nothing: the page does. How JSON becomes text is link-pack.ts.

import type { Caps } from './caps.ts';
import type { Catalog } from './catalog.ts';
import { InputError, quoted } from './errors.ts';
import { MAX_LINK, pack, unpack } from './link-pack.ts';
import { applyPatch, patchOf } from './link-patch.ts';
import { parseViewState } from './parse-view-state.ts';
import { type Json, type JsonObject, readNumber, readObject, readText, unknownName } from './plain-json.ts';
import type { Preset } from './preset.ts';
import { type DigestJson, readDigest } from './result-digest.ts';
import { canonicalJson, hashText } from './sweep-json.ts';
import type { ViewState } from './view-state.ts';

export interface LinkCatalog extends Catalog {
  readonly presets: readonly Preset[];
}

/** What a link may carry besides the view. */
export interface LinkExtras {
  /** Version of phase-atlas that made it. */
  readonly version: string;
  /** Digest of the result as it was shown, so that whoever opens the link can compare. */
  readonly digest?: DigestJson;
  /** Lower bounds on what may be run than the host's own; never raises one: see `lowerCaps`. */
  readonly caps?: Partial<Caps>;
}

export interface Link extends Omit<LinkExtras, 'version'> {
  readonly state: ViewState;
  /** Version that made it; empty for a readable link. */
  readonly version: string;
  /**
   * True where the preset has other content in this build than in the one that made the link:
   * its differences may mean something else.
   */
  readonly presetChanged: boolean;
}

const WHERE = 'link';
const COMPACT = /^#?(\d{1,6})\.(.*)$/s;
const KEYS = ['p', 's', 'w', 'a', 'h', 'g', 'c'] as const;
const CAPS = ['cells', 'networks', 'bytes', 'seconds'] as const satisfies readonly (keyof Caps)[];

/** The view that version 1 of links takes differences from. It never changes, whatever presets and views may come to be. */
function baseOf(preset: Preset | undefined): JsonObject {
  const view = preset?.view;
  return {
    preset: preset?.id ?? '',
    observable: view?.observable ?? '',
    x: view?.x ?? '',
    y: view?.y ?? null,
    at: {},
    frame: null,
    cell: -1,
    pinned: -1,
    threshold: null,
    layer: 'simulation',
    colours: '',
    difference: null,
  };
}

const sweepOf = (preset: Preset | undefined): JsonObject => (preset?.sweep ?? {}) as JsonObject;

/** Names a preset's content. */
function fingerprint(preset: Preset | undefined): string {
  return preset === undefined ? '' : hashText(canonicalJson({ s: sweepOf(preset), w: baseOf(preset) })).slice(0, 8);
}

/**
 * The fragment `#1.…` that holds a view, what its sweep has other than its preset's, and extras. Throws InputError where the
 * sweep is too long for a link: share a file then.
 */
export function encodeLink(state: ViewState, catalog: LinkCatalog, extras: LinkExtras): string {
  const preset = catalog.presets.find(({ id }) => id === state.preset);
  const { sweep, ...view } = state;
  const change = sweep === null ? undefined : (patchOf(sweepOf(preset), sweep as JsonObject) ?? {});
  const seen = patchOf(baseOf(preset), { ...view } as unknown as Json);
  const document: Record<string, Json> = {
    ...(preset === undefined ? {} : { p: preset.id, h: fingerprint(preset) }),
    a: extras.version,
    ...(change === undefined ? {} : { s: change }),
    ...(seen === undefined ? {} : { w: seen }),
    ...(extras.caps === undefined ? {} : { c: { ...extras.caps } }),
    ...(extras.digest === undefined ? {} : { g: extras.digest as unknown as Json }),
  };
  const link = `#1.${pack(document)}`;
  if (link.length > MAX_LINK) {
    throw new InputError(WHERE, `expected at most ${MAX_LINK} characters, got ${link.length}`, 'Share a result file instead.');
  }
  return link;
}

/** The readable link to a preset as it is: `?preset=ID`. */
export function presetLink(id: string): string {
  return `?${new URLSearchParams({ preset: id })}`;
}

function presetOf(id: string, { presets }: LinkCatalog): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset === undefined) {
    throw unknownName(
      WHERE,
      'preset',
      id,
      presets.map((known) => known.id),
    );
  }
  return preset;
}

function readCaps(json: Json): Partial<Caps> {
  const object = readObject(json, `${WHERE}.caps`, CAPS);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, readNumber(value, `${WHERE}.caps.${key}`, { least: 0 })]),
  );
}

function decodeReadable(text: string, catalog: LinkCatalog): Link {
  const preset = presetOf(new URLSearchParams(text.slice(0, MAX_LINK)).get('preset') ?? '', catalog);
  const state = parseViewState({ ...baseOf(preset), sweep: null }, catalog);
  return { state, version: '', presetChanged: false };
}

/**
 * The view and the extras of a link, as a fragment `#1.…` (with or without `#`) or a query `?preset=ID`. Checks its length
 * first, stops unfolding at 64 KiB, knows every name, takes finite numbers and harmless keys only; its sweep has been
 * parsed once. Throws InputError.
 */
export function decodeLink(text: string, catalog: LinkCatalog): Link {
  if (text.length > MAX_LINK) {
    throw new InputError(WHERE, `expected at most ${MAX_LINK} characters, got ${text.length}`, 'Share a result file instead.');
  }
  if (text.startsWith('?')) return decodeReadable(text, catalog);
  const [, number, packed] = COMPACT.exec(text) ?? [];
  if (number === undefined) {
    throw new InputError(WHERE, `expected #1.… or ?preset=…, got ${quoted(text)}`, 'Copy the whole link again.');
  }
  if (number !== '1') {
    throw new InputError(WHERE, `expected version 1, got ${number}`, 'Other versions need another release of phase-atlas.');
  }
  const root = readObject(unpack(packed, WHERE), WHERE, KEYS);
  const preset = root.p === undefined ? undefined : presetOf(readText(root.p, `${WHERE}.preset`, 100), catalog);
  const view = readObject(applyPatch(baseOf(preset), root.w, `${WHERE}.view`), `${WHERE}.view`);
  const sweep = root.s === undefined ? null : applyPatch(sweepOf(preset), root.s, `${WHERE}.sweep`);
  if (sweep === undefined) throw new InputError(`${WHERE}.sweep`, 'expected a sweep, got none', 'Copy the whole link again.');
  return {
    state: parseViewState({ ...view, sweep }, catalog),
    version: readText(root.a ?? '', `${WHERE}.version`, 40),
    presetChanged: preset !== undefined && readText(root.h ?? '', `${WHERE}.fingerprint`, 8) !== fingerprint(preset),
    ...(root.c === undefined ? {} : { caps: readCaps(root.c) }),
    ...(root.g === undefined ? {} : { digest: readDigest(root.g, `${WHERE}.digest`) }),
  };
}
