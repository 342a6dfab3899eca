// Differences σ(z+δ) − σ(z) and σ′(z+δ) − σ′(z) of every activation without cancellation, each twice: float64 and WGSL. Relative
// error about 1e-6 in float32 however small δ is, where subtracting values of σ would leave nothing (Geiger et al. 2020 at large
// output scales). The activations themselves stand in activations.ts.

import { f32 } from '../wgsl.ts';
import { type ActivationOptions, EXP_LIMIT, LEAK, LOG1P, polynomial, TANH } from './activations.ts';
import { ERF_WGSL_LIMIT, erfDifference, erfDifferenceWgsl } from './erf-difference.ts';
import { normalDistribution } from './error-function.ts';

/** WGSL over u = βz, du = βδ and v = β(z+δ), as activations.ts has it, in type `t`: statements, then the difference. */
interface DifferenceText {
  readonly body?: string;
  readonly result: string;
}

/** Differences of act in units where β = 1; the WGSL functions' names end in `suffix`. */
interface ActivationDifference {
  value(u: number, du: number): number;
  slope(u: number, du: number): number;
  /** Functions that the texts call, in type `t`. */
  helpers?(t: string, suffix: string): string;
  valueText(t: string, suffix: string): DifferenceText;
  slopeText(t: string, suffix: string): DifferenceText;
}

const SQRT_HALF = Math.SQRT1_2;
const INVERSE_ROOT_TAU = 1 / Math.sqrt(2 * Math.PI);

// Float64.

const rampDifference = (u: number, du: number) => (u > 0 ? Math.max(du, -u) : Math.max(u + du, 0));
const stepDifference = (u: number, du: number) => (u + du > 0 ? 1 : 0) - (u > 0 ? 1 : 0);
const tail = (u: number) => Math.log1p(Math.exp(-Math.abs(u)));

/** tanh(x+d) − tanh x = sinh d / (cosh x cosh(x+d)), by e^{−2|x|} so that nothing overflows. */
function tanhDifference(x: number, d: number): number {
  const [e, g] = [Math.exp(-2 * Math.abs(x)), Math.exp(-2 * Math.abs(x + d))];
  const shared = x >= 0 === x + d >= 0 ? e + g : 1 + e * g;
  return (2 * Math.tanh(d) * shared) / ((1 + e) * (1 + g));
}

const sigmoid = (u: number) => (u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u)));
const sigmoidDifference = (u: number, du: number) => tanhDifference(u / 2, du / 2) / 2;
/** Of sig(u) sig(−u). */
const bumpDifference = (u: number, du: number) => (-sigmoidDifference(u, du) * (Math.tanh(u / 2) + Math.tanh((u + du) / 2))) / 2;

function softplusDifference(u: number, du: number): number {
  if (Math.abs(du) >= 0.5) return rampDifference(u, du) + tail(u + du) - tail(u);
  return -Math.sign(du) * Math.log1p(sigmoid(Math.max(u, u + du)) * Math.expm1(-Math.abs(du)));
}

const normalDifference = (u: number, du: number) => erfDifference(u * SQRT_HALF, du * SQRT_HALF) / 2;
const normalDensity = (u: number) => INVERSE_ROOT_TAU * Math.exp((-u * u) / 2);

function normalDensityDifference(u: number, du: number): number {
  const m = du * (u + du / 2);
  return m >= 0 ? normalDensity(u) * Math.expm1(-m) : -normalDensity(u + du) * Math.expm1(m);
}

// WGSL.

/** 1 − e^{−x}, x ≥ 0. */
const fallText = (t: string, s: string) => {
  const series = [8, 7, 6, 5, 4, 3, 2].reduce((text, k) => `(1.0f - x * ${f32(1 / k)} * ${text})`, '1.0f');
  return `
fn fall${s}(x: ${t}) -> ${t} {
  let small = x * ${series};
  if (all(x < ${t}(0.5f))) { return small; }
  return select(1.0f - exp(-min(x, ${t}(${f32(EXP_LIMIT)}))), small, x < ${t}(0.5f));
}`;
};

