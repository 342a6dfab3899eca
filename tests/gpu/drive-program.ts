// Drives training kernels on the test device and compares them with the float64 reference. No expectations here.

import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import type { TrainingKernel } from '../../shaders/families/fully-connected/fused/fused.ts';
import { packWeights } from '../../shaders/families/fully-connected/records.ts';
import { trainingOptionsOf } from '../../shaders/families/fully-connected/training-options.ts';
import { beginPass } from '../../shaders/lib/training/begin.wgsl.ts';
import { NETWORK_WORDS, networkRecords } from '../../shaders/lib/training/network-record.ts';
import type { Batch } from '../../src/core/family.ts';
import { OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import { PROGRESS, PROGRESS_WORDS, type Program } from '../../src/core/program.ts';
import { loadProgram } from '../../src/engine/loaded-program.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { unpackWeights } from './unpack-weights.ts';

/** Where a network stands: times, counts and flat weights in the order of `Model.layers`. */
export interface Standing {
  readonly time: number;
  readonly attempts: number;
  readonly accepted: number;
  readonly loss: number;
  readonly outcome: Outcome;
  readonly weights: Float64Array;
}

/** A kernel completed to a program without measurements; f(w₀) comes from the float64 model. */
function trainingProgram(batch: Batch, kernel: TrainingKernel): Program {
  const { layout, shape, outputStride, samples } = trainingOptionsOf(batch);
  const model = fullyConnected.model(batch.shape, batch.data.inputDim, batch.data.outputDim);
  const outputWords = shape.outputDim * outputStride;
  const startWeights = new Float32Array(batch.starts.length * layout.words);
  const startOutputs = new Float32Array(batch.starts.length * outputWords);
  batch.starts.forEach((start, s) => {
    const weights = model.draw(start, batch.data);
    startWeights.set(packWeights(weights, shape), s * layout.words);
    const f = model.outputs(weights, batch.data.train.inputs);
    for (let p = 0; p < samples; p++) {
      for (let c = 0; c < shape.outputDim; c++) startOutputs[s * outputWords + c * outputStride + p] = f[p * shape.outputDim + c];
    }
  });
  return {
    label: kernel.label,
    buffers: [
      { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networkRecords(batch) },
      { name: 'progress', scope: 'network', words: PROGRESS_WORDS },
      { name: 'startWeights', scope: 'start', words: layout.words, data: startWeights },
      { name: 'startTrainOutputs', scope: 'start', words: outputWords, data: startOutputs },
      { name: 'weights', scope: 'network', words: layout.words },
      { name: 'outputs', scope: 'network', words: 3 * outputWords },
      ...kernel.buffers,
    ],
    prepare: [],
    begin: [beginPass(layout.words, outputWords)],
    train: { passes: kernel.passes, fused: kernel.fused },
    measurements: [],
    weights: { buffer: 'weights', layers: [] },
  };
}

/**
 * Trains a batch. `rounds`: repetitions of the passes per submit, one submit after the other; spans of `spanSize` networks
 * (default: all), so that scratch is shared by several.
 */
export async function runKernel(
  lease: DeviceLease,
  batch: Batch,
  kernel: TrainingKernel,
  rounds: readonly number[],
  horizon: number,
  spanSize = batch.networks.length,
): Promise<Standing[]> {
  const { layout, shape } = trainingOptionsOf(batch);
  const loaded = await loadProgram(lease, batch, trainingProgram(batch, kernel), kernel.label);
  try {
    const spans = Array.from({ length: Math.ceil(batch.networks.length / spanSize) }, (_, n) => ({
      first: n * spanSize,
      count: Math.min(spanSize, batch.networks.length - n * spanSize),
      horizon,
    }));
    loaded.submit(loaded.begin, [{ first: 0, count: batch.networks.length }]);
    for (const count of rounds) loaded.submit(loaded.train, spans, count);
    const { read } = loaded.readback;
    const [w, p] = await Promise.all([read(loaded.buffer('weights')), read(loaded.buffer('progress'))]);
    return batch.networks.map((_, n) => {
      const words = new Uint32Array(p).subarray(n * PROGRESS_WORDS, (n + 1) * PROGRESS_WORDS);
      const numbers = new Float32Array(p).subarray(n * PROGRESS_WORDS, (n + 1) * PROGRESS_WORDS);
      return {
        time: numbers[PROGRESS.time],
        attempts: words[PROGRESS.attempts],
        accepted: words[PROGRESS.accepted],
        loss: numbers[PROGRESS.loss],
        outcome: OUTCOMES[words[PROGRESS.outcome]],
        weights: unpackWeights(new Float32Array(w).subarray(n * layout.words, (n + 1) * layout.words), shape),
      };
    });
  } finally {
    loaded.dispose();
  }
}

/** The float64 reference at the horizon. */
export async function referenceStandings(batch: Batch, horizon: number): Promise<Standing[]> {
  const trainer = createReferenceTrainer(fullyConnected, batch, []);
  while ((await trainer.advance(horizon)).unfinished > 0);
  return Promise.all(batch.networks.map((_, n) => trainer.inspect(n)));
}

/** Largest |got − expected| / max |expected|, and where. */
export function worstError(got: ArrayLike<number>, expected: ArrayLike<number>): { error: number; index: number } {
  let scale = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]));
  let error = 0;
  let index = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(got[i] - expected[i]) / scale;
    if (!(off <= error)) {
      error = off;
      index = i;
    }
  }
  return { error, index };
}
