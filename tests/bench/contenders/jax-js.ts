// jax-js: one jitted training step over batched matrix products, in three forms of which the fastest is taken per problem:
// gradients by hand with units or samples first, and jax-js's own reverse mode.

import {
  blockUntilReady,
  type Device,
  defaultDevice,
  grad,
  init,
  type Array as JaxArray,
  jit,
  nn,
  numpy as np,
} from '@jax-js/jax';
import type { Contender, Prepared } from '../contender.ts';
import { MOTION_FROM, type Problem } from '../problem.ts';

type Weights = JaxArray[];
/** (weights, X, X^T, y, f₀) → new weights. Consumes the weights only where jax-js says so: inputs are passed with `.ref`. */
type Step = (weights: Weights, inputs: JaxArray, inputsT: JaxArray, targets: JaxArray, start: JaxArray) => Weights;

function activationOf({ activation, beta, factor }: Problem) {
  const value = (z: JaxArray): JaxArray => {
    if (activation === 'relu') return nn.relu(z).mul(factor);
    if (activation === 'tanh') return np.tanh(z.mul(beta)).mul(factor / beta);
    return nn.softplus(z.mul(beta)).mul(factor / beta);
  };
  /** σ'(z) from z and σ(z); consumes both. */
  const slope = (z: JaxArray, a: JaxArray): JaxArray => {
    if (activation === 'tanh') {
      z.dispose();
      const scaled = a.mul(beta / factor);
      return np.square(scaled).mul(-factor).add(factor);
    }
    a.dispose();
    if (activation === 'relu') return np.where(z.greater(0), factor, 0);
    return nn.sigmoid(z.mul(beta)).mul(factor);
  };
  return { value, slope };
}

/** σ(z+δ) − σ(z) from z and δ, both consumed, without cancellation. */
function activationDifferenceOf({ activation, beta, factor }: Problem) {
  return (z: JaxArray, delta: JaxArray): JaxArray => {
    if (activation === 'softplus') {
      return np.log1p(nn.sigmoid(z.mul(beta)).mul(np.expm1(delta.mul(beta)))).mul(factor / beta);
    }
    if (activation === 'relu') {
      const on = np.maximum(delta.ref, z.ref.mul(-1));
      const off = np.maximum(z.ref.add(delta), 0);
      return np.where(z.greater(0), on, off).mul(factor);
    }
    throw new Error(`jax-js: expected relu or softplus in the difference form, got ${activation}`);
  };
}

/** Outputs f of all networks, (networks, 1, samples). Consumes its arguments. */
function forward(problem: Problem, weights: Weights, inputsT: JaxArray): JaxArray {
  const { networks: B, samples: P, width: h, depth, inputDim: d, scales } = problem;
  const { value } = activationOf(problem);
  let a = value(np.matmul(weights[0].reshape([B * h, d]), inputsT).mul(scales[0])).reshape([B, h, P]);
  for (let layer = 1; layer < depth; layer++) a = value(np.matmul(weights[layer], a).mul(scales[layer]));
  return np.matmul(weights[depth], a).mul(scales[depth]);
}

/** Gradients by hand: the products that a fused implementation would take, and no other. */
function byHand(problem: Problem): Step {
  const { networks: B, samples: P, width: h, depth, inputDim: d, scales, rate } = problem;
  const { value, slope } = activationOf(problem);
  return (weights, inputs, inputsT, targets, start) => {
    const products: JaxArray[] = [];
    const values: JaxArray[] = [];
    for (let layer = 0; layer < depth; layer++) {
      const z =
        layer === 0
          ? np.matmul(weights[0].ref.reshape([B * h, d]), inputsT.ref).reshape([B, h, P])
          : np.matmul(weights[layer].ref, values[layer - 1].ref);
      products.push(z.mul(scales[layer]));
      values.push(value(products[layer].ref));
    }
    inputsT.dispose();
    const f = np.matmul(weights[depth].ref, values[depth - 1].ref).mul(scales[depth]);
    const error = f
      .sub(start)
      .sub(targets)
      .mul((-rate * scales[depth]) / P);
    const updated: Weights = [];
    const last = values[depth - 1];
    updated[depth] = weights[depth].ref.add(np.matmul(error.ref, np.matrixTranspose(last.ref)));
    let delta = np
      .matrixTranspose(weights[depth])
      .mul(error)
      .mul(slope(products[depth - 1], last));
    for (let layer = depth - 1; layer > 0; layer--) {
      const below = values[layer - 1];
      const scaled = delta.mul(scales[layer]);
      updated[layer] = weights[layer].ref.add(np.matmul(scaled.ref, np.matrixTranspose(below.ref)));
      delta = np.matmul(np.matrixTranspose(weights[layer]), scaled).mul(slope(products[layer - 1], below));
    }
    const flat = np.matmul(delta.reshape([B * h, P]), inputs).mul(scales[0]);
    updated[0] = weights[0].add(flat.reshape([B, h, d]));
    return updated;
  };
}

