// Puts the kernels of the domains on the probe samples together: tangent kernel, Gram matrix of pooled channels, gates.

import type { Domain } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { featureMajor } from '../../../lib/measure/feature-major.ts';
import { gramPass } from '../../../lib/measure/gram.wgsl.ts';
import { kernelPass, kernelRowsPass, representationPass, representationRowsPass } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { oneWord } from '../../../lib/measure/measurements.ts';
import { type ProbeSizes, placingBuffers, probeSizes } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { gatesPass } from '../../../lib/measure/weight-sums.wgsl.ts';
import { backwardPass, type Kept, type Site, turnPass } from '../convolve.wgsl.ts';
import { hiddenUnits, storedChannels, TAPS } from '../layout.ts';
import { planesOf } from '../planes.ts';
import { type Assembly, siteOf, type Which } from './assembly.ts';
import { evaluatePasses, imagesPass } from './outputs.wgsl.ts';
import {
  channelsAtOnce,
  gradientWords,
  type KernelPlace,
  kernelShare,
  SAMPLE_GRADIENTS,
  sampleGradientsPass,
  unitCotangents,
} from './tangent.wgsl.ts';

const PROBE_SCRATCH = 'probePlanes';

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
    const weights = channels * TAPS * storedChannels(shape);
    for (let first = 0; first < inChannels; first += channels) {
      numbers.add(first);
      passes.push(
        sampleGradientsPass(site, index, channels, first),
        kernelShare(site, probe, { kind: 'gradients', weights }, kernel),
      );
    }
  });
  return passes;
}

/** The domains on the probe set share one Measurement. */
export function assembleProbe(assembly: Assembly): void {
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
