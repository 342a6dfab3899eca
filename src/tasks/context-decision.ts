// Context-dependent decision.

import { trialTask } from './trial-task.ts';

export const contextDecision = trialTask({
  kind: 'context-decision',
  label: 'context-dependent decision',
  description:
    'Two noisy pairs of inputs and a context that says which pair counts; after a delay, say which of that pair was larger.',
});
