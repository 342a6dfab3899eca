// Writes a Sweep as plain JSON, in one canonical form, and names it by a hash. Reading is parse-sweep.ts.

import type { Json, JsonObject } from './plain-json.ts';
import type { Stage, Sweep } from './sweep.ts';
import type { Training } from './training.ts';

const orNull = (bound: number) => (bound === Number.POSITIVE_INFINITY ? null : bound);

function trainingToJson(training: Training): JsonObject {
  const { maxTime, maxSteps, stop, checkpoints } = training;
  const common = { maxTime, maxSteps, stop: { ...stop }, checkpoints: [...checkpoints] };
  if (training.method === 'descent') {
    const { optimiser, momentum, adam, batchSize } = training;
    const steps: JsonObject = optimiser === 'adam' ? { optimiser, ...adam } : { momentum };
    return { method: 'descent', ...common, ...steps, batchSize };
  }
  const { integrator, tolerance, outputTolerance } = training;
  return { method: 'flow', ...common, integrator, tolerance: orNull(tolerance), outputTolerance: orNull(outputTolerance) };
}

function stageToJson({ from, task, frozen, head, rebalance, recut, test }: Stage): JsonObject {
  return { from, task: { ...task.values, ...(task.settings as JsonObject) }, frozen: [...frozen], head, rebalance, recut, test };
}

/**
 * The sweep with every default written out; `parseSweep` gives the same Sweep back. Axes become lists of values, bounds that are
 * Infinity become null.
 */
export function sweepToJson(sweep: Sweep): JsonObject {
  return {
    version: 1,
    ...(sweep.title === undefined ? {} : { title: sweep.title }),
    family: sweep.family,
    task: { kind: sweep.task.kind, ...(sweep.task.settings as JsonObject) },
    axes: sweep.axes.map(({ parameter, scale, values }) => ({ parameter, scale, values: [...values] })),
    fixed: { ...sweep.fixed },
    seeds: sweep.seeds,
    seed: sweep.seed,
    independentSeeds: sweep.independentSeeds,
    ...(sweep.connectivity === undefined ? {} : { connectivity: { ...sweep.connectivity } }),
    training: trainingToJson(sweep.training),
    ...(sweep.stages.length === 0 ? {} : { stages: sweep.stages.map(stageToJson) }),
    observables: [...sweep.observables],
  };
}

/** JSON text with sorted keys and no spaces: equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as JsonObject;
  return `{${Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`)
    .join(',')}}`;
}

/** FNV-1a, 64 bits, over UTF-8, as 16 hexadecimal digits. Names things; does not protect them. Fowler, Noll and Vo 1991. */
export function hashText(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // × 0x100000001b3 modulo 2^64, in 32-bit halves: low·0x1b3 carries into high·0x1b3 + low·2^8.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 4294967296) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** Hash of a sweep already written as JSON: its title is left out, since it changes no number. */
export function hashOfSweepJson(json: JsonObject): string {
  const { title: _, ...rest } = json;
  return hashText(canonicalJson(rest));
}

/** The same experiment gives the same 16 hexadecimal digits, whatever its title and however it was written. */
export function sweepHash(sweep: Sweep): string {
  return hashOfSweepJson(sweepToJson(sweep));
}
