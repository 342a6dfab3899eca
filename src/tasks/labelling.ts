// Which classes of a set of images get which target: parity, groups, one output per class. Knows labels only, no images.

import { InputError, quoted } from '../core/errors.ts';
import type { Parameter, Values } from '../core/parameter.ts';
import { choiceOf } from '../core/parameter.ts';

/** Classes of the sets of images that come with the project. */
export const TEN_CLASSES: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The option `labels` of tasks that leave the map to the user. */
export const labelsParameter: Parameter = {
  id: 'labels',
  label: 'labels',
  symbol: 'y',
  description:
    'parity: ±1 by odd or even class. groups: +1 for the classes listed in `positive`, −1 for those in `negative`. ' +
    'classes: one output per class, 1 for its own. parity and classes keep the classes listed in `classes`, by default all.',
  source: 'phase-atlas',
  scope: 'shape',
  kind: 'choice',
  choices: ['parity', 'groups', 'classes'],
  default: 'parity',
};

/** The settings that go with it. */
export const labelSettings: readonly string[] = ['positive', 'negative', 'classes'];

/** Which classes get which target. */
export interface Labelling {
  /** Classes that share a target, by target. Training, test and probe samples hold all targets equally often. */
  readonly groups: readonly (readonly number[])[];
  /** Target of each group, (groups, outputDim). */
  readonly targets: readonly (readonly number[])[];
  /** "parity", "3 against 8". */
  readonly description: string;
}

/** Even classes −1, odd classes +1; `known` are all that there are. */
export function parityOf(classes: readonly number[], known: readonly number[] = TEN_CLASSES): Labelling {
  return {
    groups: [classes.filter((label) => label % 2 === 0), classes.filter((label) => label % 2 === 1)],
    targets: [[-1], [1]],
    description: classes.length === known.length ? 'parity' : `parity of classes ${classes.join(', ')}`,
  };
}

/** `positive` classes +1, `negative` classes −1, all others left out. */
export function against(positive: readonly number[], negative: readonly number[]): Labelling {
  return {
    groups: [negative, positive],
    targets: [[-1], [1]],
    description: `${positive.join(', ')} against ${negative.join(', ')}`,
  };
}

/** One output per class, 1 for its own and 0 for the others. */
export function oneHot(classes: readonly number[]): Labelling {
  return {
    groups: classes.map((label) => [label]),
    targets: classes.map((_, i) => classes.map((_, j) => (i === j ? 1 : 0))),
    description: `${classes.length} classes`,
  };
}

/**
 * The map that `values.labels` and the settings ask for, of the classes `known` (ascending). Throws InputError where the lists do
 * not fit the kind of labels, name unknown classes, or leave a target without any.
 */
export function labellingOf(
  values: Values,
  settings: Readonly<Record<string, unknown>>,
  known: readonly number[],
  where: string,
): Labelling {
  const kind = choiceOf(values, 'labels');
  for (const id of kind === 'groups' ? ['classes'] : ['positive', 'negative']) {
    if (settings[id] !== undefined) {
      throw new InputError(
        `${where}: ${id}`,
        `expected none with labels "${kind}", got ${quoted(settings[id])}`,
        'Change labels.',
      );
    }
  }
  if (kind === 'groups') {
    const positive = classList(settings.positive, known, `${where}: positive`);
    const negative = classList(settings.negative, known, `${where}: negative`);
    const both = positive.filter((label) => negative.includes(label));
    if (both.length > 0)
      throw new InputError(where, `expected no class in both lists, got ${both.join(', ')} in positive and negative`);
    return against(positive, negative);
  }
  const classes = settings.classes === undefined ? known : classList(settings.classes, known, `${where}: classes`);
  const result = kind === 'parity' ? parityOf(classes, known) : oneHot(classes);
  if (result.groups.length < 2 || result.groups.some((group) => group.length === 0)) {
    const what = kind === 'parity' ? 'at least one even and one odd class' : 'at least two classes';
    throw new InputError(`${where}: classes`, `expected ${what}, got ${quoted(classes)}`);
  }
  return result;
}

/** A list of different classes, ascending. */
function classList(list: unknown, known: readonly number[], where: string): number[] {
  const valid =
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= known.length &&
    list.every((label) => known.includes(label as number)) &&
    new Set(list).size === list.length;
  if (!valid) {
    const got = list === undefined ? 'nothing' : quoted(list);
    const range = `${known[0]} to ${known[known.length - 1]}`;
    throw new InputError(where, `expected a list of different classes from ${range}, got ${got}`, 'For example [3, 5].');
  }
  return [...(list as number[])].sort((a, b) => a - b);
}
