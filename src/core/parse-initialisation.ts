// Reads the `initialisation` object of a sweep into parameter values. Structured starts are parameters of their families.

import { InputError } from './errors.ts';
import type { Value } from './parameter.ts';
import { type Json, readList, readName, readNumber, readObject } from './plain-json.ts';

export const INITIALISATIONS = ['gaussian'] as const;

/**
 * `{ "kind": "gaussian", "scale": 1 }` sets `initScale`, the standard deviation of all layers in units of the parametrisation's own.
 * A list `[hidden, output]` gives hidden layers and output layer each its own, as `initScale` and the factor `initScaleOutput`.
 */
export function parseInitialisation(json: Json, where: string, known: (parameter: string) => boolean): Record<string, Value> {
  const object = readObject(json, where, ['kind', 'scale']);
  readName(object.kind, `${where}.kind`, 'initialisation', INITIALISATIONS);
  if (object.scale === undefined) return {};
  const scales = Array.isArray(object.scale)
    ? readList(object.scale, `${where}.scale`, 1, 2).map((entry, i) =>
        readNumber(entry, `${where}.scale[${i}]`, i === 0 ? { above: 0 } : { least: 0 }),
      )
    : [readNumber(object.scale, `${where}.scale`, { above: 0 })];
  const needed = scales.length === 1 ? ['initScale'] : ['initScale', 'initScaleOutput'];
  for (const id of needed) {
    if (!known(id)) throw new InputError(`${where}.scale`, `expected a family with the parameter ${id}, got one without`);
  }
  const [hidden, output] = scales;
  return output === undefined ? { initScale: hidden } : { initScale: hidden, initScaleOutput: output / hidden };
}
