// Measuring of recurrent networks, assembled: buffers, and one Measurement per set of trials. Networks at their start are run
// again with every measurement; their tangent kernels are kept where memory allows. The kernels stand in the neighbouring files.

import type { Batch, DeviceLimits } from '../../../../src/core/family.ts';
import type { Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../../src/core/program.ts';
import {
  byDomain,
  type MeasureKernels,
  oneWord,
  sumsBuffers,
  type TermsByDomain,
  withWords,
} from '../../../lib/measure/measurements.ts';
import { type RecurrentDomain, recurrentDomains } from '../domains.ts';
import type { RecurrentOptions } from '../train/options.ts';
import { evaluatePass, setBuffers, type TrialSet, tapeWords, trialSet } from './evaluate.wgsl.ts';
import { keptFlags, keptPass, keptStarts, keptWords } from './kept-kernels.wgsl.ts';
import { gatesPass, RATE_TOTALS, rateTotalsPass, representationPass, representationRowsPass } from './representation.wgsl.ts';
import { samplesPass } from './samples.wgsl.ts';
import {
  rowPartWords,
  type TangentTerms,
  tangentGeometry,
  tangentPass,
  tangentRowSumsPass,
  tangentSumsPass,
} from './tangent.wgsl.ts';
import { TANGENT_ROWS, type TangentSizes, tangentRowsPass, tangentRowWords, tangentSizes } from './tangent-rows.wgsl.ts';
import { ROTATED, SPECTRA, spectrumPass, spectrumSumsPass, weightsPass } from './weights.wgsl.ts';

/** What is put together. */
interface Assembly {
  readonly batch: Batch;
  readonly options: RecurrentOptions;
  readonly limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>;
  readonly terms: TermsByDomain<RecurrentDomain>;
  readonly buffers: BufferSpec[];
  readonly measurements: Measurement[];
}

const TAPES = { now: 'evaluationTape', start: 'startTape' } as const;
const ROW_PARTS = 'tangentRowParts';

/** Training and test sets; returns the sets that it runs. */
function assembleSamples({ batch, options, terms, buffers, measurements }: Assembly): TrialSet[] {
  const sets: TrialSet[] = [];
  for (const domain of ['train', 'test'] as const) {
    if (terms[domain].length === 0) continue;
    const set = trialSet(domain, batch.data[domain].count, options, false);
    buffers.push(...setBuffers(set, batch.data[domain], options));
    measurements.push({
      terms: oneWord(terms[domain]),
      per: 'network',
      passes: [
        evaluatePass(options, set, 'now', TAPES.now),
        samplesPass(domain, terms[domain], options, set, TAPES.now, { stride: terms[domain].length, offset: 0 }),
      ],
    });
    sets.push(set);
  }
  return sets;
}

/** The tangent kernels; `columns` finds the place of a domain's results. */
function assembleTangent(
  { batch, options, limits, terms, buffers }: Assembly,
  set: TrialSet,
  sizes: TangentSizes,
  columns: (of: readonly Term[]) => { stride: number; offset: number },
): Pass[] {
  const geometry = tangentGeometry(sizes);
  buffers.push({ name: TANGENT_ROWS, scope: 'scratch', words: tangentRowWords(sizes, limits) });
  const withRows = terms.kernelRows.length > 0;
  const all: TangentTerms[] = [
    {
      weights: 'recurrent',
      all: terms.kernel,
      decision: terms.kernelDecision,
      parts: 'tangentParts',
      ...(withRows ? { rowParts: ROW_PARTS } : {}),
    },
    { weights: 'all', all: terms.kernelAll, decision: [], parts: 'tangentPartsOfAll' },
  ];
  const wanted = all.filter((kind) => kind.all.length + kind.decision.length > 0 || kind.rowParts !== undefined);
  const starts = keptStarts(geometry, batch.starts.length, wanted.length, limits);
  const keeps = starts > 0;
  const kinds: readonly TangentTerms[] = keeps
    ? wanted.map((kind) => ({ ...kind, kernels: { name: `${kind.parts}OfStarts`, starts } }))
    : wanted;
  if (keeps) buffers.push(keptFlags);
  const passes: Pass[] = [
    tangentRowsPass(options, set, sizes, 'now', { tape: TAPES.now, keeps }),
    tangentRowsPass(options, set, sizes, 'start', { tape: TAPES.start, keeps }),
  ];
  for (const kind of kinds) {
    const stride = kind.all.length + kind.decision.length;
    if (kind.kernels !== undefined)
      buffers.push({ name: kind.kernels.name, scope: 'shared', words: starts * keptWords(geometry) });
    buffers.push({ name: kind.parts, scope: 'scratch', words: geometry.pairs * geometry.bands * Math.max(1, stride) });
    passes.push(tangentPass(options, set, sizes, kind));
    const parts = (own: readonly Term[], first: number) => {
      if (own.length > 0) passes.push(tangentSumsPass(own, sizes, { parts: kind.parts, first, stride }, columns(own)));
    };
    parts(kind.all, 0);
    parts(kind.decision, kind.all.length);
  }
  if (keeps) passes.push(keptPass(starts));
  if (withRows) {
    buffers.push({ name: ROW_PARTS, scope: 'scratch', words: rowPartWords(sizes, geometry) });
    passes.push(tangentRowSumsPass(terms.kernelRows, sizes, ROW_PARTS, columns(terms.kernelRows)));
  }
  return passes;
}

/** The domains on the probe set share one Measurement. */
function assembleProbe(assembly: Assembly): TrialSet[] {
  const { batch, options, terms, buffers, measurements } = assembly;
  const kernels = [...terms.kernel, ...terms.kernelDecision, ...terms.kernelRows, ...terms.kernelAll];
  const rates = [...terms.representation, ...terms.representationRows, ...terms.centredRepresentation, ...terms.gates];
  const summed = [...kernels, ...rates];
  if (summed.length === 0) return [];
  const { probe } = batch.data;
  const sizes = tangentSizes(options, probe.count);
  // Kernels alone look at the first trials only.
  const count = rates.length > 0 ? probe.count : sizes.trials;
  const set = trialSet('probe', count, options, terms.gates.length > 0);
  buffers.push(...setBuffers(set, probe, options), { name: TAPES.start, scope: 'scratch', words: tapeWords(set) });
  const columns = (of: readonly Term[]) => ({ stride: summed.length, offset: summed.indexOf(of[0]) });
  const passes: Pass[] = [evaluatePass(options, set, 'now', TAPES.now), evaluatePass(options, set, 'start', TAPES.start)];
  if (kernels.length > 0) passes.push(...assembleTangent(assembly, set, sizes, columns));
  const { representationRows, gates } = terms;
  if (representationRows.length + terms.centredRepresentation.length > 0) {
    buffers.push({ name: RATE_TOTALS, scope: 'scratch', words: 2 * options.layout.units });
    passes.push(rateTotalsPass(options, set, TAPES));
  }
  for (const domain of ['representation', 'centredRepresentation'] as const) {
    const own = terms[domain];
    if (own.length > 0) passes.push(representationPass(domain, own, options, set, TAPES, columns(own)));
  }
  if (representationRows.length > 0) {
    passes.push(representationRowsPass(representationRows, options, set, TAPES, columns(representationRows)));
  }
  if (gates.length > 0) passes.push(gatesPass(gates, options, set, TAPES, columns(gates)));
  measurements.push({ terms: oneWord(summed), per: 'network', passes });
  return [set];
}

function assembleWeights({ options, terms, buffers, measurements }: Assembly): void {
  const { weights, spectrum } = terms;
  const { units, matrices } = options.layout;
  if (weights.length > 0) {
    const stride = weights.length * matrices.length;
    measurements.push({
      terms: withWords(weights, matrices.length),
      per: 'network',
      passes: [weightsPass(weights, options, { stride, offset: 0 })],
    });
  }
  if (spectrum.length > 0) {
    buffers.push(
      { name: ROTATED, scope: 'scratch', words: units * units },
      { name: SPECTRA, scope: 'scratch', words: 2 * units },
    );
    measurements.push({
      terms: oneWord(spectrum),
      per: 'network',
      passes: [
        spectrumPass(options, 'now'),
        spectrumPass(options, 'start'),
        spectrumSumsPass(spectrum, options, { stride: spectrum.length, offset: 0 }),
      ],
    });
  }
}

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights` and `networks`;
 * declares all others, `sums` among them. Throws InputError where tangent kernels do not fit.
 */
export function measureKernels(
  batch: Batch,
  options: RecurrentOptions,
  terms: readonly Term[],
  limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>,
): Omit<MeasureKernels, 'prepare'> {
  const assembly: Assembly = { batch, options, limits, terms: byDomain(terms, recurrentDomains), buffers: [], measurements: [] };
  const sets = [...assembleSamples(assembly), ...assembleProbe(assembly)];
  assembleWeights(assembly);
  const { buffers, measurements } = assembly;
  if (sets.length > 0) buffers.push({ name: TAPES.now, scope: 'scratch', words: Math.max(...sets.map(tapeWords)) });
  buffers.push(...sumsBuffers(measurements));
  return { buffers, measurements };
}
