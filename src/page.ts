// The page: names its figures before anything is loaded, and lets the whole document follow the reader's choice of light or dark.
// Everything else is in the elements.

import { PAGE_CAPS } from './core/caps.ts';
import type { PhaseAtlas } from './elements.ts';
import './elements.ts';
import { PhaseGallery } from './components/phase-gallery.ts';
import { presets } from './presets/registry.ts';

// Part of the first picture here, though other pages fetch it on demand.
customElements.define('phase-gallery', PhaseGallery);

const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
if (atlas !== null) {
  atlas.caps = PAGE_CAPS;
  atlas.presets = presets;
  // An address may end in a link, `#1.…`, or in `?preset=ID`; other ends are not the atlas' business.
  const follow = (): void => {
    if (/^#\d+\./.test(location.hash)) atlas.link = location.hash;
  };
  atlas.preset = new URLSearchParams(location.search).get('preset') ?? '';
  follow();
  addEventListener('hashchange', follow);
  atlas.addEventListener('phase-state-change', ({ detail }) => {
    if (detail.theme !== undefined) document.documentElement.style.colorScheme = detail.theme;
  });
}
