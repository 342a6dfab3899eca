// What was shared with the reader: links are remembered until their rerun can be compared, files are shown for what they hold.

import { quoted } from '../core/errors.ts';
import type { Link } from '../core/link.ts';
import { sweepHash } from '../core/sweep-json.ts';
import { type SweepJson, type ViewState, viewOfPreset, viewOfSweep } from '../core/view-state.ts';
import type { GivenFile } from '../engine/own-data.ts';
import type { Recognised } from '../engine/recognise-file.ts';
import type { Figure } from './figure.ts';
import { PhaseVerdict } from './phase-verdict.ts';
import { rememberOrigin } from './share-request.ts';
import { keepLink } from './share-verdict.ts';

/**
 * Remembers the link whose view the figure is about to show, for the verdict on its rerun:
 * <phase-verdict> in the figure gives it.
 */
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

/** A file as it was dropped or chosen. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files of numbers that lack something: the next ones may bring it. */
const waiting = new WeakMap<Figure, readonly GivenFile[]>();

/**
 * Shows what files hold and says, in a sentence, what became of them. Rejects with InputError where one
 * cannot be read, doing nothing.
 */
export async function openFiles(figure: Figure, files: readonly NamedBytes[]): Promise<string> {
  const { recogniseFile } = await import('../engine/recognise-file.ts');
  const { catalog } = figure.science;
  const recognised = await Promise.all(
    files.map(async ({ name, bytes }) => ({ name, bytes, file: await recogniseFile(name, bytes, catalog) })),
  );
  const numbers: (NamedBytes & GivenFile)[] = [];
  let said = '';
  for (const { name, bytes, file } of recognised) {
    if (file.kind === 'result') said = openResult(figure, file);
    else if (file.kind === 'sweep') {
      figure.restore(viewFor(figure, file.sweep));
      said = 'Opened a sweep; it is being trained.';
    } else numbers.push({ name, bytes, data: file.data });
  }
  return numbers.length === 0 ? said : openNumbers(figure, numbers);
}

function openResult(figure: Figure, { result, sweep }: Extract<Recognised, { kind: 'result' }>): string {
  const { film, provenance } = result;
  const { engine, adapter, kernel } = provenance;
  const kind = engine.startsWith('reference') ? 'reference' : 'gpu';
  rememberOrigin(film, provenance);
  figure.showFilm(viewFor(figure, sweep), { ...sweep }, film, { engine: kind, label: engine, adapter, kernel });
  return `Opened a result of ${provenance.created.slice(0, 10)}, made with version ${provenance.version}.`;
}

/** A square table alone is a connectivity; everything else is data. */
async function openNumbers(figure: Figure, files: readonly (NamedBytes & GivenFile)[]): Promise<string> {
  const { giveFile } = await import('../engine/recognise-file.ts');
  for (const { name, bytes } of files) giveFile(name, bytes);
  const before = waiting.get(figure) ?? [];
  const [{ name }] = files;
  if (files.length === 1 && before.length === 0 && figure.sweep !== null) {
    const { recogniseConnectivity, withOwnConnectivity } = await import('../engine/own-matrix.ts');
    const own = await recogniseConnectivity(name);
    if (own !== null) {
      figure.runOwn(withOwnConnectivity(figure.sweep, name, own.size));
      return `Circuits of ${own.size} units begin from ${quoted(name)}.`;
    }
  }
  const { sweepOfFiles } = await import('../engine/own-data.ts');
  const given = [...before.filter((file) => !files.some((one) => one.name === file.name)), ...files];
  const together = sweepOfFiles(given);
  const found = typeof together === 'string' ? sweepOfFiles(files) : together;
  if (typeof found === 'string') {
    waiting.set(figure, given);
    return found;
  }
  waiting.delete(figure);
  figure.runOwn(found.sweep);
  return `Networks learn from your own data: ${found.words}. “Change the experiment” changes what is trained.`;
}
