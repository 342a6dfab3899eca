// Activations, each twice: float64 and WGSL (scalar, and vec4f along samples). All are σ(z) = c·act(βz)/β, where the factor c
// gives a standard normal input a unit second moment (Geiger et al. 2020, section 2). Nothing here knows a layer or a network.

import { f32 } from '../wgsl.ts';
import { erf, normalDistribution } from './error-function.ts';

/** WGSL of one activation over u = βz in type `t` (f32 or vec4f): statements, then the expressions act(u) and act'(u). */
interface Kernel {
  /** Statements that value and slope share. */
  readonly shared?: string;
  readonly forValue?: string;
  readonly forSlope?: string;
  readonly value: string;
  readonly slope: string;
}

export interface Activation {
  readonly id: string;
  readonly label: string;
  /** True where act' jumps: rules that compare gradients stall (Geiger et al. 2020: ReLU takes the output rule only). */
  readonly kinked: boolean;
  /** β that stands for `activationBeta: 0`: the field's usual choice. */
  readonly usualBeta: number;
  /** act(βz)/β, without the factor c. */
  value(z: number, beta: number): number;
  /** Derivative of `value` by z: act'(βz). */
  slope(z: number, beta: number): number;
  /** Body of the twin, in type `t`. */
  kernel(t: string): Kernel;
}

/** Slope of leaky ReLU at negative arguments. */
export const LEAK = 0.1;

const sigmoid = (u: number) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u)));

/** Horner's form of Σ coefficients[k]·x^k. */
export function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(0, -1)
    .reduceRight((text, coefficient) => `(${f32(coefficient)} + ${x} * ${text})`, f32(coefficients[coefficients.length - 1]));
}

// Near-minimax fits in relative error, made for this file; the errors are those of the fit in exact arithmetic.
/** ln(1+e) = t·p(t²), t = e/(2+e), 0 ≤ e ≤ 1: 4e-9. */
export const LOG1P = [2.0000000079210363, 0.6666631468215313, 0.40024910274420256, 0.2796060286568629, 0.28178334399917304];
/** tanh u = u·p(u²), |u| ≤ 0.7: 1.4e-8. */
export const TANH = [
  0.9999999863009077, -0.3333313041666316, 0.13328414772472277, -0.05352600916706455, 0.02002445749350386, -0.005088335721848263,
];
/** erf u = u·p(u²), |u| ≤ 1: 4e-8. */
const ERF = [
  1.128379122493813, -0.37612326186382083, 0.11280180110163696, -0.026711311265041893, 0.004917551374237661,
  -0.0005631422006402431,
];
/** e^{x²} erfc x = t·p(t), t = 1/(1 + 0.4x), 0 ≤ x ≤ 10: 6e-8. */
export const ERFCX = [
  0.2256342311515424, 0.22644311138011475, 0.20188759011949323, 0.19339320712082117, 0.07975649638185828, 0.08796432848872893,
  0.08398729916265074, -0.14031924298616769, 0.04125304096128059,
];

/** Largest argument of exp(−x): e^{−80} is still a normal float32. */
export const EXP_LIMIT = 80;

/** e^{−|u|} and sig(|u|), of which softplus, SiLU and their slopes are made. */
const logisticParts = (t: string) => `
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  let r = ${t}(1.0f) / (${t}(1.0f) + e);
  let positive = u >= ${t}(0.0f);
  let sigma = select(e * r, r, positive);`;

