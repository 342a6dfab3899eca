// Measuring of fully-connected networks, assembled: buffers, what to prepare per start, and one Measurement per group of domains.
// The kernels stand in the neighbouring files; what observables make of the sums is core/observable's business.
//
// A row of `sums` has as many words as its Measurement's terms have in all, in their order: the word of term t, part i, is
// row · words + Σ_{s<t} words_s + i. Measurements run in order, each over all units before the next.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { Domain, Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../../src/core/program.ts';
import type { TaskData } from '../../../../src/core/task.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { featureMajor } from '../../../lib/measure/feature-major.ts';
import { gramPass } from '../../../lib/measure/gram.wgsl.ts';
import { kernelPass, kernelRowsPass, representationPass, representationRowsPass } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { type Placing, type ProbeSizes, placingBuffers, probeSizes } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { ensemblePass, type SampleBuffers, samplesPass } from '../../../lib/measure/samples.wgsl.ts';
import { gatesPass, weightsPass } from '../../../lib/measure/weight-sums.wgsl.ts';
import type { FullyConnectedShape } from '../layout.ts';
import { assembleStructure } from './assemble-structure.ts';
import { outputWords, type Sizes, sizesOf } from './common.ts';
import { inputGram } from './data.ts';
import { differenceGramPass, differenceTangentPass } from './difference-kernel.wgsl.ts';
import { currentOutputsPass } from './difference-outputs.wgsl.ts';
import { differenceProbePass } from './difference-probe.wgsl.ts';
import { DOMAINS, type FullyConnectedDomain } from './domains.ts';
import { tangentPass } from './kernel.wgsl.ts';
import { HIDDEN_BUFFER, hiddenWords, type OutputsSet, outputsPass, setBuffer } from './outputs.wgsl.ts';
import { probePass, probeWords } from './probe.wgsl.ts';
import { mapSamples } from './structure.wgsl.ts';

export interface MeasureOptions {
  readonly shape: FullyConnectedShape;
  readonly data: TaskData;
  /** What to sum; terms with the same id are summed once. */
  readonly terms: readonly Term[];
  /** Networks per cell. */
  readonly seeds: number;
  /** Networks of the batch. */
  readonly networks: number;
  readonly limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  /** Sharpness β of the soft hinge. */
  readonly lossBeta: number;
  /** Numbers that a thread may keep of its inputs, ≥ 32. Defaults to `DEFAULT_REGISTERS`. */
  readonly registers?: number;
  /** True: `weights` are differences from the start, and outputs f − f₀; see ../difference-form.ts. Defaults to false. */
  readonly difference?: boolean;
}

export interface MeasureKernels {
  readonly buffers: readonly BufferSpec[];
  /** Over the starts, in order; scratch buffers count starts of the span here. */
  readonly prepare: readonly Pass[];
  /** Of `per: 'cell'` measurements a span counts cells, and scratch buffers hold count × seeds networks. */
  readonly measurements: readonly Measurement[];
}

/**
 * Test outputs of all networks are kept for the ensembles while they take no more than this; otherwise they are made again.
 * Bytes.
 */
const KEPT_OUTPUTS = 2 ** 26;

/** Words of a row of `sums`. */
export function rowWords({ terms }: Pick<Measurement, 'terms'>): number {
  return terms.reduce((sum, { words }) => sum + words, 0);
}

/** What stands where while the kernels are put together. */
export interface Assembly {
  readonly options: MeasureOptions;
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly terms: Readonly<Record<FullyConnectedDomain, readonly Term[]>>;
  readonly buffers: BufferSpec[];
  readonly prepare: Pass[];
  readonly measurements: Measurement[];
}

function byDomain(terms: readonly Term[]): Assembly['terms'] {
  const unique = [...new Map(terms.map((term) => [term.id, term])).values()];
  const entries = DOMAINS.map((domain) => [domain, unique.filter((term) => term.domain === domain)]);
  return Object.fromEntries(entries) as Assembly['terms'];
}

const oneWord = (terms: readonly Term[]) => terms.map(({ id }) => ({ id, words: 1 }));

const OUTPUTS = 'measureOutputs';
const KEPT = 'testOutputs';

