// Reads the cases of one-dimensional files: networks, data, times and what is expected of them. Compares nothing.

import { InputError } from '../core/errors.ts';
import { MECHANISMS, type MechanismLabel } from '../core/mechanism.ts';
import { type Moments, momentsFrom, momentsOf } from '../theory/one-dimensional/moments.ts';
import type { OneDimensionalNetwork } from '../theory/one-dimensional/network.ts';
import {
  integerOf,
  isObject,
  memberOf,
  nameOf,
  numberOf,
  numbersOf,
  objectOf,
  type Place,
  stringOf,
  timesOf,
  vectorOf,
} from './case-json.ts';

/** Quantities that a case gives at every time. */
export const TRACKS = [
  'f_coefficient',
  'residual_s',
  'loss',
  'loss_excess',
  'ntk',
  'ntk_weighted',
  'cos',
  'norm_u',
  'norm_w',
] as const;
export type Track = (typeof TRACKS)[number];
export type Tracks = Readonly<Record<Track, ArrayLike<number>>>;

/** Quantities between the first and the last time. */
export const ENDS = ['cos_start_used', 'delta_cos', 'ntk_weighted_ratio', 'rotation_share'] as const;

export interface OneDimensionalCase {
  readonly name: string;
  readonly network: OneDimensionalNetwork;
  /** Samples with the case's moments, (count) each. */
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
  /** Ascending, ≥ 0. */
  readonly times: Float64Array;
  readonly expected: Tracks;
  readonly ends: Readonly<Record<(typeof ENDS)[number], number | null>>;
  readonly mechanism: MechanismLabel;
  /** u and w at the last time, where the case gives them. */
  readonly output: Float64Array | null;
  readonly input: Float64Array | null;
}

/** How far moments that are given may be from those of the samples, relative. */
const MOMENT_SLACK = 1e-9;

/** Samples with given moments: two on top of each other, ±√(Y2 − C²/M) about the line; one where they are on it. */
export function samplesWith({ inputSquare, inputTarget, leastLoss }: Moments): { inputs: Float64Array; targets: Float64Array } {
  const x = Math.sqrt(inputSquare);
  const y = inputTarget / x;
  const off = Math.sqrt(2 * leastLoss);
  return off === 0
    ? { inputs: Float64Array.of(x), targets: Float64Array.of(y) }
    : { inputs: Float64Array.of(x, x), targets: Float64Array.of(y + off, y - off) };
}

interface CaseData {
  readonly moments: Moments;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** Runs `make`; what is wrong with its numbers is said of `where`. */
function at<Made>(where: string, make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof InputError) throw new InputError(where, cause.message.slice(cause.where.length + 2));
    throw cause;
  }
}

/** The data of a case: samples, moments or both, which must then agree. */
function dataOf(place: Place): CaseData {
  const json = objectOf(place);
  const has = (key: string) => json[key] !== undefined && json[key] !== null;
  const given = ['mean_xx', 'mean_xy', 'mean_yy'];
  const sampled = has('x') || has('y');
  const stated = given.some(has);
  if (!sampled && !stated)
    throw new InputError(place.where, `expected samples x, y or the means ${given.join(', ')}, got neither`);
  const inputs = sampled ? numbersOf(memberOf(place, 'x')) : new Float64Array();
  const targets = sampled ? vectorOf(memberOf(place, 'y'), inputs.length) : inputs;
  const ofSamples = sampled ? at(place.where, () => momentsOf(inputs, targets)) : null;
  if (!stated && ofSamples !== null) return { moments: ofSamples, inputs, targets };
  const [xx, xy, yy] = given.map((key) => numberOf(memberOf(place, key)));
  const moments = at(place.where, () => momentsFrom(xx, xy, yy));
  if (ofSamples === null) return { moments, ...samplesWith(moments) };
  const scale = Math.sqrt(xx * yy);
  const apart = [
    Math.abs(ofSamples.inputSquare - xx) / xx,
    Math.abs(ofSamples.inputTarget - xy) / (scale || 1),
    Math.abs(ofSamples.targetSquare - yy) / (yy || 1),
  ];
  if (!apart.every((share) => share <= MOMENT_SLACK)) {
    const own = [ofSamples.inputSquare, ofSamples.inputTarget, ofSamples.targetSquare];
    throw new InputError(place.where, `expected the means of the samples, ${own.join(', ')}, got ${xx}, ${xy}, ${yy}`);
  }
  return { moments: { ...moments, leastLoss: ofSamples.leastLoss }, inputs, targets };
}

/** Reads a case. Throws InputError that names the place. */
export function readOneDimensionalCase(place: Place): OneDimensionalCase {
  const [given, outputs] = [memberOf(place, 'inputs'), memberOf(place, 'outputs')];
  const own = (key: string) => memberOf(given, key);
  const width = integerOf(own('width'), 1);
  const { moments, inputs, targets } = dataOf(own('data'));
  const rate = (key: string) => {
    const value = numberOf(own(key));
    if (value < 0) throw new InputError(own(key).where, `expected a rate of at least 0, got ${value}`);
    return value;
  };
  const times = timesOf(own('times'));
  const stated = objectOf(outputs);
  const optional = (key: string) => (isObject(stated) && stated[key] !== undefined ? memberOf(outputs, key) : null);
  const weightsAt = (key: string) => {
    const found = optional(key);
    return found === null || found.value === null ? null : vectorOf(found, width);
  };
  return {
    name: stringOf(memberOf(place, 'name')),
    network: {
      output: vectorOf(own('u0'), width),
      input: vectorOf(own('w0'), width),
      outputScale: numberOf(own('gamma')),
      outputRate: rate('eta_u'),
      inputRate: rate('eta_w'),
      moments,
    },
    inputs,
    targets,
    times,
    expected: Object.fromEntries(TRACKS.map((key) => [key, vectorOf(memberOf(outputs, key), times.length)])) as unknown as Tracks,
    ends: Object.fromEntries(
      ENDS.map((key) => {
        const found = memberOf(outputs, key);
        return [key, found.value === null ? null : numberOf(found)];
      }),
    ) as OneDimensionalCase['ends'],
    mechanism: nameOf(memberOf(outputs, 'mechanism_end'), MECHANISMS),
    output: weightsAt('u_end'),
    input: weightsAt('w_end'),
  };
}
