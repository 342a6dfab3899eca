// The arithmetic of a diagonal network in WGSL, four coordinates at a time: the twins of `coefficient` and the slopes in
// reference.ts, on weights stored as differences from an origin. Knows no buffers.

import { f32, wgsl } from '../../wgsl.ts';
import type { DiagonalShape } from './layout.ts';

/**
 * `coefficients(positive, negative, origin) -> vec4f`: β of stored weights; `slope_of(w) -> vec4f`: D w^(D−1);
 * `weight_power(w) -> vec4f`: w^(D−1). Include it once per module.
 */
export function diagonalWgsl({ depth }: DiagonalShape): string {
  const powers = Array.from({ length: depth - 1 }, () => 'w').join(' * ');
  const sum = Array.from(
    { length: depth - 1 },
    () => `
  power *= low;
  sum = sum * high + power;`,
  ).join('');
  return wgsl`
// w₊ − w₋ does not pass through the origin, which both share.
fn coefficients(positive: vec4f, negative: vec4f, origin: vec4f) -> vec4f {
  let high = origin + positive;
  let low = origin + negative;
  var sum = vec4f(1.0);
  var power = vec4f(1.0);
  ${sum}
  return (positive - negative) * sum;
}

fn weight_power(w: vec4f) -> vec4f { return ${powers}; }

fn slope_of(w: vec4f) -> vec4f { return ${f32(depth)} * weight_power(w); }
`;
}
