// Losses per sample, each twice: float64 and WGSL (scalar, and vec4f along samples). Each sees the predictor F and the target y
// of one sample, C numbers each. Means over samples are the trainer's business.

import { UNASKED } from '../../src/core/task.ts';
import { f32, u32 } from '../wgsl.ts';
import { EXP_LIMIT, LOG1P, polynomial } from './activations.ts';

type Outputs = ArrayLike<number>;

export interface Loss {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly source: string;
  /** ℓ(F, y) of one sample; `beta` is the sharpness of the soft hinge. */
  value(outputs: Outputs, target: Outputs, beta: number): number;
  /** ∂ℓ/∂F_c into `slope`, length C. */
  slope(outputs: Outputs, target: Outputs, beta: number, slope: Float64Array): void;
}

/** A loss that is a sum over outputs of ℓ(F_c, y_c). */
interface Separable {
  readonly value: (f: number, y: number, beta: number) => number;
  readonly slope: (f: number, y: number, beta: number) => number;
}

/** ln(1 + e^u), for any u. */
const softplus = (u: number) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
const sigmoid = (u: number) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u)));
/** Class sign of a target: one-hot and ±1 targets alike. */
const signOf = (y: number, outputDim: number) => (outputDim === 1 ? y : y > 0.5 ? 1 : -1);

const squared: Separable = {
  value: (f, y) => (y === UNASKED ? 0 : 0.5 * (f - y) ** 2),
  slope: (f, y) => (y === UNASKED ? 0 : f - y),
};
const hinge: Separable = { value: (f, y) => Math.max(0, 1 - y * f), slope: (f, y) => (y * f < 1 ? -y : 0) };
const softHinge: Separable = {
  value: (f, y, beta) => softplus(beta * (1 - y * f)) / beta,
  slope: (f, y, beta) => -y * sigmoid(beta * (1 - y * f)),
};
const logistic: Separable = { value: (f, y) => softplus(-y * f), slope: (f, y) => -y * sigmoid(-y * f) };

/** Sums a separable loss over outputs; `signed` reads targets as class signs. */
function summed(one: Separable, signed: boolean): Pick<Loss, 'value' | 'slope'> {
  const targetOf = (target: Outputs, c: number) => (signed ? signOf(target[c], target.length) : target[c]);
  return {
    value(outputs, target, beta) {
      let sum = 0;
      for (let c = 0; c < target.length; c++) sum += one.value(outputs[c], targetOf(target, c), beta);
      return sum;
    },
    slope(outputs, target, beta, slope) {
      for (let c = 0; c < target.length; c++) slope[c] = one.slope(outputs[c], targetOf(target, c), beta);
    },
  };
}

function largest(outputs: Outputs): number {
  let best = 0;
  for (let c = 1; c < outputs.length; c++) if (outputs[c] > outputs[best]) best = c;
  return best;
}

const binary = summed(logistic, true);

export const losses: readonly Loss[] = [
  {
    id: 'squared',
    label: 'squared error',
    description: 'ℓ = ½ Σ_c (F_c − y_c)², over the outputs that are asked for.',
    source: 'Saxe et al. 2014',
    ...summed(squared, false),
  },
  {
    id: 'hinge',
    label: 'hinge',
    description: 'ℓ = Σ_c max(0, 1 − y_c F_c), with one-hot targets read as ±1.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034v1)',
    ...summed(hinge, true),
  },
  {
    id: 'softHinge',
    label: 'soft hinge',
    description: 'ℓ = Σ_c ln(1 + e^{β(1 − y_c F_c)})/β, with one-hot targets read as ±1.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034)',
    ...summed(softHinge, true),
  },
  {
    id: 'crossEntropy',
    label: 'cross-entropy',
    description: 'ℓ = −Σ_c y_c ln softmax(F)_c for one-hot targets; ln(1 + e^{−yF}) for a single output.',
    source: 'Chizat et al. 2019',
    value(outputs, target, beta) {
      if (target.length === 1) return binary.value(outputs, target, beta);
      const top = largest(outputs);
      let rest = 0;
      let gap = 0;
      for (let c = 0; c < target.length; c++) {
        if (c !== top) rest += Math.exp(outputs[c] - outputs[top]);
        gap += target[c] * (outputs[top] - outputs[c]);
      }
      return gap + Math.log1p(rest);
    },
    slope(outputs, target, beta, slope) {
      if (target.length === 1) {
        binary.slope(outputs, target, beta, slope);
        return;
      }
      const top = outputs[largest(outputs)];
      let sum = 0;
      for (let c = 0; c < target.length; c++) sum += Math.exp(outputs[c] - top);
      for (let c = 0; c < target.length; c++) slope[c] = Math.exp(outputs[c] - top) / sum - target[c];
    },
  },
];

