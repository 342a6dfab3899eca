// Two-alternative forced choice.

import { trialTask } from './trial-task.ts';

export const twoAlternative = trialTask({
  kind: 'two-alternative',
  label: 'two-alternative forced choice',
  description: 'Two noisy inputs for seven periods; then say which was larger on average. Five coherences, of which one is zero.',
});
