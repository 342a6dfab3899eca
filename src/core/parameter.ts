// What a sweep may vary or fix, described as data: families, tasks and training all list Parameters.
// Knows no family by name.

/** A value of a parameter: a number, or one of a parameter's named choices. */
export type Value = number | string;

/** All values of one cell or network, by parameter id. */
export type Values = Readonly<Record<string, Value>>;

interface Described {
  /** Identifier in sweeps, camelCase, the field's word: `outputScale`. */
  readonly id: string;
  /** Lower-case words for a label: `output scale`. */
  readonly label: string;
  /** The paper's symbol: `α̃`. */
  readonly symbol: string;
  /** One sentence: meaning, unit or "dimensionless". */
  readonly description: string;
  /** Where the definition comes from: paper and equation. */
  readonly source: string;
  /**
   * What a change of it means: `shape` compiles other kernels or loads other data, `start` draws other initial weights,
   * `network` is a number that the kernels read per network.
   */
  readonly scope: 'shape' | 'start' | 'network';
}

export interface NumberParameter extends Described {
  readonly kind: 'number' | 'integer';
  readonly minimum: number;
  readonly maximum: number;
  /** True where the minimum itself is not allowed (a positive number). */
  readonly exclusiveMinimum?: boolean;
  readonly default: number;
}

export interface ChoiceParameter extends Described {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}

export type Parameter = NumberParameter | ChoiceParameter;

/** The numeric value of a parameter; its presence is guaranteed by `parseSweep`. */
export function numberOf(values: Values, id: string): number {
  const value = values[id];
  if (typeof value !== 'number') throw new Error(`parameter ${id} has no number: ${String(value)}`);
  return value;
}

/** The chosen name of a choice parameter; its presence is guaranteed by `parseSweep`. */
export function choiceOf(values: Values, id: string): string {
  const value = values[id];
  if (typeof value !== 'string') throw new Error(`parameter ${id} has no choice: ${String(value)}`);
  return value;
}
