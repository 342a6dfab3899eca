// The real thing behind the elements: the whole catalog, the parser and sessions in this page.
// Loaded on demand: see phase-atlas.ts.

import { catalog, loadThumbnails } from '../catalog.ts';
import { PAGE_CAPS } from '../core/caps.ts';
import { parseSweep } from '../core/parse-sweep.ts';
import { keepDevice, takeDevice } from '../engine/kept-device.ts';
import { openReference } from '../engine/reference-client.ts';
import { openSession } from '../engine/session.ts';
import type { Science } from './science.ts';

/** Everything of this build. Asks for a GPU only when a sweep is run. */
export const liveScience: Science = {
  catalog,
  presets: catalog.presets,
  theories: catalog.theories,
  parseSweep: (json) => parseSweep(json, catalog),
  openSession: (sweep, options) => {
    if (options.engine === 'reference') return openReference(sweep, { caps: PAGE_CAPS, ...options, catalog });
    const session = openSession(sweep, { ...options, catalog });
    const lease = takeDevice();
    const { dispose } = session;
    return Object.assign(session, {
      dispose: () => {
        dispose();
        lease?.release();
      },
      ...(lease === null ? {} : { lost: lease.lost }),
    });
  },
  openTheory: async (sweep, theory) => {
    const { openTheory } = await import('../engine/theory-client.ts');
    return openTheory(sweep, theory, catalog);
  },
  gpuAvailable: keepDevice,
  thumbnails: loadThumbnails,
};
