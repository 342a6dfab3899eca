// Elements of the domains of structure in float64: the definition that structure.wgsl.ts is tested against. Sums nothing.
// Conventions (stored weights, rates, the predictor's map) are those of core/observable.

import type { MeasuredPoint } from '../../../../src/core/family.ts';
import type { StructureDomain } from '../../../../src/core/observable.ts';
import { choiceOf } from '../../../../src/core/parameter.ts';
import { scalingOf } from '../../../../src/core/scalings.ts';
import { targetDirection } from '../../../../src/core/target-direction.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import { type FullyConnectedShape, layoutOf } from '../layout.ts';

type Element = Readonly<Record<string, number>>;

/** A weight matrix inside a flat vector, rows without padding. */
interface FlatMatrix {
  readonly offset: number;
  readonly rows: number;
  /** Fan-in and the bias. */
  readonly columns: number;
  readonly scale: number;
}

function flatMatrices(shape: FullyConnectedShape): readonly FlatMatrix[] {
  let offset = 0;
  return layoutOf(shape).matrices.map(({ rows, columns, scale }) => {
    const matrix = { offset, rows, columns, scale };
    offset += rows * columns;
    return matrix;
  });
}

/** 1/r, and 0 where a layer does not move. */
function inverseRate(rate: number): number {
  return rate > 0 ? 1 / rate : 0;
}

/**
 * Rates of the layers below the output and of the output, with frozen layers at 0: words `hiddenRate`
 * and `outputRate` of NETWORK.
 */
function ratesOf({ values, frozen }: MeasuredPoint): { hidden: number; output: number } {
  const { hiddenRate, outputRate } = scalingOf(values);
  return { hidden: frozen.includes('hidden') ? 0 : hiddenRate, output: frozen.includes('output') ? 0 : outputRate };
}

/** Factor between Σ_i u_i w_i·n̂ and the slope of f along n̂ in a linear network: s_1 c s_2. */
function pathScale(shape: FullyConnectedShape): number {
  return layoutOf(shape).matrices.reduce((product, { scale }) => product * scale, shape.activationFactor ** shape.depth);
}

/** n̂, and φ* over s_1 c s_2: what Σ_i u_i w_i·n̂ must be times α. */
export function unitTarget(shape: FullyConnectedShape, data: TaskData): { direction: Float64Array; slope: number } {
  const { direction, slope } = targetDirection(data);
  return { direction, slope: slope / pathScale(shape) };
}

/** Matrix of f of a linear network, (outputDim, inputDim), without biases. */
function linearMap(shape: FullyConnectedShape, weights: Float64Array): Float64Array {
  const { inputDim } = shape;
  let map = Float64Array.from({ length: inputDim ** 2 }, (_, n) => (n % (inputDim + 1) === 0 ? 1 : 0));
  flatMatrices(shape).forEach(({ offset, rows, columns, scale }, layer) => {
    const factor = layer === 0 ? scale : scale * shape.activationFactor;
    const fanIn = map.length / inputDim;
    const next = new Float64Array(rows * inputDim);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < inputDim; i++) {
        let sum = 0;
        for (let k = 0; k < fanIn; k++) sum += weights[offset + j * columns + k] * map[k * inputDim + i];
        next[j * inputDim + i] = factor * sum;
      }
    }
    map = next;
  });
  return map;
}

function outputGram(shape: FullyConnectedShape, weights: Float64Array): Float64Array {
  const { offset, rows, columns } = flatMatrices(shape)[shape.depth];
  const gram = new Float64Array(rows * rows);
  for (let c = 0; c < rows; c++) {
    for (let e = 0; e < rows; e++) {
      let sum = 0;
      for (let i = 0; i < shape.width; i++) sum += weights[offset + c * columns + i] * weights[offset + e * columns + i];
      gram[c * rows + e] = sum;
    }
  }
  return gram;
}

/** W_{l+1}ᵀW_{l+1}/r_{l+1} − W_lW_lᵀ/r_l for every hidden layer: (depth, width, width). */
function balance(shape: FullyConnectedShape, weights: Float64Array, { hidden, output }: { hidden: number; output: number }) {
  const { depth, width } = shape;
  const matrices = flatMatrices(shape);
  const values = new Float64Array(depth * width * width);
  for (let layer = 0; layer < depth; layer++) {
    const [below, above] = [matrices[layer], matrices[layer + 1]];
    const incoming = inverseRate(hidden);
    const outgoing = inverseRate(layer === depth - 1 ? output : hidden);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        let into = 0;
        for (let k = 0; k < below.columns; k++) {
          into += weights[below.offset + i * below.columns + k] * weights[below.offset + j * below.columns + k];
        }
        let out = 0;
        for (let c = 0; c < above.rows; c++) {
          out += weights[above.offset + c * above.columns + i] * weights[above.offset + c * above.columns + j];
        }
        values[(layer * width + i) * width + j] = outgoing * out - incoming * into;
      }
    }
  }
  return values;
}

function hiddenUnits(shape: FullyConnectedShape, point: MeasuredPoint): readonly Element[] {
  const { direction, slope } = unitTarget(shape, point.data);
  const [first, last] = flatMatrices(shape);
  const rates = ratesOf(point);
  const fitted = slope / scalingOf(point.values).outputScale;
  const into = (weights: Float64Array, unit: number) =>
    direction.reduce((sum, n, k) => sum + n * weights[first.offset + unit * first.columns + k], 0);
  return Array.from({ length: shape.width }, (_, unit) => ({
    incoming: into(point.now, unit),
    outgoing: point.now[last.offset + unit],
    incomingStart: into(point.start, unit),
    outgoingStart: point.start[last.offset + unit],
    incomingRate: rates.hidden,
    outgoingRate: rates.output,
    fitted,
  }));
}

function mapElements(shape: FullyConnectedShape, { now, start, values, data }: MeasuredPoint): readonly Element[] {
  const { outputScale } = scalingOf(values);
  const centred = choiceOf(values, 'predictor') === 'centred' ? 1 : 0;
  const [mapNow, mapStart] = [linearMap(shape, now), linearMap(shape, start)];
  return Array.from(mapNow, (value, n) => ({
    now: outputScale * (value - centred * mapStart[n]),
    start: outputScale * (1 - centred) * mapStart[n],
    teacher: data.teacher?.[n] ?? Number.NaN,
  }));
}

/** Elements in the order of rows; see core/observable for what they are. */
export function structureElements(shape: FullyConnectedShape, domain: StructureDomain, point: MeasuredPoint): readonly Element[] {
  const pairs = (values: (weights: Float64Array) => Float64Array) => {
    const start = values(point.start);
    return Array.from(values(point.now), (now, n) => ({ now, start: start[n] }));
  };
  switch (domain) {
    case 'outputGram':
      return pairs((weights) => outputGram(shape, weights));
    case 'balance': {
      const rates = ratesOf(point);
      const { width } = shape;
      return pairs((weights) => balance(shape, weights, rates)).map((pair, n) => ({
        ...pair,
        diagonal: n % width === Math.floor(n / width) % width ? 1 : 0,
      }));
    }
    case 'hiddenUnits':
      return hiddenUnits(shape, point);
    case 'map':
      return mapElements(shape, point);
    default:
      throw new Error(`fully-connected: no domain ${domain}`);
  }
}
