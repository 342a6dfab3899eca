// Makes the parameters of tasks, which mostly differ in words and ranges. Holds none itself.

import type { ChoiceParameter, NumberParameter } from '../core/parameter.ts';

/** Parameters of one source. All are dimensionless, and another value of any is another data set. */
export function parametersFrom(source: string) {
  const numeric =
    (kind: NumberParameter['kind']) =>
    (
      id: string,
      label: string,
      symbol: string,
      description: string,
      [minimum, maximum]: readonly [number, number],
      usual: number,
    ): NumberParameter => ({ id, label, symbol, description, source, scope: 'shape', kind, minimum, maximum, default: usual });
  return {
    integer: numeric('integer'),
    number: numeric('number'),
    /** The first choice is the default. */
    choice: (id: string, label: string, description: string, choices: readonly string[]): ChoiceParameter => ({
      id,
      label,
      symbol: '',
      description,
      source,
      scope: 'shape',
      kind: 'choice',
      choices,
      default: choices[0],
    }),
  };
}

/** Range of seeds. */
export const SEEDS = [0, 4294967295] as const;
