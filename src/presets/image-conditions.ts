// What the presets of test errors on images share: a sweep of deep networks on pooled pixels, at a size that a laptop trains in
// minutes. Not a preset itself.

/** Test error over output scale and width on one of the parity tasks; `title` names the data. */
export function imageErrorSweep(title: string, kind: 'mnist-parity' | 'fashion-parity'): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    title: `${title}, output scale × width`,
    family: 'fully-connected',
    task: { kind, features: 'pixels', imageSide: '7', samples: 256, testSamples: 2000, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 7 },
      { parameter: 'width', scale: 'log', values: [16, 32] },
    ],
    fixed: { depth: 2, activation: 'softplus' },
    seeds: 6,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 5000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['testError', 'ensembleError', 'seedVariance', 'kernelChange', 'trainingLoss'],
  };
}
