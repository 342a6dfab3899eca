// Eight items with eight features in a three-level hierarchy, shown one-hot: learned level by level by networks at small scale.

import { choiceOf, type Parameter, type Values } from '../core/parameter.ts';
import { type Samples, type Task, type TaskData, UNASKED } from '../core/task.ts';
import { oneHotInputs, samplesOf } from './designs.ts';
import { parametersFrom } from './parameters.ts';

const SOURCE = 'Saxe et al. 2019; Dominé et al. 2025 (arXiv:2409.14623), section 5 and appendix D';

const ITEMS = 8;
const FEATURES = 8;

/** (item, feature): living or not, animal or plant, …, and one feature that tells two siblings apart. */
const HIERARCHY: readonly (readonly number[])[] = [
  [1, 1, 1, 0, 1, 0, 0, 0],
  [1, 1, 1, 0, -1, 0, 0, 0],
  [1, 1, -1, 0, 0, 1, 0, 0],
  [1, 1, -1, 0, 0, -1, 0, 0],
  [1, -1, 0, 1, 0, 0, 1, 0],
  [1, -1, 0, 1, 0, 0, -1, 0],
  [1, -1, 0, -1, 0, 0, 0, 1],
  [1, -1, 0, -1, 0, 0, 0, -1],
];

/** Items as Saxe et al. name them: two birds, two fish, two trees, two flowers. */
const ITEM_NAMES = ['canary', 'robin', 'salmon', 'sunfish', 'oak', 'pine', 'rose', 'daisy'] as const;

/** Features of item n in the colour hierarchy are those of item COLOUR[n] in the usual one. */
const COLOUR = [4, 3, 0, 6, 2, 1, 7, 5] as const;

/** Items by their kinship to item 0. */
const RELATIVES: Readonly<Record<string, number>> = { sibling: 1, cousin: 2, other: 4 };

const { choice, integer } = parametersFrom(SOURCE);

const parameters: readonly Parameter[] = [
  choice(
    'variant',
    'variant',
    'items: the hierarchy. colour: the same features under another order of items. last-flipped: the sign of the last feature flipped. ' +
      'reversed: all signs flipped. new-feature: one output, a feature that is 1, taught on item 0 alone and tested on a relative. ' +
      'added-feature: the same as a ninth output, while the eight features of all items stay in the loss.',
    ['items', 'colour', 'last-flipped', 'reversed', 'new-feature', 'added-feature'],
  ),
  choice('ties', 'ties', 'kept: levels of equal singular values. broken: feature i times 1 + 0.1/i, so that no two are equal.', [
    'kept',
    'broken',
  ]),
  choice(
    'relative',
    'tested item',
    'Relative of item 0 that new-feature is tested on: sibling (item 1), cousin (item 2), other (item 4). Of added-feature too; unused by the other variants.',
    Object.keys(RELATIVES),
  ),
  integer(
    'samples',
    'training samples',
    'P',
    'Number of items shown, always 8, dimensionless (new-feature shows item 0 alone).',
    [ITEMS, ITEMS],
    ITEMS,
  ),
];

/** Σ = Y/√8, (feature, item). */
function mapOf(values: Values): Float64Array {
  const variant = choiceOf(values, 'variant');
  const broken = choiceOf(values, 'ties') === 'broken';
  return Float64Array.from({ length: FEATURES * ITEMS }, (_, at) => {
    const [feature, item] = [Math.floor(at / ITEMS), at % ITEMS];
    const flipped = variant === 'reversed' || (variant === 'last-flipped' && feature === FEATURES - 1);
    const weight = (flipped ? -1 : 1) * (broken ? 1 + 0.1 / (feature + 1) : 1);
    return (weight * HIERARCHY[variant === 'colour' ? COLOUR[item] : item][feature]) / Math.sqrt(ITEMS);
  });
}

/** One output: 1 on item 0, tested on a relative, where 1 means that the feature is inherited in full. */
function newFeature(values: Values): TaskData {
  const inputs = oneHotInputs(ITEMS);
  const relative = choiceOf(values, 'relative');
  const one = (item: number): Samples => ({
    count: 1,
    inputs: inputs.slice(item * ITEMS, (item + 1) * ITEMS),
    targets: Float64Array.of(1),
  });
  return {
    inputDim: ITEMS,
    outputDim: 1,
    train: one(0),
    test: one(RELATIVES[relative]),
    probe: { count: ITEMS, inputs, targets: Float64Array.from({ length: ITEMS }, (_, item) => (item === 0 ? 1 : 0)) },
    names: ITEM_NAMES,
    description: `A new feature of item 0 of the hierarchy, tested on its ${relative === 'other' ? 'most distant relative' : relative}`,
  };
}

/**
 * The hierarchy with a ninth output: 1 on item 0 and not asked for on the others. Tested on that output of a
 * relative, as in newFeature.
 */
function addedFeature(values: Values): TaskData {
  const { inputs, targets } = samplesOf(mapOf({ ...values, variant: 'items' }), oneHotInputs(ITEMS), ITEMS);
  const withNinth = (ninth: (item: number) => number) =>
    Float64Array.from({ length: ITEMS * (FEATURES + 1) }, (_, at) => {
      const [item, feature] = [Math.floor(at / (FEATURES + 1)), at % (FEATURES + 1)];
      return feature === FEATURES ? ninth(item) : targets[item * FEATURES + feature];
    });
  const { test, description } = newFeature(values);
  return {
    inputDim: ITEMS,
    outputDim: FEATURES + 1,
    train: { count: ITEMS, inputs, targets: withNinth((item) => (item === 0 ? 1 : UNASKED)) },
    test: { ...test, targets: Float64Array.from({ length: FEATURES + 1 }, (_, c) => (c === FEATURES ? 1 : 0)) },
    probe: { count: ITEMS, inputs, targets: withNinth((item) => (item === 0 ? 1 : 0)) },
    names: ITEM_NAMES,
    description: `${description}, beside the features known before`,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  items: 'Hierarchy of 8 items with 8 features',
  colour: 'Colour hierarchy of 8 items with 8 features',
  'last-flipped': 'Hierarchy of 8 items with the last of 8 features flipped',
  reversed: 'Hierarchy of 8 items with all 8 features flipped',
};

export const hierarchy: Task = {
  kind: 'hierarchy',
  label: 'hierarchy of items',
  description:
    'Eight items, one-hot and whitened, with the eight features of a three-level hierarchy: Σ = Y/√8 with singular values ' +
    '1, 1, ½√2, ½√2, ½, ½, ½, ½. All items are training, test and probe set (testSamples, probeSamples and dataSeed have no effect).',
  source: SOURCE,
  parameters,
  async load(values) {
    const variant = choiceOf(values, 'variant');
    if (variant === 'new-feature') return newFeature(values);
    if (variant === 'added-feature') return addedFeature(values);
    const teacher = mapOf(values);
    const train = samplesOf(teacher, oneHotInputs(ITEMS), ITEMS);
    const names = ITEM_NAMES;
    return {
      inputDim: ITEMS,
      outputDim: FEATURES,
      train,
      test: train,
      probe: train,
      teacher,
      names,
      description: NAMES[variant],
    };
  },
};
