// <phase-colour-bar>: what the colours of a diagram mean. The mark of the threshold is a slider: dragging it moves the boundary.
// For observables of classes it shows what its host puts inside: see `classLegend` in swatch.ts.

import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { cssColour } from './colour.ts';
import type { ColourScale } from './colour-scale.ts';
import type { ObservableView } from './diagram-view.ts';
import { announce } from './events.ts';
import { numberMark } from './heatmap-marks.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { theme } from './theme.ts';

const STOPS = 33;
const BAR_TOP = 2;
const BAR_HEIGHT = 10;

export class PhaseColourBar extends LitElement {
  static override properties = {
    colours: { attribute: false },
    observable: { attribute: false },
    threshold: { type: Number },
    width: { state: true },
  };
  /** Colours to explain, centred on the observable's own threshold. */
  declare colours: ColourScale | null;
  declare observable: ObservableView | null;
  /** Boundary in use; undefined hides the mark. */
  declare threshold: number | undefined;
  declare private width: number;
  #observer: ResizeObserver | null = null;

  constructor() {
    super();
    this.colours = null;
    this.observable = null;
    this.threshold = undefined;
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry.contentRect.width !== this.width) this.width = entry.contentRect.width;
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  #move(position: number): void {
    const { colours } = this;
    if (colours === null) return;
    const value = colours.value(Math.min(0.98, Math.max(0.02, position)));
    this.threshold = Number(value.toPrecision(3));
    announce(this, 'phase-state-change', { threshold: this.threshold });
  }

  #onPointer(event: PointerEvent): void {
    const bar = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') bar.setPointerCapture(event.pointerId);
    else if (!bar.hasPointerCapture(event.pointerId)) return;
    const rect = bar.getBoundingClientRect();
    this.#move((event.clientX - rect.left) / rect.width);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (this.colours === null || this.threshold === undefined) return;
    const now = this.colours.position(this.threshold);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: now + 0.02,
      ArrowUp: now + 0.02,
      ArrowLeft: now - 0.02,
      ArrowDown: now - 0.02,
      PageUp: now + 0.1,
      PageDown: now - 0.1,
      Home: 0,
      End: 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#move(next);
  }

  #reset(): void {
    if (this.observable?.threshold === undefined) return;
    this.threshold = this.observable.threshold;
    announce(this, 'phase-state-change', { threshold: this.threshold });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { colours, observable } = this;
    if (colours === null || observable === null) return nothing;
    const order = colours.threshold !== undefined;
    return html`
      <div class="name">
        <slot name="name"><span>${observable.label} <span class="symbol">${observable.symbol}</span></span></slot>
        ${order ? html`<span class="sides"><span class="lazy">lazy</span><span class="rich">rich</span></span>` : nothing}
      </div>
      ${colours.classes === undefined ? this.#bar(colours, observable, order) : html`<slot></slot>`}
    `;
  }

  #bar(colours: ColourScale, observable: ObservableView, order: boolean): TemplateResult {
    return html`<div class="bar">
        <svg viewBox="0 0 ${Math.max(1, this.width)} 36" aria-hidden="true">${this.#marks(colours, this.width)}</svg>
        ${order && this.threshold !== undefined ? this.#slider(observable, this.threshold) : nothing}
      </div>`;
  }

  #marks(colours: ColourScale, width: number): unknown {
    const stops = Array.from({ length: STOPS }, (_, i) => i / (STOPS - 1));
    const at = this.threshold === undefined ? Number.NaN : colours.position(this.threshold) * width;
    const y = BAR_TOP + BAR_HEIGHT;
    return svg`
      <defs><linearGradient id="table">${stops.map((stop) => svg`<stop offset=${stop} stop-color=${cssColour(colours.table, stop)} />`)}</linearGradient></defs>
      <rect x="0" y=${BAR_TOP} width=${width} height=${BAR_HEIGHT} fill="url(#table)" />
      ${colours
        .ticks(Math.max(2, Math.floor(width / 54)))
        .filter(({ position }) => position >= -1e-6 && position <= 1 + 1e-6)
        .map(({ position, label }) => {
          const x = Math.min(width - 0.5, Math.max(0.5, position * width));
          const anchor = position < 0.03 ? 'start' : position > 0.97 ? 'end' : 'middle';
          if (label === undefined) return svg`<line class="minor" x1=${x} x2=${x} y1=${y} y2=${y + 3} />`;
          return svg`<line x1=${x} x2=${x} y1=${y} y2=${y + 5} /><text x=${x} y=${y + 19} text-anchor=${anchor}>${numberMark(label)}</text>`;
        })}
      ${
        Number.isNaN(at) || colours.threshold === undefined
          ? nothing
          : svg`<g class="handle" transform="translate(${at.toFixed(1)} 0)"><rect class="halo" x="-3.5" y="0" width="7" height="14" rx="2" />
              <rect class="knob" x="-2" y="1" width="4" height="12" rx="1" /></g>`
      }`;
  }

  #slider(observable: ObservableView, threshold: number): TemplateResult {
    const moved = threshold !== observable.threshold;
    return html`<div
        class="slider" role="slider" tabindex="0" data-threshold
        aria-label="Boundary between lazy and rich" aria-valuemin="0" aria-valuemax="1"
        aria-valuenow=${this.colours?.position(threshold).toFixed(2) ?? '0'}
        aria-valuetext="${observable.label} ${spokenNumber(threshold)}"
        @pointerdown=${this.#onPointer} @pointermove=${this.#onPointer} @keydown=${this.#onKeyDown} @dblclick=${this.#reset}
      ></div>
      ${moved ? html`<p class="moved">boundary at ${formatNumber(threshold)} <button @click=${this.#reset}>reset</button></p>` : nothing}`;
  }

  static override styles = [
    theme,
    css`
      :host {
        container-type: inline-size;
      }
      slot {
        min-width: 0;
      }
      .name {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        padding-bottom: 0.15rem;
      }
      .sides {
        display: flex;
        gap: 0.5rem;
        font-weight: 600;
      }
      .sides span + span::before {
        content: '→';
        margin-right: 0.5rem;
        color: var(--_muted);
        font-weight: 400;
      }
      @container (max-width: 26rem) {
        .sides {
          display: none;
        }
      }
      .bar {
        position: relative;
        height: 36px;
      }
      svg {
        width: 100%;
        height: 36px;
        overflow: visible;
      }
      line {
        stroke: var(--_muted);
        shape-rendering: crispEdges;
      }
      line.minor {
        opacity: 0.5;
      }
      text {
        font-size: 13px;
        fill: var(--_muted);
      }
      .raised {
        font-size: 9.5px;
      }
      .halo {
        fill: #fff;
      }
      .knob {
        fill: #14161a;
      }
      .slider {
        position: absolute;
        inset: -4px 0 auto;
        height: 24px;
        cursor: ew-resize;
        touch-action: none;
      }
      .moved {
        position: absolute;
        right: 0;
        top: 2.4rem;
        margin: 0;
        padding: 0 0.25rem;
        color: var(--_muted);
        background: var(--_paper);
      }
      .moved button {
        padding: 0;
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-decoration: underline;
        cursor: pointer;
      }
    `,
  ];
}
