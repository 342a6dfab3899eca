// The elements of the explorer that no figure needs by itself: the chosen cell with its curves, and the settings. Loaded by the
// explorer, or where a page uses one of them; importing this module registers nothing.

import { defineAll } from './define.ts';
import { PhaseCell } from './phase-cell.ts';
import { PhaseControls } from './phase-controls.ts';
import { PhaseCurves } from './phase-curves.ts';
import { PhaseSpectrum } from './phase-spectrum.ts';

const ELEMENTS = {
  'phase-curves': PhaseCurves,
  'phase-spectrum': PhaseSpectrum,
  'phase-cell': PhaseCell,
  'phase-controls': PhaseControls,
} as const;

/** Defines their tags, where they are still free. */
export function defineAtlasElements(): void {
  defineAll(ELEMENTS);
}
