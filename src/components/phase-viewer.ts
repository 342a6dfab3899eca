// <phase-viewer>: a stored result, drawn without any trainer or GPU. The shell only: what reads and shows the
// file comes with the file.

import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { announce } from './events.ts';
import { theme } from './theme.ts';
import type { ViewerContent } from './viewer-stored.ts';

/**
 * A stored result: colours, diagram, film strip, and the curves of a cell that is clicked. Trains nothing.
 * @slot - Shown before the element is defined, while the file loads, and where it cannot be read: an image, a table.
 * @slot legend - Below the colours.
 * @slot controls - Below the film.
 * @slot caption - Below the figure.
 * @csspart heading - The title of the sweep.
 * @csspart legend - The colours.
 * @csspart heatmap - The diagram.
 * @csspart film - The strip of frames.
 * @csspart cell - The chosen cell and its curves.
 * @csspart status - Where the numbers come from, or why there are none.
 * @fires phase-ready - The diagram has been drawn for the first time.
 * @fires phase-cell-select - A cell was chosen: its index and the values of its parameters.
 * @fires phase-state-change - The reader chose another observable, frame or boundary.
 * @fires phase-error - The result could not be loaded or read.
 */
export class PhaseViewer extends LitElement {
  static override properties = {
    src: {},
    result: { attribute: false },
    observable: {},
    x: {},
    y: {},
    frame: { type: Number },
    threshold: { type: Number },
    cell: { type: Number },
    theme: { reflect: true },
    controls: {},
    heading: {},
    playing: { state: true },
    content: { state: true },
    fault: { state: true },
  };
  /** Address of a stored result, of this origin or one that allows others. */
  declare src: string;
  /** A stored result as JSON, instead of `src`. */
  declare result: unknown;
  /** Id of the observable shown; empty takes the first. */
  declare observable: string;
  /** Parameter on the horizontal axis; empty takes the first. */
  declare x: string;
  /** Parameter on the vertical axis, or `time`; empty takes the next. */
  declare y: string;
  /** Index of the frame shown, 0 at the start of training; null shows the last. */
  declare frame: number | null;
  /** Boundary between lazy and rich; undefined takes the observable's own. */
  declare threshold: number | undefined;
  /** Index of the chosen cell; −1 for none. */
  declare cell: number;
  /** `light` or `dark`; empty follows the host's `color-scheme`. */
  declare theme: string;
  /** `none` shows the diagram alone. */
  declare controls: string;
  /** `none` leaves the title out. */
  declare heading: string;
  /** @internal */
  declare playing: boolean;
  declare private content: ViewerContent | null;
  declare private fault: string;
  #abort: AbortController | null = null;

  constructor() {
    super();
    this.src = '';
    this.result = null;
    this.observable = '';
    this.x = '';
    this.y = '';
    this.frame = null;
    this.threshold = undefined;
    this.cell = -1;
    this.theme = '';
    this.controls = 'full';
    this.heading = '';
    this.playing = false;
    this.content = null;
    this.fault = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('src') || changed.has('result')) void this.#load();
  }

  async #load(): Promise<void> {
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (this.src === '' && this.result === null) return;
    this.fault = '';
    try {
      const content = await (await import('./viewer-stored.ts')).contentOf(this, signal);
      if (!signal.aborted) this.content = content;
    } catch (cause) {
      if (signal.aborted) return;
      this.content = null;
      this.fault = cause instanceof Error ? cause.message : String(cause);
      announce(this, 'phase-error', { message: this.fault });
    }
  }

  protected override render(): TemplateResult {
    if (this.content !== null) return this.content.render();
    const words = this.src === '' && this.result === null ? 'No result was given.' : 'Loading the stored result.';
    return html`<slot></slot><p part="status" class="status" role="status">${this.fault || words}
      ${this.fault === '' ? '' : html`<button @click=${this.#load}>Try again</button>`}</p>`;
  }

  static override styles = [
    theme,
    css`
      :host([theme='light']) {
        color-scheme: light;
      }
      :host([theme='dark']) {
        color-scheme: dark;
      }
      h2 {
        margin: 0 0 0.75rem;
        font-size: 1rem;
      }
      select {
        font: inherit;
        font-weight: 600;
        color: inherit;
        background: var(--_paper);
        border: 0;
      }
      .status {
        margin: 0.4rem 0 0;
        color: var(--_muted);
      }
    `,
  ];
}
