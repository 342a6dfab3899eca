// Pieces that both fused kernels share: bindings, the network's constants, the loss of a sample, and the frame of a dispatch
// (one workgroup trains one network for `span.steps` steps). See shallow.wgsl.ts and deep.wgsl.ts for the two structures.

import { GROUP_INDEX_WGSL, SPAN_WGSL } from '../../../../src/core/program.ts';
import { TABLEAUX, type Tableau, type Training } from '../../../../src/core/training.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { lossWgsl } from '../../../lib/losses.ts';
import { philoxWgsl } from '../../../lib/philox.wgsl.ts';
import { steppingWgsl } from '../../../lib/stepping.wgsl.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import { type FullyConnectedShape, timeGain } from '../layout.ts';
import type { TrainingOptions } from '../training-options.ts';

/** Sections of a network's `outputs`, each (outputDim, outputStride) words. */
export const OUTPUT_SECTIONS = { accepted: 0, start: 1, trial: 2 } as const;

/** `make(0) … make(count − 1)` as one text: loops that must be unrolled so that what they index stays in registers. */
export function each(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}

/**
 * Declares `name0 … name<count−1>`, the vec4s `at(index)` that all lanes want alike. With subgroups of `size` lanes (0: none) each lane
 * loads its share and the rest comes from its neighbours: a load costs more than a shuffle. Needs uniform control flow and `sid`.
 */
export function sharedVectors(name: string, count: number, size: number, at: (index: string) => string): string {
  if (size < 2 || count < 2) return each(count, (v) => `let ${name}${v} = ${at(u32(v))};`);
  const loads = Math.ceil(count / size);
  return `
        ${each(loads, (m) => `let own_${name}${m} = ${at(`min(${u32(m * size)} + sid, ${u32(count - 1)})`)};`)}
        ${each(count, (v) => `let ${name}${v} = subgroupBroadcast(own_${name}${Math.floor(v / size)}, ${u32(v % size)});`)}`;
}

export function tableauOf(training: Training): Tableau | null {
  return training.method === 'flow' ? TABLEAUX[training.integrator] : null;
}

/** Slopes kept per network: all stages of a flow, the velocity of descent with momentum. */
export function slopeCount(training: Training): number {
  const tableau = tableauOf(training);
  if (tableau !== null) return tableau.stages.length + 1;
  return training.method === 'descent' && training.momentum > 0 ? 1 : 0;
}

/** True where the local error needs the distance from the start: the Runge–Kutta pairs. */
export function needsStart(training: Training): boolean {
  const tableau = tableauOf(training);
  return tableau !== null && tableau.error.length > 0;
}

/** Names of the storage buffers in binding order; `bindings` declares the same. */
export function bufferNames(training: Training, scratch: boolean): string[] {
  return [
    'networks',
    'progress',
    'trainSet',
    'weights',
    'outputs',
    ...(slopeCount(training) > 0 ? ['slopes'] : []),
    ...(needsStart(training) ? ['startWeights'] : []),
    ...(scratch ? ['scratch'] : []),
  ];
}

function bindings(training: Training, scratch: boolean, outputsType: string): string {
  const declared: Readonly<Record<string, string>> = {
    networks: 'var<storage, read> networks: array<u32>;',
    progress: 'var<storage, read_write> progress: array<u32>;',
    trainSet: 'var<storage, read> train_set: array<vec4f>;',
    weights: 'var<storage, read_write> weights: array<vec4f>;',
    outputs: `var<storage, read_write> outputs: array<${outputsType}>;`,
    slopes: 'var<storage, read_write> slopes: array<vec4f>;',
    startWeights: 'var<storage, read> start_weights: array<vec4f>;',
    scratch: 'var<storage, read_write> scratch: array<vec4f>;',
  };
  return bufferNames(training, scratch)
    .map((name, index) => `@group(0) @binding(${index + 1}) ${declared[name]}`)
    .join('\n');
}

/** What the head of a fused training kernel depends on, in whatever family. */
export interface HeadOptions extends Pick<TrainingOptions, 'training' | 'loss' | 'lossBeta' | 'batchSamples' | 'outputStride'> {
  readonly outputDim: number;
  /** Words of one network's stored weights. */
  readonly words: number;
  /** `Model.gain`. */
  readonly gain: number;
}

/**
 * Loss, step rules, constants and the network's record: what every fused training kernel declares after its bindings. `lanes`:
 * invocations of the workgroup; `perElement`: words of an element of the buffer `outputs`.
 */
