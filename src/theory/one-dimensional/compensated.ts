// Sums and products of float64 numbers to about twice their digits, for starts next to a saddle, where layers cancel.
// Not a general arithmetic: only what sums of products need.

/** 2²⁷ + 1 splits a float64 into two halves of 26 bits. Dekker 1971. */
const SPLITTER = 134217729;

/** What the rounded product a·b left out: a·b = fl(a·b) + productError(a, b) exactly. Dekker 1971. */
export function productError(a: number, b: number): number {
  const wideA = SPLITTER * a;
  const highA = wideA - (wideA - a);
  const lowA = a - highA;
  const wideB = SPLITTER * b;
  const highB = wideB - (wideB - b);
  const lowB = b - highB;
  return lowA * lowB - (a * b - highA * highB - lowA * highB - highA * lowB);
}

/** A running sum whose error is that of twice the digits. Ogita, Rump and Oishi 2005, algorithm Dot2. */
export class ExactSum {
  /** Leading digits. */
  high = 0;
  /** What `high` has lost. */
  low = 0;

  add(term: number): void {
    const sum = this.high + term;
    const taken = sum - this.high;
    this.low += this.high - (sum - taken) + (term - taken);
    this.high = sum;
  }

  addProduct(a: number, b: number): void {
    this.add(a * b);
    this.low += productError(a, b);
  }

  get value(): number {
    return this.high + this.low;
  }
}

/** √(a/b) as high + low, a and b > 0. */
export function preciseRootOfRatio(a: number, b: number): { readonly high: number; readonly low: number } {
  const ratio = a / b;
  const ratioLow = (a - ratio * b - productError(ratio, b)) / b;
  const high = Math.sqrt(ratio);
  return { high, low: (ratio - high * high - productError(high, high) + ratioLow) / (2 * high) };
}
