// <phase-film>: training time as a strip of small diagrams, one per checkpoint, that fills while the sweep runs.
// Drag, click or use the keys to choose a frame; play lets the diagram train again.

import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import type { ColourScale } from './colour-scale.ts';
import type { DiagramView } from './diagram-view.ts';
import { announce } from './events.ts';
import { filmStyles } from './film-styles.ts';
import { numberMark } from './heatmap-marks.ts';
import { frameAfter } from './keys.ts';
import { formatNumber, numberParts, spokenNumber } from './numbers.ts';
import { type PaintTheme, paintCells } from './paint.ts';
import { type Pointed, PointedListener } from './pointed.ts';
import type { AxisScale } from './scale.ts';
import { theme } from './theme.ts';

/** Milliseconds per frame while playing. */
const FRAME_MS = 110;
/** The same where the reader asked for less motion. */
const CALM_FRAME_MS = 900;
/** Pictures painted per animation frame, so that large films never hold up the page. */
const MOST_PAINTED = 4;
const GAP = 2;
/** Narrowest picture worth painting, CSS pixels. */
const NARROWEST = 17;

export class PhaseFilm extends LitElement {
  static override styles = [theme, filmStyles];
  static override properties = {
    times: { attribute: false },
    views: { attribute: false },
    colours: { attribute: false },
    x: { attribute: false },
    y: { attribute: false },
    frame: { type: Number },
    last: { type: Number },
    playing: { type: Boolean, reflect: true },
    version: { type: Number },
    speed: { type: Number },
    loop: { type: Boolean },
    pointed: { attribute: false },
    width: { state: true },
  };
  /** Checkpoints, ascending. */
  declare times: readonly number[];
  /** Gives a frame's picture; the same object while it has not changed. */
  declare views: ((frame: number) => DiagramView) | null;
  declare colours: ColourScale | null;
  declare x: AxisScale | null;
  declare y: AxisScale | null;
  /** Frame shown. */
  declare frame: number;
  /** Last frame at which anything is known; −1 before the first. */
  declare last: number;
  declare playing: boolean;
  /** Change it when the film has grown. */
  declare version: number;
  /** Times the usual pace, > 0. */
  declare speed: number;
  /** Begins again after the last frame. */
  declare loop: boolean;
  /** What other views point at: its time is marked. Null for nothing. */
  declare pointed: Pointed | null;
  declare private width: number;

  readonly #painted = new Map<number, readonly unknown[]>();
  #slots = 0;
  #observer: ResizeObserver | null = null;
  #request = 0;
  #clock = 0;
  #lastStep = 0;

