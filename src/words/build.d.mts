import type { MathTree } from './text.ts';

/** Every TeX in the sources of presets and glossary below a root. */
export function formulasIn(root: string): string[];
/** MathML of one formula. Throws where the TeX is not understood. */
export function mathOf(tex: string): MathTree;
