// The three moments through which one-dimensional data enter the dynamics. Knows no network.

import { InputError } from '../../core/errors.ts';
import { ExactSum, productError } from './compensated.ts';

/** M, C and Y2 of data (x, y), and the loss that no slope can avoid. */
export interface Moments {
  /** M = mean of x², > 0. */
  readonly inputSquare: number;
  /** C = mean of x·y. */
  readonly inputTarget: number;
  /** Y2 = mean of y². */
  readonly targetSquare: number;
  /** ½(Y2 − C²/M) ≥ 0. */
  readonly leastLoss: number;
}

const WHERE = 'one-dimensional data';
/** Y2 may fall short of C²/M by this share: the rounding of moments that were given, not computed. */
const SLACK = 1e-12;

function checked(inputSquare: number, ...others: readonly number[]): void {
  const wrong = [inputSquare, ...others].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new InputError(WHERE, `expected finite moments, got ${wrong}`);
  if (!(inputSquare > 0)) {
    throw new InputError(WHERE, `expected inputs with mean x² > 0, got ${inputSquare}`, 'Give at least one input that is not 0.');
  }
}

/** Moments that are given. Throws InputError where no data have them. */
export function momentsFrom(inputSquare: number, inputTarget: number, targetSquare: number): Moments {
  checked(inputSquare, inputTarget, targetSquare);
  const excess = new ExactSum();
  excess.addProduct(inputSquare, targetSquare);
  excess.add(-(inputTarget * inputTarget));
  excess.add(-productError(inputTarget, inputTarget));
  if (excess.value < -SLACK * inputTarget * inputTarget) {
    throw new InputError(
      WHERE,
      `expected mean y² of at least (mean xy)²/mean x² = ${inputTarget ** 2 / inputSquare}, got ${targetSquare}`,
    );
  }
  return { inputSquare, inputTarget, targetSquare, leastLoss: Math.max(0, excess.value / (2 * inputSquare)) };
}

/** Moments of samples (x_p, y_p). Throws InputError where there are none, or where all inputs are 0. */
export function momentsOf(inputs: ArrayLike<number>, targets: ArrayLike<number>): Moments {
  const count = inputs.length;
  if (count === 0 || targets.length !== count) {
    throw new InputError(WHERE, `expected as many targets as inputs and at least one, got ${count} and ${targets.length}`);
  }
  const [squares, products, targetSquares] = [new ExactSum(), new ExactSum(), new ExactSum()];
  for (let p = 0; p < count; p++) {
    squares.addProduct(inputs[p], inputs[p]);
    products.addProduct(inputs[p], targets[p]);
    targetSquares.addProduct(targets[p], targets[p]);
  }
  const inputSquare = squares.value / count;
  const inputTarget = products.value / count;
  const targetSquare = targetSquares.value / count;
  checked(inputSquare, inputTarget, targetSquare);
  const slope = inputTarget / inputSquare;
  let residual = 0;
  for (let p = 0; p < count; p++) residual += (targets[p] - slope * inputs[p]) ** 2;
  return { inputSquare, inputTarget, targetSquare, leastLoss: residual / (2 * count) };
}
