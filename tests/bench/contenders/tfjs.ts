// TensorFlow.js on its WebGPU backend: eager batched matrix products, gradients by hand, everything tidied per step.

import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from '../contender.ts';
import type { Problem } from '../problem.ts';

function activationOf({ activation, beta, factor }: Problem) {
  const value = (z: tf.Tensor): tf.Tensor => {
    if (activation === 'relu') return tf.mul(tf.relu(z), factor);
    if (activation === 'tanh') return tf.mul(tf.tanh(tf.mul(z, beta)), factor / beta);
    return tf.mul(tf.softplus(tf.mul(z, beta)), factor / beta);
  };
  const slope = (z: tf.Tensor, a: tf.Tensor): tf.Tensor => {
    if (activation === 'relu') return tf.mul(tf.step(z), factor);
    if (activation === 'tanh') return tf.sub(factor, tf.mul(tf.square(a), (beta * beta) / factor));
    return tf.mul(tf.sigmoid(tf.mul(z, beta)), factor);
  };
  return { value, slope };
}

export const tensorflow: Contender = {
  name: 'TensorFlow.js WebGPU',
  device: 'webgpu',
  async prepare(problem) {
    if (problem.outputScale !== 1) throw new Error(`TensorFlow.js: expected an output scale of 1, got ${problem.outputScale}`);
    if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js: expected the backend webgpu to start, it did not');
    await tf.ready();
    const { networks: B, samples: P, inputDim: d, width: h, depth, scales, sizes, rate } = problem;
    const { value, slope } = activationOf(problem);
    const inputs = tf.tensor2d(problem.inputs, [P, d]);
    const targets = tf.tensor3d(problem.targets, [1, 1, P]);
    let weights: tf.Tensor[] = problem.weights.map((values, layer) => tf.tensor3d(values, [B, ...sizes[layer]]));

    const forward = (): { products: tf.Tensor[]; values: tf.Tensor[]; outputs: tf.Tensor } => {
      const products: tf.Tensor[] = [];
      const values: tf.Tensor[] = [];
      for (let layer = 0; layer < depth; layer++) {
        const z =
          layer === 0
            ? tf.reshape(tf.matMul(tf.reshape(weights[0], [B * h, d]), inputs, false, true), [B, h, P])
            : tf.matMul(weights[layer], values[layer - 1]);
        products.push(tf.mul(z, scales[layer]));
        values.push(value(products[layer]));
      }
      return { products, values, outputs: tf.mul(tf.matMul(weights[depth], values[depth - 1]), scales[depth]) };
    };
    const start = tf.tidy(() => forward().outputs);

    const advance = (): tf.Tensor[] => {
      const { products, values, outputs } = forward();
      const error = tf.mul(tf.sub(tf.sub(outputs, start), targets), (-rate * scales[depth]) / P);
      const updated: tf.Tensor[] = [];
      updated[depth] = tf.add(weights[depth], tf.matMul(error, values[depth - 1], false, true));
      const spread = tf.mul(tf.reshape(weights[depth], [B, h, 1]), error);
      let delta = tf.mul(spread, slope(products[depth - 1], values[depth - 1]));
      for (let layer = depth - 1; layer > 0; layer--) {
        const scaled = tf.mul(delta, scales[layer]);
        updated[layer] = tf.add(weights[layer], tf.matMul(scaled, values[layer - 1], false, true));
        delta = tf.mul(tf.matMul(weights[layer], scaled, true, false), slope(products[layer - 1], values[layer - 1]));
      }
      const flat = tf.mul(tf.matMul(tf.reshape(delta, [B * h, P]), inputs), scales[0]);
      updated[0] = tf.add(weights[0], tf.reshape(flat, [B, h, d]));
      return updated;
    };

    return {
      detail: `webgpu, eager, tfjs ${tf.version_core}`,
      async step(count) {
        for (let i = 0; i < count; i++) {
          const next = tf.tidy(advance);
          tf.dispose(weights);
          weights = next;
        }
        // A download of one number is the backend's own way to wait for the queue.
        const probe = tf.tidy(() => tf.slice(tf.reshape(weights[depth], [-1]), [0], [1]));
        await probe.data();
        probe.dispose();
      },
      weights: () => Promise.all(weights.map(async (tensor) => Float32Array.from(await tensor.data()))),
      dispose: () => tf.dispose([...weights, inputs, targets, start]),
    };
  },
};
