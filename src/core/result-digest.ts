// A result in a few hundred bytes, so that a link can say afterwards whether a rerun came to the same: exact hashes, and some
// rounded means. Proves nothing to anybody who does not trust the link: it names numbers, it does not sign them.

import { type Reduced, reduceFrame } from './diagram.ts';
import { InputError } from './errors.ts';
import type { Film } from './film.ts';
import { UNKNOWN } from './film.ts';
import { type Json, readNumber, readObject, readText } from './plain-json.ts';

/** Most means of one observable in a digest. */
export const MAX_MEANS = 64;
/**
 * Largest difference of two means that still counts as the same result on another adapter: a share of the largest
 * (linear), or of the mean (log).
 */
export const TOLERANCE = 0.01;
const MAX_OBSERVABLES = 100;
const BYTES_PER_MEAN = 3;

export interface DigestJson {
  /** Index into the film's times. */
  readonly frame: number;
  readonly cells: number;
  readonly seeds: number;
  /** Twelve hexadecimal digits by observable: of every value at that frame, bit by bit, and of every outcome. */
  readonly hashes: Readonly<Record<string, string>>;
  /** By observable, at most 64 cells evenly spaced over all: float32 without its last eight bits, little-endian, base64. */
  readonly means: Readonly<Record<string, string>>;
}

/** FNV-1a, 64 bits, fed byte by byte. Fowler, Noll and Vo 1991. */
function hasher() {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  return {
    add(byte: number): void {
      low = (low ^ byte) >>> 0;
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 4294967296) + (low << 8)) >>> 0;
      low = product >>> 0;
    },
    digits: () => (high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')).slice(0, 12),
  };
}

function hashOf(values: Float64Array, outcomes: Uint8Array): string {
  const { add, digits } = hasher();
  const view = new DataView(new ArrayBuffer(8));
  for (const value of values) {
    view.setFloat64(0, Number.isNaN(value) ? Number.NaN : value, true);
    for (let byte = 0; byte < 8; byte++) add(view.getUint8(byte));
  }
  for (const outcome of outcomes) add(outcome);
  return digits();
}

/** Cells whose means a digest holds, evenly spaced. */
function sampled(cells: number): number[] {
  const count = Math.min(cells, MAX_MEANS);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * cells) / count));
}

function pack(values: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(4));
  let bytes = '';
  for (const value of values) {
    view.setFloat32(0, value);
    // Rounded to the nearest, except where that would leave the finite numbers.
    const bits = view.getUint32(0);
    const rounded = Number.isFinite(value) && (bits & 0x7fffff00) !== 0x7f7fff00 ? bits + 0x80 : bits;
    const kept = Number.isNaN(value) ? 0x7fc000 : rounded >>> 8;
    bytes += String.fromCharCode(kept & 255, (kept >> 8) & 255, kept >> 16);
  }
  return btoa(bytes);
}

function unpack(text: string): number[] {
  const bytes = atob(text);
  const view = new DataView(new ArrayBuffer(4));
  return Array.from({ length: bytes.length / BYTES_PER_MEAN }, (_, i) => {
    for (let k = 0; k < BYTES_PER_MEAN; k++) view.setUint8(2 - k, bytes.charCodeAt(BYTES_PER_MEAN * i + k));
    return view.getFloat32(0);
  });
}

function partsAt(film: Film, frame: number) {
  const networks = film.cells * film.seeds;
  const outcomes = film.outcomes.subarray(frame * networks, (frame + 1) * networks);
  const valuesOf = (id: string) => {
    const [all, width] = film.cell[id] === undefined ? [film.network[id], networks] : [film.cell[id], film.cells];
    return all.subarray(frame * width, (frame + 1) * width);
  };
  return { outcomes, valuesOf };
}

const idsOf = (film: Film): string[] => film.sweep.observables.filter((id) => film.network[id] ?? film.cell[id]);

/** True where every network has been measured at the frame. */
function isKnownAt(film: Film, frame: number): boolean {
  return !partsAt(film, frame).outcomes.includes(UNKNOWN);
}

/**
 * The digest of a film at a frame: hashes of all its observables, means of those in `shown`. Null while the frame is not known
 * everywhere. About 30 bytes by observable, 260 by observable in `shown`.
 */
export function digestOf(film: Film, frame: number, shown: readonly Reduced[]): DigestJson | null {
  if (!isKnownAt(film, frame)) return null;
  const { outcomes, valuesOf } = partsAt(film, frame);
  const cells = sampled(film.cells);
  return {
    frame,
    cells: film.cells,
    seeds: film.seeds,
    hashes: Object.fromEntries(idsOf(film).map((id) => [id, hashOf(valuesOf(id), outcomes)])),
    means: Object.fromEntries(
      shown.map((observable) => {
        const { mean } = reduceFrame(film, frame, observable);
        return [observable.id, pack(cells.map((cell) => mean[cell]))];
      }),
    ),
  };
}

