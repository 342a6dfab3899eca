// Names and contents of the buffers that all fully-connected kernels share. See layout.ts for the weight vectors.
//
// name                scope    content
// startWeights        start    initial weights, Layout
// weights             network  accepted weights, Layout
// networks            network  NETWORK_WORDS numbers, see NETWORK
// progress            network  PROGRESS_WORDS numbers, see core/program
// startTrainOutputs   start    f(w₀) on training samples, (outputDim, paddedSamples)
// startTestOutputs    start    the same on test samples

/** Words of a network's record in `networks`: f32 unless said. */
export const NETWORK = {
  /** α in F = α (f − c f₀), the width's power included: see core/scalings. */
  outputScale: 0,
  /** c: 1 for the centred predictor, 0 for F = α f. */
  centred: 1,
  /** Rate of descent, 0 for flow. */
  learningRate: 2,
  /** Factor on the motion of the output layer: see core/scalings. 0 where it is frozen. */
  outputRate: 3,
  /** First step of a flow. */
  initialStep: 4,
  /** u32: seed of mini-batches. */
  seed: 5,
  /** u32: index of its Start. */
  start: 6,
  /** Factor on the motion of all other layers, in the same way. */
  hiddenRate: 7,
} as const;
export const NETWORK_WORDS = 8;
