// <phase-story>: a chain of views with a few sentences each. Shows the text and sets the figure; the views
// are data: see src/stories.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { FIRST_VIEW, type ViewState, viewOfPreset } from '../core/view-state.ts';
import { stories } from '../stories/registry.ts';
import type { Story, StoryStep } from '../stories/story.ts';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { theme } from './theme.ts';

/** Elements that need these keys themselves. */
const TAKES_KEYS = 'input, select, textarea, dialog, [role="grid"], [role="slider"], [contenteditable]';

/** The whole view of a step, or null where this build has no such preset. */
export function viewOfStep({ view }: StoryStep, presets: Figure['science']['presets']): ViewState | null {
  const preset = presets.find(({ id }) => id === view.preset);
  return preset === undefined ? null : { ...FIRST_VIEW, ...viewOfPreset(preset), ...view };
}

export class PhaseStory extends LitElement {
  static override properties = {
    figure: { attribute: false },
    story: {},
    step: { type: Number },
  };
  declare figure: Figure | null;
  /** Id of the story that is told; empty shows the list. */
  declare story: string;
  /** Step that is shown, from 0. */
  declare step: number;
  /** What the figure was when the step was set: whatever differs was done by the reader since. */
  #set: ViewState | null = null;

  constructor() {
    super();
    this.figure = null;
    this.story = '';
    this.step = 0;
    new FigureListener(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  get #story(): Story | null {
    return stories.find(({ id }) => id === this.story) ?? null;
  }

  /** Shows a step of the story, from memory where its sweep is at hand. */
  go(step: number): void {
    const { figure } = this;
    const story = this.#story;
    const next = story?.steps[step];
    if (figure === null || next === undefined) return;
    this.step = step;
    const view = viewOfStep(next, figure.science.presets);
    if (view === null) return;
    this.#set = view;
    figure.visit(view);
  }

  #open(id: string): void {
    this.story = id;
    this.step = 0;
    this.#set = null;
    if (id !== '') this.go(0);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const way = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
    // A panel that is closed tells nothing.
    if (way === 0 || this.#story === null || event.defaultPrevented || this.offsetParent === null) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.composedPath().some((target) => target instanceof Element && target.matches(TAKES_KEYS))) return;
    event.preventDefault();
    this.go(this.step + way);
  };

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('step') && !changed.has('story')) return;
    // Once the picture has its height.
    if (this.story !== '') requestAnimationFrame(() => this.scrollIntoView({ block: 'nearest' }));
  }

  protected override render(): TemplateResult {
    const story = this.#story;
    if (story === null) {
      return html`<ul>${stories.map(
        ({ id, title, paper, steps }) =>
          html`<li><button class="plain" data-story=${id} @click=${() => this.#open(id)}>${title}</button> <span>${paper}, ${steps.length} steps</span></li>`,
      )}</ul>`;
    }
    const last = story.steps.length - 1;
    const gone = this.#set !== null && this.figure !== null && !sameView(this.#set, this.figure.state);
    return html`<h2>${story.title} <span>${this.step + 1} of ${story.steps.length}</span></h2>
      <p class="text" aria-live="polite">${story.steps[this.step].text}</p>
      <div class="steps">
        <button data-previous aria-keyshortcuts="PageUp" ?disabled=${this.step === 0} @click=${() => this.go(this.step - 1)}>Previous</button>
        <button class="primary" data-next aria-keyshortcuts="PageDown" ?disabled=${this.step === last} @click=${() => this.go(this.step + 1)}>Next</button>
        ${gone ? html`<button class="plain" data-return @click=${() => this.go(this.step)}>Back to this step’s picture</button>` : nothing}
        <button class="plain" data-leave @click=${() => this.#open('')}>All stories</button>
      </div>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        max-width: 44rem;
        container-type: inline-size;
        scroll-margin: 1rem;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.75rem;
        padding: 0.3rem 0;
      }
      li button.plain {
        color: var(--_ink);
        font-size: var(--_body);
      }
      span {
        color: var(--_muted);
        font-weight: 400;
      }
      h2 {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 1rem;
        margin: 0 0 0.4rem;
        font-size: var(--_body);
        font-weight: 600;
      }
      .text {
        /* Room for the longest: the buttons stay where they are. */
        min-height: 5.8em;
        margin: 0 0 0.6rem;
        font-size: var(--_body);
        text-wrap: pretty;
      }
      .steps {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.5rem 1rem;
      }
      @container (max-width: 30rem) {
        .text {
          min-height: 13em;
        }
      }
    `,
  ];
}

/** True where both show the same; cells and frames that are passed through do not count. */
function sameView(one: ViewState, other: ViewState): boolean {
  const plain = ({ cell: _, pinned: __, ...rest }: ViewState) => JSON.stringify(Object.entries(rest).sort());
  return plain(one) === plain(other);
}
