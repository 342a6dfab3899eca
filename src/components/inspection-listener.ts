// Lets an element with a figure follow its inspections: renders again when one has said more. Lets go while the element is away.

import type { ReactiveController } from 'lit';
import type { FigureHost } from './figure-listener.ts';
import { Inspections } from './inspection-controller.ts';

export class InspectionListener implements ReactiveController {
  readonly #host: FigureHost & Element;
  #inspections: Inspections | null = null;
  #stop: (() => void) | null = null;

  constructor(host: FigureHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** Those of the host's figure; null without one, and while the host is in no page. */
  get inspections(): Inspections | null {
    return this.#inspections;
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const { figure, isConnected } = this.#host;
    const wanted = figure === null || !isConnected ? null : Inspections.of(figure);
    if (wanted === this.#inspections) return;
    this.#stop?.();
    this.#inspections = wanted;
    this.#stop = wanted?.subscribe(() => this.#host.requestUpdate()) ?? null;
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
    this.#inspections = null;
  }
}
