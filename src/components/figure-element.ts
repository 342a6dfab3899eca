// The methods that elements with a figure share: promises that take an abort signal. What they do is
// embed.ts, loaded when asked for.

import { LitElement, type ReactiveController } from 'lit';
import type { Figure } from './figure.ts';

/** What methods of elements take. */
export interface MethodOptions {
  /** Ends the waiting, and what was begun by the method. */
  readonly signal?: AbortSignal;
}

/** Lets a method wait for what the next update of its element brings. */
class Updates implements ReactiveController {
  #waiting: (() => void)[] = [];

  readonly hostUpdated = (): void => {
    for (const go of this.#waiting.splice(0)) go();
  };
  readonly hostDisconnected = this.hostUpdated;

  /** Resolves after the next update, when the element leaves its page, or when the signal aborts. */
  next(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

export abstract class FigureElement extends LitElement {
  readonly #updates = new Updates();

  constructor() {
    super();
    this.addController(this.#updates);
  }

  /** @internal */
  protected nextUpdate(signal?: AbortSignal): Promise<void> {
    return this.#updates.next(signal);
  }

  /** The figure, begun where it has not been: what a reader does by scrolling or clicking. Rejects where it cannot be loaded. */
  abstract begin(options?: MethodOptions): Promise<Figure>;

  /**
   * Runs what is shown, or goes on with it, loading the trainer where it has to; resolves when it has finished. Rejects where it
   * fails, is cancelled or the signal aborts, which cancels it.
   */
  async run(options: MethodOptions = {}): Promise<void> {
    const [figure, { run }] = await Promise.all([this.begin(options), import('./embed.ts')]);
    return run(figure, options);
  }

  /** Pauses the run; resolves at once where nothing runs. */
  async pause(options: MethodOptions = {}): Promise<void> {
    const [figure, { pause }] = await Promise.all([this.begin(options), import('./embed.ts')]);
    return pause(figure, options);
  }

  /** Shows the frame `count` later, or earlier where it is negative; resolves with its index. */
  async step(count = 1, options: MethodOptions = {}): Promise<number> {
    const [figure, { step }] = await Promise.all([this.begin(options), import('./embed.ts')]);
    return step(figure, count, options);
  }

  /** The figure or its numbers as a file: `svg`, `png`, `json`, `csv`, `parquet`, `npy`, `npz`, `webm`, `frames`. */
  async exportData(format: string, options: MethodOptions = {}): Promise<Blob> {
    const [figure, { exportData }] = await Promise.all([this.begin(options), import('./embed.ts')]);
    return exportData(figure, format, options);
  }
}
