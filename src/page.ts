// The page: gives the atlas its science. Everything else is in the elements.

import { liveScience } from './components/live-science.ts';
import type { PhaseAtlas } from './elements.ts';
import './elements.ts';

const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
if (atlas !== null) {
  atlas.science = liveScience;
  atlas.addEventListener('phase-state-change', ({ detail }) => {
    if (detail.theme !== undefined) document.documentElement.style.colorScheme = detail.theme;
  });
}
