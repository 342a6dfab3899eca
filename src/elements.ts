// Registers the elements. The class modules themselves have no side effects; importing this one does.

import { defineAll } from './components/define.ts';
import { PhaseAtlas } from './components/phase-atlas.ts';
import { PhaseCell } from './components/phase-cell.ts';
import { PhaseColourBar } from './components/phase-colour-bar.ts';
import { PhaseControls } from './components/phase-controls.ts';
import { PhaseCurves } from './components/phase-curves.ts';
import { PhaseDiagram } from './components/phase-diagram.ts';
import { PhaseFilm } from './components/phase-film.ts';
import { PhaseHeatmap } from './components/phase-heatmap.ts';
import { PhaseProgress } from './components/phase-progress.ts';
import { PhaseSpectrum } from './components/phase-spectrum.ts';
import { PhaseViewer } from './components/phase-viewer.ts';

const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'phase-heatmap': PhaseHeatmap,
  'phase-colour-bar': PhaseColourBar,
  'phase-film': PhaseFilm,
  'phase-curves': PhaseCurves,
  'phase-spectrum': PhaseSpectrum,
  'phase-cell': PhaseCell,
  'phase-progress': PhaseProgress,
  'phase-controls': PhaseControls,
  'phase-viewer': PhaseViewer,
  'phase-diagram': PhaseDiagram,
  'phase-atlas': PhaseAtlas,
};

/** Defines every tag that is still free; a second copy on the page warns and yields to the first. */
export function defineElements(registry: CustomElementRegistry = customElements): void {
  defineAll(ELEMENTS, registry);
}

if (typeof customElements !== 'undefined') defineElements();

export type { PhaseEvents, PhaseStateChange } from './components/events.ts';
export {
  PhaseAtlas,
  PhaseCell,
  PhaseColourBar,
  PhaseControls,
  PhaseCurves,
  PhaseDiagram,
  PhaseFilm,
  PhaseHeatmap,
  PhaseProgress,
  PhaseSpectrum,
  PhaseViewer,
};