/** Outputs of starts, and the domains that sum over samples. */
function assembleSamples({ options, sizes, terms, buffers, prepare, measurements }: Assembly): void {
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

/** The domains on the probe set share one forward pass and one Measurement. */
function assembleProbe({ options, sizes, probe, terms, buffers, prepare, measurements }: Assembly): void {
  const { shape, data } = options;
  const { depth } = shape;
  const withKernel = terms.kernel.length + terms.kernelRows.length > 0;
  const withRepresentation = terms.representation.length + terms.representationRows.length > 0;
  const withGates = terms.gates.length > 0;
  if (!withKernel && !withRepresentation && !withGates) return;

  const { difference = false } = sizes;
  // In the difference form, what is kept of a network is kept at the start and as a difference.
  const parts = difference ? 2 : 1;
  const layerWords = probeWords(sizes, probe);
  const { padded } = probe;
  const gramWords = padded ** 2;
  const kernelWords = 16 * probe.blocks;
  buffers.push(
    ...placingBuffers,
    {
      name: 'probeInputs',
      scope: 'shared',
      words: sizes.inputRows * padded,
      data: featureMajor(data.probe.inputs, probe.count, shape.inputDim, sizes.inputRows, padded),
    },
    { name: PROBE_BUFFERS.activations, scope: 'scratch', words: parts * layerWords },
  );
  if (withKernel) {
    buffers.push(
      { name: PROBE_BUFFERS.slopes, scope: 'scratch', words: parts * layerWords },
      { name: PROBE_BUFFERS.backward, scope: 'scratch', words: parts * shape.outputDim * layerWords },
      { name: 'probeInputGram', scope: 'shared', words: gramWords, data: inputGram(data.probe, shape.inputDim, padded) },
      { name: 'probeKernel', scope: 'scratch', words: kernelWords },
      { name: 'startKernel', scope: 'start', words: kernelWords },
      {
        name: 'probeTargets',
        scope: 'shared',
        words: shape.outputDim * padded,
        data: featureMajor(data.probe.targets, probe.count, shape.outputDim, shape.outputDim, padded),
      },
    );
  }
  // Gram matrices of all layers for the kernel, of the last one for the representation alone.
  const firstLayer = withKernel ? 0 : depth - 1;
  const layers = depth - firstLayer;
  if (withKernel || withRepresentation) buffers.push({ name: 'probeGram', scope: 'scratch', words: parts * layers * gramWords });
  if (withRepresentation) buffers.push({ name: 'startGram', scope: 'start', words: gramWords });
  if (withGates) {
    buffers.push(
      { name: 'probePreactivations', scope: 'scratch', words: layerWords },
      { name: 'startPreactivations', scope: 'start', words: layerWords },
    );
  }

  const forward = (label: string, weights: string, gates: string, placing: Placing) =>
    probePass({
      sizes,
      probe,
      label: `${label}: probe activations and slopes`,
      weights,
      inputs: 'probeInputs',
      backward: withKernel,
      preactivations: withGates ? { buffer: gates, placing } : undefined,
    });
  const gram = (label: string, from: number, destination: string, placing: Placing) =>
    gramPass({ sizes, probe, label: `${label}: Gram matrices`, firstLayer: from, gram: destination, placing });
  const tangent = (label: string, kernel: string, placing: Placing) =>
    tangentPass({
      sizes,
      probe,
      label: `${label}: tangent kernel`,
      gram: 'probeGram',
      inputGram: 'probeInputGram',
      kernel,
      placing,
    });

  prepare.push(forward('prepare', 'startWeights', 'startPreactivations', 'start'));
  if (withKernel) prepare.push(gram('prepare', 0, 'probeGram', 'span'), tangent('prepare', 'startKernel', 'start'));
  if (withRepresentation) prepare.push(gram('prepare', depth - 1, 'startGram', 'start'));

  const passes: Pass[] = difference
    ? [
        differenceProbePass({
          sizes,
          probe,
          label: 'measure: probe activations and their changes',
          inputs: 'probeInputs',
          backward: withKernel,
          ...(withGates ? { preactivations: 'probePreactivations' } : {}),
        }),
      ]
    : [forward('measure', 'weights', 'probePreactivations', 'span')];
  if (withKernel || withRepresentation) {
    const label = 'measure: Gram matrices and their changes';
    passes.push(
      difference
        ? differenceGramPass({ sizes, probe, label, firstLayer, gram: 'probeGram' })
        : gram('measure', firstLayer, 'probeGram', 'span'),
    );
  }
  if (withKernel) {
    const buffers = { gram: 'probeGram', inputGram: 'probeInputGram', kernel: 'probeKernel' };
    passes.push(
      difference
        ? differenceTangentPass({ sizes, probe, label: 'measure: change of the tangent kernel', ...buffers, placing: 'span' })
        : tangent('measure', 'probeKernel', 'span'),
    );
  }
  const summed = [...terms.kernel, ...terms.kernelRows, ...terms.representation, ...terms.representationRows, ...terms.gates];
  const columns = (domain: Domain) => ({ stride: summed.length, offset: summed.findIndex((term) => term.domain === domain) });
  const kernels = { now: 'probeKernel', start: 'startKernel' };
  const grams = (domain: Domain) => ({
    buffers: { now: 'probeGram', start: 'startGram' },
    layers: parts * layers,
    columns: columns(domain),
    difference,
  });
  if (terms.kernel.length > 0)
    passes.push(kernelPass(terms.kernel, probe, kernels, 'probeTargets', columns('kernel'), difference));
  if (terms.kernelRows.length > 0)
    passes.push(kernelRowsPass(terms.kernelRows, probe, kernels, columns('kernelRows'), difference));
  if (terms.representation.length > 0) passes.push(representationPass(terms.representation, probe, grams('representation')));
  if (terms.representationRows.length > 0) {
    passes.push(representationRowsPass(terms.representationRows, probe, grams('representationRows')));
  }
  if (terms.gates.length > 0) {
    const gates = { now: 'probePreactivations', start: 'startPreactivations' };
    passes.push(gatesPass(terms.gates, sizes, probe, gates, columns('gates')));
  }
  measurements.push({ terms: oneWord(summed), per: 'network', passes });
}

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights`, `networks` and
 * `progress` of the training program; declares all others, `startTrainOutputs` and `sums` among them.
 */
export function measureKernels(options: MeasureOptions): MeasureKernels {
  const sizes = sizesOf(options.shape, options.registers, options.difference);
  const probe = probeSizes(options.data.probe.count, options.shape.outputDim);
  const terms = byDomain(options.terms);
  const assembly: Assembly = { options, sizes, probe, terms, buffers: [], prepare: [], measurements: [] };
  assembleSamples(assembly);
  assembleProbe(assembly);
  assembleStructure(assembly);
  const { buffers, prepare, measurements } = assembly;
  if (terms.weights.length > 0) {
    const layers = sizes.layout.matrices.length;
    measurements.push({
      terms: terms.weights.map(({ id }) => ({ id, words: layers })),
      per: 'network',
      passes: [weightsPass(terms.weights, sizes, { stride: terms.weights.length * layers, offset: 0 })],
    });
  }
  if (measurements.length > 0) {
    buffers.push({ name: 'sums', scope: 'network', words: Math.max(...measurements.map(rowWords)) });
  }
  return { buffers, prepare, measurements };
}