const tanhText = (t: string, s: string) => `
fn tanh_of${s}(x: ${t}) -> ${t} {
  let x2 = min(x * x, ${t}(0.49f));
  let small = x * ${polynomial('x2', TANH)};
  if (all(abs(x) < ${t}(0.7f))) { return small; }
  let e = exp(-2.0f * min(abs(x), ${t}(${f32(EXP_LIMIT / 2)})));
  let large = (1.0f - e) / (1.0f + e);
  return select(select(-large, large, x > ${t}(0.0f)), small, abs(x) < ${t}(0.7f));
}

// tanh(x+d) − tanh x = sinh d / (cosh x cosh(x+d)), by e^{−2|x|} so that nothing overflows.
fn tanh_difference${s}(x: ${t}, d: ${t}) -> ${t} {
  let y = x + d;
  let e = exp(-2.0f * min(abs(x), ${t}(${f32(EXP_LIMIT / 2)})));
  let g = exp(-2.0f * min(abs(y), ${t}(${f32(EXP_LIMIT / 2)})));
  let both = select(1.0f + e * g, e + g, (x >= ${t}(0.0f)) == (y >= ${t}(0.0f)));
  return 2.0f * tanh_of${s}(d) * both / ((1.0f + e) * (1.0f + g));
}

fn sigmoid_difference${s}(u: ${t}, du: ${t}) -> ${t} { return 0.5f * tanh_difference${s}(0.5f * u, 0.5f * du); }

// Of sig(u) sig(−u).
fn bump_difference${s}(u: ${t}, du: ${t}) -> ${t} {
  return -0.5f * sigmoid_difference${s}(u, du) * (tanh_of${s}(0.5f * u) + tanh_of${s}(0.5f * (u + du)));
}

fn sigmoid_of${s}(u: ${t}) -> ${t} {
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  return select(e, ${t}(1.0f), u >= ${t}(0.0f)) / (1.0f + e);
}`;

const rampText = (t: string) => `select(max(u + du, ${t}(0.0f)), max(du, -u), u > ${t}(0.0f))`;
const stepText = (t: string) =>
  `select(${t}(0.0f), ${t}(1.0f), u + du > ${t}(0.0f)) - select(${t}(0.0f), ${t}(1.0f), u > ${t}(0.0f))`;

/** ln(1 + e^{−|u|}), and the difference of ln(1 + e^u): −ln[1 + sig(v) (e^{−δ} − 1)] where δ is small, v = u + δ. */
const softplusText = (t: string, s: string) => `
fn softplus_tail${s}(u: ${t}) -> ${t} {
  let e = exp(-min(abs(u), ${t}(${f32(EXP_LIMIT)})));
  let q = e / (2.0f + e);
  let q2 = q * q;
  return q * ${polynomial('q2', LOG1P)};
}

fn softplus_difference${s}(u: ${t}, du: ${t}, v: ${t}) -> ${t} {
  let e = exp(-min(abs(v), ${t}(${f32(EXP_LIMIT)})));
  let r = ${t}(1.0f) / (${t}(1.0f) + e);
  let x = clamp(du, ${t}(-0.25f), ${t}(0.25f));
  let y = -select(e * r, r, v >= ${t}(0.0f)) * (x * ${[6, 5, 4, 3, 2].reduce((text, k) => `(1.0f - x * ${f32(1 / k)} * ${text})`, '1.0f')});
  let q = y / (2.0f + y);
  let q2 = q * q;
  let small = -q * ${polynomial('q2', LOG1P)};
  if (all(abs(du) < ${t}(0.25f))) { return small; }
  let large = ${rampText(t)} + (softplus_tail${s}(v) - softplus_tail${s}(u));
  return select(large, small, abs(du) < ${t}(0.25f));
}`;

const normalText = (t: string, s: string) => `
fn normal_difference${s}(u: ${t}, du: ${t}) -> ${t} {
  return 0.5f * erf_difference${s}(${f32(SQRT_HALF)} * u, ${f32(SQRT_HALF)} * du);
}

fn normal_density${s}(u: ${t}) -> ${t} {
  let size = min(abs(u), ${t}(12.6f));
  return ${f32(INVERSE_ROOT_TAU)} * exp(-0.5f * size * size);
}

fn normal_density_difference${s}(u: ${t}, du: ${t}) -> ${t} {
  let m = du * (u + 0.5f * du);
  let fallen = fall${s}(abs(m));
  return select(normal_density${s}(u + du) * fallen, -normal_density${s}(u) * fallen, m >= ${t}(0.0f));
}

// Φ(u), small tails included.
fn normal_of${s}(u: ${t}) -> ${t} {
  let tail = 0.5f * erfc_of${s}(${f32(SQRT_HALF)} * abs(u));
  return select(tail, 1.0f - tail, u > ${t}(0.0f));
}`;

const plain = (result: string): DifferenceText => ({ result });

