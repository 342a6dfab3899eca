// Drawing a rectangle on a <phase-heatmap>: by dragging, on touch screens by a long press or in a mode of its own, by Shift and
// arrow keys. Listens before the heatmap does and draws nothing: what a rectangle means is phase-explore.ts's.

import type { PhaseHeatmap } from './phase-heatmap.ts';
import { type AxisView, scaleOf } from './scale.ts';
import { type Area, cellSpan, spanOf, WHOLE } from './zoom.ts';

/** Pixels before a press becomes a drag; below so many across, a drag means the whole of that axis. */
const DRAG = 6;
const THIN = 8;
/** How long a finger must rest, ms. */
const LONG_PRESS = 450;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export interface BrushListener {
  /** The rectangle has changed; null when it was let go. */
  readonly changed: (area: Area | null) => void;
  /** The rectangle is meant: run it. */
  readonly chosen: (area: Area) => void;
  /** A place of the diagram is pointed at; −1 when the pointer has left. */
  readonly pointed: (place: number) => void;
}

interface Press {
  readonly id: number;
  readonly touch: boolean;
  readonly x: number;
  readonly y: number;
}

/** The area between two points of a box, both axes in 0 … 1 and y upwards. A thin one is whole across. */
function areaBetween(
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  rows: number,
): Area {
  const along = (x: number) => (x - box.left) / box.width;
  const up = (y: number) => 1 - (y - box.top) / box.height;
  return {
    x: Math.abs(to.x - from.x) < THIN ? WHOLE : spanOf(along(from.x), along(to.x)),
    y: rows === 1 || Math.abs(to.y - from.y) < THIN ? WHOLE : spanOf(up(from.y), up(to.y)),
  };
}

export class Brush {
  readonly #heatmap: PhaseHeatmap;
  readonly #listener: BrushListener;
  #press: Press | null = null;
  #dragging = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #swallow = false;
  /** Cells that the keyboard has selected: where it began and where it is. */
  #keys: { readonly from: number; readonly to: number } | null = null;
  #area: Area | null = null;
  /** True while a finger draws at once, without a long press. */
  ready = false;

  constructor(heatmap: PhaseHeatmap, listener: BrushListener) {
    this.#heatmap = heatmap;
    this.#listener = listener;
    for (const [name, handler] of this.#handlers) heatmap.addEventListener(name, handler as EventListener, { capture: true });
    heatmap.addEventListener('touchmove', this.#hold, { passive: false });
  }

  dispose(): void {
    this.#end();
    for (const [name, handler] of this.#handlers) {
      this.#heatmap.removeEventListener(name, handler as EventListener, { capture: true });
    }
    this.#heatmap.removeEventListener('touchmove', this.#hold);
  }

  /** Lets the rectangle go. */
  clear(): void {
    this.#end();
    this.#set(null);
  }

  get #box(): DOMRect | null {
    return this.#heatmap.renderRoot.querySelector('.grid')?.getBoundingClientRect() ?? null;
  }

  #set(area: Area | null): void {
    if (area === null) this.#keys = null;
    if (area === null && this.#area === null) return;
    this.#area = area;
    this.#listener.changed(area);
  }

  #end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#press = null;
    this.#dragging = false;
  }

  /** A finger that draws does not scroll. */
  readonly #hold = (event: TouchEvent): void => {
    if ((this.#dragging || (this.ready && this.#press !== null)) && event.cancelable) event.preventDefault();
  };

  readonly #down = (event: PointerEvent): void => {
    const box = this.#box;
    if (box === null || event.button !== 0 || !event.isPrimary || this.#heatmap.view === null) return;
    const { clientX: x, clientY: y } = event;
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return;
    const touch = event.pointerType === 'touch';
    this.#press = { id: event.pointerId, touch, x, y };
    if (touch && !this.ready) this.#timer = setTimeout(() => this.#begin(), LONG_PRESS);
  };

  #begin(): void {
    if (this.#press === null) return;
    this.#dragging = true;
    try {
      this.#heatmap.setPointerCapture(this.#press.id);
    } catch {
      // The pointer has been lifted meanwhile.
    }
  }

  readonly #move = (event: PointerEvent): void => {
    const press = this.#press;
    const box = this.#box;
    if (press === null || box === null || event.pointerId !== press.id) {
      if (box !== null && press === null) this.#point(event, box);
      return;
    }
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y) > DRAG;
    if (!this.#dragging && far) {
      if (press.touch && !this.ready) {
        this.#end();
        return;
      }
      this.#begin();
    }
    if (!this.#dragging) return;
    event.stopPropagation();
    this.#listener.pointed(-1);
    if (far) this.#set(areaBetween(box, press, { x: event.clientX, y: event.clientY }, this.#heatmap.view?.rows ?? 1));
  };

  readonly #up = (event: PointerEvent): void => {
    if (event.pointerId !== this.#press?.id) return;
    const area = this.#dragging ? this.#area : null;
    this.#swallow = this.#dragging;
    // A click follows at once, or never.
    setTimeout(() => {
      this.#swallow = false;
    });
    this.#end();
    this.#set(null);
    if (area !== null) this.#listener.chosen(area);
  };

  readonly #cancel = (event: PointerEvent): void => {
    if (event.pointerId === this.#press?.id) this.clear();
  };

  readonly #leave = (): void => this.#listener.pointed(-1);

  readonly #click = (event: MouseEvent): void => {
    if (this.#swallow) event.stopPropagation();
  };

  readonly #lost = (): void => {
    if (this.#keys !== null) this.clear();
  };

  #point(event: PointerEvent, box: DOMRect): void {
    const { view, x, y } = this.#heatmap;
    if (view === null || x === null) return;
    const [across, up] = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    const column = this.#index(x, across);
    const row = y === null ? 0 : this.#index(y, up);
    this.#listener.pointed(column < 0 || row < 0 ? -1 : row * view.columns + column);
  }

  #index(axis: AxisView, position: number): number {
    if (position < 0 || position > 1) return -1;
    return scaleOf(axis.axis).edges.findLastIndex((edge, i, edges) => edge <= position && i < edges.length - 1);
  }

  readonly #key = (event: KeyboardEvent): void => {
    const { view, x, y } = this.#heatmap;
    if (view === null || x === null) return;
    const arrow = ARROWS[event.key];
    if (arrow !== undefined && event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const from = this.#keys?.from ?? this.#heatmap.place;
      const at = this.#keys?.to ?? from;
      const column = Math.min(view.columns - 1, Math.max(0, (at % view.columns) + arrow[0]));
      const row = Math.min(view.rows - 1, Math.max(0, Math.floor(at / view.columns) + arrow[1]));
      const to = row * view.columns + column;
      const row0 = Math.floor(from / view.columns);
      this.#keys = { from, to };
      this.#set({
        x: cellSpan(scaleOf(x.axis), from % view.columns, column),
        y: y === null || view.rows === 1 ? WHOLE : cellSpan(scaleOf(y.axis), row0, row),
      });
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const area = this.#area;
    if (area === null) return;
    if (event.key === 'Enter' && this.#keys !== null) {
      this.clear();
      this.#listener.chosen(area);
    } else if (event.key === 'Escape') this.clear();
    else {
      if (arrow !== undefined) this.clear();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #handlers: readonly (readonly [string, (event: never) => void])[] = [
    ['pointerdown', this.#down],
    ['pointermove', this.#move],
    ['pointerup', this.#up],
    ['pointercancel', this.#cancel],
    ['pointerleave', this.#leave],
    ['click', this.#click],
    ['keydown', this.#key],
    ['focusout', this.#lost],
  ];
}
