// Predicted lines over diagrams of λ-balanced networks: time scales where time is an axis, the onset of sigmoidal learning
// elsewhere. Solves nothing: see aligned.ts and time-scales.ts.

import type { Values } from '../../core/parameter.ts';
import type { Boundary, TheoryPlane } from '../../core/theory.ts';
import { levelLine } from '../level-line.ts';
import { numberAmong, unitsOf } from '../two-layer.ts';
import { alignedTime, sigmoidBalance } from './aligned.ts';
import { fitTime, isDelayed, rotationTime } from './time-scales.ts';

/** Largest and smallest singular value of the item hierarchy, Σ = Y/√8. */
const HIERARCHY_RANGE = { largest: 1, smallest: 0.5 } as const;

/** The numbers of a cell in the units y = W̃₂W̃₁x, T = pace · t. */
interface Cell {
  readonly largest: number;
  readonly smallest: number;
  readonly balance: number;
  readonly start: number;
  readonly pace: number;
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
}

/** Null where the task does not tell its singular values. */
function cellOf(task: string, values: Values): Cell | null {
  const isHierarchy = task === 'hierarchy';
  const inputDim = isHierarchy ? 8 : numberAmong(values, 'inputDim', Number.NaN);
  const largest = isHierarchy ? HIERARCHY_RANGE.largest : numberAmong(values, 'largestSingular', Number.NaN);
  const least = isHierarchy ? HIERARCHY_RANGE.smallest : numberAmong(values, 'smallestSingular', Number.NaN);
  if (!(largest > 0)) return null;
  const { gamma, inputRate } = unitsOf(values, inputDim);
  return {
    largest,
    smallest: values.spectrum === 'flat' ? largest : least,
    balance: gamma * numberAmong(values, 'balance', 0),
    start: gamma * numberAmong(values, 'productScale', 0.01),
    pace: gamma * inputRate,
    inputDim,
    width: numberAmong(values, 'width', 1),
    outputDim: isHierarchy ? 8 : numberAmong(values, 'outputDim', Number.NaN),
  };
}

const short = (value: number) => Number(value.toPrecision(3));

/** Lines in the plane of two parameters, or of one and training time. */
export function balancedBoundaries(plane: TheoryPlane): readonly Boundary[] {
  const { x, y, values, task } = plane;
  const at = (atX: number, atY: number) => cellOf(task, { ...values, [x]: atX, [y]: atY });
  const middle = at((plane.xRange[0] + plane.xRange[1]) / 2, (plane.yRange[0] + plane.yRange[1]) / 2);
  if (middle === null) return [];
  const spread = middle.smallest > 0 && middle.smallest < middle.largest;
  const targets = spread ? ([1, 0] as const) : ([1] as const);
  const targetOf = (cell: Cell, which: 0 | 1) => (which === 1 ? cell.largest : cell.smallest);
  const named = (text: string, which: 0 | 1) => (spread ? `${text}, s̃ = ${short(targetOf(middle, which))}` : text);
  if (x === 'time' || y === 'time') {
    const line = (label: string, scale: (cell: Cell) => number) =>
      levelLine(plane, label, (atX, atY) => {
        const cell = at(atX, atY);
        return cell === null ? Number.NaN : Math.log(x === 'time' ? atX : atY) - Math.log(scale(cell) / cell.pace);
      });
    return [
      ...targets.flatMap((which) =>
        line(named('half learned if aligned', which), (cell) =>
          alignedTime({ target: targetOf(cell, which), start: cell.start, balance: cell.balance }, 0.5),
        ),
      ),
      ...line('1/|λ|', (cell) => (Math.abs(cell.balance) > cell.largest ? fitTime(cell.balance) : Number.NaN)),
      ...line('span rotates, tᵣₒₜ', (cell) =>
        isDelayed(cell, cell.balance) && Math.abs(cell.balance) > cell.largest
          ? rotationTime([cell.smallest], cell.balance)
          : Number.NaN,
      ),
    ];
  }
  return targets.flatMap((which) =>
    levelLine(plane, named('sigmoidal | decelerating', which), (atX, atY) => {
      const cell = at(atX, atY);
      return cell === null ? Number.NaN : sigmoidBalance(targetOf(cell, which), cell.start) - Math.abs(cell.balance);
    }),
  );
}
