// Runs one sweep at a time for whoever listens: headless, thin views subscribe. Chooses no looks and no presets.

import { InputError, reasonOf } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Phase, Progress } from '../engine/snapshot.ts';
import type { EngineInfo, Inspection } from '../engine/trainer.ts';
import type { RunningSession, Science } from './science.ts';

export type RunPhase = Phase | 'idle' | 'failed' | 'unsupported';

/** Where a run stands. A new object at every change; the film in it is filled in place. */
export interface RunState {
  readonly phase: RunPhase;
  /** What went wrong, a sentence; empty otherwise. */
  readonly message: string;
  readonly sweep: Sweep | null;
  readonly film: Film | null;
  readonly progress: Progress | null;
  readonly engine: EngineInfo | null;
}

/** Before anything has been asked for. */
export const IDLE: RunState = { phase: 'idle', message: '', sweep: null, film: null, progress: null, engine: null };

/** Most values per axis, seeds and samples of a sweep that the float64 reference is asked to run. */
const REFERENCE_STEPS = 9;
const REFERENCE_SAMPLES = 48;

type Json = Readonly<Record<string, unknown>>;

/** The same sweep, small enough for the slow reference: fewer steps, one seed, fewer samples. */
export function smallSweep(json: Json): Json {
  const axes = (Array.isArray(json.axes) ? (json.axes as readonly Json[]) : []).map((axis) => {
    if (typeof axis.steps === 'number') return { ...axis, steps: Math.min(axis.steps, REFERENCE_STEPS) };
    const values = Array.isArray(axis.values) ? (axis.values as readonly unknown[]) : [];
    return { ...axis, values: values.slice(0, 4) };
  });
  const task = { ...(json.task as Json | undefined) };
  for (const key of ['samples', 'testSamples', 'probeSamples']) {
    const asked = task[key];
    if (typeof asked === 'number') task[key] = Math.min(asked, key === 'testSamples' ? 2 * REFERENCE_SAMPLES : REFERENCE_SAMPLES);
  }
  return { ...json, axes, task, seeds: 1 };
}

export class SessionController {
  readonly #science: Science;
  readonly #listeners = new Set<(state: RunState) => void>();
  #state = IDLE;
  #session: RunningSession | null = null;
  #abort: AbortController | null = null;
  #json: Json | null = null;
  #engine: 'gpu' | 'reference' = 'gpu';
  #frame = 0;

  constructor(science: Science) {
    this.#science = science;
  }

  get state(): RunState {
    return this.#state;
  }

  /** The sweep asked for last, in JSON. */
  get json(): Json | null {
    return this.#json;
  }

  /** Calls `listener` after changes, at most once per animation frame while training. Returns how to stop. */
  subscribe(listener: (state: RunState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(change: Partial<RunState>, now: boolean): void {
    this.#state = { ...this.#state, ...change };
    if (now) this.#tell();
    else if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#tell());
  }

  #tell(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    for (const listener of this.#listeners) listener(this.#state);
  }

  /**
   * Runs a sweep given in JSON, ending the one before. Resolves when it has finished, was replaced or failed; faults of a running
   * sweep end in `state`. Throws InputError where the JSON is no sweep, leaving the run before untouched.
   */
  async run(json: Json, engine: 'gpu' | 'reference' = 'gpu'): Promise<void> {
    const sweep = this.#science.parseSweep(json);
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#json = json;
    this.#engine = engine;
    this.#session?.dispose();
    this.#session = null;
    this.#set({ ...IDLE, phase: 'loading', sweep }, true);
    try {
      if (engine === 'gpu' && !(await this.#science.gpuAvailable())) {
        if (!abort.signal.aborted) this.#set({ phase: 'unsupported' }, true);
        return;
      }
      if (abort.signal.aborted) return;
      const session = this.#science.openSession(sweep, { engine, signal: abort.signal });
      this.#session = session;
      for await (const { film, progress, engine: info } of session) {
        if (abort.signal.aborted) return;
        const changed = progress.phase !== this.#state.phase;
        this.#set({ film, progress, engine: info, phase: progress.phase }, changed);
      }
      if (!abort.signal.aborted && this.#state.phase !== 'cancelled') this.#set({ phase: 'finished' }, true);
    } catch (cause) {
      if (!abort.signal.aborted) this.#set({ phase: 'failed', message: reasonOf(cause) }, true);
    }
  }

  /** Shows a run that has ended, ending the one under way. Its networks cannot be inspected. */
  show(json: Json, state: RunState): void {
    this.#abort?.abort();
    this.#session?.dispose();
    this.#session = null;
    this.#json = json;
    this.#set(state, true);
  }

  /** Runs the last sweep again on the engine it ran on, or a small form of it on the float64 reference. */
  async again(engine = this.#engine): Promise<void> {
    const json = this.#json;
    if (json === null) return;
    const running = this.run(engine === 'reference' ? smallSweep(json) : json, engine);
    this.#json = json;
    await running;
  }

  /** Opens a network of the run as it stands; rejects where there is none or its cell has not been started. */
  async inspect(cell: number, seed: number): Promise<Inspection> {
    if (this.#session === null) throw new Error('nothing has been run yet');
    return this.#session.inspect(cell, seed);
  }

  pause(): void {
    this.#session?.pause();
    if (this.#state.phase === 'training') this.#set({ phase: 'paused' }, true);
  }

  resume(): void {
    this.#session?.resume();
    if (this.#state.phase === 'paused') this.#set({ phase: 'training' }, true);
  }

  /** Stops the run and keeps what it has measured. */
  cancel(): void {
    this.#session?.cancel();
    if (!['idle', 'finished', 'failed', 'unsupported'].includes(this.#state.phase)) this.#set({ phase: 'cancelled' }, true);
  }

  /** Ends everything. */
  dispose(): void {
    this.#abort?.abort();
    this.#session?.dispose();
    cancelAnimationFrame(this.#frame);
    this.#listeners.clear();
  }
}

/** True for mistakes in what the reader asked for. */
export function isInputError(cause: unknown): cause is InputError {
  return cause instanceof InputError;
}
