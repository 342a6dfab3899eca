// A step of Adam as WGSL statements, and its corrections for the zero start of the running means. Knows no family.

import type { Adam } from '../../../src/core/training.ts';
import { f32 } from '../../wgsl.ts';

/** 1 − βᵏ = −expm1(k ln β); no cancellation where k is small. */
function correction(name: string, beta: number): string {
  if (beta === 0) return `fn ${name}(step: u32) -> f32 { return 1.0; }`;
  return `
fn ${name}(step: u32) -> f32 {
  let x = f32(step) * ${f32(-Math.log(beta))};
  let near = x * (1.0 - x * (0.5 - x * (${f32(1 / 6)} - x * (${f32(1 / 24)} - x * (${f32(1 / 120)} - x * ${f32(1 / 720)})))));
  return select(1.0 - exp(-min(x, 80.0)), near, x < 0.25);
}`;
}

/** `adam_bias1(step)` and `adam_bias2(step)`: 1 − β₁ᵏ and 1 − β₂ᵏ of the k-th step, k ≥ 1. Kingma and Ba 2015. */
export function adamWgsl({ beta1, beta2 }: Adam): string {
  return `${correction('adam_bias1', beta1)}
${correction('adam_bias2', beta2)}`;
}

/** Places of one vec4 of weights, as WGSL expressions that may be assigned to. */
export interface AdamPlaces {
  readonly weight: string;
  /** Running means of the gradient and of its square. */
  readonly mean: string;
  readonly square: string;
  /** The gradient, without the layer's rate. */
  readonly gradient: string;
  /** η times the layer's rate. */
  readonly rate: string;
  /** 1 − β₁ᵏ and 1 − β₂ᵏ. */
  readonly bias1: string;
  readonly bias2: string;
}

/** Statements: W ← W − η m̂/(√ŝ + ε). Kingma and Ba 2015, algorithm 1. */
export function adamStep({ beta1, beta2, epsilon }: Adam, at: AdamPlaces): string {
  return `let mean = ${f32(beta1)} * ${at.mean} + ${f32(1 - beta1)} * ${at.gradient};
    let square = ${f32(beta2)} * ${at.square} + ${f32(1 - beta2)} * ${at.gradient} * ${at.gradient};
    ${at.mean} = mean;
    ${at.square} = square;
    ${at.weight} -= ${at.rate} * (mean / ${at.bias1}) / (sqrt(square / ${at.bias2}) + ${f32(epsilon)});`;
}
