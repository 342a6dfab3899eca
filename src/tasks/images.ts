// Image sets with any map from classes to labels. The named image tasks are special cases of it.

import { InputError, quoted } from '../core/errors.ts';
import type { Values } from '../core/parameter.ts';
import { choiceOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import type { ImageSetName } from './assets/load.ts';
import { imageSetNames } from './assets/load.ts';
import type { Labelling } from './image-data.ts';
import { against, featureParameters, loadImages, oneHot, parityOf } from './image-data.ts';

const WHERE = 'task "images"';
const CLASSES = 10;

export const images: Task = {
  kind: 'images',
  label: 'images',
  description: 'MNIST or Fashion-MNIST with labels by parity, by groups of classes, or one output per class.',
  source: 'Geiger et al. 2020, section 2',
  parameters: [
    {
      id: 'dataset',
      label: 'data set',
      symbol: '',
      description: 'mnist: handwritten digits. fashion-mnist: pictures of clothes. 12,000 images each.',
      source: 'LeCun et al. 1998; Xiao et al. 2017',
      scope: 'shape',
      kind: 'choice',
      choices: imageSetNames,
      default: 'mnist',
    },
    {
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
    },
    ...featureParameters,
  ],
  settings: ['positive', 'negative', 'classes'],
  async load(values, settings, signal) {
    const name = choiceOf(values, 'dataset') as ImageSetName;
    return loadImages(name, labelling(values, settings), values, WHERE, signal);
  },
};

function labelling(values: Values, settings: Readonly<Record<string, unknown>>): Labelling {
  const kind = choiceOf(values, 'labels');
  for (const id of kind === 'groups' ? ['classes'] : ['positive', 'negative']) {
    if (settings[id] !== undefined) {
      throw new InputError(
        `${WHERE}: ${id}`,
        `expected none with labels "${kind}", got ${quoted(settings[id])}`,
        'Change labels.',
      );
    }
  }
  if (kind === 'groups') {
    const positive = classList(settings, 'positive');
    const negative = classList(settings, 'negative');
    const both = positive.filter((label) => negative.includes(label));
    if (both.length > 0)
      throw new InputError(WHERE, `expected no class in both lists, got ${both.join(', ')} in positive and negative`);
    return against(positive, negative);
  }
  const all = Array.from({ length: CLASSES }, (_, label) => label);
  const classes = settings.classes === undefined ? all : classList(settings, 'classes');
  const result = kind === 'parity' ? parityOf(classes) : oneHot(classes);
  if (result.groups.length < 2 || result.groups.some((group) => group.length === 0)) {
    const what = kind === 'parity' ? 'at least one even and one odd class' : 'at least two classes';
    throw new InputError(`${WHERE}: classes`, `expected ${what}, got ${quoted(classes)}`);
  }
  return result;
}

/** A list of different classes, ascending. */
function classList(settings: Readonly<Record<string, unknown>>, id: string): number[] {
  const list = settings[id];
  const valid =
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= CLASSES &&
    list.every((label) => Number.isInteger(label) && label >= 0 && label < CLASSES) &&
    new Set(list).size === list.length;
  if (!valid) {
    const got = list === undefined ? 'nothing' : quoted(list);
    throw new InputError(
      `${WHERE}: ${id}`,
      `expected a list of different classes from 0 to 9, got ${got}`,
      `For example "${id}": [3, 5].`,
    );
  }
  return [...(list as number[])].sort((a, b) => a - b);
}
