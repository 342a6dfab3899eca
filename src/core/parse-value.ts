// Reads one value of a parameter: range, integrality, choice. Axes and fixed values share it.

import { InputError, quoted } from './errors.ts';
import type { Parameter, Value } from './parameter.ts';
import { type Bounds, type Json, readNumber, unknownName } from './plain-json.ts';

/** The parameter's range in the reader's words. */
export function boundsOf(parameter: Parameter & { kind: 'number' | 'integer' }): Bounds {
  const { minimum, maximum, exclusiveMinimum, kind } = parameter;
  return {
    ...(exclusiveMinimum === true ? { above: minimum } : { least: minimum }),
    most: maximum,
    integer: kind === 'integer',
  };
}

/** A valid value of `parameter`, or an InputError at `where`. */
export function parseValue(json: Json | undefined, parameter: Parameter, where: string): Value {
  if (parameter.kind !== 'choice') return readNumber(json, where, boundsOf(parameter));
  if (typeof json !== 'string') {
    throw new InputError(where, `expected one of ${parameter.choices.join(', ')}, got ${quoted(json)}`);
  }
  if (!parameter.choices.includes(json)) throw unknownName(where, parameter.label, json, parameter.choices);
  return json;
}
