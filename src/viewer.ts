// Registers what shows stored results without a trainer: <phase-viewer>, and the diagram and colour bar
// alone. Importing it registers.

import { defineAll } from './components/define.ts';
import { PhaseColourBar } from './components/phase-colour-bar.ts';
import { PhaseHeatmap } from './components/phase-heatmap.ts';
import { PhaseViewer } from './components/phase-viewer.ts';

if (typeof customElements !== 'undefined')
  defineAll({ 'phase-heatmap': PhaseHeatmap, 'phase-colour-bar': PhaseColourBar, 'phase-viewer': PhaseViewer });

export { PhaseColourBar, PhaseHeatmap, PhaseViewer };
