// What a figure in somebody's page can do beyond showing a preset: stored results, links, whole states, and methods that return
// promises. Loaded with the trainer. Draws nothing: see phase-diagram.ts.

import { lowerCaps } from '../core/caps.ts';
import { decodeLink } from '../core/link.ts';
import { parseViewState } from '../core/parse-view-state.ts';
import type { JsonObject } from '../core/plain-json.ts';
import { type Provenance, parseResult, RESULT_FORMAT } from '../core/result.ts';
import { sweepToJson } from '../core/sweep-json.ts';
import { FIRST_VIEW, type SweepJson, type ViewState, viewOfPreset } from '../core/view-state.ts';
import type { EngineInfo } from '../engine/trainer.ts';
import { FORMATS } from '../exports/formats.ts';
import { fetchJson } from './fetch-json.ts';
import type { Figure } from './figure.ts';
import type { MethodOptions } from './figure-element.ts';
import type { PhaseDiagram } from './phase-diagram.ts';
import { rememberLink } from './share-opening.ts';
import { exportRequest, rememberOrigin } from './share-request.ts';

const engineOf = ({ engine, adapter, kernel }: Provenance): EngineInfo => ({
  engine: engine.startsWith('reference') ? 'reference' : 'gpu',
  label: `stored result, ${engine}`,
  adapter,
  kernel,
});

function showStored(figure: Figure, json: unknown, wish: (sweep: SweepJson) => Partial<ViewState>): void {
  const { film, provenance } = parseResult(json, figure.science.catalog);
  const sweep = sweepToJson(film.sweep);
  rememberOrigin(film, provenance);
  figure.showFilm({ ...FIRST_VIEW, sweep, ...wish(sweep) }, sweep, film, engineOf(provenance));
}

/** Opens what `src`, `result`, `link` or `state` of an element say, in this order. Throws InputError. */
export async function openElsewhere(
  host: PhaseDiagram,
  figure: Figure,
  state: unknown,
  wish: (sweep: SweepJson) => Partial<ViewState>,
  signal: AbortSignal,
): Promise<void> {
  const { catalog, presets } = figure.science;
  const known = { ...catalog, presets };
  if (host.result !== null || host.src !== '') {
    const json = host.result ?? (await fetchJson(host.src, signal));
    signal.throwIfAborted();
    if ((json as JsonObject | null)?.format === RESULT_FORMAT) {
      showStored(figure, json, wish);
      return;
    }
    const sweep = json as SweepJson;
    figure.science.parseSweep(sweep);
    figure.restore({ ...FIRST_VIEW, sweep, ...wish(sweep) });
    return;
  }
  if (host.link !== '') {
    const link = decodeLink(host.link, known);
    host.caps = lowerCaps(host.caps, link.caps ?? {});
    rememberLink(figure, link);
    figure.restore(link.state);
    return;
  }
  // A state is what is different from what is shown; one that names a preset begins with that preset.
  const given = (state ?? {}) as Partial<ViewState>;
  const preset = presets.find(({ id }) => id === given.preset);
  const base = preset === undefined ? figure.state : viewOfPreset(preset);
  figure.visit(parseViewState({ ...base, ...given }, known));
}

const OVER = ['finished', 'cancelled', 'failed', 'unsupported'] as const;
const isOver = (phase: string): boolean => (OVER as readonly string[]).includes(phase);

/** Resolves once `done` holds; rejects where the signal aborts, after `give up`. */
function until(figure: Figure, done: () => boolean, signal?: AbortSignal, giveUp = (): void => undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      stop();
      signal?.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      leave();
      giveUp();
      reject(signal?.reason);
    };
    const look = (): void => {
      if (!done()) return;
      leave();
      resolve();
    };
    const stop = figure.subscribe(look);
    if (signal?.aborted === true) abort();
    else {
      signal?.addEventListener('abort', abort, { once: true });
      look();
    }
  });
}

/** Runs the figure's sweep, or goes on with it, to its end. Rejects where it fails, is cancelled, or cannot run here. */
export async function run(figure: Figure, { signal }: MethodOptions): Promise<void> {
  signal?.throwIfAborted();
  if (figure.run.phase === 'paused') figure.command('resume');
  else if (isOver(figure.run.phase) || figure.run.phase === 'idle') figure.command('run');
  await until(
    figure,
    () => isOver(figure.run.phase),
    signal,
    () => figure.command('cancel'),
  );
  const { phase, message } = figure.run;
  if (phase === 'cancelled') throw new DOMException('The run was cancelled.', 'AbortError');
  if (phase === 'unsupported') throw new Error('gpu: expected WebGPU, got a browser without it');
  if (phase === 'failed') throw new Error(message);
}

/** Pauses what runs; resolves at once where nothing does. */
export async function pause(figure: Figure, { signal }: MethodOptions): Promise<void> {
  signal?.throwIfAborted();
  figure.command('pause');
}

/** Shows the frame `count` later, or earlier; resolves with its index. */
export async function step(figure: Figure, count: number, { signal }: MethodOptions): Promise<number> {
  signal?.throwIfAborted();
  if (!Number.isInteger(count)) throw new TypeError(`step: expected a whole number of frames, got ${count}`);
  const last = Math.max(0, figure.lastFrame);
  figure.change({ frame: Math.min(last, Math.max(0, figure.frame + count)) });
  return figure.frame;
}

/** The figure or its numbers in one of the formats of the share panel. */
export async function exportData(figure: Figure, format: string, { signal }: MethodOptions): Promise<Blob> {
  signal?.throwIfAborted();
  const chosen = FORMATS.find(({ id }) => id === format);
  if (chosen === undefined) {
    const known = FORMATS.map(({ id }) => id).join(', ');
    throw new TypeError(`exportData: expected one of ${known}, got ${JSON.stringify(format)}`);
  }
  const made = await chosen.make(exportRequest(figure, signal));
  signal?.throwIfAborted();
  return made instanceof Blob ? made : new Blob([made as BlobPart], { type: chosen.type });
}
