// The worker that trains a sweep in float64 off the page's thread: one sweep per worker, its first message. See reference-client.ts.

import { catalog } from '../catalog.ts';
import type { Caps } from '../core/caps.ts';
import { reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import { openSession, type Session } from './session.ts';
import type { Progress } from './snapshot.ts';
import type { EngineInfo } from './trainer.ts';

/** What the page asks. `open` comes first, once. */
export type ReferenceQuestion =
  | { readonly kind: 'open'; readonly sweep: Sweep; readonly caps: Caps }
  | { readonly kind: 'pause' | 'resume' | 'cancel' }
  | { readonly kind: 'inspect'; readonly ticket: number; readonly cell: number; readonly seed: number };

/** A frame of the film: by observable, and the outcomes. */
export interface FrameValues {
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly outcomes: Uint8Array;
}

export type ReferenceReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'snapshot';
      readonly frame: number;
      readonly filled: FrameValues | null;
      readonly progress: Progress;
      readonly engine: EngineInfo;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly message: string }
  | { readonly kind: 'answer'; readonly ticket: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly ticket: number; readonly message: string };

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: { readonly data: ReferenceQuestion }) => void) | null;
  postMessage(reply: ReferenceReply): void;
}

const scope = self as unknown as Scope;
let session: Session | null = null;

/** Copies of a frame: the film goes on being filled. */
function frameOf({ film }: Session, frame: number): FrameValues | null {
  if (frame < 0) return null;
  const values: Record<string, Float64Array> = {};
  const slice = <Values extends Float64Array | Uint8Array>(all: Values): Values => {
    const size = all.length / film.times.length;
    return all.slice(frame * size, (frame + 1) * size) as Values;
  };
  for (const [id, all] of [...Object.entries(film.network), ...Object.entries(film.cell)]) values[id] = slice(all);
  return { values, outcomes: slice(film.outcomes) };
}

async function run(sweep: Sweep, caps: Caps): Promise<void> {
  session = openSession(sweep, { catalog, engine: 'reference', caps });
  scope.postMessage({ kind: 'ready' });
  for await (const { frame, progress, engine } of session)
    scope.postMessage({ kind: 'snapshot', frame, filled: frameOf(session, frame), progress, engine });
  scope.postMessage({ kind: 'end' });
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'open') {
    run(data.sweep, data.caps).catch((cause: unknown) => scope.postMessage({ kind: 'fault', message: reasonOf(cause) }));
  } else if (data.kind === 'inspect') {
    const { ticket } = data;
    (session?.inspect(data.cell, data.seed) ?? Promise.reject(new Error('nothing runs yet'))).then(
      (value) => scope.postMessage({ kind: 'answer', ticket, value }),
      (cause) => scope.postMessage({ kind: 'refusal', ticket, message: reasonOf(cause) }),
    );
  } else session?.[data.kind]();
};
