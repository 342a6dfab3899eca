// What fused training kernels of every family share: constants and the network's record, step rules, and the loss of a sample.
// One workgroup trains one network for `span.steps` steps; the loops around an evaluation are frames.wgsl.ts.

import { TABLEAUX, type Tableau, type Training } from '../../../src/core/training.ts';
import { f32, u32 } from '../../wgsl.ts';
import { lossWgsl } from '../losses.ts';
import { philoxWgsl } from '../philox.wgsl.ts';
import { steppingWgsl } from '../stepping.wgsl.ts';
import { NETWORK, NETWORK_WORDS } from './network-record.ts';

/** Sections of a network's `outputs`, each (outputDim, outputStride) words. */
export const OUTPUT_SECTIONS = { accepted: 0, start: 1, trial: 2 } as const;

/** `make(0) … make(count − 1)` as one text: loops that must be unrolled so that what they index stays in registers. */
export function each(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
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

/** What the head of a fused training kernel depends on, in whatever family. */
export interface HeadOptions {
  readonly training: Training;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  readonly lossBeta: number;
  /** Samples of one gradient. */
  readonly batchSamples: number;
  /** Words from output to output in `outputs`. */
  readonly outputStride: number;
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
  { training, outputDim }: Pick<HeadOptions, 'training' | 'outputDim'>,
  places: SamplePlaces,
  store: (c: number, value: string) => string,
  cotangentScale: string,
): string {
  const flow = training.method === 'flow';
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
