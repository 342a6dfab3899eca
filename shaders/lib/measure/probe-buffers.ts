// Names of the scratch buffers in which networks are probed, shared by the passes that fill and read them.

/** Scratch buffers. */
export const PROBE_BUFFERS = {
  /** (depth, hiddenRows, padded samples); `slopes` as well. */
  activations: 'probeActivations',
  slopes: 'probeSlopes',
  /** (depth, outputDim, hiddenRows, padded samples); zero on padded samples. */
  backward: 'probeBackward',
} as const;