/** A digest from JSON that has gone through `copyPlain`. Throws InputError. */
export function readDigest(json: Json | undefined, where: string): DigestJson {
  const root = readObject(json, where, ['frame', 'cells', 'seeds', 'hashes', 'means']);
  const cells = readNumber(root.cells, `${where}.cells`, { least: 1, integer: true });
  const texts = (value: Json | undefined, place: string, pattern: RegExp, most: number) => {
    const object = readObject(value, place);
    if (Object.keys(object).length > MAX_OBSERVABLES)
      throw new InputError(place, `expected at most ${MAX_OBSERVABLES} observables, got more`);
    return Object.fromEntries(
      Object.entries(object).map(([id, entry]) => {
        const text = readText(entry, place, most);
        if (!pattern.test(text))
          throw new InputError(place, 'expected digits of a digest, got others', 'Copy the whole link again.');
        return [id, text];
      }),
    );
  };
  const length = 4 * Math.min(cells, MAX_MEANS);
  return {
    frame: readNumber(root.frame, `${where}.frame`, { least: 0, integer: true }),
    cells,
    seeds: readNumber(root.seeds, `${where}.seeds`, { least: 1, integer: true }),
    hashes: texts(root.hashes, `${where}.hashes`, /^[0-9a-f]{12}$/, 12),
    means: texts(root.means, `${where}.means`, new RegExp(`^[A-Za-z0-9+/]{${length}}$`), length),
  };
}

export interface Comparison {
  /**
   * `identical`: every bit of every observable. `within`: the sampled means agree to TOLERANCE. `unknown`: cannot be compared.
   */
  readonly verdict: 'identical' | 'within' | 'differs' | 'unknown';
  /** The verdict as one sentence. */
  readonly words: string;
  /** The sampled mean that is furthest from the digest's; null where all are alike or none could be compared. */
  readonly worst: {
    readonly observable: string;
    readonly cell: number;
    readonly was: number;
    readonly is: number;
    /** As a share, comparable with TOLERANCE; Infinity where one of both is no number. */
    readonly difference: number;
  } | null;
}

/** How far two means are apart, as TOLERANCE counts it. `largest` is the largest |mean| of either. */
function distance(was: number, is: number, scale: Reduced['scale'], largest: number): number {
  if (Number.isNaN(was) && Number.isNaN(is)) return 0;
  if (!Number.isFinite(was) || !Number.isFinite(is)) return was === is ? 0 : Number.POSITIVE_INFINITY;
  if (scale === 'class') return was === is ? 0 : Number.POSITIVE_INFINITY;
  if (was === is) return 0;
  return Math.abs(is - was) / (scale === 'log' ? Math.max(Math.abs(was), Math.abs(is)) : largest);
}

const percent = (share: number): string => (Number.isFinite(share) ? `${Number((100 * share).toPrecision(2))} %` : 'no number');

/** What a film comes to beside the digest of an earlier run. `observables` are those of the catalog. */
export function compareDigest(
  digest: DigestJson,
  film: Film,
  observables: readonly (Reduced & { readonly label: string })[],
): Comparison {
  const unknown = (words: string): Comparison => ({ verdict: 'unknown', words, worst: null });
  if (digest.cells !== film.cells || digest.seeds !== film.seeds || digest.frame >= film.times.length) {
    return unknown('The link tells of another sweep: its numbers cannot be compared.');
  }
  if (!isKnownAt(film, digest.frame)) return unknown('Not every cell has been trained as far as the link tells of.');
  const { outcomes, valuesOf } = partsAt(film, digest.frame);
  const compared = idsOf(film).filter((id) => Object.hasOwn(digest.hashes, id));
  const changed = compared.filter((id) => hashOf(valuesOf(id), outcomes) !== digest.hashes[id]);
  if (compared.length === 0) return unknown('The link tells of no observable that was measured here.');
  if (changed.length === 0) return { verdict: 'identical', words: 'Identical to the shared result, bit for bit.', worst: null };

  const cells = sampled(film.cells);
  let worst: Comparison['worst'] = null;
  let tellable = false;
  for (const observable of observables) {
    if (!changed.includes(observable.id) || !Object.hasOwn(digest.means, observable.id)) continue;
    tellable = true;
    const was = unpack(digest.means[observable.id]);
    const { mean } = reduceFrame(film, digest.frame, observable);
    const largest = Math.max(...cells.flatMap((cell, i) => [was[i], mean[cell]].filter(Number.isFinite).map(Math.abs)), 0);
    cells.forEach((cell, i) => {
      // Both as rounded: what the digest left out is no difference.
      const [is] = unpack(pack([mean[cell]]));
      const difference = distance(was[i], is, observable.scale, largest);
      if (difference > (worst?.difference ?? 0)) worst = { observable: observable.id, cell, was: was[i], is, difference };
    });
  }
  if (!tellable) {
    const shown = Object.keys(digest.means);
    const same = shown.length > 0 && shown.every((id) => compared.includes(id));
    return same
      ? { verdict: 'within', words: 'Identical in what the link shows; other observables differ in some bit.', worst: null }
      : unknown('Some numbers differ in some bit; the link does not tell by how much.');
  }
  const found = worst as Comparison['worst'];
  if (found === null)
    return { verdict: 'within', words: 'Within tolerance: the same means to five digits, though not bit for bit.', worst };
  const label = observables.find(({ id }) => id === found.observable)?.label ?? found.observable;
  const where = `${label} in cell ${found.cell}`;
  return found.difference <= TOLERANCE
    ? {
        verdict: 'within',
        words: `Within tolerance (${percent(TOLERANCE)}): at most ${percent(found.difference)} apart, ${where}.`,
        worst: found,
      }
    : {
        verdict: 'differs',
        words: `Differs from the shared result: ${percent(found.difference)} apart, ${where}.`,
        worst: found,
      };
}
