// erf(x+d) − erf(x) without cancellation, float64 and WGSL: Taylor's series about the midpoint where d is
// small, complements elsewhere.

import { f32 } from '../wgsl.ts';
import { ERFCX, polynomial } from './activations.ts';
import { erf, erfc } from './error-function.ts';

/** Beyond this size float32 has no e^{−u²/2}. */
export const ERF_WGSL_LIMIT = 12.6;

/**
 * Coefficients of x⁰, x², … of the Hermite polynomials H_2 … H_8 over (2k+1)!: the series of the mean of
 * e^{−x²} about a midpoint.
 */
const HERMITE: readonly (readonly number[])[] = [
  [-2, 4].map((c) => c / 6),
  [12, -48, 16].map((c) => c / 120),
  [-120, 720, -480, 64].map((c) => c / 5040),
  [1680, -13440, 13440, -3584, 256].map((c) => c / 362880),
];

/** Float64, relative error about 1e-14. */
export function erfDifference(x: number, d: number): number {
  if (Math.abs(d) < 0.02) {
    const [m, half] = [x + d / 2, (d * d) / 4];
    let power = 1;
    const series = HERMITE.reduce((sum, coefficients) => {
      power *= half;
      return sum + power * coefficients.reduceRight((value, c) => value * m * m + c, 0);
    }, 1);
    return (2 / Math.sqrt(Math.PI)) * d * Math.exp(-m * m) * series;
  }
  if (x > 0 && x + d > 0) return erfc(x) - erfc(x + d);
  if (x < 0 && x + d < 0) return erfc(-x - d) - erfc(-x);
  return erf(x + d) - erf(x);
}

/** `erfc_of(x ≥ 0)` and `erf_difference(x, d)` in type `t`, names ending in `suffix`. */
export function erfDifferenceWgsl(t: string, suffix: string): string {
  const terms = HERMITE.map((coefficients) => polynomial('m2', coefficients));
  const series = terms.reduceRight((text, term) => `h2 * (${term}${text === '' ? '' : ` + ${text}`})`, '');
  return `
fn erfc_of${suffix}(x: ${t}) -> ${t} {
  let size = min(x, ${t}(8.9f));
  let q = ${t}(1.0f) / (${t}(1.0f) + 0.4f * size);
  return exp(-size * size) * q * ${polynomial('q', ERFCX)};
}

fn erf_difference${suffix}(x: ${t}, d: ${t}) -> ${t} {
  let m = min(abs(x + 0.5f * d), ${t}(8.9f));
  let m2 = m * m;
  let h2 = min(0.25f * d * d, ${t}(0.015625f));
  let small = ${f32(2 / Math.sqrt(Math.PI))} * d * exp(-m2) * (1.0f + ${series});
  if (all(abs(d) < ${t}(0.25f))) { return small; }
  let c = erfc_of${suffix}(abs(x));
  let e = erfc_of${suffix}(abs(x + d));
  let beside = select(e - c, c - e, x > ${t}(0.0f));
  let across = select(c + e - 2.0f, 2.0f - c - e, d > ${t}(0.0f));
  let large = select(across, beside, (x > ${t}(0.0f)) == (x + d > ${t}(0.0f)));
  return select(large, small, abs(d) < ${t}(0.25f));
}`;
}