/** By id of activations.ts. */
const DIFFERENCES: Readonly<Record<string, ActivationDifference>> = {
  linear: {
    value: (_, du) => du,
    slope: () => 0,
    valueText: () => plain('du'),
    slopeText: (t) => plain(`${t}(0.0f)`),
  },
  relu: {
    value: rampDifference,
    slope: stepDifference,
    valueText: (t) => plain(rampText(t)),
    slopeText: (t) => plain(stepText(t)),
  },
  leakyRelu: {
    value: (u, du) => LEAK * du + (1 - LEAK) * rampDifference(u, du),
    slope: (u, du) => (1 - LEAK) * stepDifference(u, du),
    valueText: (t) => plain(`${f32(LEAK)} * du + ${f32(1 - LEAK)} * ${rampText(t)}`),
    slopeText: (t) => plain(`${f32(1 - LEAK)} * (${stepText(t)})`),
  },
  softplus: {
    value: softplusDifference,
    slope: sigmoidDifference,
    helpers: (t, s) => fallText(t, s) + tanhText(t, s) + softplusText(t, s),
    valueText: (_, s) => plain(`softplus_difference${s}(u, du, v)`),
    slopeText: (_, s) => plain(`sigmoid_difference${s}(u, du)`),
  },
  tanh: {
    value: tanhDifference,
    slope: (u, du) => -tanhDifference(u, du) * (Math.tanh(u) + Math.tanh(u + du)),
    helpers: tanhText,
    valueText: (_, s) => plain(`tanh_difference${s}(u, du)`),
    slopeText: (_, s) => plain(`-tanh_difference${s}(u, du) * (tanh_of${s}(u) + tanh_of${s}(u + du))`),
  },
  gelu: {
    value: (u, du) => du * normalDistribution(u + du) + u * normalDifference(u, du),
    slope: (u, du) => normalDifference(u, du) + du * normalDensity(u + du) + u * normalDensityDifference(u, du),
    helpers: (t, s) => fallText(t, s) + erfDifferenceWgsl(t, s) + normalText(t, s),
    valueText: (_, s) => plain(`du * normal_of${s}(u + du) + u * normal_difference${s}(u, du)`),
    slopeText: (t, s) => ({
      // Beyond, slopes are 0 or 1 to float32; the bound keeps u·0 from growing.
      body: `
  let bounded = clamp(u, ${t}(${f32(-ERF_WGSL_LIMIT)}), ${t}(${f32(ERF_WGSL_LIMIT)}));`,
      result: `normal_difference${s}(u, du) + (du * normal_density${s}(u + du) + bounded * normal_density_difference${s}(u, du))`,
    }),
  },
  silu: {
    value: (u, du) => du * sigmoid(u + du) + u * sigmoidDifference(u, du),
    slope: (u, du) => sigmoidDifference(u, du) + du * sigmoid(u + du) * sigmoid(-u - du) + u * bumpDifference(u, du),
    helpers: tanhText,
    valueText: (_, s) => plain(`du * sigmoid_of${s}(u + du) + u * sigmoid_difference${s}(u, du)`),
    slopeText: (_, s) =>
      plain(`sigmoid_difference${s}(u, du) + (du * sigmoid_of${s}(v) * sigmoid_of${s}(-v) + u * bump_difference${s}(u, du))`),
  },
  sigmoid: {
    value: sigmoidDifference,
    slope: bumpDifference,
    helpers: tanhText,
    valueText: (_, s) => plain(`sigmoid_difference${s}(u, du)`),
    slopeText: (_, s) => plain(`bump_difference${s}(u, du)`),
  },
  erf: {
    value: erfDifference,
    slope: (u, du) => {
      const m = du * (2 * u + du);
      const density = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
      return m >= 0 ? density(u) * Math.expm1(-m) : -density(u + du) * Math.expm1(m);
    },
    helpers: (t, s) => fallText(t, s) + erfDifferenceWgsl(t, s),
    valueText: (_, s) => plain(`erf_difference${s}(u, du)`),
    slopeText: (t, s) => ({
      body: `
  let m = du * (2.0f * u + du);
  let least = min(min(abs(u), abs(u + du)), ${t}(8.9f));
  let fallen = ${f32(2 / Math.sqrt(Math.PI))} * exp(-least * least) * fall${s}(abs(m));`,
      result: `select(fallen, -fallen, m >= ${t}(0.0f))`,
    }),
  },
};

function differenceOf(id: string): ActivationDifference {
  const found = DIFFERENCES[id];
  if (found === undefined)
    throw new Error(`activation difference: expected one of ${Object.keys(DIFFERENCES).join(', ')}, got ${id}`);
  return found;
}

/** σ(z+δ) − σ(z) of σ = c·act(β·)/β, c = `factor`, and the same of σ′; float64, relative error about 1e-14. */
export function activationDifference({ activation, beta, factor }: ActivationOptions, z: number, delta: number) {
  const { value, slope } = differenceOf(activation);
  return { value: (factor / beta) * value(beta * z, beta * delta), slope: factor * slope(beta * z, beta * delta) };
}

/**
 * WGSL of the same: `act_difference(z: f32, delta: f32) -> f32` and `act_slope_difference`, and both with suffix 4 for vec4f.
 * Include it once per module, with or without activationWgsl.
 */
export function activationDifferenceWgsl({ activation, beta, factor }: ActivationOptions): string {
  const { helpers, valueText, slopeText } = differenceOf(activation);
  const functions = (t: string, s: string) => {
    const entry = (name: string, { body = '', result }: DifferenceText, scale: number) => `
fn ${name}${s}(z: ${t}, delta: ${t}) -> ${t} {
  let u = ${f32(beta)} * z;
  let du = ${f32(beta)} * delta;
  let v = ${f32(beta)} * (z + delta);${body}
  return ${f32(scale)} * (${result});
}
`;
    return `${helpers?.(t, s) ?? ''}${entry('act_difference', valueText(t, s), factor / beta)}${entry('act_slope_difference', slopeText(t, s), factor)}`;
  };
  return functions('f32', '') + functions('vec4f', '4');
}
