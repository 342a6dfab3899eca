// What is read from WGSL text and how its errors are quoted. Needs no GPU.

import { expect, test } from 'vitest';
import { SPAN_WGSL } from '../../../src/core/program.ts';
import { bindingsOf, quoteError } from '../../../src/gpu/kernels.ts';

test('bindings are read from the declarations: any spacing, either order of attributes, not from comments', () => {
  const code = `${SPAN_WGSL}
    @binding(2) @group(0) var<storage,read_write>weights: array<f32>;
    @group( 0 ) @binding( 1u )
    var<storage, read> x : array<vec4f>;
    // @group(0) @binding(9) var<storage> ghost: array<f32>;
    /* @group(0) @binding(8) var<storage> ghost: array<f32>; */
    @group(0) @binding(3) var<storage> y: array<f32>;
    var<workgroup> shared_sum: array<f32, 4>;
    var<private> count: u32 = 0u;`;
  expect(bindingsOf(code)).toEqual([
    { binding: 0, name: 'span', kind: 'uniform' },
    { binding: 1, name: 'x', kind: 'read' },
    { binding: 2, name: 'weights', kind: 'read_write' },
    { binding: 3, name: 'y', kind: 'read' },
  ]);
});

test('another bind group is refused', () => {
  expect(() => bindingsOf('@group(1) @binding(0) var<storage> x: array<f32>;')).toThrow('"x" must be in group 0, got 1');
});

test('a quoted error points below the column, tabs included', () => {
  expect(quoteError('train', 'a\n\tlet b = c;\n', 2, 10, 'unknown c')).toBe(
    'shader "train", line 2, column 10: unknown c\n2 | \tlet b = c;\n    \t        ^',
  );
  expect(quoteError('train', 'a', 0, 0, 'no place')).toBe('shader "train": no place');
});
