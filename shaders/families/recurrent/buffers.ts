// Names and contents of the buffers that all recurrent kernels share. See layout.ts for the weight vectors.
//
// name          scope    content
// startWeights  start    initial weights, RecurrentLayout
// weights       network  present weights, RecurrentLayout
// moments       network  velocity of momentum, or the two running means of Adam: one or two RecurrentLayouts
// networks      network  NETWORK_WORDS numbers, see NETWORK
// progress      network  PROGRESS_WORDS numbers, see core/program

/** Words of a network's record in `networks`: f32 unless said. */
export const NETWORK = {
  /** α̃ in F = α̃ Wo h. */
  outputScale: 0,
  learningRate: 1,
  /** Factors on the rates of Wx and Wh, and of Wo; 0 where frozen. */
  hiddenRate: 2,
  outputRate: 3,
  /** u32: seed of trials and mini-batches. */
  seed: 4,
  /** u32: index of its Start. */
  start: 5,
} as const;
export const NETWORK_WORDS = 8;
