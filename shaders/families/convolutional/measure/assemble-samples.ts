// Puts the kernels of the domains of samples together: outputs of starts and networks on training and test set, and their sums.

import type { Term } from '../../../../src/core/observable.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { featureMajor } from '../../../lib/measure/feature-major.ts';
import { oneWord } from '../../../lib/measure/measurements.ts';
import { ensemblePass, samplesPass } from '../../../lib/measure/samples.wgsl.ts';
import { storedChannels } from '../layout.ts';
import { planesOf } from '../planes.ts';
import { type Assembly, siteOf, type Which } from './assembly.ts';
import { type SetPlaces, setPasses } from './outputs.wgsl.ts';

/** vec4s of samples of a data set that are evaluated at once. */
const SET_QUADS = 16;
const SET_SCRATCH = 'measurePlanes';
const SET_POOLED = 'measurePooled';
const TEST_OUTPUTS = 'testOutputs';
const TRAIN_OUTPUTS = 'measureOutputs';

/** Summed where the ensemble alone is asked for, so that the test set is evaluated. */
const EVALUATED: Term = { id: 'evaluated', domain: 'test', wgsl: 'square', measure: ({ square }) => square };

export function assembleSamples(assembly: Assembly): void {
  const { batch, options, geometry, trainColumns, terms, buffers, prepare, measurements, numbers } = assembly;
  const { shape, head } = options;
  const { train, test } = batch.data;
  const { outputDim } = shape;
  const testNeeded = terms.test.length + terms.ensemble.length > 0;
  const testTerms = terms.test.length === 0 && testNeeded ? [EVALUATED] : terms.test;
  const most = Math.max(train.count, testNeeded ? test.count : 0);
  const planes = planesOf({
    shape,
    quads: Math.min(SET_QUADS, Math.ceil(most / 4)),
    positions: geometry.positions,
    outputs: 0,
    keepSlopes: false,
  });
  const site = (which: Which) => siteOf(assembly, which, { planes, scratch: SET_SCRATCH, outputs: 0 });
  buffers.push(
    { name: SET_SCRATCH, scope: 'scratch', words: 4 * planes.vectors },
    { name: SET_POOLED, scope: 'scratch', words: 4 * storedChannels(shape) * planes.quads },
  );
  const choice = { outputDim, loss: head.loss, lossBeta: head.lossBeta };
  const places = (samples: Samples, inputs: string, columns: number): SetPlaces => {
    const used = Math.ceil(samples.count / 4);
    for (let block = 0; block < Math.ceil(used / planes.quads); block++) numbers.add(block);
    return { inputs, columns, used };
  };
  const sets = [
    { name: 'Train', samples: train, terms: terms.train, set: places(train, 'trainSet', trainColumns) },
    ...(testNeeded
      ? [{ name: 'Test', samples: test, terms: testTerms, set: places(test, 'measureTestInputs', Math.ceil(test.count / 4)) }]
      : []),
  ] as const;
  if (testNeeded) {
    const padded = paddedSamples(test.count);
    const rows = head.layout.inputStride;
    buffers.push({
      name: 'measureTestInputs',
      scope: 'shared',
      words: rows * padded,
      data: () => featureMajor(test.inputs, test.count, rows, rows, padded),
    });
  }
  for (const { name, samples, terms: own, set } of sets) {
    const padded = paddedSamples(samples.count);
    const words = outputDim * padded;
    const isTest = name === 'Test';
    buffers.push({ name: `start${name}Outputs`, scope: 'start', words });
    prepare.push(...setPasses(site('startWeights'), SET_POOLED, set, { buffer: `start${name}Outputs`, scratch: false }));
    if (own.length === 0) continue;
    const outputs = isTest ? TEST_OUTPUTS : TRAIN_OUTPUTS;
    buffers.push(
      { name: outputs, scope: isTest ? 'network' : 'scratch', words },
      {
        name: `measure${name}Targets`,
        scope: 'shared',
        words,
        data: featureMajor(samples.targets, samples.count, outputDim, outputDim, padded),
      },
    );
    const sampleBuffers = {
      outputs,
      scratchOutputs: !isTest,
      startOutputs: `start${name}Outputs`,
      targets: `measure${name}Targets`,
      samples: samples.count,
    };
    measurements.push({
      terms: oneWord(own),
      per: 'network',
      passes: [
        ...setPasses(site('weights'), SET_POOLED, set, { buffer: outputs, scratch: !isTest }),
        samplesPass(isTest ? 'test' : 'train', own, choice, sampleBuffers, { stride: own.length, offset: 0 }),
      ],
    });
    // After the networks, whose outputs it reads.
    if (isTest && terms.ensemble.length > 0) {
      measurements.push({
        terms: oneWord(terms.ensemble),
        per: 'cell',
        passes: [ensemblePass(terms.ensemble, choice, sampleBuffers, { stride: terms.ensemble.length, offset: 0 }, batch.seeds)],
      });
    }
  }
}
