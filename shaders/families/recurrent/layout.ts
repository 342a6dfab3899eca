// Shapes of recurrent networks and where their weights stand in GPU buffers: rows padded with zeros so that vec4 loads and tiles
// of eight units fit. Pure arithmetic.

import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import type { Sequence } from '../../../src/core/task.ts';
import { type ActivationOptions, activationOf } from '../../lib/activations.ts';

export interface RecurrentShape extends ActivationOptions {
  /** Units N. */
  readonly width: number;
  /** Inputs per step. */
  readonly channels: number;
  /** Outputs per step C. */
  readonly outputs: number;
  /** Time steps T. */
  readonly steps: number;
  /** α = dt/τ, 0 < α ≤ 1. */
  readonly leak: number;
  /**
   * Whether the nonlinearity acts on the leaky sum (`inside` it stands the leak) or on the state that leaks linearly (`outside`).
   */
  readonly placement: 'inside' | 'outside';
}

/** The shape that kernels and model share. */
export function shapeOf(values: Values, sequence: Sequence | undefined): RecurrentShape {
  if (sequence === undefined) throw new Error('recurrent: expected data with a sequence, got none');
  const activation = choiceOf(values, 'activation');
  return {
    width: numberOf(values, 'width'),
    channels: sequence.channels,
    outputs: sequence.outputs,
    steps: sequence.steps,
    activation,
    // Sweeps have the usual one; case files say theirs.
    beta: values.activationBeta === undefined ? activationOf(activation).usualBeta : numberOf(values, 'activationBeta'),
    factor: 1,
    leak: sequence.timeStep,
    placement: choiceOf(values, 'leakPlacement') === 'outside' ? 'outside' : 'inside',
  };
}

/** h before the first step, in every unit: φ(0) where the state leaks outside φ, else 0. Softplus alone makes a difference. */
export function initialRate({ placement, activation, beta }: RecurrentShape): number {
  return placement === 'outside' ? activationOf(activation).value(0, beta) : 0;
}

export interface MatrixLayout {
  /** First word in the network's vector; a multiple of 4. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  /** Words from row to row, a multiple of 4. */
  readonly stride: number;
}

export interface RecurrentLayout {
  /** Wx (units, channels), Wh (units, units; post × pre), Wo (outputs, units). */
  readonly matrices: readonly [MatrixLayout, MatrixLayout, MatrixLayout];
  /** Words of one network. */
  readonly words: number;
  /** Units as stored: a multiple of 8. */
  readonly units: number;
  /** Channels as stored: a multiple of 4. */
  readonly channels: number;
}

const upTo = (value: number, block: number) => Math.ceil(value / block) * block;

export function layoutOf({ width, channels, outputs }: Pick<RecurrentShape, 'width' | 'channels' | 'outputs'>): RecurrentLayout {
  const units = upTo(width, 8);
  const stored = upTo(channels, 4);
  const recurrent = units * stored;
  const output = recurrent + units * units;
  return {
    matrices: [
      { offset: 0, rows: width, columns: channels, stride: stored },
      { offset: recurrent, rows: width, columns: width, stride: units },
      { offset: output, rows: outputs, columns: width, stride: units },
    ],
    words: output + outputs * units,
    units,
    channels: stored,
  };
}
