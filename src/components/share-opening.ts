// What was shared with the reader: links are remembered until their rerun can be compared, files are shown for what they hold.

import { quoted } from '../core/errors.ts';
import type { Link } from '../core/link.ts';
import { sweepHash } from '../core/sweep-json.ts';
import { type SweepJson, type ViewState, viewOfPreset, viewOfSweep } from '../core/view-state.ts';
import type { Recognised } from '../engine/recognise-file.ts';
import type { Figure } from './figure.ts';
import { PhaseVerdict } from './phase-verdict.ts';
import { rememberOrigin } from './share-request.ts';
import { keepLink } from './share-verdict.ts';

/** Remembers the link whose view the figure is about to show, for the verdict on its rerun: <phase-verdict> in the figure gives it. */
export function rememberLink(figure: Figure, link: Link): void {
  if (customElements.get('phase-verdict') === undefined) customElements.define('phase-verdict', PhaseVerdict);
  keepLink(figure, link);
}

/** The view of a sweep: of the preset that has the same one, else of the reader's own. */
function viewFor(figure: Figure, json: SweepJson): ViewState {
  const { science } = figure;
  const hash = sweepHash(science.parseSweep(json));
  const preset = science.presets.find((candidate) => sweepHash(science.parseSweep(candidate.sweep)) === hash);
  return preset === undefined ? viewOfSweep(figure.state, json) : viewOfPreset(preset);
}

/** Shows what a recognised file holds and says, in a sentence, what became of it. `bytes` are those of the file. */
export async function openFile(figure: Figure, name: string, bytes: Uint8Array, file: Recognised): Promise<string> {
  if (file.kind === 'result') {
    const { film, provenance } = file.result;
    const { engine, adapter, kernel } = provenance;
    const kind = engine.startsWith('reference') ? 'reference' : 'gpu';
    rememberOrigin(film, provenance);
    figure.showFilm(viewFor(figure, file.sweep), { ...file.sweep }, film, { engine: kind, label: engine, adapter, kernel });
    return `Opened a result of ${provenance.created.slice(0, 10)}, made with version ${provenance.version}.`;
  }
  if (file.kind === 'sweep') {
    figure.restore(viewFor(figure, file.sweep));
    return 'Opened a sweep; it is being trained.';
  }
  const { giveFile } = await import('../engine/recognise-file.ts');
  giveFile(name, bytes);
  const shape = file.data.array.shape.join(' × ');
  if (file.kind === 'matrix' && figure.sweep !== null) {
    const { recogniseConnectivity, withOwnConnectivity } = await import('../engine/own-matrix.ts');
    const own = await recogniseConnectivity(name);
    if (own !== null) {
      figure.runOwn(withOwnConnectivity(figure.sweep, name, own.size));
      return `Circuits of ${own.size} units begin from ${quoted(name)}.`;
    }
  }
  return `${quoted(name)} holds ${shape} numbers. Tasks find it under that name, until the page is closed.`;
}
