// Cuts a sweep into batches of one compiled shape, coarse cells first. Pure: allocates nothing, loads nothing, knows no device.

import { CapError, type Caps, checkCaps } from '../core/caps.ts';
import { type Catalog, parametersOf } from '../core/catalog.ts';
import type { Connectivity } from '../core/connectivity/connectivity.ts';
import type { Batch, Family, Network, Start } from '../core/family.ts';
import { type Observable, sharpest } from '../core/observable.ts';
import type { Value, Values } from '../core/parameter.ts';
import { cellCount, cellIndices, cellValues, type Sweep } from '../core/sweep.ts';
import type { Task, TaskData } from '../core/task.ts';

/** Cells that compile to one shape and are trained together. */
export interface Bucket {
  /** 0 is the coarsest level. */
  readonly level: number;
  /** Values of every parameter of scope `shape`. */
  readonly shape: Values;
  /** The part of `shape` that decides the data. */
  readonly taskValues: Values;
  /** Equal for equal data. */
  readonly dataKey: string;
  /** Cells in the order of the sweep. */
  readonly cells: readonly number[];
}

export interface Plan {
  readonly sweep: Sweep;
  readonly family: Family;
  readonly task: Task;
  readonly observables: readonly Observable[];
  /** Level by level, within a level by work per network, least first. */
  readonly buckets: readonly Bucket[];
  readonly levels: number;
  readonly cells: number;
  readonly networks: number;
  /** Ids of the parameters that a start depends on. */
  readonly startParameters: readonly string[];
}

/** Axes with fewer values are not thinned out. */
const SMALLEST_THINNED_AXIS = 9;
/** Sweeps with fewer networks are trained in one go. */
const SMALLEST_THINNED_SWEEP = 256;

/** Level of an index along an axis: every fourth value and the last come first, then every second, then all. */
function axisLevel(index: number, steps: number): number {
  if (steps < SMALLEST_THINNED_AXIS || index % 4 === 0 || index === steps - 1) return 0;
  return index % 2 === 0 ? 1 : 2;
}

function keyOf(values: Readonly<Record<string, Value>>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function picked(values: Values, ids: ReadonlySet<string>): Values {
  return Object.fromEntries(Object.entries(values).filter(([id]) => ids.has(id)));
}

/**
 * Plans a sweep. Throws InputError beyond the caps on cells and networks; bytes are known once the data is
 * loaded: see `checkBytes`.
 */
export function planSweep(sweep: Sweep, catalog: Catalog, caps: Caps): Plan {
  checkCaps(sweep, caps);
  const family = catalog.families.find(({ id }) => id === sweep.family);
  const task = catalog.tasks.find(({ kind }) => kind === sweep.task.kind);
  if (family === undefined || task === undefined) throw new Error(`plan: sweep of unknown ${sweep.family} or ${sweep.task.kind}`);
  const observables = sweep.observables.map((id) => {
    const found = catalog.observables.find((observable) => observable.id === id);
    if (found === undefined) throw new Error(`plan: unknown observable ${id}`);
    return found;
  });
  const parameters = parametersOf(family, task);
  const ofFamily = new Set(family.parameters.map(({ id }) => id));
  const shapeIds = new Set(parameters.filter(({ scope }) => scope === 'shape').map(({ id }) => id));
  const taskIds = new Set([...shapeIds].filter((id) => !ofFamily.has(id)));

  const cells = cellCount(sweep);
  const networks = cells * sweep.seeds;
  const thinned = networks >= SMALLEST_THINNED_SWEEP;
  const buckets = new Map<string, Bucket & { readonly cells: number[] }>();
  for (let cell = 0; cell < cells; cell++) {
    const indices = cellIndices(sweep, cell);
    const level = thinned ? Math.max(...indices.map((index, a) => axisLevel(index, sweep.axes[a].values.length))) : 0;
    const values = cellValues(sweep, cell);
    const shape = picked(values, shapeIds);
    const key = `${level} ${keyOf(shape)} ${family.form?.(values) ?? ''}`;
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      const taskValues = picked(values, taskIds);
      bucket = { level, shape, taskValues, dataKey: keyOf(taskValues), cells: [] };
      buckets.set(key, bucket);
    }
    bucket.cells.push(cell);
  }
  const sorted = [...buckets.values()].sort((a, b) => a.level - b.level || workHint(a) - workHint(b));
  // Domains that every shape of the sweep has.
  const offered = family
    .domains(sorted[0].shape)
    .filter((domain) => sorted.every(({ shape }) => family.domains(shape).includes(domain)));
  return {
    sweep,
    family,
    task,
    observables: observables.map((one) => sharpest(one, offered)),
    buckets: sorted,
    levels: 1 + Math.max(...sorted.map(({ level }) => level)),
    cells,
    networks,
    startParameters: parameters.filter(({ scope }) => scope === 'start').map(({ id }) => id),
  };
}

/** About in proportion to the work of a network: narrow ones show something first, and come first in their level. */
export function workHint({ shape }: Bucket): number {
  const size = (id: string) => (typeof shape[id] === 'number' ? shape[id] : 1);
  return size('width') ** 2 * size('depth') * size('samples');
}

/**
 * The batch of a bucket with its data and the sweep's own connectivity, if it has one: starts shared by the networks that begin
 * alike, seeds of a cell side by side.
 */
export function batchOf(plan: Plan, bucket: Bucket, data: TaskData, connectivity?: Connectivity): Batch {
  const { sweep, startParameters } = plan;
  const startIds = new Set(startParameters);
  const starts: Start[] = [];
  const known = new Map<string, number>();
  const networks: Network[] = [];
  for (const cell of bucket.cells) {
    const values = cellValues(sweep, cell);
    const draw = sweep.independentSeeds ? cell + 1 : 0;
    for (let member = 0; member < sweep.seeds; member++) {
      const seed = sweep.seed + member;
      const key = `${seed} ${draw} ${keyOf(picked(values, startIds))}`;
      let start = known.get(key);
      if (start === undefined) {
        start = starts.length;
        known.set(key, start);
        starts.push({ seed, draw, values, ...(connectivity === undefined ? {} : { connectivity }) });
      }
      networks.push({ cell, member, start, values });
    }
  }
  return { shape: bucket.shape, data, training: sweep.training, starts, networks, seeds: sweep.seeds };
}

/** Throws CapError where a sweep would take more memory than its cap. */
export function checkBytes(bytes: number, caps: Caps): void {
  if (bytes <= caps.bytes) return;
  const mebibytes = (count: number) => Math.ceil(count / 2 ** 20);
  throw new CapError(
    'sweep',
    `expected at most ${mebibytes(caps.bytes)} MiB of memory, got ${mebibytes(bytes)} MiB`,
    'Take fewer cells, seeds, samples or a smaller width.',
  );
}

/** Steps that a network of a flow takes, as measured for Geiger et al.'s rule: a guess before anything has run. */
const TYPICAL_FLOW_STEPS = 1000;

/** Expected floating-point operations of a batch. */
export function workOf(plan: Plan, batch: Batch): number {
  const { training } = plan.sweep;
  const perStep = plan.family.flopsPerStep(batch.shape, batch.data, training);
  return batch.networks.reduce((sum, { values }) => {
    const rate = typeof values.learningRate === 'number' ? values.learningRate : 1;
    const steps = training.method === 'flow' ? TYPICAL_FLOW_STEPS : Math.ceil(training.maxTime / rate);
    return sum + perStep * Math.min(steps, training.maxSteps);
  }, 0);
}
