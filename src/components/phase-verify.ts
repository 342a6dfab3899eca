// <phase-verify>: the panel "verify this cell". Trains a network of the chosen cell again in float64 on the CPU and lays it
// beside the run: curves, the largest differences, a verdict. Trains nothing itself: see inspection-controller.ts.

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { cellValues } from '../core/sweep.ts';
import { countsOf, toleranceOf, type Verdict, verdictOf } from '../engine/verify-verdict.ts';
import { controls } from './controls.ts';
import { type Column, dotSeries, drawTime, lineSeries, plotOptions, rangeOf } from './curve-plot.ts';
import { type CurvePlot, CurvePlots } from './curve-plots.ts';
import type { ObservableView } from './diagram-view.ts';
import { seedValues } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import type { Retraining } from './inspection-controller.ts';
import { InspectionListener } from './inspection-listener.ts';
import { inspectorStyles } from './inspection-styles.ts';
import { differenceText, partingText, verdictTable, verdictText } from './inspection-verdict.ts';
import { cellHtml, seedWords } from './inspection-words.ts';
import { formatSeconds } from './numbers.ts';
import { symbolHtml } from './symbols.ts';
import { theme } from './theme.ts';

/** A verification that is expected to take longer is not begun by the first click, s. */
const MOST_SECONDS = 60;
/** Plots of the observables, at most. */
const MOST_PLOTS = 6;

export class PhaseVerify extends LitElement {
  static override styles = [theme, controls, inspectorStyles];
  static override properties = {
    figure: { attribute: false },
    seed: { type: Number },
    refused: { state: true },
    asking: { state: true },
    inPage: { state: true },
  };
  declare figure: Figure | null;
  /** Network of the cell, 0 … seeds − 1. */
  declare seed: number;
  /** Cell, seed and seconds that were too many for the first click; null otherwise. */
  declare private refused: { readonly key: string; readonly seconds: number } | null;
  declare private asking: boolean;
  declare private inPage: boolean;
  readonly #listener = new InspectionListener(this);
  readonly #plots = new CurvePlots(this);
  #drawn: { readonly retraining: Retraining | null; readonly frames: number } = { retraining: null, frames: 0 };

  constructor() {
    super();
    this.figure = null;
    this.seed = 0;
    this.refused = null;
    this.asking = false;
    this.inPage = false;
    new FigureListener(this);
  }

  protected override willUpdate(): void {
    const { figure } = this;
    if (figure?.sweep != null && this.seed >= figure.sweep.seeds) this.seed = 0;
  }