/** Gradients by jax-js's own reverse mode. */
function byGrad(problem: Problem): Step {
  const { samples, rate } = problem;
  const loss = (weights: Weights, inputsT: JaxArray, targets: JaxArray, start: JaxArray): JaxArray =>
    np.sum(np.square(forward(problem, weights, inputsT).sub(start).sub(targets))).mul(0.5 / samples);
  return (weights, inputs, inputsT, targets, start) => {
    inputs.dispose();
    const gradients = grad(loss)(
      weights.map((w) => w.ref),
      inputsT,
      targets,
      start,
    ) as Weights;
    return weights.map((w, layer) => w.sub(gradients[layer].mul(rate)));
  };
}

/** The same by einsum, samples before units, so that every product runs over the last axes. */
function bySamples(problem: Problem): Step {
  const { networks: B, samples: P, width: h, depth, scales, rate } = problem;
  const { value, slope } = activationOf(problem);
  return (weights, inputs, inputsT, targets, start) => {
    inputsT.dispose();
    const products: JaxArray[] = [];
    const values: JaxArray[] = [];
    for (let layer = 0; layer < depth; layer++) {
      const z =
        layer === 0
          ? np.einsum('pd,bhd->bph', inputs.ref, weights[0].ref)
          : np.einsum('bpk,bhk->bph', values[layer - 1].ref, weights[layer].ref);
      products.push(z.mul(scales[layer]));
      values.push(value(products[layer].ref));
    }
    const f = np.einsum('bph,bh->bp', values[depth - 1].ref, weights[depth].ref.reshape([B, h])).mul(scales[depth]);
    const error = f
      .sub(start.reshape([B, P]))
      .sub(targets.reshape([1, P]))
      .mul((-rate * scales[depth]) / P);
    const updated: Weights = [];
    const last = values[depth - 1];
    updated[depth] = weights[depth].ref.add(np.einsum('bp,bph->bh', error.ref, last.ref).reshape([B, 1, h]));
    let delta = error
      .reshape([B, P, 1])
      .mul(weights[depth])
      .mul(slope(products[depth - 1], last));
    for (let layer = depth - 1; layer > 0; layer--) {
      const below = values[layer - 1];
      const scaled = delta.mul(scales[layer]);
      updated[layer] = weights[layer].ref.add(np.einsum('bph,bpk->bhk', scaled.ref, below.ref));
      delta = np.einsum('bph,bhk->bpk', scaled, weights[layer]).mul(slope(products[layer - 1], below));
    }
    updated[0] = weights[0].add(np.einsum('bph,pd->bhd', delta, inputs).mul(scales[0]));
    return updated;
  };
}

/**
 * Gradients by hand in the difference form: `weights` are motions U; their starts W₀ and what these give are constants. A product
 * more for every δA than in the ordinary form.
 */
function byDifference(problem: Problem, device: Device): Step {
  const { networks: B, samples: P, width: h, depth, inputDim: d, scales, rate, sizes, outputScale } = problem;
  const { value, slope } = activationOf(problem);
  const difference = activationDifferenceOf(problem);
  const starts = problem.weights.map((values, layer) => np.array(values, { shape: [B, ...sizes[layer]], device }));
  const transposed = np.matrixTranspose(np.array(problem.inputs, { shape: [P, d], device }));
  const startProducts: JaxArray[] = [];
  const startValues: JaxArray[] = [];
  for (let layer = 0; layer < depth; layer++) {
    const z =
      layer === 0
        ? np.matmul(starts[0].ref.reshape([B * h, d]), transposed.ref).reshape([B, h, P])
        : np.matmul(starts[layer].ref, startValues[layer - 1].ref);
    startProducts.push(z.mul(scales[layer]));
    startValues.push(value(startProducts[layer].ref));
  }
  transposed.dispose();
  return (weights, inputs, inputsT, targets, start) => {
    start.dispose();
    const now = weights.map((u, layer) => u.ref.add(starts[layer].ref));
    const products: JaxArray[] = [];
    const values: JaxArray[] = [];
    const changes: JaxArray[] = [];
    for (let layer = 0; layer < depth; layer++) {
      const moved =
        layer === 0
          ? np.matmul(weights[0].ref.reshape([B * h, d]), inputsT.ref).reshape([B, h, P])
          : np.matmul(weights[layer].ref, values[layer - 1].ref).add(np.matmul(starts[layer].ref, changes[layer - 1]));
      const delta = moved.mul(scales[layer]);
      products.push(startProducts[layer].ref.add(delta.ref));
      changes.push(difference(startProducts[layer].ref, delta));
      values.push(startValues[layer].ref.add(changes[layer].ref));
    }
    inputsT.dispose();
    const last = values[depth - 1];
    const f = np
      .matmul(weights[depth].ref, last.ref)
      .add(np.matmul(starts[depth].ref, changes[depth - 1]))
      .mul(scales[depth] * outputScale);
    const error = f.sub(targets).mul((-rate * scales[depth]) / P);
    const updated: Weights = [];
    updated[depth] = weights[depth].add(np.matmul(error.ref, np.matrixTranspose(last.ref)));
    let delta = np
      .matrixTranspose(now[depth])
      .mul(error)
      .mul(slope(products[depth - 1], last));
    for (let layer = depth - 1; layer > 0; layer--) {
      const below = values[layer - 1];
      const scaled = delta.mul(scales[layer]);
      updated[layer] = weights[layer].add(np.matmul(scaled.ref, np.matrixTranspose(below.ref)));
      delta = np.matmul(np.matrixTranspose(now[layer]), scaled).mul(slope(products[layer - 1], below));
    }
    now[0].dispose();
    const flat = np.matmul(delta.reshape([B * h, P]), inputs).mul(scales[0]);
    updated[0] = weights[0].add(flat.reshape([B, h, d]));
    return updated;
  };
}