/** Ids of all losses. */
export const lossIds: readonly string[] = losses.map(({ id }) => id);

/** The loss named `id`. Throws where there is none: names are checked at the border. */
export function lossOf(id: string): Loss {
  const found = losses.find((loss) => loss.id === id);
  if (found === undefined) throw new Error(`loss: expected one of ${lossIds.join(', ')}, got ${id}`);
  return found;
}

/**
 * Margin of one sample: y·F for one output; F_true − max F_other for several, true being the largest target (first of equals).
 */
export function marginOf(outputs: Outputs, target: Outputs): number {
  if (target.length === 1) return target[0] * outputs[0];
  const truth = largest(target);
  let rival = -Infinity;
  for (let c = 0; c < target.length; c++) if (c !== truth) rival = Math.max(rival, outputs[c]);
  return outputs[truth] - rival;
}

/** What the WGSL of a loss needs to know. */
export interface LossOptions {
  readonly loss: string;
  /** Sharpness β of the soft hinge. */
  readonly beta: number;
  /** C ≥ 1. */
  readonly outputDim: number;
}

/** `body` for every output: unrolled with constant indices while that is short. */
function eachOutput(outputDim: number, body: (c: string) => string, first = 0): string {
  if (outputDim > 16) return `for (var c = ${u32(first)}; c < ${u32(outputDim)}; c++) { ${body('c')} }`;
  return Array.from({ length: outputDim - first }, (_, i) => body(`${first + i}`)).join('\n  ');
}

/** WGSL statements that give ℓ(f, y) and its slope for one output, in type `t`. */
function separableWgsl(id: string, beta: number, t: string): { value: string; slope: string } {
  const soft = (argument: string, scale: number) => ({
    value: `
  let u = ${argument};
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  let q = e / (${t}(2.0f) + e);
  let q2 = q * q;
  return ${f32(1 / scale)} * (max(u, ${t}(0.0f)) + q * ${polynomial('q2', LOG1P)});`,
    slope: `
  let u = ${argument};
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  let r = ${t}(1.0f) / (${t}(1.0f) + e);
  return -y * select(e * r, r, u >= ${t}(0.0f));`,
  });
  switch (id) {
    case 'squared':
      return {
        value: `\n  return select(0.5f * (f - y) * (f - y), ${t}(0.0f), y == ${t}(${f32(UNASKED)}));`,
        slope: `\n  return select(f - y, ${t}(0.0f), y == ${t}(${f32(UNASKED)}));`,
      };
    case 'hinge':
      return {
        value: `\n  return max(${t}(0.0f), ${t}(1.0f) - y * f);`,
        slope: `\n  return select(${t}(0.0f), -y, y * f < ${t}(1.0f));`,
      };
    case 'softHinge':
      return soft(`${f32(beta)} * (${t}(1.0f) - y * f)`, beta);
    case 'crossEntropy':
      return soft('-y * f', 1);
    default:
      throw new Error(`loss: expected one of ${lossIds.join(', ')}, got ${id}`);
  }
}

