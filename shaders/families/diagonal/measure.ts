// Measuring of diagonal networks, assembled: buffers, what to prepare per start, and one Measurement per group of domains.

import type { Domain, Term } from '../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../src/core/program.ts';
import type { Samples, TaskData } from '../../../src/core/task.ts';
import { paddedSamples } from '../../lib/layout.ts';
import { commonCounts, countOf } from '../../lib/measure/element-counts.ts';
import { featureMajor } from '../../lib/measure/feature-major.ts';
import { kernelPass, kernelRowsPass } from '../../lib/measure/kernel-sums.wgsl.ts';
import { byDomain, type MeasureKernels, oneWord, sumsBuffers } from '../../lib/measure/measurements.ts';
import { probeSizes } from '../../lib/measure/passes.ts';
import { ensemblePass, samplesPass } from '../../lib/measure/samples.wgsl.ts';
import { type DiagonalShape, layoutOf } from './layout.ts';
import { gramPass, mapPass, outputsPass, PROFILES, profilePass, type Subject, weightsPass } from './measure-passes.wgsl.ts';

export interface MeasureOptions {
  readonly shape: DiagonalShape;
  readonly data: TaskData;
  readonly terms: readonly Term[];
  /** Networks per cell. */
  readonly seeds: number;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  readonly lossBeta: number;
}

/** Domains of every diagonal network; there are no gates, for there is no nonlinearity. */
export const DIAGONAL_DOMAINS = [
  'train',
  'test',
  'ensemble',
  'kernel',
  'kernelRows',
  'representation',
  'representationRows',
  'weights',
  'map',
] as const satisfies readonly Domain[];

/** Number of elements of a domain. */
export function domainCount(domain: Domain, data: TaskData): number {
  const counts: Record<(typeof DIAGONAL_DOMAINS)[number], number> = {
    ...commonCounts(data, 1),
    weights: 2 * data.inputDim,
    map: data.inputDim,
  };
  return countOf(counts, domain);
}

const STARTS: Subject = { kind: 'starts' };
const NETWORKS: Subject = { kind: 'networks', perSpanUnit: 1 };

