// Measuring of convolutional networks, assembled: buffers, what to prepare per start, and one Measurement per group of domains. Samples,
// kernels and weights are summed by the passes of fully connected networks, which see pooled channels as the last hidden layer.

import type { Batch } from '../../../../src/core/family.ts';
import type { Domain, Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { paddedSamples } from '../../fully-connected/layout.ts';
import { placingBuffers, type ProbeSizes, probeSizes, type Sizes } from '../../fully-connected/measure/common.ts';
import { featureMajor } from '../../fully-connected/measure/data.ts';
import { gramPass } from '../../fully-connected/measure/kernel.wgsl.ts';
import {
  kernelPass,
  kernelRowsPass,
  representationPass,
  representationRowsPass,
} from '../../fully-connected/measure/kernel-sums.wgsl.ts';
import { PROBE_BUFFERS } from '../../fully-connected/measure/probe.wgsl.ts';
import { ensemblePass, samplesPass } from '../../fully-connected/measure/samples.wgsl.ts';
import { outputGramPass } from '../../fully-connected/measure/structure.wgsl.ts';
import { gatesPass, weightsPass } from '../../fully-connected/measure/weight-sums.wgsl.ts';
import { backwardPass, type Kept, type Site, turnPass } from '../convolve.wgsl.ts';
import { type ConvolutionalDomain, convolutionalDomains } from '../domains.ts';
import { hiddenUnits, storedChannels } from '../layout.ts';
import { planesOf } from '../planes.ts';
import type { ConvolutionalGeometry, ConvolutionalOptions } from '../train/options.ts';
import { evaluatePasses, imagesPass, numberBuffer, type SetPlaces, setPasses } from './outputs.wgsl.ts';
import {
  channelsAtOnce,
  gradientWords,
  type KernelPlace,
  kernelShare,
  SAMPLE_GRADIENTS,
  sampleGradientsPass,
  unitCotangents,
} from './tangent.wgsl.ts';

export interface MeasureKernels {
  readonly buffers: readonly BufferSpec[];
  readonly prepare: readonly Pass[];
  readonly measurements: readonly Measurement[];
}

type Terms = Readonly<Record<ConvolutionalDomain, readonly Term[]>>;
type Which = 'weights' | 'startWeights';

interface Assembly {
  readonly batch: Batch;
  readonly options: ConvolutionalOptions;
  readonly geometry: ConvolutionalGeometry;
  /** vec4s per row of the buffer `trainSet`. */
  readonly trainColumns: number;
  readonly sizes: Sizes;
  readonly terms: Terms;
  readonly buffers: BufferSpec[];
  readonly prepare: Pass[];
  readonly measurements: Measurement[];
  /** Numbers that passes read from `numberBuffer`s. */
  readonly numbers: Set<number>;
}

/** vec4s of samples of a data set that are evaluated at once. */
const SET_QUADS = 16;
const SET_SCRATCH = 'measurePlanes';
const SET_POOLED = 'measurePooled';
const PROBE_SCRATCH = 'probePlanes';
const TEST_OUTPUTS = 'testOutputs';
const TRAIN_OUTPUTS = 'measureOutputs';

const oneWord = (terms: readonly Term[]) => terms.map(({ id }) => ({ id, words: 1 }));

/** Summed where the ensemble alone is asked for, so that the test set is evaluated. */
const EVALUATED: Term = { id: 'evaluated', domain: 'test', wgsl: 'square', measure: ({ square }) => square };

function byDomain(terms: readonly Term[]): Terms {
  const unique = [...new Map(terms.map((term) => [term.id, term])).values()];
  const entries = convolutionalDomains.map((domain) => [domain, unique.filter((term) => term.domain === domain)]);
  return Object.fromEntries(entries) as Terms;
}

function siteOf({ options, geometry }: Assembly, which: Which, site: Pick<Site, 'planes' | 'scratch' | 'outputs'>): Site {
  const { shape, head } = options;
  return {
    ...site,
    shape,
    label: 'measure',
    gate: 'open',
    backGate: 'open',
    weights: { binding: { buffer: which, name: 'weights', type: 'vec4f' }, base: `network * ${head.layout.words / 4}u` },
    lanes: geometry.lanes,
    channels: geometry.channels,
    positions: geometry.positions,
  };
}

function assembleSamples(assembly: Assembly): void {
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

/** Passes from the probe's images to activations, and to the kernel where one is wanted. */
function probePasses(
  assembly: Assembly,
  site: Site,
  probe: ProbeSizes,
  kernel: KernelPlace | null,
  gates: { readonly buffer: string; readonly scratch: boolean } | null,
): Pass[] {
  const { numbers } = assembly;
  const { shape } = site;
  const { convolutions, width } = shape;
  const units = hiddenUnits(shape);
  const firsts = convolutions.map((_, index) => hiddenUnits({ ...shape, convolutions: convolutions.slice(0, index) }));
  const keptOf = (index: number): Kept | undefined => {
    if (gates === null) return undefined;
    const { outSide } = convolutions[index];
    return {
      bindings: [{ buffer: gates.buffer, name: 'preactivations', type: 'vec4f', write: true }],
      store: ({ channel, row, column, value }) => `if (${channel} < ${width}u) {
      let unit = ${firsts[index]}u + (${channel} * ${outSide}u + ${row}) * ${outSide}u + ${column};
      preactivations[(${gates.scratch ? 'local' : 'network'} * ${units}u + unit) * ${probe.vectors}u + quad] = ${value};
    }`,
    };
  };
  numbers.add(0);
  const passes = [
    imagesPass(site, { inputs: 'probeInputs', columns: probe.vectors, used: probe.vectors }, 0),
    ...evaluatePasses(site, PROBE_BUFFERS.activations, keptOf),
  ];
  if (kernel === null) return passes;
  passes.push(turnPass(site), unitCotangents(site, probe));
  for (let index = convolutions.length - 1; index > 0; index--) passes.push(backwardPass(site, index));
  passes.push(kernelShare(site, probe, { kind: 'pooled', buffer: PROBE_BUFFERS.activations }, kernel));
  convolutions.forEach(({ inChannels }, index) => {
    const channels = channelsAtOnce(site, index, probe);
    const weights = channels * 25 * storedChannels(shape);
    for (let first = 0; first < inChannels; first += channels) {
      numbers.add(first);
      passes.push(sampleGradientsPass(site, index, channels, first), kernelShare(site, probe, { kind: 'gradients', weights }, kernel));
    }
  });
  return passes;
}

function assembleProbe(assembly: Assembly): void {
  const { batch, options, geometry, sizes, terms, buffers, prepare, measurements } = assembly;
  const { shape, head } = options;
  const { probe: samples } = batch.data;
  const kernels = [...terms.kernel, ...terms.kernelRows];
  const grams = [...terms.representation, ...terms.representationRows];
  const summed = [...kernels, ...grams, ...terms.gates];
  if (summed.length === 0) return;
  const probe = probeSizes(samples.count, shape.outputDim);
  const outputs = kernels.length > 0 ? shape.outputDim : 0;
  const planes = planesOf({
    shape,
    quads: probe.vectors,
    positions: geometry.positions,
    outputs,
    keepSlopes: outputs > 1,
  });
  const { padded } = probe;
  const rows = head.layout.inputStride;
  const channels = storedChannels(shape);
  buffers.push(
    ...placingBuffers,
    { name: PROBE_SCRATCH, scope: 'scratch', words: 4 * planes.vectors },
    { name: PROBE_BUFFERS.activations, scope: 'scratch', words: channels * padded },
    {
      name: 'probeInputs',
      scope: 'shared',
      words: rows * padded,
      data: featureMajor(samples.inputs, samples.count, rows, rows, padded),
    },
  );
  if (kernels.length > 0) {
    buffers.push(
      { name: SAMPLE_GRADIENTS, scope: 'scratch', words: gradientWords({ shape }, probe) },
      { name: 'probeKernel', scope: 'scratch', words: 16 * probe.blocks },
      { name: 'startKernel', scope: 'start', words: 16 * probe.blocks },
      {
        name: 'probeTargets',
        scope: 'shared',
        words: shape.outputDim * padded,
        data: featureMajor(samples.targets, samples.count, shape.outputDim, shape.outputDim, padded),
      },
    );
  }
  if (grams.length > 0) {
    buffers.push(
      { name: 'probeGram', scope: 'scratch', words: padded ** 2 },
      { name: 'startGram', scope: 'start', words: padded ** 2 },
    );
  }
  const units = hiddenUnits(shape);
  if (terms.gates.length > 0) {
    buffers.push(
      { name: 'probePreactivations', scope: 'scratch', words: units * padded },
      { name: 'startPreactivations', scope: 'start', words: units * padded },
    );
  }
  const make = (which: Which): Pass[] => {
    const now = which === 'weights';
    const site = siteOf(assembly, which, { planes, scratch: PROBE_SCRATCH, outputs });
    const kernel = kernels.length === 0 ? null : { buffer: now ? 'probeKernel' : 'startKernel', scratch: now };
    const gates = terms.gates.length === 0 ? null : { buffer: now ? 'probePreactivations' : 'startPreactivations', scratch: now };
    const gram = {
      sizes: { ...sizes, shape: { ...sizes.shape, depth: 1 } },
      probe,
      label: 'measure: Gram matrix of pooled channels',
      firstLayer: 0,
      gram: now ? 'probeGram' : 'startGram',
      placing: now ? 'span' : 'start',
    } as const;
    return [...probePasses(assembly, site, probe, kernel, gates), ...(grams.length > 0 ? [gramPass(gram)] : [])];
  };
  prepare.push(...make('startWeights'));
  const passes = make('weights');
  const columns = (domain: Domain) => ({ stride: summed.length, offset: summed.findIndex((term) => term.domain === domain) });
  const tangent = { now: 'probeKernel', start: 'startKernel' };
  const pooled = (domain: Domain) => {
    return { buffers: { now: 'probeGram', start: 'startGram' }, layers: 1, columns: columns(domain) };
  };
  if (terms.kernel.length > 0) passes.push(kernelPass(terms.kernel, probe, tangent, 'probeTargets', columns('kernel')));
  if (terms.kernelRows.length > 0) passes.push(kernelRowsPass(terms.kernelRows, probe, tangent, columns('kernelRows')));
  if (terms.representation.length > 0) passes.push(representationPass(terms.representation, probe, pooled('representation')));
  if (terms.representationRows.length > 0) {
    passes.push(representationRowsPass(terms.representationRows, probe, pooled('representationRows')));
  }
  if (terms.gates.length > 0) {
    const flat = { ...sizes, shape: { ...sizes.shape, depth: 1, width: units }, hiddenRows: units };
    const both = { now: 'probePreactivations', start: 'startPreactivations' };
    passes.push(gatesPass(terms.gates, flat, probe, both, columns('gates')));
  }
  measurements.push({ terms: oneWord(summed), per: 'network', passes });
}

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights`, `networks`, `progress`
 * and `trainSet` of the training program; declares all others, `startTrainOutputs` and `sums` among them.
 */
export function measureKernels(
  batch: Batch,
  options: ConvolutionalOptions,
  geometry: ConvolutionalGeometry,
  trainColumns: number,
  terms: readonly Term[],
): MeasureKernels {
  const { shape, layout } = options.head;
  const chunks = { size: 4, number: 1 };
  const sizes: Sizes = {
    shape,
    layout,
    inputChunks: chunks,
    hiddenChunks: chunks,
    tileRows: 4,
    hiddenRows: layout.hiddenStride,
    inputRows: 4,
  };
  const assembly: Assembly = {
    batch,
    options,
    geometry,
    trainColumns,
    sizes,
    terms: byDomain(terms),
    buffers: [],
    prepare: [],
    measurements: [],
    numbers: new Set(),
  };
  assembleSamples(assembly);
  assembleProbe(assembly);
  const { buffers, prepare, measurements, numbers } = assembly;
  const { weights, outputGram } = assembly.terms;
  if (weights.length > 0) {
    const layers = layout.matrices.length;
    measurements.push({
      terms: weights.map(({ id }) => ({ id, words: layers })),
      per: 'network',
      passes: [weightsPass(weights, sizes, { stride: weights.length * layers, offset: 0 })],
    });
  }
  if (outputGram.length > 0) {
    const columns = { stride: outputGram.length, offset: 0 };
    measurements.push({ terms: oneWord(outputGram), per: 'network', passes: [outputGramPass(outputGram, sizes, columns)] });
  }
  for (const number of numbers) buffers.push(numberBuffer(number));
  if (measurements.length > 0) {
    const words = measurements.map((one) => one.terms.reduce((sum, term) => sum + term.words, 0));
    buffers.push({ name: 'sums', scope: 'network', words: Math.max(...words) });
  }
  return { buffers, prepare, measurements };
}
