// Everything there is to choose from: the one place where families, tasks, observables, presets and theories come together.

import { families } from '../shaders/families/registry.ts';
import { observables } from '../shaders/observables/registry.ts';
import type { Catalog } from './core/catalog.ts';
import type { Preset } from './core/preset.ts';
import type { Theory } from './core/theory.ts';
import { presets } from './presets/registry.ts';
import { loadThumbnails } from './presets/thumbnails/load.ts';
import { tasks } from './tasks/registry.ts';
import { theories } from './theory/registry.ts';

/** The catalog of this build, with what only faces and reports need. */
export interface FullCatalog extends Catalog {
  readonly presets: readonly Preset[];
  readonly theories: readonly Theory[];
}

export { loadThumbnails };

export const catalog: FullCatalog = { families, tasks, observables, presets, theories };
