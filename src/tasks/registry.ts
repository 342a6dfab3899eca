// The list of all kinds of tasks: one line each. A new task is one file and one line here.

import type { Task } from '../core/task.ts';
import { mnistParity } from './mnist-parity.ts';
import { stripe } from './stripe.ts';

/** All tasks, in the order in which the interface lists them. */
export const tasks: readonly Task[] = [stripe, mnistParity];
