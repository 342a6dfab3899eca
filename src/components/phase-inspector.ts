// <phase-inspector>: the panel "inside the network". Chooses a network of the chosen cell, fetches its picture and lays its
// matrices out; beside it a second one, of the pinned cell or of another seed. Computes nothing: see inspection-controller.ts.

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { reasonOf } from '../core/errors.ts';
import type { NetworkPicture } from '../engine/inspect-picture.ts';
import { controls } from './controls.ts';
import type { PhaseStateChange } from './events.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { compareTable } from './inspection-compare.ts';
import type { Retraining } from './inspection-controller.ts';
import { InspectionListener } from './inspection-listener.ts';
import { inspectorStyles } from './inspection-styles.ts';
import { type Side, sidesHtml } from './inspection-view.ts';
import { cellHtml, cellWords, seedWords } from './inspection-words.ts';
import { formatNumber, formatSeconds, spokenNumber } from './numbers.ts';
import { theme } from './theme.ts';

/** A network as it is looked at. */
interface Looked {
  readonly cell: number;
  readonly seed: number;
  picture: NetworkPicture | null;
  /** Why there is none; empty while it is on its way. */
  fault: string;
  /** What the picture was asked for: another one is fetched when this is stale. */
  key: string;
  busy: boolean;
}

/** No second network. */
const ALONE = '';
/** Curves of two seeds. */
const MOST_CURVES = 3;
/** The second network is of the pinned cell. */
const PINNED = 'pinned';

export class PhaseInspector extends LitElement {
  static override styles = [theme, controls, inspectorStyles];
  static override properties = {
    figure: { attribute: false },
    seed: { type: Number },
    beside: {},
    exact: { type: Boolean },
    costs: { state: true },
  };
  declare figure: Figure | null;
  /** Network of the cell, 0 … seeds − 1. */
  declare seed: number;
  /** The second network: `pinned`, or a seed of the same cell; empty for none. */
  declare beside: string;
  /** Shows the networks trained again in float64 at the film's time, not the run's as they stand. */
  declare exact: boolean;
  /** Seconds that training again is expected to take, once asked for. */
  declare private costs: number | null;
  readonly #looked = new Map<string, Looked>();
  readonly #listener = new InspectionListener(this);
  #costKey = '';

  constructor() {
    super();
    this.figure = null;
    this.seed = 0;
    this.beside = PINNED;
    this.exact = false;
    this.costs = null;
    new FigureListener(this, (change) => {
      if (change.kind === 'run' && change.before.sweep !== this.figure?.sweep) this.#looked.clear();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#looked.clear();
  }

  protected override willUpdate(): void {
    const { figure } = this;
    if (figure?.sweep != null && this.seed >= figure.sweep.seeds) this.seed = 0;
  }

  /** The networks to show: the chosen one, and the one beside it. */
  #networks(figure: Figure): { readonly cell: number; readonly seed: number }[] {
    const { sweep, cell, state } = figure;
    if (sweep === null || cell < 0) return [];
    const own = { cell, seed: this.seed };
    const { pinned } = state;
    if (this.beside === PINNED && pinned >= 0 && pinned !== cell && pinned < (figure.film?.cells ?? 0))
      return [own, { cell: pinned, seed: this.seed }];
    const seed = Number(this.beside);
    return this.beside !== ALONE && this.beside !== PINNED && seed !== this.seed && seed < sweep.seeds
      ? [own, { cell, seed }]
      : [own];
  }

  /** Fetches the picture of a network where the one at hand is stale; one at a time. */
  #look(figure: Figure, cell: number, seed: number): Looked {
    const id = `${cell}:${seed}:${this.exact}`;
    let looked = this.#looked.get(id);
    if (looked === undefined) {
      looked = { cell, seed, picture: null, fault: '', key: '', busy: false };
      this.#looked.set(id, looked);
    }
    const retraining = this.#listener.inspections?.retraining(cell, seed) ?? null;
    const known = Math.min(figure.frame, (retraining?.frames.length ?? 0) - 1);
    const { film } = figure;
    // A run goes on frame by frame; what it has come to in this cell tells whether its picture is stale.
    const key = this.exact ? `${known}` : `${film === null ? -1 : lastFrameOf(film, cell)} ${figure.run.phase === 'finished'}`;
    if (looked.busy || looked.key === key) return looked;
    if (this.exact && known < 0) {
      Object.assign(looked, { picture: null, fault: '', key });
      return looked;
    }
    Object.assign(looked, { busy: true, key });
    const kept = looked;
    const source = this.exact ? ({ of: 'float64', frame: known } as const) : ({ of: 'run' } as const);
    this.#listener.inspections
      ?.picture(cell, seed, source)
      .then(
        (picture) => Object.assign(kept, { picture, fault: '' }),
        (cause: unknown) => Object.assign(kept, { picture: null, fault: reasonOf(cause) }),
      )
      .finally(() => {
        kept.busy = false;
        if (this.isConnected) this.requestUpdate();
      });
    return looked;
  }