export const activations: readonly Activation[] = [
  {
    id: 'linear',
    label: 'linear',
    kinked: false,
    usualBeta: 1,
    value: (z) => z,
    slope: () => 1,
    kernel: (t) => ({ value: 'u', slope: `${t}(1.0f)` }),
  },
  {
    id: 'relu',
    label: 'ReLU',
    kinked: true,
    usualBeta: 1,
    value: (z) => Math.max(z, 0),
    slope: (z) => (z > 0 ? 1 : 0),
    kernel: (t) => ({
      value: `max(u, ${t}(0.0f))`,
      slope: `select(${t}(0.0f), ${t}(1.0f), u > ${t}(0.0f))`,
    }),
  },
  {
    id: 'leakyRelu',
    label: 'leaky ReLU',
    kinked: true,
    usualBeta: 1,
    value: (z) => (z > 0 ? z : LEAK * z),
    slope: (z) => (z > 0 ? 1 : LEAK),
    kernel: (t) => ({
      value: `max(u, ${f32(LEAK)} * u)`,
      slope: `select(${t}(${f32(LEAK)}), ${t}(1.0f), u > ${t}(0.0f))`,
    }),
  },
  {
    id: 'softplus',
    label: 'softplus',
    kinked: false,
    usualBeta: 5,
    value: (z, beta) => (Math.max(beta * z, 0) + Math.log1p(Math.exp(-Math.abs(beta * z)))) / beta,
    slope: (z, beta) => sigmoid(beta * z),
    kernel: (t) => ({
      shared: `
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));`,
      forValue: `
  let q = e / (${t}(2.0f) + e);
  let q2 = q * q;`,
      forSlope: `
  let r = ${t}(1.0f) / (${t}(1.0f) + e);`,
      value: `max(u, ${t}(0.0f)) + q * ${polynomial('q2', LOG1P)}`,
      slope: `select(e * r, r, u >= ${t}(0.0f))`,
    }),
  },
  {
    id: 'tanh',
    label: 'tanh',
    kinked: false,
    usualBeta: 1,
    value: (z, beta) => Math.tanh(beta * z) / beta,
    slope: (z, beta) => {
      const e = Math.exp(-2 * Math.abs(beta * z));
      return (4 * e) / ((1 + e) * (1 + e));
    },
    kernel: (t) => ({
      shared: `
  let size = abs(u);
  let e = exp(-2.0f * min(size, ${t}(${f32(EXP_LIMIT / 2)})));
  let r = ${t}(1.0f) / (${t}(1.0f) + e);`,
      forValue: `
  let u2 = min(u * u, ${t}(0.49f));
  let large = (${t}(1.0f) - e) * r;`,
      value: `select(select(-large, large, u > ${t}(0.0f)), u * ${polynomial('u2', TANH)}, size < ${t}(0.7f))`,
      slope: '4.0f * e * r * r',
    }),
  },
  {
    id: 'gelu',
    label: 'GELU',
    kinked: false,
    usualBeta: 1,
    value: (z, beta) => z * normalDistribution(beta * z),
    slope: (z, beta) => {
      const u = beta * z;
      return normalDistribution(u) + (u * Math.exp((-u * u) / 2)) / Math.sqrt(2 * Math.PI);
    },
    kernel: (t) => ({
      shared: `
  let size = min(abs(u), ${t}(12.6f));
  let e = exp(-0.5f * size * size);
  let q = ${t}(1.0f) / (${t}(1.0f) + ${f32(0.4 / Math.SQRT2)} * size);
  let tail = 0.5f * e * q * ${polynomial('q', ERFCX)};
  let phi = select(tail, ${t}(1.0f) - tail, u > ${t}(0.0f));`,
      value: 'u * phi',
      slope: `phi + ${f32(1 / Math.sqrt(2 * Math.PI))} * clamp(u, ${t}(-12.6f), ${t}(12.6f)) * e`,
    }),
  },
  {
    id: 'silu',
    label: 'SiLU',
    kinked: false,
    usualBeta: 1,
    value: (z, beta) => z * sigmoid(beta * z),
    slope: (z, beta) => {
      const u = beta * z;
      return sigmoid(u) * (1 + u * sigmoid(-u));
    },
    kernel: (t) => ({
      shared: logisticParts(t),
      value: 'u * sigma',
      slope: 'sigma * (1.0f + u * select(r, e * r, positive))',
    }),
  },
  {
    id: 'sigmoid',
    label: 'sigmoid',
    kinked: false,
    usualBeta: 1,
    value: (z, beta) => sigmoid(beta * z) / beta,
    slope: (z, beta) => sigmoid(beta * z) * sigmoid(-beta * z),
    kernel: (t) => ({
      shared: `
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  let r = ${t}(1.0f) / (${t}(1.0f) + e);`,
      value: `select(e * r, r, u >= ${t}(0.0f))`,
      slope: 'e * r * r',
    }),
  },
  {
    id: 'erf',
    label: 'erf',
    kinked: false,
    usualBeta: 1,
    value: (z, beta) => erf(beta * z) / beta,
    slope: (z, beta) => (2 / Math.sqrt(Math.PI)) * Math.exp(-beta * beta * z * z),
    kernel: (t) => ({
      shared: `
  let size = min(abs(u), ${t}(8.9f));
  let e = exp(-size * size);`,
      forValue: `
  let u2 = min(u * u, ${t}(1.0f));
  let q = ${t}(1.0f) / (${t}(1.0f) + 0.4f * size);
  let large = ${t}(1.0f) - e * q * ${polynomial('q', ERFCX)};`,
      value: `select(select(-large, large, u > ${t}(0.0f)), u * ${polynomial('u2', ERF)}, size < ${t}(1.0f))`,
      slope: `${f32(2 / Math.sqrt(Math.PI))} * e`,
    }),
  },
];

