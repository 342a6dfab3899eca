// What the reader chose before, for undo and redo. Runs nothing and draws nothing.

import type { ViewState } from '../core/view-state.ts';

/** Moves through a picture, not changes of it: never undone one by one. */
const PASSING: readonly (keyof ViewState)[] = ['frame', 'cell'];
/** Dragged in many small steps: one stroke is one change. */
const DRAGGED: readonly (keyof ViewState)[] = ['threshold', 'at'];
const MOST = 100;

export class ViewHistory {
  #past: ViewState[] = [];
  #future: ViewState[] = [];
  #dragged = '';

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Remembers `before`, which is about to be changed in `keys`. */
  record(before: ViewState, keys: readonly (keyof ViewState)[]): void {
    if (keys.every((key) => PASSING.includes(key))) return;
    const dragged = keys.length === 1 && DRAGGED.includes(keys[0]) ? keys[0] : '';
    const goesOn = dragged !== '' && dragged === this.#dragged;
    this.#dragged = dragged;
    this.#future = [];
    if (goesOn) return;
    this.#past.push(before);
    if (this.#past.length > MOST) this.#past.shift();
  }

  /** The view before `now`; null where there is none. */
  undo(now: ViewState): ViewState | null {
    const before = this.#past.pop();
    if (before === undefined) return null;
    this.#future.push(now);
    this.#dragged = '';
    return before;
  }

  /** The view that `now` was undone from; null where there is none. */
  redo(now: ViewState): ViewState | null {
    const after = this.#future.pop();
    if (after === undefined) return null;
    this.#past.push(now);
    this.#dragged = '';
    return after;
  }
}
