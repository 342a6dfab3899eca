// Puts the kernels of the domains that sum over samples together: training set, test set, ensembles of a cell's seeds.

import type { Pass } from '../../../../src/core/program.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { featureMajor } from '../../../lib/measure/feature-major.ts';
import { oneWord } from '../../../lib/measure/measurements.ts';
import { ensemblePass, type SampleBuffers, samplesPass } from '../../../lib/measure/samples.wgsl.ts';
import type { Assembly } from './assembly.ts';
import { outputWords } from './common.ts';
import { currentOutputsPass } from './difference-outputs.wgsl.ts';
import { HIDDEN_BUFFER, hiddenWords, type OutputsSet, outputsPass, setBuffer } from './outputs.wgsl.ts';
import { mapSamples } from './structure.wgsl.ts';

/**
 * Test outputs of all networks are kept for the ensembles while they take no more than this; otherwise they are made again.
 * Bytes.
 */
const KEPT_OUTPUTS = 2 ** 26;

const OUTPUTS = 'measureOutputs';
const KEPT = 'testOutputs';

/** Outputs of starts, and the domains that sum over samples. */
export function assembleSamples({ options, sizes, terms, buffers, prepare, measurements }: Assembly): void {
  const { shape, data, seeds, networks, limits } = options;
  const { outputDim, inputDim } = shape;
  const testNeeded = terms.test.length + terms.ensemble.length > 0;
  const sets = [
    { name: 'Train', samples: data.train, needed: true, summed: terms.train.length > 0 },
    { name: 'Test', samples: data.test, needed: testNeeded, summed: testNeeded },
  ].filter(({ needed }) => needed);
  const setOf = (name: string, samples: number, scratchOutputs: boolean, perSpanUnit: number): OutputsSet => {
    const set = { name, samples, scratchOutputs, perSpanUnit };
    buffers.push(setBuffer(sizes, set));
    return set;
  };
  for (const { name, samples, summed } of sets) {
    const padded = paddedSamples(samples.count);
    buffers.push(
      {
        name: `measure${name}Inputs`,
        scope: 'shared',
        words: sizes.inputRows * padded,
        data: featureMajor(samples.inputs, samples.count, inputDim, sizes.inputRows, padded),
      },
      { name: `start${name}Outputs`, scope: 'start', words: outputWords(shape, samples.count) },
    );
    if (summed) {
      buffers.push({
        name: `measure${name}Targets`,
        scope: 'shared',
        words: outputDim * padded,
        data: featureMajor(samples.targets, samples.count, outputDim, outputDim, padded),
      });
    }
    prepare.push(
      outputsPass({
        sizes,
        label: `prepare: outputs on the ${name.toLowerCase()} set`,
        weights: 'startWeights',
        inputs: `measure${name}Inputs`,
        outputs: `start${name}Outputs`,
        set: setOf(`measure${name}Starts`, samples.count, false, 1),
      }),
    );
  }
  const counts = [...sets.map(({ samples }) => samples.count), ...(terms.map.length > 0 ? [mapSamples(shape)] : [])];
  const hidden = Math.max(...counts.map((count) => hiddenWords(sizes, count)));
  if (hidden > 0) buffers.push({ name: HIDDEN_BUFFER, scope: 'scratch', words: hidden });

  const keptBytes = 4 * networks * outputWords(shape, data.test.count);
  const kept =
    terms.test.length > 0 && terms.ensemble.length > 0 && keptBytes <= Math.min(KEPT_OUTPUTS, limits.maxStorageBufferBindingSize);
  if (kept) buffers.push({ name: KEPT, scope: 'network', words: outputWords(shape, data.test.count) });
  const scratchSets = [...(terms.train.length > 0 ? [data.train] : []), ...(testNeeded && !kept ? [data.test] : [])];
  if (scratchSets.length > 0) {
    const words = Math.max(...scratchSets.map(({ count }) => outputWords(shape, count)));
    buffers.push({ name: OUTPUTS, scope: 'scratch', words });
  }
  const buffersOf = (name: 'Train' | 'Test', keep: boolean): SampleBuffers => ({
    outputs: keep ? KEPT : OUTPUTS,
    scratchOutputs: !keep,
    startOutputs: `start${name}Outputs`,
    targets: `measure${name}Targets`,
    samples: (name === 'Train' ? data.train : data.test).count,
  });
  const forward = (set: SampleBuffers, name: 'Train' | 'Test', perSpanUnit: number, units: 'Networks' | 'Cells'): Pass =>
    currentOutputsPass({
      sizes,
      label: `measure: outputs on the ${name.toLowerCase()} set`,
      inputs: `measure${name}Inputs`,
      outputs: set.outputs,
      set: setOf(`measure${name}${units}`, set.samples, set.scratchOutputs, perSpanUnit),
    });
  const choice = { outputDim, loss: options.loss, lossBeta: options.lossBeta };
  for (const name of ['Train', 'Test'] as const) {
    const domain = name === 'Train' ? 'train' : 'test';
    if (terms[domain].length === 0) continue;
    const set = buffersOf(name, name === 'Test' && kept);
    measurements.push({
      terms: oneWord(terms[domain]),
      per: 'network',
      passes: [
        forward(set, name, 1, 'Networks'),
        samplesPass(domain, terms[domain], choice, set, { stride: terms[domain].length, offset: 0 }),
      ],
    });
  }
  if (terms.ensemble.length > 0) {
    const set = buffersOf('Test', kept);
    const columns = { stride: terms.ensemble.length, offset: 0 };
    measurements.push({
      terms: oneWord(terms.ensemble),
      per: 'cell',
      passes: [
        ...(kept ? [] : [forward(set, 'Test', seeds, 'Cells')]),
        ensemblePass(terms.ensemble, choice, set, columns, seeds),
      ],
    });
  }
}