/** Softmax cross-entropy over C ≥ 2 outputs; the sum of the others goes through log1p so that small losses keep their digits. */
function softmaxWgsl(t: string, suffix: string, outputDim: number): string {
  const outputs = `array<${t}, ${outputDim}>`;
  return `
fn sample_top${suffix}(f: ${outputs}) -> ${t} {
  var top = f[0];
  ${eachOutput(outputDim, (c) => `top = max(top, f[${c}]);`, 1)}
  return top;
}

fn sample_loss${suffix}(f: ${outputs}, y: ${outputs}) -> ${t} {
  let top = sample_top${suffix}(f);
  var rest = ${t}(0.0f);
  var gap = ${t}(0.0f);
  var skipped = ${t}(0.0f);
  ${eachOutput(
    outputDim,
    (c) => `{
    let is_top = f[${c}] == top;
    let e = exp(-min(top - f[${c}], ${t}(${f32(EXP_LIMIT)})));
    rest += select(e, skipped, is_top);
    skipped = select(skipped, ${t}(1.0f), is_top);
    gap += y[${c}] * (top - f[${c}]);
  }`,
  )}
  let q = rest / (${t}(2.0f) + rest);
  let q2 = q * q;
  return gap + select(log(${t}(1.0f) + rest), q * ${polynomial('q2', LOG1P)}, rest <= ${t}(1.0f));
}

fn sample_slope${suffix}(f: ${outputs}, y: ${outputs}) -> ${outputs} {
  let top = sample_top${suffix}(f);
  var slope = ${outputs}();
  var sum = ${t}(0.0f);
  ${eachOutput(outputDim, (c) => `slope[${c}] = exp(-min(top - f[${c}], ${t}(${f32(EXP_LIMIT)}))); sum += slope[${c}];`)}
  ${eachOutput(outputDim, (c) => `slope[${c}] = slope[${c}] / sum - y[${c}];`)}
  return slope;
}
`;
}

function functionsWgsl({ loss, beta, outputDim }: LossOptions, t: string, suffix: string): string {
  const outputs = `array<${t}, ${outputDim}>`;
  const margin =
    outputDim === 1
      ? `
fn sample_margin${suffix}(f: ${outputs}, y: ${outputs}) -> ${t} { return y[0] * f[0]; }
`
      : `
fn sample_margin${suffix}(f: ${outputs}, y: ${outputs}) -> ${t} {
  var highest = y[0];
  ${eachOutput(outputDim, (c) => `highest = max(highest, y[${c}]);`, 1)}
  var own = ${t}(0.0f);
  var rival = ${t}(-3.0e38f);
  var found = ${t}(0.0f);
  ${eachOutput(
    outputDim,
    (c) => `{
    let is_true = (y[${c}] == highest) & (found == ${t}(0.0f));
    own = select(own, f[${c}], is_true);
    rival = select(max(rival, f[${c}]), rival, is_true);
    found = select(found, ${t}(1.0f), is_true);
  }`,
  )}
  return own - rival;
}
`;
  if (loss === 'crossEntropy' && outputDim > 1) return softmaxWgsl(t, suffix, outputDim) + margin;
  const { value, slope } = separableWgsl(loss, beta, t);
  const signed = loss !== 'squared' && outputDim > 1;
  const target = (c: string) => (signed ? `select(${t}(-1.0f), ${t}(1.0f), y[${c}] > ${t}(0.5f))` : `y[${c}]`);
  return `
fn loss_value${suffix}(f: ${t}, y: ${t}) -> ${t} {${value}
}

fn loss_slope${suffix}(f: ${t}, y: ${t}) -> ${t} {${slope}
}

fn sample_loss${suffix}(f: ${outputs}, y: ${outputs}) -> ${t} {
  var sum = ${t}(0.0f);
  ${eachOutput(outputDim, (c) => `sum += loss_value${suffix}(f[${c}], ${target(c)});`)}
  return sum;
}

fn sample_slope${suffix}(f: ${outputs}, y: ${outputs}) -> ${outputs} {
  var slope = ${outputs}();
  ${eachOutput(outputDim, (c) => `slope[${c}] = loss_slope${suffix}(f[${c}], ${target(c)});`)}
  return slope;
}
${margin}`;
}

/**
 * WGSL of a loss over one sample's C outputs, and over four samples at once (suffix 4, vec4f in place of f32):
 * `sample_loss(f: array<f32, C>, y: array<f32, C>) -> f32`, `sample_slope(f, y) -> array<f32, C>` (∂ℓ/∂F_c),
 * `sample_margin(f, y) -> f32` (see `marginOf`). For losses that are sums over outputs also
 * `loss_value(f: f32, y: f32) -> f32` and `loss_slope(f: f32, y: f32) -> f32` for one output with target y (±1 for the hinges
 * and the binary cross-entropy): all but cross-entropy with C ≥ 2. Include it once per module.
 */
export function lossWgsl(options: LossOptions): string {
  return functionsWgsl(options, 'f32', '') + functionsWgsl(options, 'vec4f', '4');
}
