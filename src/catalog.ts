// Everything there is to choose from: the one place where families, tasks, observables and presets come together.

import { families } from '../shaders/families/registry.ts';
import { observables } from '../shaders/observables/registry.ts';
import type { Catalog } from './core/catalog.ts';
import type { Preset } from './core/preset.ts';
import { presets } from './presets/registry.ts';
import { tasks } from './tasks/registry.ts';

export const catalog: Catalog & { readonly presets: readonly Preset[] } = { families, tasks, observables, presets };
