// The list of all kinds of tasks: one line each. A new task is one file and one line here.

import type { Task } from '../core/task.ts';
import { arrays } from './arrays.ts';
import { contextDecision } from './context-decision.ts';
import { delayMatch } from './delay-match.ts';
import { fashionParity } from './fashion-parity.ts';
import { features } from './features.ts';
import { hierarchy } from './hierarchy.ts';
import { imageFiles } from './image-files.ts';
import { images } from './images.ts';
import { line } from './line.ts';
import { mnistPair } from './mnist-pair.ts';
import { mnistParity } from './mnist-parity.ts';
import { sequentialDigits } from './sequential-digits.ts';
import { sparse } from './sparse.ts';
import { sphere } from './sphere.ts';
import { stripe } from './stripe.ts';
import { teacher } from './teacher.ts';
import { twoAlternative } from './two-alternative.ts';
import { whitened } from './whitened.ts';
import { xor } from './xor.ts';

/** All tasks, in the order in which the interface lists them. */
export const tasks: readonly Task[] = [
  stripe,
  sphere,
  xor,
  teacher,
  sparse,
  whitened,
  features,
  hierarchy,
  line,
  mnistParity,
  mnistPair,
  fashionParity,
  images,
  imageFiles,
  arrays,
  twoAlternative,
  delayMatch,
  contextDecision,
  sequentialDigits,
];