const whole = (terms: readonly Term[]) => ({ stride: terms.length, offset: 0 });

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights`, `origins`,
 * `networks`, `progress` and `trainSet` of the training program; declares all others, `startTrainOutputs` and `sums` among them.
 */
export function measureKernels({ shape, data, terms: all, seeds, loss, lossBeta }: MeasureOptions): MeasureKernels {
  const { stride, words } = layoutOf(shape);
  const terms = byDomain(all, DIAGONAL_DOMAINS);
  const choice = { outputDim: 1, loss, lossBeta };
  const buffers: BufferSpec[] = [{ name: PROFILES.starts, scope: 'start', words }];
  const prepare: Pass[] = [profilePass(shape, STARTS)];
  const measurements: Measurement[] = [];
  const profiles = profilePass(shape, NETWORKS);

  const share = (name: string, content: Float32Array) =>
    buffers.push({ name, scope: 'shared', words: content.length, data: content });

  /** Inputs by features where the training set does not hold them already, targets, and the outputs of starts. */
  const addSet = (name: 'Train' | 'Test', samples: Samples, needed: boolean) => {
    const padded = paddedSamples(samples.count);
    if (name === 'Test') share('testInputs', featureMajor(samples.inputs, samples.count, shape.inputDim, stride, padded));
    if (needed) share(`measure${name}Targets`, featureMajor(samples.targets, samples.count, 1, 1, padded));
    buffers.push({ name: `start${name}Outputs`, scope: 'start', words: padded });
    prepare.push(outputsOf(name, samples, STARTS, `start${name}Outputs`));
  };
  const outputsOf = (name: 'Train' | 'Test', { count }: Samples, subject: Subject, outputs: string) =>
    outputsPass(shape, {
      label: `diagonal: ${name.toLowerCase()} outputs of ${subject.kind}`,
      subject,
      inputs: name === 'Train' ? 'trainSet' : 'testInputs',
      quads: paddedSamples(count) / 4,
      outputs,
    });
  const places = (name: 'Train' | 'Test', { count }: Samples) => ({
    outputs: 'measureOutputs',
    scratchOutputs: true,
    startOutputs: `start${name}Outputs`,
    targets: `measure${name}Targets`,
    samples: count,
  });

  const { train, test, ensemble, weights, map } = terms;
  addSet('Train', data.train, train.length > 0);
  if (test.length + ensemble.length > 0) addSet('Test', data.test, true);
  if (train.length + test.length + ensemble.length > 0) {
    const counts = [...(train.length > 0 ? [data.train] : []), ...(test.length + ensemble.length > 0 ? [data.test] : [])];
    buffers.push({
      name: 'measureOutputs',
      scope: 'scratch',
      words: Math.max(...counts.map(({ count }) => paddedSamples(count))),
    });
  }
  for (const [name, own] of [
    ['Train', train],
    ['Test', test],
  ] as const) {
    if (own.length === 0) continue;
    const domain = name === 'Train' ? 'train' : 'test';
    const sums = samplesPass(domain, own, choice, places(name, data[domain]), whole(own));
    const outputs = outputsOf(name, data[domain], NETWORKS, 'measureOutputs');
    measurements.push({ terms: oneWord(own), per: 'network', passes: [profiles, outputs, sums] });
  }
  if (ensemble.length > 0) {
    const members: Subject = { kind: 'networks', perSpanUnit: seeds };
    measurements.push({
      terms: oneWord(ensemble),
      per: 'cell',
      passes: [
        profilePass(shape, members),
        outputsOf('Test', data.test, members, 'measureOutputs'),
        ensemblePass(ensemble, choice, places('Test', data.test), whole(ensemble), seeds),
      ],
    });
  }

  const probe = probeSizes(data.probe.count, 1);
  const pairs = [
    { name: 'kernel', factor: shape.depth ** 2, own: terms.kernel, rows: terms.kernelRows },
    { name: 'representation', factor: 1, own: terms.representation, rows: terms.representationRows },
  ] as const;
  if (pairs.some(({ own, rows }) => own.length + rows.length > 0)) {
    share('probeInputs', featureMajor(data.probe.inputs, probe.count, shape.inputDim, stride, probe.padded));
    share('probeTargets', featureMajor(data.probe.targets, probe.count, 1, 1, probe.padded));
  }
  for (const { name, factor, own, rows } of pairs) {
    const summed = [...own, ...rows];
    if (summed.length === 0) continue;
    const grams = { now: `${name}Now`, start: `${name}Start` };
    buffers.push({ name: grams.now, scope: 'scratch', words: 16 * probe.blocks });
    buffers.push({ name: grams.start, scope: 'start', words: 16 * probe.blocks });
    prepare.push(gramPass(shape, probe, { label: `diagonal: ${name} of starts`, subject: STARTS, factor, gram: grams.start }));
    const passes = [profiles, gramPass(shape, probe, { label: `diagonal: ${name}`, subject: NETWORKS, factor, gram: grams.now })];
    const columns = (offset: number) => ({ stride: summed.length, offset });
    if (own.length > 0) passes.push(kernelPass(own, probe, grams, 'probeTargets', columns(0)));
    if (rows.length > 0) passes.push(kernelRowsPass(rows, probe, grams, columns(own.length)));
    measurements.push({ terms: oneWord(summed), per: 'network', passes });
  }

  if (weights.length > 0) {
    measurements.push({ terms: oneWord(weights), per: 'network', passes: [weightsPass(shape, weights, whole(weights))] });
  }
  if (map.length > 0) {
    share(
      'teacher',
      Float32Array.from({ length: stride }, (_, i) => data.teacher?.[i] ?? 0),
    );
    measurements.push({ terms: oneWord(map), per: 'network', passes: [profiles, mapPass(shape, map, whole(map))] });
  }
  if (measurements.length > 0) buffers.push({ name: PROFILES.networks, scope: 'scratch', words });
  buffers.push(...sumsBuffers(measurements));
  return { buffers, prepare, measurements };
}
