// <phase-matrix>: one matrix as a small picture, coloured about 0, read out entry by entry with pointer
// or keys. Computes nothing.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { MatrixPicture } from '../engine/inspect-picture.ts';
import { largestOf, signedPixels } from './inspection-colour.ts';
import { cursorAfter } from './keys.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { theme } from './theme.ts';

/** Matrices with no more rows than this carry the names of their rows, where these have any. */
const MOST_NAMES = 16;
/** Lowest and highest picture for its width, so that no matrix is a line. */
const ASPECT = [0.16, 1.25] as const;

/** Rows count from the top here, from the bottom in diagrams. */
const FLIPPED: Readonly<Record<string, string>> = {
  ArrowUp: 'ArrowDown',
  ArrowDown: 'ArrowUp',
  PageUp: 'PageDown',
  PageDown: 'PageUp',
};

/** "from −0.3 to 1.2", or what else there is to say. */
export function rangeWords(values: ArrayLike<number>, write: (value: number) => string): string {
  let [low, high, odd] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) odd++;
    else [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
  }
  if (low > high) return 'no finite number';
  const range = low === high ? `${write(low)} throughout` : `from ${write(low)} to ${write(high)}`;
  return odd === 0 ? range : `${range}, ${odd} not finite`;
}

export class PhaseMatrix extends LitElement {
  static override properties = {
    picture: { attribute: false },
    extent: { attribute: false },
    heading: {},
    cursor: { state: true },
    pointing: { state: true },
  };
  /** What to show; nothing without. */
  declare picture: MatrixPicture | null;
  /** |value| of full colour, to compare matrices; null takes the largest of its own. */
  declare extent: number | null;
  /** Which network it belongs to, for its accessible name; empty for none. */
  declare heading: string;
  declare private cursor: number;
  declare private pointing: boolean;
  #observer: ResizeObserver | null = null;
  #said: [number, boolean] = [-1, false];

