// What is shown inside a network, against the observables that were measured on it and against closed forms.

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { createInspectionBench } from '../../../src/engine/inspect-bench.ts';
import { probeOrder } from '../../../src/engine/inspect-picture.ts';
import { impliedSimilarity, readoutScale } from '../../../src/engine/inspect-similarity.ts';
import { openSession } from '../../../src/engine/session.ts';

const hierarchy = parseSweep(
  {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', values: [0, 1] }],
    fixed: {
      depth: 1,
      width: 8,
      activation: 'linear',
      initialisation: 'balanced',
      initScale: 0.3,
      parametrisation: 'standard',
      predictor: 'plain',
      loss: 'squared',
    },
    seeds: 1,
    training: { method: 'flow', maxTime: 20, checkpoints: 2 },
    observables: ['kernelTrace', 'kernelChange', 'trainingLoss'],
  },
  catalog,
);

const circuit = parseSweep(
  {
    version: 1,
    family: 'recurrent',
    task: { kind: 'two-alternative', samples: 8, testSamples: 8, probeSamples: 4 },
    axes: [{ parameter: 'initRank', values: [2, 6] }],
    fixed: { width: 6 },
    seeds: 1,
    training: { method: 'descent', maxTime: 0.1, checkpoints: 1 },
    observables: ['kernelTrace', 'stableRank'],
  },
  catalog,
);

async function finished(sweep: typeof hierarchy) {
  const session = openSession(sweep, { catalog, engine: 'reference' });
  for await (const _ of session);
  return session;
}

describe('inside a two-layer linear network', () => {
  it('the drawn kernel has the measured trace and change, and similarities their closed forms', async () => {
    const session = await finished(hierarchy);
    const { film } = session;
    const { time, weights } = await session.inspect(1, 0);
    const picture = await createInspectionBench(hierarchy, catalog).look(1, 0, time, weights);
    const last = film.times.length - 1;
    const { kernel } = picture;
    if (kernel?.change == null) throw new Error('expected a kernel with its change');
    const size = kernel.now.rows;
    const trace = kernel.now.values.reduce((sum, value, n) => (n % (size + 1) === 0 ? sum + value : sum), 0);
    expect(trace / 8).toBeCloseTo(kernel.trace, 12);
    expect(kernel.trace / film.network.kernelTrace[last * film.cells + 1]).toBeCloseTo(1, 12);
    const norm = (values: Float64Array) => Math.hypot(...values);
    const before = kernel.now.values.map((value, n) => value - kernel.change!.values[n]);
    expect(norm(kernel.change.values) / norm(before) / film.network.kernelChange[last * film.cells + 1]).toBeCloseTo(1, 10);
    expect([kernel.now.rowNames?.[0], kernel.now.rowNames?.[9]]).toEqual(['canary, output 1', 'robin, output 2']);

    const [hidden, implied] = picture.similarity;
    expect(hidden.rowNames?.[7]).toBe('daisy');
    // One-hot items times √8: RSM_I = 8 W₁ᵀW₁.
    const w1 = picture.layers[0].weights;
    expect([w1.rows, w1.columns, w1.row, w1.column]).toEqual([8, 8, 'hidden unit', 'input']);
    for (const [p, q] of [
      [0, 0],
      [0, 1],
      [2, 7],
    ]) {
      let sum = 0;
      for (let i = 0; i < 8; i++) sum += 8 * w1.values[i * 8 + p] * w1.values[i * 8 + q];
      expect(hidden.values[p * 8 + q]).toBeCloseTo(sum, 10);
    }
    // At the end of learning a square network's outputs imply its hidden representation. Dominé et al. 2025, section 5.
    const apart = norm(hidden.values.map((value, n) => value - implied.values[n])) / norm(hidden.values);
    expect(apart).toBeLessThan(1e-3);
    expect(picture.layers[0].stableRank).toBeGreaterThan(1);
    session.dispose();
  });

  it('shows no change at the start, and weights alone once they are no numbers', async () => {
    const bench = createInspectionBench(hierarchy, catalog);
    let start = new Float64Array();
    for await (const { frame } of bench.train(1, 0, 0, null)) start = frame?.weights.slice() ?? start;
    const picture = await bench.look(1, 0, 0, start);
    expect(picture.kernel?.change?.values.every((value) => value === 0)).toBe(true);
    start[3] = Number.NaN;
    const broken = await bench.look(1, 0, 0, start);
    expect([broken.finite, broken.kernel, broken.similarity.length, broken.layers.length]).toEqual([false, null, 0, 2]);
  });
});

describe('inside a circuit', () => {
  it('the connectivity has the measured effective rank, and the kernel the measured trace', async () => {
    const session = await finished(circuit);
    const { film } = session;
    const bench = createInspectionBench(circuit, catalog);
    for (const cell of [0, 1]) {
      const { time, weights } = await session.inspect(cell, 0);
      const { connectivity, kernel, layers } = await bench.look(cell, 0, time, weights);
      const at = (film.times.length - 1) * film.cells + cell;
      expect(connectivity?.size).toBe(6);
      expect((connectivity?.stableRank ?? 0) / film.network.stableRank[at]).toBeCloseTo(1, 8);
      expect((kernel?.trace ?? 0) / film.network.kernelTrace[at]).toBeCloseTo(1, 10);
      expect(layers.map(({ weights: { row, column } }) => `${row} × ${column}`)).toEqual(
        ['target unit × input channel', 'target unit × source unit', 'output × unit below'].map((words) =>
          words.replace('output × unit below', 'output × source unit'),
        ),
      );
    }
    session.dispose();
  });
});

describe('pure parts', () => {
  it('orders probe samples by label, keeping their order within one', () => {
    const probe = { count: 4, inputs: new Float64Array(4), targets: Float64Array.of(-1, 1, -1, 1) };
    const data = { inputDim: 1, outputDim: 1, train: probe, test: probe, probe, description: '' };
    expect(probeOrder(data)).toEqual([1, 3, 0, 2]);
    expect(probeOrder({ ...data, names: ['a', 'b', 'c', 'd'] })).toEqual([0, 1, 2, 3]);
  });

  it('finds the scale of a linear readout and refuses what is none', () => {
    const hidden = Float64Array.of(1, 2, 3, -1);
    const readout = Float64Array.of(0.5, -1);
    const outputs = Float64Array.of(0.5 - 2, 1.5 + 1).map((value) => 3 * value);
    expect(readoutScale(outputs, hidden, readout, 2, 1)).toBeCloseTo(3, 12);
    expect(
      readoutScale(
        outputs.map((value) => value + 1),
        hidden,
        readout,
        2,
        1,
      ),
    ).toBe(null);
    expect(readoutScale(outputs, hidden, Float64Array.of(1, 2, 3), 2, 1)).toBe(null);
  });

  it('leaves out directions that the readout does not reach', () => {
    // W = diag(2, 0): (W Wᵀ)⁺ = diag(1/4, 0).
    const implied = impliedSimilarity(Float64Array.of(1, 5, 2, 7), Float64Array.of(2, 0, 0, 0), 2, 2);
    expect(Array.from(implied)).toEqual([0.25, 0.5, 0.5, 1]);
  });
});
