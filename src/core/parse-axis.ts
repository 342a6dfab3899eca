// Reads one axis of a sweep: a list of values, or a range with its spacing. See parse-sweep.ts for the whole.

import { InputError } from './errors.ts';
import type { NumberParameter, Parameter, Value } from './parameter.ts';
import { boundsOf, parseValue } from './parse-value.ts';
import { type Json, type JsonObject, readList, readName, readNumber } from './plain-json.ts';
import type { Axis } from './sweep.ts';

/** Most values of one axis. */
export const MAX_AXIS_VALUES = 1024;
export const AXIS_SCALES = ['linear', 'log', 'list'] as const;
export const AXIS_KEYS = ['parameter', 'scale', 'from', 'to', 'steps', 'values'] as const;
/**
 * Decimal digits kept of values between the ends of a range, so that 1e-3 … 1e3 in 7 steps holds 0.01 and
 * not 0.010000000000000002.
 */
const RANGE_DIGITS = 12;

/**
 * `steps` numbers from `from` to `to`, evenly spaced (`linear`) or in constant ratio (`log`, both ends positive). The ends are
 * exact, the others rounded to 12 significant digits. Integers are rounded and said once, so there may be fewer than `steps`.
 */
export function spacedValues(scale: 'linear' | 'log', from: number, to: number, steps: number, integer = false): number[] {
  const values = Array.from({ length: steps }, (_, i) => {
    if (i === 0) return from;
    if (i === steps - 1) return to;
    const share = i / (steps - 1);
    const value =
      scale === 'log'
        ? 10 ** ((1 - share) * Math.log10(from) + share * Math.log10(to))
        : (from * (steps - 1 - i) + to * i) / (steps - 1);
    return Number(value.toPrecision(RANGE_DIGITS));
  });
  return [...new Set(integer ? values.map((value) => Math.round(value) + 0) : values)];
}

/** How a list of values is drawn when its scale is not said: in constant ratio `log`, evenly spaced `linear`, else `list`. */
function impliedScale(values: readonly Value[]): Axis['scale'] {
  if (values.length < 3 || !values.every((value) => typeof value === 'number')) return 'list';
  const even = (numbers: readonly number[]) => {
    const step = (numbers[numbers.length - 1] - numbers[0]) / (numbers.length - 1);
    return numbers.every((number, i) => i === 0 || Math.abs(number - numbers[i - 1] - step) <= 1e-6 * Math.abs(step));
  };
  if (values.every((value) => value > 0) && even(values.map(Math.log))) return 'log';
  return even(values) ? 'linear' : 'list';
}

function isMonotonic(values: readonly Value[]): boolean {
  const numbers = values as readonly number[];
  const sign = Math.sign(numbers[numbers.length - 1] - numbers[0]);
  return numbers.every((value, i) => i === 0 || Math.sign(value - numbers[i - 1]) === sign);
}

function parseRange(json: JsonObject, parameter: NumberParameter, where: string): Axis {
  for (const key of ['from', 'to', 'steps']) {
    if (json[key] === undefined) {
      throw new InputError(where, `expected "${key}", got none`, 'A range needs from, to and steps; a list needs values.');
    }
  }
  const scale = json.scale === undefined ? 'linear' : readName(json.scale, `${where}.scale`, 'scale', AXIS_SCALES);
  if (scale === 'list')
    throw new InputError(where, 'expected "values" on scale "list", got a range', 'Use scale "linear" or "log".');
  const bounds = boundsOf(parameter);
  const end = (key: 'from' | 'to') => {
    const hint = scale === 'log' ? 'Use scale: "linear".' : '';
    if (scale === 'log') readNumber(json[key], `${where}.${key} on a log scale`, { above: 0 }, hint);
    return readNumber(json[key], `${where}.${key}`, bounds);
  };
  const from = end('from');
  const to = end('to');
  const steps = readNumber(
    json.steps,
    `${where}.steps`,
    { least: 2, most: MAX_AXIS_VALUES, integer: true },
    'For one value use values: […].',
  );
  if (from === to)
    throw new InputError(where, `expected two different ends, got ${from} twice`, 'For one value use values: […].');
  const values = spacedValues(scale, from, to, steps, parameter.kind === 'integer');
  if (!isMonotonic(values))
    throw new InputError(where, `expected ends that ${steps} steps can tell apart, got ${from} and ${to}`);
  return { parameter: parameter.id, scale, values };
}

function parseList(json: JsonObject, parameter: Parameter, where: string): Axis {
  for (const key of ['from', 'to', 'steps']) {
    if (json[key] !== undefined) throw new InputError(where, `expected either values or a range, got both values and "${key}"`);
  }
  const entries: readonly Json[] = readList(json.values, `${where}.values`, 1, MAX_AXIS_VALUES);
  const values = entries.map((entry, i) => parseValue(entry, parameter, `${where}.values[${i}]`));
  values.forEach((value, i) => {
    const first = values.indexOf(value);
    if (first !== i) throw new InputError(`${where}.values[${i}]`, `expected different values, got ${value} again`);
  });
  const scale = json.scale === undefined ? impliedScale(values) : readName(json.scale, `${where}.scale`, 'scale', AXIS_SCALES);
  if (scale !== 'list') {
    if (parameter.kind === 'choice') throw new InputError(`${where}.scale`, `expected "list" for named choices, got "${scale}"`);
    if (scale === 'log' && values.some((value) => typeof value === 'number' && value <= 0)) {
      throw new InputError(where, 'expected values > 0 on a log scale, got others', 'Use scale: "linear".');
    }
    if (!isMonotonic(values))
      throw new InputError(`${where}.values`, `expected ascending or descending order on scale "${scale}", got neither`);
  }
  return { parameter: parameter.id, scale, values };
}

/** An axis over `parameter`; `where` names it in errors. */
export function parseAxis(json: JsonObject, parameter: Parameter, where: string): Axis {
  if (json.values !== undefined) return parseList(json, parameter, where);
  if (parameter.kind === 'choice') {
    throw new InputError(where, 'expected "values" for named choices, got none', `Known: ${parameter.choices.join(', ')}.`);
  }
  return parseRange(json, parameter, where);
}