/** Ids of all activations. */
export const activationIds: readonly string[] = activations.map(({ id }) => id);

/** The activation named `id`. Throws where there is none: names are checked at the border. */
export function activationOf(id: string): Activation {
  const found = activations.find((activation) => activation.id === id);
  if (found === undefined) throw new Error(`activation: expected one of ${activationIds.join(', ')}, got ${id}`);
  return found;
}

/**
 * Factor c with E[(c·act(βz)/β)²] = 1 for z ~ N(0, 1), to about 1e-12; exactly for piecewise linear ones: 1 for linear, √2 for
 * ReLU. Geiger et al. 2020, section 2.
 */
export function activationFactor(id: string, beta: number): number {
  if (id === 'linear') return 1;
  if (id === 'relu') return Math.SQRT2;
  if (id === 'leakyRelu') return Math.sqrt(2 / (1 + LEAK * LEAK));
  const { value } = activationOf(id);
  // The trapezoidal rule on an analytic integrand: error e^{−2πw/step}, w = π/(2β) the distance of tanh's poles from the axis.
  const bound = 9;
  const intervals = Math.ceil((2 * bound) / Math.min(0.1, 0.3 / beta));
  const step = (2 * bound) / intervals;
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const z = -bound + i * step;
    sum += value(z, beta) ** 2 * Math.exp((-z * z) / 2);
  }
  return 1 / Math.sqrt((sum * step) / Math.sqrt(2 * Math.PI));
}

/** What the WGSL of an activation needs to know. */
export interface ActivationOptions {
  readonly activation: string;
  /** β > 0, resolved (not 0). */
  readonly beta: number;
  /** Factor c > 0. */
  readonly factor: number;
}

/**
 * WGSL of σ = c·act(β·)/β and its derivative, each for one number and for four:
 * `act(z: f32) -> f32`, `act_slope(z: f32) -> f32`, `act_both(z: f32) -> vec2f` (value, slope), and
 * `act4(z: vec4f) -> vec4f`, `act_slope4(z: vec4f) -> vec4f`, `act_both4(z: vec4f) -> ActBoth4` (`value`, `slope`).
 * Relative error about 1e-6 where exp is good to a few ulp. Include it once per module.
 */
export function activationWgsl({ activation, beta, factor }: ActivationOptions): string {
  const { kernel } = activationOf(activation);
  const functions = (t: string, suffix: string, pair: string) => {
    const { shared = '', forValue = '', forSlope = '', value, slope } = kernel(t);
    const scaledValue = `${f32(factor / beta)} * (${value})`;
    const scaledSlope = `${f32(factor)} * (${slope})`;
    const argument = `
  let u = ${f32(beta)} * z;`;
    return `
fn act${suffix}(z: ${t}) -> ${t} {${argument}${shared}${forValue}
  return ${scaledValue};
}

fn act_slope${suffix}(z: ${t}) -> ${t} {${argument}${shared}${forSlope}
  return ${scaledSlope};
}

fn act_both${suffix}(z: ${t}) -> ${pair} {${argument}${shared}${forValue}${forSlope}
  return ${pair}(${scaledValue}, ${scaledSlope});
}
`;
  };
  return `struct ActBoth4 { value: vec4f, slope: vec4f }
${functions('f32', '', 'vec2f')}${functions('vec4f', '4', 'ActBoth4')}`;
}
