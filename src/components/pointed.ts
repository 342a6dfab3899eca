// Which cell and which time the reader points at, in whichever view: so that the others can mark them too.
// Changes nothing that is kept.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Pointed {
  readonly #listeners = new Set<() => void>();
  #cell = -1;
  #frame = -1;

  /** Index of the cell in the sweep; −1 for none. */
  get cell(): number {
    return this.#cell;
  }

  /** Index of the frame in the film; −1 where a cell is pointed at, but no time. */
  get frame(): number {
    return this.#frame;
  }

  point(cell: number, frame = -1): void {
    if (cell === this.#cell && frame === this.#frame) return;
    this.#cell = cell;
    this.#frame = frame;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after every change. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Lets an element follow what is pointed at: it renders again when that changes. */
export class PointedListener implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly pointed: Pointed | null };
  #pointed: Pointed | null = null;
  #stop: (() => void) | null = null;

  constructor(host: ReactiveControllerHost & { readonly pointed: Pointed | null }) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow(this.#host.pointed);
  }

  hostUpdate(): void {
    if (this.#host.pointed !== this.#pointed) this.#follow(this.#host.pointed);
  }

  hostDisconnected(): void {
    this.#follow(null);
  }

  #follow(pointed: Pointed | null): void {
    this.#stop?.();
    this.#pointed = pointed;
    this.#stop = pointed?.subscribe(() => this.#host.requestUpdate()) ?? null;
  }
}
