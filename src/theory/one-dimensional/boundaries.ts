// Predicted lines over diagrams of one-dimensional two-layer linear networks. Solves nothing: exponents are phases.ts.

import type { Values } from '../../core/parameter.ts';
import type { Boundary, TheoryPlane } from '../../core/theory.ts';
import { levelLine } from '../level-line.ts';
import { EXPONENT_PARAMETERS, numberAmong, startOf, unitsOf, widthExponentsOf } from '../two-layer.ts';
import { kernelCoordinate, phaseExponents } from './phases.ts';

/** Numbers of a start in expectation over its draw, independent or correlated layers. */
interface ExpectedStart {
  /** k = γ√(η_u η_w). */
  readonly coupling: number;
  /** √(PQ) = √(T² − 4G²). */
  readonly product: number;
  /** rms φ₀. */
  readonly start: number;
}

function expectedStart(values: Values): ExpectedStart {
  const { gamma, outputRate, inputRate } = unitsOf(values, 1);
  const { width, outputStd, inputStd, correlation } = startOf(values);
  const meanRate = Math.sqrt(outputRate * inputRate);
  const T = width * (outputStd ** 2 / outputRate + inputStd ** 2 / inputRate);
  const G = (correlation * width * outputStd * inputStd) / meanRate;
  return {
    coupling: gamma * meanRate,
    product: Math.sqrt(Math.max(0, T * T - 4 * G * G)),
    start: Math.abs(gamma) * outputStd * inputStd * Math.hypot(Math.sqrt(width), correlation * width),
  };
}

/** ln χ at the values of a cell: above 0 the kernel regime. A centred predictor starts at 0 whatever φ₀. */
function logCoordinate(values: Values): number {
  const { coupling, product, start } = expectedStart(values);
  const slope = numberAmong(values, 'slope', Number.NaN);
  return Math.log(kernelCoordinate(coupling, product, product, slope, values.predictor === 'centred' ? 0 : start));
}

/** r = |k|√(4C² + k²M²PQ), whose inverse is the time scale of the end of training. */
function relaxationRate(values: Values): number {
  const { coupling, product } = expectedStart(values);
  const variance = numberAmong(values, 'variance', Number.NaN);
  const slope = numberAmong(values, 'slope', Number.NaN);
  return Math.abs(coupling) * variance * Math.hypot(2 * slope, coupling * product);
}

function exponentLines(plane: TheoryPlane, at: (x: number, y: number) => Values): Boundary[] {
  const exponents = (x: number, y: number) => phaseExponents(widthExponentsOf(at(x, y)));
  // A flow is as fast as it is; steps of order one are too large for rates that grow with the width.
  const pace = plane.training.method === 'flow' ? 'cᵣ = 0: learns in a time of order 1' : 'cᵣ = 0: steps too large above';
  return [
    ...levelLine(plane, 'E = 0: kernel | feature', (x, y) => exponents(x, y).kernel),
    ...levelLine(plane, 'e₀ = −½: layers align below', (x, y) => exponents(x, y).output + 0.5),
    ...levelLine(plane, pace, (x, y) => exponents(x, y).rate),
  ];
}

/** Lines in the plane of two parameters, or of one and training time. */
export function oneDimensionalBoundaries(plane: TheoryPlane): readonly Boundary[] {
  const { x, y, values } = plane;
  const at = (atX: number, atY: number): Values => ({ ...values, [x]: atX, [y]: atY });
  if (x === 'time' || y === 'time') {
    const time = (atX: number, atY: number) => (x === 'time' ? atX : atY);
    return levelLine(plane, 'relaxation time 1/r', (atX, atY) => Math.log(time(atX, atY) * relaxationRate(at(atX, atY))));
  }
  if (EXPONENT_PARAMETERS.includes(x) && EXPONENT_PARAMETERS.includes(y)) return exponentLines(plane, at);
  return levelLine(plane, 'χ = 1: kernel | feature', (atX, atY) => logCoordinate(at(atX, atY)));
}
