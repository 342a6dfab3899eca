// The worker that trains a sweep in float64 off the page's thread: one sweep per worker,
// its first message. See reference-client.ts.

import { catalog } from '../catalog.ts';
import type { Caps } from '../core/caps.ts';
import type { Sweep } from '../core/sweep.ts';
import { openSession, type Session } from './session.ts';
import type { Progress } from './snapshot.ts';
import type { EngineInfo } from './trainer.ts';
import { answerLetters } from './worker-letters.ts';

/** What the page asks. `run` comes first, once; its answer comes in portions and ends with the run. */
export type ReferenceQuestion =
  | { readonly kind: 'run'; readonly sweep: Sweep; readonly caps: Caps }
  | { readonly kind: 'pause' | 'resume' | 'cancel' }
  | { readonly kind: 'inspect'; readonly cell: number; readonly seed: number };

/** A frame of the film: by observable, and the outcomes. */
export interface FrameValues {
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly outcomes: Uint8Array;
}

/** What is told while the sweep runs: that it has begun, then its snapshots. */
export type ReferencePart =
  | 'begun'
  | {
      readonly frame: number;
      readonly filled: FrameValues | null;
      readonly progress: Progress;
      readonly engine: EngineInfo;
    };

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

answerLetters<ReferenceQuestion, ReferencePart>(async (question, tell) => {
  if (question.kind === 'run') {
    session = openSession(question.sweep, { catalog, engine: 'reference', caps: question.caps });
    tell('begun');
    for await (const { frame, progress, engine } of session) tell({ frame, filled: frameOf(session, frame), progress, engine });
    return true;
  }
  if (session === null) throw new Error('nothing runs yet');
  return question.kind === 'inspect' ? session.inspect(question.cell, question.seed) : session[question.kind]();
});