interface Variant {
  readonly label: string;
  readonly make: (problem: Problem, device: Device) => Step;
}

const VARIANTS: readonly Variant[] = [
  { label: 'jit, gradients by hand', make: byHand },
  { label: 'jit, gradients by hand, samples first', make: bySamples },
  { label: 'jit, grad', make: byGrad },
];

/** What is tried at large output scales, where float32 weights would not show their motion. */
const DIFFERENCES: readonly Variant[] = [{ label: 'jit, gradients by hand, difference form', make: byDifference }];

async function prepareVariant(problem: Problem, device: Device, variant: Variant): Promise<Prepared> {
  const { networks: B, samples: P, inputDim: d, sizes } = problem;
  const onDevice = (values: Float32Array<ArrayBuffer>, shape: number[]) => np.array(values, { shape, device });
  const inputs = onDevice(problem.inputs, [P, d]);
  const transposed = new Float32Array(P * d);
  for (let p = 0; p < P; p++) for (let i = 0; i < d; i++) transposed[i * P + p] = problem.inputs[p * d + i];
  const inputsT = onDevice(transposed, [d, P]);
  const targets = onDevice(problem.targets, [1, 1, P]);
  const motion = problem.outputScale >= MOTION_FROM;
  let weights: Weights = problem.weights.map((values, layer) => {
    return onDevice(motion ? new Float32Array(values.length) : values, [B, ...sizes[layer]]);
  });
  const outputs = jit((w: Weights, x: JaxArray) => forward(problem, w, x));
  const start = await outputs(
    weights.map((w) => w.ref),
    inputsT.ref,
  ).blockUntilReady();
  const advance = jit(variant.make(problem, device));
  return {
    detail: `${device}, ${variant.label}`,
    async step(count) {
      for (let i = 0; i < count; i++) weights = advance(weights, inputs.ref, inputsT.ref, targets.ref, start.ref) as Weights;
      await blockUntilReady(weights);
    },
    weights: () =>
      Promise.all(
        weights.map(async (w, layer) => {
          const values = Float64Array.from((await w.ref.data()) as Float32Array);
          return motion ? values.map((moved, i) => problem.weights[layer][i] + moved) : values;
        }),
      ),
    dispose() {
      for (const array of [...weights, inputs, inputsT, targets, start]) array.dispose();
      advance.dispose();
      outputs.dispose();
    },
  };
}

/** Milliseconds of one step after a warm-up: the best of four, which noise can only lengthen. */
async function pilot(prepared: Prepared): Promise<number> {
  await prepared.step(2);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    const begin = performance.now();
    await prepared.step(2);
    best = Math.min(best, (performance.now() - begin) / 2);
  }
  return best;
}

export function jaxJs(device: 'webgpu' | 'wasm'): Contender {
  return {
    name: `jax-js ${device === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    device,
    async prepare(problem) {
      const available = await init(device);
      if (!available.includes(device)) throw new Error(`jax-js: expected the device ${device}, got ${available.join(', ')}`);
      defaultDevice(device);
      const variants = problem.outputScale >= MOTION_FROM ? DIFFERENCES : VARIANTS;
      let best = { time: Number.POSITIVE_INFINITY, variant: variants[0] };
      for (const variant of variants) {
        const candidate = await prepareVariant(problem, device, variant);
        const time = await pilot(candidate);
        candidate.dispose();
        if (time < best.time) best = { time, variant };
      }
      return prepareVariant(problem, device, best.variant);
    },
  };
}
