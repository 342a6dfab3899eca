// The float64 trainer against case files computed by other means (DOP853 in float64; numpy).

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkFile, linesOf } from '../../../src/cli/check.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../expected/${name}`, import.meta.url), 'utf8'));

describe('the float64 reference', () => {
  test('follows the gradient flow of deep networks within the files’ tolerance', { timeout: 120_000 }, async () => {
    const { schema, rows, unchecked } = await checkFile(read('flow_trajectories.json'));
    expect(schema).toBe('flow-trajectories');
    expect(unchecked).toEqual([]);
    expect(rows).toHaveLength(4 * 6);
    expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
  });

  test('measures kernels, alignments, changes and ranks to ten digits', async () => {
    const { schema, rows, unchecked } = await checkFile(read('metrics.json'));
    expect(schema).toBe('metrics');
    expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
    // Two-layer networks, cuts to a rank, recurrent networks.
    expect(rows).toHaveLength(10 * 34 + 2 * 8 + 2 * 21);
    expect(unchecked).toEqual([]);
  });

  test('does so for one unit, one step, one trial, odd sizes, any mask, and cuts between repeated singular values', async () => {
    const { schema, rows, unchecked } = await checkFile(read('metrics_edges.json'));
    expect(schema).toBe('metrics');
    expect(linesOf(rows.filter(({ share }) => !(share <= 1)))).toEqual([]);
    expect(rows).toHaveLength(212);
    expect(unchecked).toEqual([]);
  });
});
