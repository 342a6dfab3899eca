// `run --frozen` and `run --threshold` on real small networks: what is printed, and what is refused before anything is trained.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatReport } from '../../../src/analysis/finding.ts';
import { analyse } from '../../../src/analysis/report.ts';
import { catalog } from '../../../src/catalog.ts';
import { type RunTools, runCommand } from '../../../src/cli/run.ts';
import { frozenCells } from '../../../src/cli/run-frozen.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { openSession } from '../../../src/engine/session.ts';
import { fakeConsole } from './fake-console.ts';

const tools: RunTools = {
  catalog,
  theories: catalog.theories,
  open: (sweep, { signal }) => openSession(sweep, { catalog, signal, engine: 'reference' }),
  report: (film, thresholds) => formatReport(analyse(film, catalog.observables, thresholds === undefined ? {} : { thresholds })),
  onInterrupt: () => () => undefined,
};

const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', inputDim: 5, samples: 24, testSamples: 200, probeSamples: 8 },
  axes: [
    { parameter: 'outputScale', scale: 'log', values: [1, 1e4] },
    { parameter: 'width', values: [8, 16] },
  ],
  fixed: { depth: 1, activation: 'softplus' },
  seeds: 1,
  training: { method: 'flow', maxTime: 1000, checkpoints: [1000] },
  observables: ['testError', 'kernelChange'],
};

const folder = mkdtempSync(join(tmpdir(), 'phase-atlas-frozen-'));

async function run(args: readonly string[], sweep: Record<string, unknown> = SWEEP): Promise<string> {
  const path = join(folder, 'sweep.json');
  writeFileSync(path, JSON.stringify(sweep));
  const console = fakeConsole();
  await runCommand([path, '--out', join(folder, 'out.json'), '--quiet', '--theory', 'none', ...args], console, tools);
  return console.printed.join('\n');
}

describe('run --frozen', () => {
  test('a lazy network has the error of its initial kernel; one line per cell of the slice, the widest', async () => {
    const lines = (await run(['--frozen', 'initial'])).split('\n').filter((line) => line.includes('width = 16:'));
    expect(lines).toHaveLength(2);
    const [frozen, own] = (lines[1].match(/[\d.]+(?= %)/g) ?? []).map(Number);
    expect(lines[1]).toMatch(/^ {2}outputScale = 10000, width = 16: [\d.]+ % \([\d.]+ %\)$/);
    expect(Math.abs(frozen - own)).toBeLessThan(1);
  });

  test('the final kernel is that of the weights at the end', async () => {
    expect(await run(['--frozen', 'final'])).toMatch(
      /final kernel frozen, test error of the first seed[\s\S]*outputScale = 1, width = 16: /,
    );
  });

  test('is refused without testError, with another kernel, and for stages', async () => {
    await expect(run(['--frozen', 'initial'], { ...SWEEP, observables: ['kernelChange'] })).rejects.toThrow(
      /--frozen: expected a sweep that measures testError, got none/,
    );
    await expect(run(['--frozen', 'middle'])).rejects.toThrow('--frozen: expected initial or final, got middle');
  });

  test('takes at most eight cells, both ends among them', () => {
    const sweep = parseSweep(
      {
        ...SWEEP,
        axes: [
          { parameter: 'width', values: [4, 8, 16] },
          { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e2, steps: 20 },
        ],
      },
      catalog,
    );
    const cells = frozenCells(sweep);
    expect(cells).toHaveLength(8);
    expect([cells[0], cells[7]]).toEqual([40, 59]);
  });
});

describe('run --threshold', () => {
  test('reads the boundary where it is asked to', async () => {
    const report = await run(['--threshold', '0.1', '--threshold', '0.01']);
    expect(report).toMatch(/α̃\* where kernel change is 0\.1, width = 8/);
    expect(report).toMatch(/α̃\* where kernel change is 0\.01, width = 16/);
    expect(report).not.toMatch(/kernel change is 1,/);
    await expect(run(['--threshold=-1'])).rejects.toThrow('--threshold: expected a number above 0, got -1');
  });
});