  constructor() {
    super();
    this.times = [];
    this.views = null;
    this.colours = null;
    this.x = null;
    this.y = null;
    this.frame = 0;
    this.last = -1;
    this.playing = false;
    this.version = 0;
    this.speed = 1;
    this.loop = false;
    this.pointed = null;
    this.width = 0;
    new PointedListener(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry.contentRect.width !== this.width) this.width = entry.contentRect.width;
    });
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    cancelAnimationFrame(this.#request);
    cancelAnimationFrame(this.#clock);
    this.#request = 0;
    this.#clock = 0;
  }

  #observe(): void {
    const strip = this.renderRoot.querySelector('.strip');
    if (strip !== null) this.#observer?.observe(strip);
  }

  protected override firstUpdated(): void {
    this.#observe();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('playing')) {
      cancelAnimationFrame(this.#clock);
      this.#clock = this.playing ? requestAnimationFrame(this.#tick) : 0;
    }
    if (this.#request === 0) this.#request = requestAnimationFrame(this.#paint);
  }

  /** Paints again from scratch at the next frame. */
  repaint(): void {
    this.#painted.clear();
    this.requestUpdate();
  }

  play(): void {
    if (this.last < 1) return;
    if (this.frame >= this.last) this.#show(0);
    this.playing = true;
    announce(this, 'phase-state-change', { playing: true });
  }

  pause(): void {
    this.playing = false;
    announce(this, 'phase-state-change', { playing: false });
  }

  /** Moves by `count` frames, negative for back. */
  step(count = 1): void {
    this.playing = false;
    this.#show(Math.min(Math.max(0, this.last), Math.max(0, this.frame + count)));
  }

  readonly #tick = (now: number): void => {
    if (!this.playing) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (now - this.#lastStep >= (calm ? CALM_FRAME_MS : FRAME_MS) / this.speed) {
      this.#lastStep = now;
      const ended = this.frame >= this.last;
      if (ended && !this.loop) {
        this.pause();
        return;
      }
      this.#show(ended ? 0 : this.frame + 1);
    }
    this.#clock = requestAnimationFrame(this.#tick);
  };

  #show(frame: number): void {
    this.frame = frame;
    announce(this, 'phase-state-change', { frame });
  }

  /** Every `stride`-th frame has a picture, so that none is too narrow. */
  get #stride(): number {
    return Math.max(1, Math.ceil((this.times.length * NARROWEST) / Math.max(1, this.width)));
  }

  readonly #paint = (): void => {
    this.#request = 0;
    const { views, colours, x, y, width } = this;
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null || views === null || colours === null || x === null || y === null || width <= 0) return;
    const unit = window.devicePixelRatio;
    const height = canvas.clientHeight;
    const stride = this.#stride;
    const slots = Math.ceil(this.times.length / stride);
    // Another number of pictures leaves nothing of those before between them.
    if (canvas.width !== Math.round(width * unit) || canvas.height !== Math.round(height * unit) || slots !== this.#slots) {
      this.#slots = slots;
      canvas.width = Math.round(width * unit);
      canvas.height = Math.round(height * unit);
      this.#painted.clear();
    }
    const context = canvas.getContext('2d');
    if (context === null) return;
    const style = getComputedStyle(canvas);
    const ink: PaintTheme = {
      paper: style.columnRuleColor,
      wash: style.columnRuleColor,
      ink: style.color,
      hairline: style.borderTopColor,
    };
    let painted = 0;
    for (let slot = 0; slot < slots; slot++) {
      const frame = slot * stride;
      if (painted >= MOST_PAINTED) {
        this.#request = requestAnimationFrame(this.#paint);
        return;
      }
      const view = views(frame);
      const made = [view, ...colours.ends, colours.table, ink.paper];
      if (this.#painted.get(frame)?.every((part, i) => part === made[i])) continue;
      this.#painted.set(frame, made);
      painted++;
      const left = Math.round((slot / slots) * canvas.width);
      const right = Math.round(((slot + 1) / slots) * canvas.width - GAP * unit);
      const tile = canvas.ownerDocument.createElement('canvas');
      tile.width = Math.max(1, right - left);
      tile.height = canvas.height;
      const inner = tile.getContext('2d');
      if (inner === null || x.values.length !== view.columns || y.values.length !== view.rows) continue;
      paintCells(inner, view, colours, x.edges, y.edges, unit, ink);
      context.drawImage(tile, left, 0);
    }
  };

  #frameUnder(event: PointerEvent): number {
    const rect = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = Math.min(0.9999, Math.max(0, (event.clientX - rect.left) / rect.width));
    const slots = Math.ceil(this.times.length / this.#stride) * this.#stride;
    return Math.min(Math.max(0, this.last), Math.floor(share * slots));
  }

  #onPointer(event: PointerEvent): void {
    const strip = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') strip.setPointerCapture(event.pointerId);
    else if (!strip.hasPointerCapture(event.pointerId)) return;
    if (this.last < 0) return;
    if (this.playing) this.pause();
    this.#show(this.#frameUnder(event));
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key === ' ') {
      if (this.playing) this.pause();
      else this.play();
      event.preventDefault();
      return;
    }
    const next = frameAfter(event.key, this.frame, Math.max(0, this.last));
    if (next === null) return;
    event.preventDefault();
    if (this.playing) this.pause();
    this.#show(next);
  }

  protected override render(): TemplateResult {
    const time = this.times[this.frame] ?? 0;
    const icon = this.playing ? svg`<path d="M4 2h3v12H4zM9 2h3v12H9z" />` : svg`<path d="M4 2l10 6-10 6z" />`;
    return html`
      <button part="play" ?disabled=${this.last < 1} aria-label=${this.playing ? 'Pause the film' : 'Play the film of training'}
        @click=${() => (this.playing ? this.pause() : this.play())}><svg viewBox="0 0 16 16" aria-hidden="true">${icon}</svg></button>
      <div class="strip" part="strip" role="slider" tabindex="0" data-film
        aria-label="Training time" aria-valuemin="0" aria-valuemax=${Math.max(0, this.times.length - 1)} aria-valuenow=${this.frame}
        aria-valuetext="time ${spokenNumber(time)}, frame ${this.frame + 1} of ${this.times.length}"
        @pointerdown=${this.#onPointer} @pointermove=${this.#onPointer} @keydown=${this.#onKeyDown}>
        <canvas aria-hidden="true"></canvas>
        <svg class="marks" viewBox="0 0 ${Math.max(1, this.width)} 66" aria-hidden="true">${this.#marks()}</svg>
      </div>
      <p class="time" aria-hidden="true"><span class="symbol">t</span> = ${formatNumber(time, 2)}</p>
    `;
  }

  #marks(): unknown {
    const { times, width } = this;
    if (times.length === 0 || width <= 0) return nothing;
    const stride = this.#stride;
    const slots = Math.ceil(times.length / stride);
    const slot = width / slots;
    const raised = times.some((time) => numberParts(time, 1).exponent !== undefined);
    const every = Math.max(1, Math.ceil((raised ? 62 : 48) / slot));
    const pointed = this.pointed?.frame ?? -1;
    const outline = (name: string, frame: number) =>
      svg`<rect class=${name} x=${(Math.floor(frame / stride) * slot - 1).toFixed(1)} y="1" width=${(slot - GAP + 2).toFixed(1)} height="44" rx="2" />`;
    const labels = [];
    for (let s = 0; s < slots; s += every) {
      const parts = numberParts(times[s * stride], 1);
      labels.push(
        svg`<text x=${((s + 0.5) * slot - GAP / 2).toFixed(1)} y="62" text-anchor="middle">${numberMark(parts)}</text>`,
      );
    }
    return [labels, pointed < 0 ? nothing : outline('pointed', pointed), outline('chosen', this.frame)];
  }
}
