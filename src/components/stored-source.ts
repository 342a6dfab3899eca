// What `src` does on a diagram or on curves alone: loads the stored result and hands over what they draw. Loaded where a `src` is
// set; everything that a reader can choose is phase-viewer.ts.

import { reasonOf } from '../core/errors.ts';
import type { StoredResult } from '../core/stored-result.ts';
import { bandOver } from './boundary-band.ts';
import { announce } from './events.ts';
import type { PhaseCurves } from './phase-curves.ts';
import type { PhaseHeatmap } from './phase-heatmap.ts';
import { StoredPictures } from './stored-picture.ts';
import { loadStored } from './stored-results.ts';

/** Loads what `host` asks for and lets `show` have it, or says why not; only the address asked for last counts. */
async function load(host: PhaseHeatmap | PhaseCurves, show: (stored: StoredResult) => void, clear: () => void): Promise<void> {
  const { src } = host;
  host.fault = '';
  try {
    const stored = await loadStored(src);
    if (host.src === src) show(stored);
  } catch (cause) {
    if (host.src !== src) return;
    clear();
    host.fault = reasonOf(cause);
    announce(host, 'phase-error', { message: host.fault });
  }
}

/** The first observable at the frame asked for, over the first two axes, with the seeds' band around the boundary. */
export const showDiagram = (host: PhaseHeatmap): Promise<void> =>
  load(
    host,
    (stored) => {
      const { observable, x, y, extent, view, frame } = new StoredPictures(stored).of({ frame: host.frame });
      const overlay = bandOver(stored.film, { observable, x, y, view, frame }, host.threshold ?? observable.threshold);
      Object.assign(host, { observable, x, y, extent, view, overlay });
    },
    () => {
      host.view = null;
    },
  );

/** All observables of the chosen cell. */
export const showCurves = (host: PhaseCurves): Promise<void> =>
  load(
    host,
    ({ film, observables }) => Object.assign(host, { film, observables }),
    () => {
      host.film = null;
    },
  );
