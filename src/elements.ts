// Registers the elements. The class modules themselves have no side effects; importing this one does.

import { defineAll } from './components/define.ts';
import { PhaseAtlas } from './components/phase-atlas.ts';
import { PhaseColourBar } from './components/phase-colour-bar.ts';
import { PhaseDiagram } from './components/phase-diagram.ts';
import { PhaseFilm } from './components/phase-film.ts';
import { PhaseHeatmap } from './components/phase-heatmap.ts';
import { PhaseProgress } from './components/phase-progress.ts';
import { PhaseViewer } from './components/phase-viewer.ts';

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'phase-heatmap': PhaseHeatmap,
  'phase-colour-bar': PhaseColourBar,
  'phase-film': PhaseFilm,
  'phase-progress': PhaseProgress,
  'phase-viewer': PhaseViewer,
  'phase-diagram': PhaseDiagram,
  'phase-atlas': PhaseAtlas,
};

/** Those that the explorer loads by itself; a page that uses one alone gets it as soon as it is seen here. */
const LATER = 'phase-curves, phase-spectrum, phase-cell, phase-controls';

/** Defines every tag that is still free; a second copy on the page warns and yields to the first. */
export function defineElements(registry: CustomElementRegistry = customElements): void {
  defineAll(ELEMENTS, registry);
}

/** Defines what is loaded on demand: `phase-curves`, `phase-spectrum`, `phase-cell` and `phase-controls`. */
export async function defineLater(): Promise<void> {
  const { defineAtlasElements } = await import('./components/atlas-elements.ts');
  defineAtlasElements();
}

if (typeof customElements !== 'undefined') {
  defineElements();
  if (document.querySelector(LATER) !== null) void defineLater();
}

export type { PhaseEvents, PhaseStateChange } from './components/events.ts';
export type { MethodOptions } from './components/figure-element.ts';
export type { PhaseCell } from './components/phase-cell.ts';
export type { PhaseControls } from './components/phase-controls.ts';
export type { PhaseCurves } from './components/phase-curves.ts';
export type { PhaseSpectrum } from './components/phase-spectrum.ts';
export { PhaseAtlas, PhaseColourBar, PhaseDiagram, PhaseFilm, PhaseHeatmap, PhaseProgress, PhaseViewer };
