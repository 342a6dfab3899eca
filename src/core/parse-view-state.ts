// The border of views: turns untrusted JSON into a ViewState, or says in one sentence what is wrong with it.
// Looks up names and ranges; what a view comes to in a picture is the figure's business.

import { type Catalog, scalarOptionsOf } from './catalog.ts';
import { InputError } from './errors.ts';
import { MAX_AXIS_VALUES } from './parse-axis.ts';
import { parseSweep } from './parse-sweep.ts';
import {
  copyPlain,
  type Json,
  type JsonObject,
  readBoolean,
  readName,
  readNumber,
  readObject,
  readText,
  unknownName,
} from './plain-json.ts';
import type { Preset } from './preset.ts';
import { cellCount, type Sweep } from './sweep.ts';
import { trainingParameters } from './training.ts';
import { type Difference, FIRST_VIEW, LAYERS, type ViewState } from './view-state.ts';

const WHERE = 'state';
/** The name of training time where parameters are named. */
const TIME = 'time';
const DIFFERENCES = ['frame', 'observable', 'kept'] as const;

export interface ViewCatalog extends Catalog {
  readonly presets: readonly Preset[];
}

function readKnown(value: Json | undefined, where: string, noun: string, known: Iterable<string>): string {
  const text = readText(value, where, 200);
  const names = [...known];
  if (text !== '' && !names.includes(text)) throw unknownName(where, noun, text, names);
  return text;
}

/** Ids of everything that any sweep of this catalog may vary. */
function parametersOfAll({ families, tasks }: Catalog): Set<string> {
  const all = [...families.flatMap(({ parameters }) => parameters), ...tasks.flatMap(scalarOptionsOf), ...trainingParameters];
  return new Set(all.map(({ id }) => id));
}

/** An index below `count`, or −1. */
const readIndex = (value: Json | undefined, where: string, count: number): number =>
  readNumber(value, where, { least: -1, most: Math.max(0, count - 1), integer: true });

function readAt(json: Json | undefined, where: string, sweep: Sweep | null, parameters: Set<string>): Record<string, number> {
  const at: Record<string, number> = {};
  for (const [id, index] of Object.entries(readObject(json, where))) {
    if (!parameters.has(id)) throw unknownName(where, 'parameter', id, [...parameters]);
    const steps = sweep?.axes.find(({ parameter }) => parameter === id)?.values.length ?? MAX_AXIS_VALUES;
    at[id] = readNumber(index, `${where}.${id}`, { least: 0, most: steps - 1, integer: true });
  }
  return at;
}

function readDifference(json: Json | undefined, frames: number, observables: readonly string[]): Difference | null {
  if (json === null) return null;
  const where = `${WHERE}.difference`;
  const from = readName(readObject(json, where).from, `${where}.from`, 'difference', DIFFERENCES);
  if (from === 'kept') {
    readObject(json, where, ['from']);
    return { from };
  }
  const object = readObject(json, where, ['from', from]);
  if (from === 'frame')
    return { from, frame: readNumber(object.frame, `${where}.frame`, { least: 0, most: frames - 1, integer: true }) };
  const observable = readText(object.observable, `${where}.observable`, 200);
  if (!observables.includes(observable)) throw unknownName(`${where}.observable`, 'observable', observable, observables);
  return { from, observable };
}

function readSeeds(json: Json, seeds: number): 'mean' | 'spread' | number {
  const where = `${WHERE}.seeds`;
  if (typeof json === 'number') return readNumber(json, where, { least: 0, most: seeds - 1, integer: true });
  return readName(json, where, 'choice of seeds', ['mean', 'spread'] as const);
}

/**
 * A view from untrusted JSON; what is left out is as `FIRST_VIEW` has it. Its sweep has been parsed, once,
 * to check it and the indices into it. Names have to be known to the catalog, but not to the sweep: a view outlives a change of
 * sweep. Throws InputError.
 */
export function parseViewState(json: unknown, catalog: ViewCatalog): ViewState {
  const keys = [...Object.keys(FIRST_VIEW), 'seeds', 'band'];
  const root = { ...(FIRST_VIEW as unknown as JsonObject), ...readObject(copyPlain(json, WHERE), WHERE, keys) };
  const presets = catalog.presets.map(({ id }) => id);
  const preset = readKnown(root.preset, `${WHERE}.preset`, 'preset', presets);
  const own = root.sweep === null ? null : readObject(root.sweep, `${WHERE}.sweep`);
  const shown = own ?? catalog.presets.find(({ id }) => id === preset)?.sweep;
  const sweep = shown === undefined ? null : parseSweep(shown, catalog);
  const frames = sweep === null ? 1 : sweep.training.checkpoints.length + 1;
  const cells = sweep === null ? 0 : cellCount(sweep);
  const observables = catalog.observables.map(({ id }) => id);
  const parameters = parametersOfAll(catalog);
  const colours = readText(root.colours, `${WHERE}.colours`, 40);
  if (!/^[a-z0-9-]*$/.test(colours)) {
    throw new InputError(`${WHERE}.colours`, 'expected lower-case letters, digits and hyphens, got others');
  }
  return {
    preset,
    sweep: own,
    observable: readKnown(root.observable, `${WHERE}.observable`, 'observable', observables),
    x: readKnown(root.x, `${WHERE}.x`, 'parameter', parameters),
    y: root.y === null ? null : readKnown(root.y, `${WHERE}.y`, 'parameter', [TIME, ...parameters]),
    at: readAt(root.at, `${WHERE}.at`, sweep, parameters),
    frame: root.frame === null ? null : readNumber(root.frame, `${WHERE}.frame`, { least: 0, most: frames - 1, integer: true }),
    cell: readIndex(root.cell, `${WHERE}.cell`, cells),
    pinned: readIndex(root.pinned, `${WHERE}.pinned`, cells),
    threshold: root.threshold === null ? null : readNumber(root.threshold, `${WHERE}.threshold`, {}),
    layer: readName(root.layer, `${WHERE}.layer`, 'layer', LAYERS),
    colours,
    difference: readDifference(root.difference, frames, observables),
    ...(root.seeds === undefined ? {} : { seeds: readSeeds(root.seeds, sweep?.seeds ?? 1) }),
    ...(root.band === undefined ? {} : { band: readBoolean(root.band, `${WHERE}.band`) }),
  };
}
