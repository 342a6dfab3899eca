// The page: gives the atlas its science. Everything else is in the elements.

import { families } from '../shaders/families/registry.ts';
import { observables } from '../shaders/observables/registry.ts';
import { fakeScience } from './components/testing/fake-science.ts';
import type { PhaseAtlas } from './elements.ts';
import './elements.ts';
import { depthSlope } from './presets/depth-slope.ts';
import { mnistAlphaWidth } from './presets/mnist-alpha-width.ts';
import { stripeAlphaWidth } from './presets/stripe-alpha-width.ts';
import { tasks } from './tasks/registry.ts';

const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
if (atlas !== null) {
  atlas.science = fakeScience({ families, tasks, observables }, [stripeAlphaWidth, mnistAlphaWidth, depthSlope]);
  atlas.addEventListener('phase-state-change', ({ detail }) => {
    if (detail.theme !== undefined) document.documentElement.style.colorScheme = detail.theme;
  });
}