  constructor() {
    super();
    this.picture = null;
    this.extent = null;
    this.heading = '';
    this.cursor = 0;
    this.pointing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => this.#paint());
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { picture } = this;
    const before = changed.get('picture') as MatrixPicture | null | undefined;
    if (picture !== null && this.cursor >= picture.values.length) this.cursor = 0;
    if (before != null && before.rows * before.columns !== picture?.values.length) this.pointing = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('picture') || changed.has('extent')) this.#paint();
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const { picture } = this;
    if (canvas === null || picture === null) return;
    const { rows, columns, values } = picture;
    const aspect = Math.min(ASPECT[1], Math.max(ASPECT[0], rows / columns));
    const width = Math.round(canvas.clientWidth * devicePixelRatio);
    if (width <= 0) return;
    canvas.width = width;
    canvas.height = Math.max(1, Math.round(width * aspect));
    const context = canvas.getContext('2d');
    const small = canvas.ownerDocument.createElement('canvas');
    [small.width, small.height] = [columns, rows];
    const inner = small.getContext('2d');
    if (context === null || inner === null) return;
    inner.putImageData(new ImageData(signedPixels(values, this.extent ?? largestOf(values)), columns, rows), 0, 0);
    // Entries are squares with edges, until there are more of them than pixels.
    context.imageSmoothingEnabled = canvas.width < columns || canvas.height < rows;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }

  #onPointer(event: PointerEvent): void {
    const { picture } = this;
    if (picture === null) return;
    const rect = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = (at: number, from: number, size: number) => Math.min(0.9999, Math.max(0, (at - from) / size));
    const column = Math.floor(share(event.clientX, rect.left, rect.width) * picture.columns);
    const row = Math.floor(share(event.clientY, rect.top, rect.height) * picture.rows);
    this.cursor = row * picture.columns + column;
    this.pointing = true;
  }

  #onKeyDown(event: KeyboardEvent): void {
    const { picture } = this;
    if (picture === null) return;
    const { key, ctrlKey } = event;
    const ends: Readonly<Record<string, number>> = { Home: 0, End: picture.values.length - 1 };
    const next =
      ctrlKey && key in ends ? ends[key] : cursorAfter(FLIPPED[key] ?? key, false, this.cursor, picture.columns, picture.rows);
    if (next === null) return;
    event.preventDefault();
    this.cursor = next;
    this.pointing = true;
  }

  readonly #leave = (): void => {
    this.pointing = false;
  };

  readonly #point = (): void => {
    this.pointing = true;
  };

  /** "hidden unit 3, input 1", or names. */
  #place({ columns, row, column, rowNames, columnNames }: MatrixPicture): string {
    const [r, c] = [Math.floor(this.cursor / columns), this.cursor % columns];
    const words = (names: readonly string[] | undefined, noun: string, index: number) => names?.[index] ?? `${noun} ${index + 1}`;
    return `${words(rowNames, row, r)}, ${words(columnNames, column, c)}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { picture, heading } = this;
    if (picture === null) return nothing;
    const { label, symbol, rows, columns, values, row, column, rowNames, columnNames } = picture;
    const value = values[this.cursor];
    const name = `${heading === '' ? '' : `${heading}: `}${label}, ${rows} by ${columns}, ${rangeWords(values, spokenNumber)}`;
    const [r, c] = [Math.floor(this.cursor / columns), this.cursor % columns];
    const named = rowNames !== undefined && rows <= MOST_NAMES && columns <= MOST_NAMES;
    const size =
      rows === columns && row === column ? `${rows} × ${rows}: ${row}` : `down ${rows}: ${row}; across ${columns}: ${column}`;
    return html`<figure part="matrix">
      <figcaption>${label} <span class="symbol">${symbol.includes('_') ? [symbol.split('_')[0], html`<sub>${symbol.split('_')[1]}</sub>`] : symbol}</span></figcaption>
      <div class="body ${named ? 'named' : ''}">
        ${named ? html`<div class="rows" aria-hidden="true">${rowNames.map((one) => html`<span>${one}</span>`)}</div>` : nothing}
        <div class="frame" role="grid" tabindex="0" aria-label=${name} aria-rowcount=${rows} aria-colcount=${columns} aria-activedescendant="entry-${this.cursor}"
          @pointermove=${this.#onPointer} @pointerdown=${this.#onPointer} @pointerleave=${this.#leave} @keydown=${this.#onKeyDown} @focus=${this.#point} @blur=${this.#leave}>
          <canvas aria-hidden="true"></canvas>
          ${this.pointing ? html`<svg class="cursor" viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none" aria-hidden="true"><rect x=${c} y=${r} width="1" height="1" vector-effect="non-scaling-stroke" /></svg>` : nothing}
          <div role="row" aria-rowindex=${r + 1}>${this.#entry(c, `${this.#place(picture)}: ${spokenNumber(value, 3)}`)}</div>
        </div>
        ${named ? html`<div class="columns" aria-hidden="true">${(columnNames ?? rowNames).map((one) => html`<span>${one}</span>`)}</div>` : nothing}
      </div>
      <p class="readout" aria-hidden="true">${
        this.pointing
          ? html`${this.#place(picture)}: <b>${formatNumber(value, 5)}</b>`
          : html`${rangeWords(values, formatNumber)}<br />${size}`
      }</p>
    </figure>`;
  }

  /**
   * The entry under the cursor as an element of its own: two templates in turn, because only a new
   * element is sure to be announced.
   */
  #entry(column: number, words: string): TemplateResult {
    if (this.cursor !== this.#said[0]) this.#said = [this.cursor, !this.#said[1]];
    return this.#said[1]
      ? html`<div class="unseen" role="gridcell" id="entry-${this.cursor}" aria-colindex=${column + 1}>${words}</div>`
      : html`<div id="entry-${this.cursor}" class="unseen" role="gridcell" aria-colindex=${column + 1}>${words}</div>`;
  }

  static override styles = [
    theme,
    css`
      figure {
        margin: 0;
      }
      figcaption {
        margin-bottom: 0.3rem;
      }
      sub {
        font-size: 0.72em;
        line-height: 0;
      }
      .body.named {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.2rem 0.4rem;
      }
      .frame {
        position: relative;
        outline: 1px solid var(--_hairline);
        cursor: crosshair;
        touch-action: pan-y;
      }
      .frame:focus-visible {
        outline: 2px solid var(--_focus);
        outline-offset: 2px;
      }
      canvas {
        display: block;
        width: 100%;
        height: auto;
      }
      .cursor {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
        pointer-events: none;
      }
      rect {
        fill: none;
        stroke: #17191d;
        stroke-width: 1.5;
      }
      .rows,
      .columns {
        display: flex;
        color: var(--_muted);
      }
      .rows {
        flex-direction: column;
        text-align: right;
      }
      .rows span,
      .columns span {
        display: flex;
        flex: 1 1 0;
        min-width: 0;
        min-height: 0;
        align-items: center;
        line-height: 1;
      }
      .rows span {
        justify-content: flex-end;
      }
      .columns {
        grid-column: 2;
      }
      .columns span {
        justify-content: flex-start;
        writing-mode: vertical-rl;
      }
      .readout {
        min-height: 2.9em;
        margin: 0.25rem 0 0;
        color: var(--_muted);
      }
      .readout b {
        color: var(--_ink);
        font-weight: 600;
      }
    `,
  ];
}