export function trainingHead(options: HeadOptions, lanes: number, perElement: 1 | 4): string {
  const { training, outputDim } = options;
  return `
${lossWgsl({ loss: options.loss, beta: options.lossBeta, outputDim })}
${steppingWgsl(training)}
${isMiniBatch(training) ? philoxWgsl() : ''}
const LANES = ${u32(lanes)};
const OUTPUTS = ${u32(outputDim)};
const SAMPLES = ${u32(options.batchSamples)};
const OUTPUT_STRIDE = ${u32(options.outputStride)};
const WEIGHT_VECTORS = ${u32(options.words / 4)};
// gain / P: the factor between a sample's loss slope and the motion of the weights.
const MOTION = ${f32(options.gain / options.batchSamples)};

struct Network { output_scale: f32, centred: f32, learning_rate: f32, output_rate: f32, hidden_rate: f32, seed: u32, start: u32 }

fn network_of(index: u32) -> Network {
  let base = index * ${u32(NETWORK_WORDS)};
  return Network(
    bitcast<f32>(networks[base + ${u32(NETWORK.outputScale)}]),
    bitcast<f32>(networks[base + ${u32(NETWORK.centred)}]),
    bitcast<f32>(networks[base + ${u32(NETWORK.learningRate)}]),
    bitcast<f32>(networks[base + ${u32(NETWORK.outputRate)}]),
    bitcast<f32>(networks[base + ${u32(NETWORK.hiddenRate)}]),
    networks[base + ${u32(NETWORK.seed)}],
    networks[base + ${u32(NETWORK.start)}],
  );
}

// Place of output c of sample p in a section of this network's outputs; samples and stride in units of the buffer's elements.
fn output_place(network: u32, section: u32, c: u32, p: u32) -> u32 {
  return ((network * 3u + section) * OUTPUTS + c) * ${u32(options.outputStride / perElement)} + p;
}
`;
}

/** Declarations that stand at the head of both kernels of this family. `lanes`: invocations of the workgroup. */
export function preamble(options: TrainingOptions, lanes: number, scratch: boolean): string {
  const { shape, layout, training } = options;
  const head = { ...options, outputDim: shape.outputDim, words: layout.words, gain: timeGain(shape) };
  return `
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${bindings(training, scratch, scratch ? 'vec4f' : 'f32')}
${activationWgsl({ activation: shape.activation, beta: shape.activationBeta, factor: shape.activationFactor })}
${trainingHead(head, lanes, scratch ? 4 : 1)}`;
}

export function isMiniBatch(training: Training): boolean {
  return training.method === 'descent' && training.batchSize > 0;
}

/** Where a sample's numbers stand; every member gives a WGSL expression. */
export interface SamplePlaces {
  /** Index of the sample in the batch. */
  readonly p: string;
  /** Raw output f_c. */
  readonly f: (c: number) => string;
  /** α·c·f₀ of output c: what the predictor subtracts. */
  readonly origin: (c: number) => string;
  /** Target y_c. */
  readonly goal: (c: number) => string;
  /** True where there may be samples beyond the batch. */
  readonly ragged: boolean;
}

/**
 * Statements that turn raw outputs of a sample into loss, bookkeeping and the motion's cotangents, kept by `store`.
 * Adds to `part` = (loss, unmet margins, output change, Σ|F|); the last is there to tell by its bits whether all F are finite.
 */
export function sampleStatements(
  options: Pick<TrainingOptions, 'training'> & { readonly shape: Pick<FullyConnectedShape, 'outputDim'> },
  places: SamplePlaces,
  store: (c: number, value: string) => string,
  cotangentScale: string,
): string {
  const { outputDim } = options.shape;
  const flow = options.training.method === 'flow';
  const section = (name: keyof typeof OUTPUT_SECTIONS, c: number) =>
    `outputs[output_place(network, ${u32(OUTPUT_SECTIONS[name])}, ${u32(c)}, ${places.p})]`;
  const body = `
  ${each(outputDim, (c) => `let predicted_${c} = net.output_scale * ${places.f(c)} - ${places.origin(c)};`)}
  let predictions = array<f32, OUTPUTS>(${each(outputDim, (c) => `predicted_${c}`, ', ')});
  let goals_of_p = array<f32, OUTPUTS>(${each(outputDim, places.goal, ', ')});
  let slope = sample_slope(predictions, goals_of_p);
  part.x += sample_loss(predictions, goals_of_p);
  part.y += select(0.0, 1.0, sample_margin(predictions, goals_of_p) < 1.0);
  ${each(
    outputDim,
    (c) => `
  part.w += abs(predicted_${c});
  ${
    flow
      ? `part.z = max(part.z, abs(predicted_${c} - ${section('accepted', c)}));
  ${section('trial', c)} = predicted_${c};`
      : ''
  }
  ${store(c, `slope[${c}] * ${cotangentScale}`)}`,
  )}`;
  if (!places.ragged) return body;
  return `
if (${places.p} < SAMPLES) {${body}
} else {
  ${each(outputDim, (c) => store(c, '0.0'))}
}`;
}

/** Words per network of the buffer `outputs`. */
export function outputWords(options: TrainingOptions): number {
  return 3 * options.shape.outputDim * options.outputStride;
}
