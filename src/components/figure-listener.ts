// Lets an element follow a figure: renders again when the figure changes, at most once per update. Draws nothing.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Figure, FigureChange } from './figure.ts';

/** An element that is given a figure. */
export interface FigureHost extends ReactiveControllerHost {
  readonly figure: Figure | null;
}

export class FigureListener implements ReactiveController {
  readonly #host: FigureHost;
  readonly #heard: (change: FigureChange) => void;
  #figure: Figure | null = null;
  #stop: (() => void) | null = null;

  /** `heard` is told of every change before the host renders again. */
  constructor(host: FigureHost, heard: (change: FigureChange) => void = () => {}) {
    this.#host = host;
    this.#heard = heard;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow(this.#host.figure);
  }

  hostUpdate(): void {
    if (this.#host.figure !== this.#figure) this.#follow(this.#host.figure);
  }

  hostDisconnected(): void {
    this.#follow(null);
  }

  #follow(figure: Figure | null): void {
    this.#stop?.();
    this.#figure = figure;
    this.#stop =
      figure?.subscribe((change) => {
        this.#heard(change);
        this.#host.requestUpdate();
      }) ?? null;
  }
}