  readonly #chooseSeed = (event: Event): void => {
    this.seed = Number((event.target as HTMLSelectElement).value);
  };

  readonly #chooseBeside = (event: Event): void => {
    this.beside = (event.target as HTMLSelectElement).value;
  };

  readonly #chooseSource = (event: Event): void => {
    this.exact = (event.target as HTMLSelectElement).value === 'float64';
  };

  #train(figure: Figure, cell: number, seed: number): void {
    void this.#listener.inspections?.retrain(cell, seed, (figure.film?.times.length ?? 1) - 1);
  }

  /** Asks once per network how long training it again would take. */
  #askCost(figure: Figure, cell: number, seed: number): void {
    const key = `${cell}:${seed}`;
    if (key === this.#costKey) return;
    this.#costKey = key;
    this.costs = null;
    this.#listener.inspections?.cost(cell, seed, (figure.film?.times.length ?? 1) - 1).then(
      (seconds) => {
        if (this.#costKey === key) this.costs = seconds;
      },
      () => {},
    );
  }

  /** What stands in the place of a picture. */
  #without(figure: Figure, { cell, seed, fault, busy }: Looked): TemplateResult {
    const retraining = this.#listener.inspections?.retraining(cell, seed) ?? null;
    if (retraining?.phase === 'training') return this.#progress(retraining);
    if (busy) return html`<p role="status">Looking inside.</p>`;
    if (!this.exact && ['loading', 'compiling', 'training'].includes(figure.run.phase)) {
      return html`<p role="status">This cell has not been started yet.</p>`;
    }
    this.#askCost(figure, cell, seed);
    const about = this.costs === null ? '' : `, about ${formatSeconds(Math.max(1, this.costs))}`;
    const why = this.exact
      ? 'this network has not been trained again yet.'
      : figure.run.engine === null || fault.includes('nothing has been run')
        ? 'the run’s networks are not kept with its results.'
        : `it cannot be opened (${fault}).`;
    return html`<p>${cellHtml(figure, cell)}, ${seedWords(figure, seed)}: ${why} <button data-retrain @click=${() => {
      this.exact = true;
      this.#train(figure, cell, seed);
    }}>Train this network again in float64${about}</button></p>
    ${retraining?.phase === 'failed' ? html`<p role="alert">It could not be trained: ${retraining.message}.</p>` : nothing}`;
  }

  #progress({ share }: Retraining): TemplateResult {
    return html`<p class="busy"><label>Training in float64 <progress max="1" value=${share}></progress></label>
      <button @click=${() => this.#listener.inspections?.cancel()}>Cancel</button></p>`;
  }

  /** Choice of network, company and source. */
  #choices(figure: Figure): TemplateResult {
    const { sweep, state, cell } = figure;
    const seeds = Array.from({ length: sweep?.seeds ?? 1 }, (_, seed) => seed);
    const canPin = state.pinned >= 0 && state.pinned !== cell;
    const retrained = this.#listener.inspections?.retraining(cell, this.seed) ?? null;
    return html`<div class="choices">
      ${
        seeds.length === 1
          ? nothing
          : html`<label>Network <select data-seed @change=${this.#chooseSeed}>${seeds.map(
              (seed) => html`<option value=${seed} ?selected=${seed === this.seed}>${seedWords(figure, seed)}</option>`,
            )}</select></label>`
      }
      ${
        seeds.length === 1 && !canPin
          ? nothing
          : html`<label>beside it <select data-beside @change=${this.#chooseBeside}>
              <option value=${ALONE} ?selected=${this.beside === ALONE}>nothing</option>
              ${state.pinned < 0 ? nothing : html`<option value=${PINNED} ?selected=${this.beside === PINNED}>the pinned cell</option>`}
              ${seeds
                .filter((seed) => seed !== this.seed)
                .map(
                  (seed) =>
                    html`<option value=${seed} ?selected=${this.beside === String(seed)}>${seedWords(figure, seed)} of this cell</option>`,
                )}
            </select></label>`
      }
      <label>weights <select data-source @change=${this.#chooseSource}>
        <option value="run" ?selected=${!this.exact}>of the run, as it stands</option>
        <option value="float64" ?selected=${this.exact}>trained again in float64, at the film’s time</option>
      </select></label>
      ${this.exact && retrained?.phase === 'training' ? this.#progress(retrained) : nothing}
    </div>`;
  }

  /** Curves of two seeds of one cell; those of two cells stand beside the diagram. */
  #seeds(figure: Figure, networks: readonly { readonly cell: number; readonly seed: number }[]): TemplateResult | typeof nothing {
    if (networks.length < 2 || networks[0].cell !== networks[1].cell) return nothing;
    const shown = figure.observables.filter(({ per }) => per === 'network').slice(0, MOST_CURVES);
    const names = networks.map(({ seed }) => seedWords(figure, seed));
    return html`<div class="seeds">
      <phase-curves .film=${figure.film} .cell=${figure.cell} .frame=${figure.frame} .version=${figure.version} .observables=${shown}
        .members=${this.#members(networks)} .threshold=${figure.threshold} .pointed=${figure.pointed} @phase-state-change=${this.#onState}></phase-curves>
      <p class="note">Bold: ${names[0]}. Dashed: ${names[1]}.</p></div>`;
  }

  /** The same array while the seeds are the same, so that nothing is drawn anew. */
  #members(networks: readonly { readonly seed: number }[]): readonly number[] {
    const seeds = networks.map(({ seed }) => seed);
    if (seeds.join() !== this.#seedsShown.join()) this.#seedsShown = seeds;
    return this.#seedsShown;
  }

  #seedsShown: readonly number[] = [];

  readonly #onState = (event: CustomEvent<PhaseStateChange>): void => {
    const { frame } = event.detail;
    if (this.figure === null || typeof frame !== 'number') return;
    event.stopPropagation();
    this.figure.change({ frame: frame >= this.figure.lastFrame ? null : frame });
  };

  protected override render(): TemplateResult {
    const { figure } = this;
    if (figure?.film == null || figure.cell < 0) return html`<p>Choose a cell of the diagram to look inside its networks.</p>`;
    const networks = this.#networks(figure);
    const looked = networks.map(({ cell, seed }) => this.#look(figure, cell, seed));
    const several = networks.length > 1;
    const sides = looked.flatMap(({ cell, seed, picture }): Side[] =>
      picture === null
        ? []
        : [
            {
              name: several ? (networks[0].cell === networks[1].cell ? seedWords(figure, seed) : cellWords(figure, cell)) : '',
              heading: html`${cellHtml(figure, cell)}, ${seedWords(figure, seed)}`,
              picture,
            },
          ],
    );
    const engine = figure.run.engine?.engine === 'gpu' ? 'float32' : 'float64';
    return html`
      ${this.#choices(figure)}
      ${looked.filter(({ picture }) => picture === null).map((one) => this.#without(figure, one))}
      ${
        sides.length === 0
          ? nothing
          : html`<p class="when" data-time=${sides[0].picture.time}>${
              this.exact ? 'Trained again in float64' : `Weights of the run in ${engine}`
            }, as they are at <span class="symbol">t</span> = ${formatNumber(sides[0].picture.time)}${
              several && sides.length > 1 && sides[1].picture.time !== sides[0].picture.time
                ? ` and ${formatNumber(sides[1].picture.time)}`
                : ''
            }; what follows is computed from them in float64.</p>`
      }
      ${several ? compareTable(figure, networks[0], networks[1]) : nothing} ${this.#seeds(figure, networks)}
      ${sidesHtml(sides)}
      <p class="unseen" role="status">${sides.length === 0 ? '' : `Inside ${cellWords(figure, networks[0].cell)}, ${seedWords(figure, networks[0].seed)}, at time ${spokenNumber(sides[0].picture.time)}.`}</p>
    `;
  }
}

/** Last frame that is known of a cell; −1 before the first. */
function lastFrameOf({ outcomes, times, cells, seeds }: NonNullable<Figure['film']>, cell: number): number {
  for (let frame = times.length - 1; frame >= 0; frame--) if (outcomes[(frame * cells + cell) * seeds] !== 255) return frame;
  return -1;
}
