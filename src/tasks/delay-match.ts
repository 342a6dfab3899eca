// Delayed match to sample.

import { trialTask } from './trial-task.ts';

export const delayMatch = trialTask({
  kind: 'delay-match',
  label: 'delayed match to sample',
  description: 'One of two stimuli, five periods of delay, one of two stimuli again; then say whether they were the same.',
});
