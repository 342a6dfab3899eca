// Puts the kernels of the domains on the probe set together: tangent kernel, representation and gates.

import type { Domain } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { featureMajor } from '../../../lib/measure/feature-major.ts';
import { gramPass } from '../../../lib/measure/gram.wgsl.ts';
import { kernelPass, kernelRowsPass, representationPass, representationRowsPass } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { oneWord } from '../../../lib/measure/measurements.ts';
import { type Placing, placingBuffers } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { gatesPass } from '../../../lib/measure/weight-sums.wgsl.ts';
import type { Assembly } from './assembly.ts';
import { inputGram } from './data.ts';
import { differenceGramPass, differenceTangentPass } from './difference-kernel.wgsl.ts';
import { differenceProbePass } from './difference-probe.wgsl.ts';
import { tangentPass } from './kernel.wgsl.ts';
import { probePass, probeWords } from './probe.wgsl.ts';

/** The domains on the probe set share one forward pass and one Measurement. */
export function assembleProbe({ options, sizes, probe, terms, buffers, prepare, measurements }: Assembly): void {
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