  get #key(): string {
    return `${this.figure?.cell ?? -1}:${this.seed}`;
  }

  get #retraining(): Retraining | null {
    return this.#listener.inspections?.retraining(this.figure?.cell ?? -1, this.seed) ?? null;
  }

  /** Begins, unless it would take too long and was not asked for twice. */
  async #verify(figure: Figure): Promise<void> {
    const inspections = this.#listener.inspections;
    const { cell, lastFrame } = figure;
    const key = this.#key;
    const twice = this.refused?.key === key;
    if (inspections === null || this.asking) return;
    this.asking = true;
    this.refused = null;
    try {
      const seconds = await inspections.cost(cell, this.seed, lastFrame);
      this.inPage = await inspections.inPage();
      if (seconds > MOST_SECONDS && !twice) {
        this.refused = { key, seconds };
        return;
      }
    } catch {
      // What is wrong is told where the training fails.
    } finally {
      this.asking = false;
    }
    await inspections.retrain(cell, this.seed, lastFrame);
  }

  #verdict(figure: Figure, { cell, seed, frames }: Retraining): { readonly verdict: Verdict; readonly tolerance: number } | null {
    const { film, observables } = figure;
    if (film === null) return null;
    const values = cellValues(film.sweep, cell);
    const tolerance = toleranceOf(values);
    return { verdict: verdictOf(film, cell, seed, frames, observables, tolerance, countsOf(values)), tolerance };
  }

  /** Observables that have curves here. */
  #shown(figure: Figure, { frames }: Retraining): readonly ObservableView[] {
    const known = figure.observables.filter(
      ({ id, per }) => per === 'network' && frames.some(({ values }) => Number.isFinite(values[id])),
    );
    return known.slice(0, MOST_PLOTS);
  }

  protected override updated(): void {
    const { figure } = this;
    const retraining = this.#retraining;
    const frames = retraining?.frames.length ?? 0;
    const anew = retraining?.frames !== this.#drawn.retraining?.frames || frames !== this.#drawn.frames;
    this.#drawn = { retraining, frames };
    const drawn = figure === null || retraining === null || frames < 2 ? [] : this.#shown(figure, retraining);
    this.#plots.show(
      figure === null || retraining === null ? [] : drawn.map((observable) => this.#plot(figure, retraining, observable)),
      anew,
    );
  }

  #plot(figure: Figure, retraining: Retraining, observable: ObservableView): CurvePlot {
    const { id, scale, classes } = observable;
    const shown = (value: number | undefined) =>
      value !== undefined && Number.isFinite(value) && (scale !== 'log' || value > 0) ? value : null;
    const { film } = figure;
    const times = (film?.times ?? []).slice(1);
    const columns = (): [Column, Column] => {
      const exact = new Map(retraining.frames.map(({ frame, values }) => [frame, values[id]]));
      return [
        times.map((_, t) => (film === null ? null : shown(seedValues(film, t + 1, retraining.cell, id)[retraining.seed]))),
        times.map((_, t) => shown(exact.get(t + 1))),
      ];
    };
    return {
      shape: `${id}:${retraining.cell}:${retraining.seed}`,
      options: (ink, host) =>
        plotOptions(host, ink, scale === 'log', [dotSeries(ink.ink, 6), { ...lineSeries(ink.ink, 1.4), spanGaps: true }], {
          span: () => (times.length > 1 ? [times[0], times[times.length - 1]] : [0.1, 10]),
          range: () =>
            scale === 'class' ? [-0.5, Math.max(1, classes?.length ?? 1) - 0.5] : rangeOf(columns().flat(), scale === 'log'),
          draw: (u) => drawTime(u, figure.film?.times[figure.frame] ?? 0, ink.muted),
          ...(classes === undefined ? {} : { names: classes.map(({ label }) => label) }),
        }),
      data: () => [times, ...columns()],
    };
  }

  readonly #chooseSeed = (event: Event): void => {
    this.seed = Number((event.target as HTMLSelectElement).value);
  };

  #controls(figure: Figure, retraining: Retraining | null): TemplateResult {
    const { sweep } = figure;
    const seeds = Array.from({ length: sweep?.seeds ?? 1 }, (_, seed) => seed);
    const busy = retraining?.phase === 'training';
    const refused = this.refused?.key === this.#key ? this.refused : null;
    return html`<div class="choices">
      ${
        seeds.length === 1
          ? nothing
          : html`<label>Network <select data-seed @change=${this.#chooseSeed}>${seeds.map(
              (seed) => html`<option value=${seed} ?selected=${seed === this.seed}>${seedWords(figure, seed)}</option>`,
            )}</select></label>`
      }
      ${
        busy
          ? html`<span class="busy"><label>Training in float64 <progress max="1" value=${retraining.share}></progress></label>
              <button @click=${() => this.#listener.inspections?.cancel()}>Cancel</button></span>`
          : html`<button class=${refused === null ? 'primary' : ''} data-verify ?disabled=${this.asking || figure.lastFrame < 1} @click=${() => void this.#verify(figure)}>${
              refused === null ? (retraining === null ? 'Verify this network' : 'Verify again') : 'Verify all the same'
            }</button>`
      }
    </div>
    ${refused === null ? nothing : html`<p role="alert">Not begun: this network would take about ${formatSeconds(refused.seconds)} in float64 on this computer’s processor, more than a minute.</p>`}
    ${busy && this.inPage ? html`<p>No worker can be had here: the page’s own thread trains, and may stutter.</p>` : nothing}`;
  }

  #found(figure: Figure, retraining: Retraining): TemplateResult | typeof nothing {
    const { observables, film } = figure;
    if (retraining.phase === 'failed') return html`<p role="alert">It could not be trained: ${retraining.message}.</p>`;
    const shown = retraining.frames.length < 2 ? [] : this.#shown(figure, retraining);
    const over = retraining.phase !== 'training';
    const found = over && retraining.frames.length > 0 ? this.#verdict(figure, retraining) : null;
    const times = film?.times ?? [];
    const run = figure.run.engine?.engine === 'reference' ? 'the run, float64 as well' : 'the run, float32';
    return html`
      ${
        found === null
          ? nothing
          : html`<p class="verdict" role="status" data-verdict=${found.verdict.agrees}>${verdictText(found.verdict, found.tolerance, retraining.phase === 'cancelled')} ${partingText(found.verdict, found.tolerance, times)}</p>
            <ul>${found.verdict.observables.map((row) => {
              const observable = observables.find(({ id }) => id === row.id);
              return observable === undefined
                ? nothing
                : html`<li class=${row.within ? '' : 'beyond'}>${differenceText(row, observable, times)}</li>`;
            })}</ul>`
      }
      ${shown.length === 0 || this.#plots.failed ? nothing : html`<p class="note">Dots: ${run}. Lines: the same network trained again in float64.</p>`}
      <div class="plots">${
        this.#plots.failed
          ? nothing
          : shown.map(
              ({
                label,
                symbol,
              }) => html`<figure role="img" aria-label="${label} over training time, the run in dots and float64 as a line">
                <figcaption>${label} ${symbolHtml(symbol)}</figcaption><div class="plot"></div></figure>`,
            )
      }</div>
      ${found === null ? nothing : verdictTable(found.verdict, observables, times)}`;
  }

  protected override render(): TemplateResult {
    const { figure } = this;
    if (figure?.film == null || figure.cell < 0) return html`<p>Choose a cell of the diagram to verify it.</p>`;
    const retraining = this.#retraining;
    return html`
      <p>Trains one network of ${cellHtml(figure, figure.cell)} again in plain float64 code on the processor, from the same start on the same
        data, and compares every checkpoint.</p>
      ${this.#controls(figure, retraining)}
      ${retraining === null ? nothing : this.#found(figure, retraining)}
    `;
  }
}
