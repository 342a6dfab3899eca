// The contract of a theory: a closed form or a predicted boundary, pure float64, that stands beside simulated networks.
// Theories live in src/theory; nothing here solves anything.

import type { Values } from './parameter.ts';
import type { TaskData } from './task.ts';
import type { Training } from './training.ts';

/** What a theory looks at to say whether it holds: one cell of a sweep. */
export interface TheorySetting {
  /** Family id. */
  readonly family: string;
  /** Task kind. */
  readonly task: string;
  /** All parameter values of the cell. */
  readonly values: Values;
  readonly training: Training;
}

/** One network that a theory solves: its cell, its data and the weights it starts from. */
export interface TheoryNetwork extends TheorySetting {
  readonly data: TaskData;
  /** Flat initial weights in the order of the family's `Model.layers`. */
  readonly weights: Float64Array;
}

/** Singular values of the weight matrices at one time, each descending. */
export interface Spectrum {
  readonly time: number;
  /** By layer, input to output. */
  readonly layers: readonly Float64Array[];
}

/** The exact (or predicted) course of one network. */
export interface Solution {
  /**
   * Writes the value of every observable of `Theory.observables`, in that order, at training time `time` ≥ 0. NaN where the
   * theory says nothing about it.
   */
  at(time: number, into: Float64Array): void;
  /** Why this one network is an exception that must not enter a mean, one sentence; null for all others. */
  readonly exception: string | null;
  /** Singular values of the weights at a time, where the theory knows them. */
  spectrum?(time: number): Spectrum;
}

/** The plane of a diagram, in which boundaries are drawn. */
export interface TheoryPlane extends TheorySetting {
  /** Parameter along the horizontal and the vertical axis; `time` stands for training time. */
  readonly x: string;
  readonly y: string;
  /** Ends of what is shown, in the parameters' own units. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
}

/** A predicted line in a plane. */
export interface Boundary {
  /** What it separates or marks, a few words: "det-sign obstruction", "kernel | feature". */
  readonly label: string;
  /** Points (x, y) in the parameters' own units, in drawing order; NaN in either lifts the pen. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Theory {
  /** kebab-case, unique. */
  readonly id: string;
  /** Lower-case words: "λ-balanced linear networks, exact". */
  readonly label: string;
  readonly description: string;
  readonly source: string;
  /** Ids of the observables that it predicts per network. Empty for a theory of boundaries alone. */
  readonly observables: readonly string[];
  /** `trajectory`: holds at every time. `limit`: says where training ends, and is compared at the end only. */
  readonly reach: 'trajectory' | 'limit';
  /** Null where the theory holds for a cell; otherwise one sentence, for the screen, that says why it does not. */
  refusal(setting: TheorySetting): string | null;
  /** Solves one network of a cell that is not refused. */
  solve(network: TheoryNetwork): Solution;
  /** Lines to draw over a diagram; none where it knows of none in that plane. */
  boundaries(plane: TheoryPlane): readonly Boundary[];
}
