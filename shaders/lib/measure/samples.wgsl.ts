// Sums over samples: loss, margin and Σ_c F_c² of each network on a data set, and the ensemble of a cell's seeds on the test set.
// F = α (f − c f₀) is the predictor; f comes from the families.

import type { Term } from '../../../src/core/observable.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { type Pass, PROGRESS, PROGRESS_WORDS } from '../../../src/core/program.ts';
import { UNASKED } from '../../../src/core/task.ts';
import { f32, u32 } from '../../wgsl.ts';
import { paddedSamples } from '../layout.ts';
import { lossWgsl } from '../losses.ts';
import { makePass, unroll } from '../pass.ts';
import { NETWORK } from '../training/network-record.ts';
import { recordNumber, recordWord } from './kernel-sums.wgsl.ts';
import { addTerms, type Columns, reads, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from './terms.ts';

/** Where f, f₀ and y of a data set stand; each (outputDim, paddedSamples). */
export interface SampleBuffers {
  readonly outputs: string;
  /** True: `outputs` holds the span's networks only. */
  readonly scratchOutputs: boolean;
  readonly startOutputs: string;
  readonly targets: string;
  readonly samples: number;
}

export interface LossChoice {
  readonly outputDim: number;
  readonly loss: string;
  readonly lossBeta: number;
}

/** A quiet float32 NaN. */
const NAN_BITS = 0x7fc00000;

/** Above this many outputs loops stay loops. */
const UNROLLED_OUTPUTS = 16;

/** `body` for every output; c is a WGSL expression. */
function eachOutput(outputDim: number, body: (c: string) => string): string {
  if (outputDim <= UNROLLED_OUTPUTS) return unroll(outputDim, (c) => body(u32(c)));
  return `for (var c = 0u; c < ${u32(outputDim)}; c++) { ${body('c')} }`;
}

/** Functions over four samples `q`: F of a network, and y. */
function accessors({ outputDim }: LossChoice, samples: number): string {
  const vectors = u32(paddedSamples(samples) / 4);
  return `
struct Predictor { scale: f32, centred: f32, outputs: u32, start: u32 }

// slot: where the network's outputs stand, in units.
fn predictor_of(network: u32, slot: u32) -> Predictor {
  return Predictor(
    ${recordNumber('network', NETWORK.outputScale)},
    ${recordNumber('network', NETWORK.centred)},
    slot * ${u32(outputDim)} * ${vectors},
    ${recordWord('network', NETWORK.start)} * ${u32(outputDim)} * ${vectors},
  );
}

fn predicted(p: Predictor, c: u32, q: u32) -> vec4f {
  return p.scale * (outputs[p.outputs + c * ${vectors} + q] - p.centred * start_outputs[p.start + c * ${vectors} + q]);
}

fn target_of(c: u32, q: u32) -> vec4f { return targets[c * ${vectors} + q]; }
`;
}

const bindings = (buffers: SampleBuffers) => [
  { buffer: buffers.outputs, name: 'outputs', type: 'vec4f' as const },
  { buffer: buffers.startOutputs, name: 'start_outputs', type: 'vec4f' as const },
  { buffer: buffers.targets, name: 'targets', type: 'vec4f' as const },
  { buffer: 'networks', name: 'networks', type: 'u32' as const },
];

const loadTargets = (outputDim: number) => `
      var y = array<vec4f, ${outputDim}>();
      ${eachOutput(outputDim, (c) => `y[${c}] = target_of(${c}, q);`)}`;

/** Sums of the `train` or `test` domain, per network. */
export function samplesPass(
  domain: 'train' | 'test',
  terms: readonly Term[],
  choice: LossChoice,
  buffers: SampleBuffers,
  columns: Columns,
): Pass {
  const { outputDim, loss, lossBeta } = choice;
  const withLoss = reads(terms, 'loss');
  const withMargin = reads(terms, 'margin');
  const withProduct = reads(terms, 'product');
  const body = `
      var f = array<vec4f, ${outputDim}>();
      ${eachOutput(outputDim, (c) => `f[${c}] = predicted(predictor, ${c}, q);`)}
      ${withLoss || withMargin || withProduct ? loadTargets(outputDim) : ''}
      let loss = ${withLoss ? 'sample_loss4(f, y)' : 'vec4f(0.0)'};
      let margin = ${withMargin ? 'sample_margin4(f, y)' : 'vec4f(0.0)'};
      var square = vec4f(0.0);
      ${reads(terms, 'square') ? eachOutput(outputDim, (c) => `square += f[${c}] * f[${c}];`) : ''}
      var product = vec4f(0.0);
      ${withProduct ? eachOutput(outputDim, (c) => `product += select(y[${c}] * f[${c}], vec4f(0.0), y[${c}] == vec4f(${f32(UNASKED)}));`) : ''}
      ${addTerms(terms, { variables: ['loss', 'margin', 'square', 'product'], valid: validBelow('q', buffers.samples) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let network = unit;
  let predictor = predictor_of(network, ${buffers.scratchOutputs ? 'local' : 'unit'});`,
    loops: [{ count: paddedSamples(buffers.samples) / 4, name: 'q', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: `measure: sums over ${domain} samples`,
    bindings: [...bindings(buffers), SUMS],
    declarations: `${memory}
${lossWgsl({ loss, beta: lossBeta, outputDim })}
${accessors(choice, buffers.samples)}
${termFunctions(domain, terms)}`,
    ...frame,
  });
}

/**
 * Sums of the `ensemble` domain, per cell of `seeds` networks. Networks that diverged are left out. A sum over nobody is NaN, and
 * so is one that reads the variance of a single member: written as bits, because WGSL may assume that floats are never NaN.
 */
export function ensemblePass(
  terms: readonly Term[],
  choice: LossChoice,
  buffers: SampleBuffers,
  columns: Columns,
  seeds: number,
): Pass {
  const { outputDim, loss, lossBeta } = choice;
  const slot = buffers.scratchOutputs ? `local * ${u32(seeds)} + s` : 'network';
  const eachMember = (body: string) => `
      for (var s = 0u; s < ${u32(seeds)}; s++) {
        let network = unit * ${u32(seeds)} + s;
        if (!is_member(network)) { continue; }
        let predictor = predictor_of(network, ${slot});
        ${body}
      }`;
  const body = `
      var mean = array<vec4f, ${outputDim}>();
      var variance = vec4f(0.0);
      ${eachMember(eachOutput(outputDim, (c) => `mean[${c}] += predicted(predictor, ${c}, q);`))}
      ${eachOutput(outputDim, (c) => `mean[${c}] *= share;`)}
      ${
        reads(terms, 'variance')
          ? `${eachMember(
              eachOutput(outputDim, (c) => `{ let away = predicted(predictor, ${c}, q) - mean[${c}]; variance += away * away; }`),
            )}
      variance *= unbiased;`
          : ''
      }
      ${reads(terms, 'margin') ? loadTargets(outputDim) : ''}
      let margin = ${reads(terms, 'margin') ? 'sample_margin4(mean, y)' : 'vec4f(0.0)'};
      ${addTerms(terms, { variables: ['margin', 'variance'], valid: validBelow('q', buffers.samples) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `
  var members = 0u;
  for (var s = 0u; s < ${u32(seeds)}; s++) { members += select(0u, 1u, is_member(unit * ${u32(seeds)} + s)); }
  let share = 1.0 / f32(max(members, 1u));
  let unbiased = select(0.0, 1.0 / f32(max(members, 2u) - 1u), members > 1u);`,
    loops: [{ count: paddedSamples(buffers.samples) / 4, name: 'q', body, first: 0, length: terms.length }],
    result: (k, value) => `select(${u32(NAN_BITS)}, bitcast<u32>(${value}), members >= members_needed(${k}))`,
  });
  return makePass({
    label: 'measure: sums over the ensemble',
    bindings: [...bindings(buffers), { buffer: 'progress', name: 'progress', type: 'u32' }, { ...SUMS, type: 'u32' }],
    declarations: `${memory}
${lossWgsl({ loss, beta: lossBeta, outputDim })}
${accessors(choice, buffers.samples)}
${termFunctions('ensemble', terms)}

fn members_needed(k: u32) -> u32 {
  switch (k) {
    ${terms.map((term, k) => `case ${u32(k)}: { return ${reads([term], 'variance') ? '2u' : '1u'}; }`).join('\n    ')}
    default: { return 1u; }
  }
}

fn is_member(network: u32) -> bool {
  return progress[network * ${u32(PROGRESS_WORDS)} + ${u32(PROGRESS.outcome)}] != ${u32(outcomeCode.diverged)};
}`,
    ...frame,
  });
}
