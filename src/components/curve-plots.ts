// The plots of one element: made when their shape changes, filled when their numbers do, drawn again when marks move; they follow
// the element's width and the page's light or dark, and say where in time the pointer is. Knows no data: see phase-curves.ts.

import type { LitElement, ReactiveController } from 'lit';
import type uPlot from 'uplot';
import { inkOf, loadPlots, type PlotInk } from './curve-plot.ts';

/** One plot, as its element describes it. */
export interface CurvePlot {
  /** Made anew when this changes: number and looks of the series. */
  readonly shape: string;
  options(ink: PlotInk, host: HTMLElement): uPlot.Options;
  data(): uPlot.AlignedData;
}

/** What an element hears of the pointer. Times are those of the plot's axis. */
export interface CurveEvents {
  /** The pointer is at a time; null: it has left. */
  point?(time: number | null): void;
  /** A time was clicked. */
  choose?(time: number): void;
}

export class CurvePlots implements ReactiveController {
  readonly #element: LitElement;
  readonly #events: CurveEvents;
  #parts: readonly CurvePlot[] = [];
  #plots: uPlot[] = [];
  #library: Promise<typeof uPlot> | null = null;
  #observer: ResizeObserver | null = null;
  #dark: MediaQueryList | null = null;
  #building = 0;
  #shape = '';
  #failed = false;

  /** Plots go into the element's `.plot` hosts, one each, in order. */
  constructor(element: LitElement, events: CurveEvents = {}) {
    this.#element = element;
    this.#events = events;
    element.addController(this);
  }

  /** True once the library could not be had; the element renders again then. */
  get failed(): boolean {
    return this.#failed;
  }

  hostConnected(): void {
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.#element);
    this.#dark = matchMedia('(prefers-color-scheme: dark)');
    this.#dark.addEventListener('change', this.rebuild);
    if (this.#element.hasUpdated) this.rebuild();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#dark?.removeEventListener('change', this.rebuild);
    this.#clear();
  }

  /** Shows `parts`: new ones where their shapes have changed, else their numbers (`fill`), else their marks. */
  show(parts: readonly CurvePlot[], fill: boolean): void {
    this.#parts = parts;
    const shape = parts.map((part) => part.shape).join('|');
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.rebuild();
    } else if (fill) this.#fill();
    else this.redraw();
  }

  /** Draws marks again. */
  redraw(): void {
    for (const plot of this.#plots) plot.redraw(false, false);
  }

  /** Makes the plots anew; for hosts that change colours by hand. */
  readonly rebuild = (): void => {
    void this.#build();
  };

  #clear(): void {
    this.#building++;
    for (const plot of this.#plots) plot.destroy();
    this.#plots = [];
  }

  #resize(): void {
    for (const plot of this.#plots) {
      const host = plot.root.parentElement;
      if (host !== null && host.clientWidth > 0 && host.clientWidth !== plot.width)
        plot.setSize({ width: host.clientWidth, height: host.clientHeight });
    }
  }

  async #build(): Promise<void> {
    this.#clear();
    const building = this.#building;
    if (this.#parts.length === 0) return;
    try {
      this.#library ??= loadPlots(this.#element.shadowRoot);
      const library = await this.#library;
      await this.#element.updateComplete;
      if (building !== this.#building) return;
      const hosts = this.#element.renderRoot.querySelectorAll<HTMLElement>('.plot');
      this.#plots = this.#parts.flatMap((part, i) => {
        const host = hosts[i];
        if (host === undefined) return [];
        const plot = new library(part.options(inkOf(this.#element, host), host), [[], []], host);
        this.#listen(plot);
        return [plot];
      });
      this.#fill();
    } catch {
      this.#failed = true;
      this.#element.requestUpdate();
    }
  }

  #fill(): void {
    this.#plots.forEach((plot, i) => {
      const data = this.#parts[i]?.data() ?? [[]];
      if (data.length === plot.series.length) plot.setData(data);
    });
  }

  #listen(plot: uPlot): void {
    const { point, choose } = this.#events;
    if (point === undefined && choose === undefined) return;
    const timeAt = (event: MouseEvent) => plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x');
    plot.over.addEventListener('pointermove', (event) => point?.(timeAt(event)));
    plot.over.addEventListener('pointerleave', () => point?.(null));
    plot.over.addEventListener('click', (event) => choose?.(timeAt(event)));
  }
}

/**
 * Index of the time that is closest on a logarithmic axis; −1 where there is none. `times` ascending, those ≤ 0 are passed over.
 */
export function closestTime(times: ArrayLike<number>, time: number): number {
  let closest = -1;
  for (let i = 0; i < times.length; i++) {
    if (!(times[i] > 0)) continue;
    const apart = Math.abs(Math.log(times[i] / time));
    if (closest < 0 || apart < Math.abs(Math.log(times[closest] / time))) closest = i;
  }
  return time > 0 ? closest : -1;
}
