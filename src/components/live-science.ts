// The real thing behind the elements: the whole catalog, the parser and sessions in this page.

import { catalog } from '../catalog.ts';
import { parseSweep } from '../core/parse-sweep.ts';
import { openSession } from '../engine/session.ts';
import type { Science } from './science.ts';

/** Everything of this build. Asks for a GPU only when a sweep is run. */
export const liveScience: Science = {
  catalog,
  presets: catalog.presets,
  parseSweep: (json) => parseSweep(json, catalog),
  openSession: (sweep, options) => openSession(sweep, { ...options, catalog }),
  gpuAvailable: async () => {
    const gpu = (navigator as Partial<Navigator>).gpu;
    return gpu !== undefined && (await gpu.requestAdapter()) !== null;
  },
};
