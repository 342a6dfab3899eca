// Ticks of axes and colour bars: which values get a mark, which of them a label. Positions come from scale.ts.

import { type NumberParts, numberParts } from './numbers.ts';
import type { AxisScale } from './scale.ts';

export interface Tick {
  /** 0 … 1 along the axis. */
  readonly position: number;
  /** Absent on minor ticks. */
  readonly label?: NumberParts;
}

/** A power of ten is always written as one, but 1 and 10 next to it read better as numbers only on short axes. */
function decadeLabel(exponent: number, plain: boolean): NumberParts {
  return plain ? numberParts(10 ** exponent) : { mantissa: '', exponent: String(exponent).replace('-', '−') };
}

/**
 * Ticks of a logarithmic range. Decades carry labels, at most `maxLabels` of them, the other multiples are minor.
 * Below two decades the multiples 2 and 5 are labelled too.
 */
export function logTicks(low: number, high: number, maxLabels: number, position: (value: number) => number): Tick[] {
  const ticks: Tick[] = [];
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high / low);
  const inside = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const stride = Math.max(1, Math.ceil((decades + 1e-9) / Math.max(1, maxLabels - 1)));
  const plain = first >= -2 && last <= 4 && decades <= 3;
  const labelled = decades < 0.7 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 2 ? [1, 2, 5] : [1];
  for (let exponent = first; exponent <= last; exponent++) {
    for (let multiple = 1; multiple < 10; multiple++) {
      const value = Number(`${multiple}e${exponent}`);
      if (!inside(value)) continue;
      if (labelled.includes(multiple) && exponent % stride === 0) {
        ticks.push({ position: position(value), label: multiple === 1 ? decadeLabel(exponent, plain) : numberParts(value) });
      } else if (multiple === 1 || stride <= 2) {
        ticks.push({ position: position(value) });
      }
    }
  }
  return ticks;
}

/**
 * Round numbers in a range, about `count` of them: multiples of 1, 2 or 5 times a power of ten, whichever
 * step is nearest by ratio.
 */
function roundNumbers(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0)) return Number.isFinite(low) ? [low] : [];
  const power = Math.floor(Math.log10(rough));
  const share = rough / 10 ** power;
  const factor = share >= Math.sqrt(50) ? 10 : share >= Math.sqrt(10) ? 5 : share >= Math.SQRT2 ? 2 : 1;
  // A step below 1 is divided by, not multiplied with: 3 / 10 is 0.3, 3 × 0.1 is not.
  const value = (i: number) => (power < 0 ? i / (10 ** -power / factor) : i * 10 ** power * factor);
  const slack = 1e-9;
  const first = Math.ceil(low / value(1) - slack);
  const last = Math.floor(high / value(1) + slack);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => value(first + i));
}

/** Ticks of a linear range, at most `maxLabels` of them, none minor. */
export function plainTicks(low: number, high: number, maxLabels: number, position: (value: number) => number): Tick[] {
  let values: number[] = [];
  for (let wanted = maxLabels; wanted >= 1; wanted--) {
    values = roundNumbers(low, high, wanted);
    if (values.length <= maxLabels) break;
  }
  return values.map((value) => ({ position: position(value), label: numberParts(value) }));
}

/** Every value of the axis as a tick, labels thinned to at most `maxLabels`. */
function valueTicks(scale: AxisScale, maxLabels: number): Tick[] {
  const stride = Math.max(1, Math.ceil(scale.values.length / Math.max(1, maxLabels)));
  return scale.values.map((value, i) => ({
    position: scale.centres[i],
    ...(i % stride === 0 ? { label: typeof value === 'number' ? numberParts(value) : { mantissa: value } } : {}),
  }));
}

/** Ticks of an axis with room for `maxLabels` labels. Lists and short axes of whole numbers are labelled by their own values. */
export function axisTicks(scale: AxisScale, maxLabels: number): Tick[] {
  const { values } = scale;
  if (scale.kind === 'list') return valueTicks(scale, maxLabels);
  const whole = values.every((value) => Number.isInteger(value) && Number(value) < 1e5);
  if (whole && values.length <= maxLabels) return valueTicks(scale, maxLabels);
  const [low, high] = [scale.value(0), scale.value(1)];
  return scale.kind === 'log' ? logTicks(low, high, maxLabels, scale.position) : plainTicks(low, high, maxLabels, scale.position);
}
