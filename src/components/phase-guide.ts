// <phase-guide>: an overlay on how to read the diagram, with numbers beside what they speak of, and the list of keys. Changes
// nothing that is shown; points at the parts of the page around it.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from './controls.ts';
import { NO_SHORTCUTS } from './keys.ts';
import { theme } from './theme.ts';

type Part = 'reading' | 'keys';

/** What is spoken of: the element it lies in, below the page's root, one shadow root deeper each. */
interface Item {
  readonly name: string;
  readonly words: string;
  readonly target: readonly string[];
}

const DIAGRAM = 'phase-diagram';

const ITEMS: readonly Item[] = [
  {
    name: 'Cell',
    words:
      'Every field of the diagram is one setting of both axes, and stands for several small networks trained from different seeds. Point at it to read its value; click it to see its networks.',
    target: [DIAGRAM, 'phase-heatmap', '.grid'],
  },
  {
    name: 'Colour',
    words:
      'The colour is the mean over the seeds of what the bar names. Blue is lazy, orange is rich, and light lies between; errors and quantities run from pale to deep green.',
    target: [DIAGRAM, 'phase-colour-bar'],
  },
  {
    name: 'Boundary',
    words:
      'The line joins the places where the value crosses the threshold on the colour bar. Drag the mark on the bar, or move it with the arrow keys, and the line follows.',
    target: [DIAGRAM, 'phase-colour-bar', '[role="slider"]'],
  },
  {
    name: 'Texture',
    words:
      'Hatching and dots mark cells whose networks ended otherwise: diverged, stalled, or out of steps. What they mean stands under the diagram where they occur.',
    target: [DIAGRAM, '.key'],
  },
  {
    name: 'Film',
    words:
      'Each small picture is the whole diagram at one training time. Play it, or drag along it, to see when the boundary forms.',
    target: [DIAGRAM, 'phase-film'],
  },
  {
    name: 'The chosen cell',
    words:
      'The curves show every network of the cell you clicked over training time; the values beside them are those at the time shown.',
    target: ['phase-cell'],
  },
];

const KEYS: readonly (readonly [string, string])[] = [
  ['?', 'this list'],
  ['/', 'find a figure'],
  ['t', 'the diagram as a table'],
  ['l', 'listen to the diagram'],
  ['Tab', 'from one control to the next'],
  ['← ↑ ↓ →', 'in the diagram: to the next cell; on the film: to the next time; on the colour bar: move the threshold'],
  ['Page Up, Page Down', 'in the diagram: a quarter of its height; on the film: five times'],
  ['Home, End', 'to the first or last cell of the row; to the first or last time'],
  ['Ctrl + Home, Ctrl + End', 'to the first or last cell of the diagram'],
  ['Enter or Space', 'in the diagram: choose the cell; on the film, Space: play and pause'],
  ['Escape', 'close what is open'],
];

/** The box of something inside nested shadow roots; null where it is not shown. */
function boxOf(root: ParentNode, path: readonly string[]): DOMRect | null {
  let inside: ParentNode = root;
  let found: Element | null = null;
  for (const selector of path) {
    found = inside.querySelector(selector);
    if (found === null) return null;
    inside = found.shadowRoot ?? found;
  }
  const box = found?.getBoundingClientRect();
  return box === undefined || box.width === 0 || box.bottom < 0 || box.top > window.innerHeight ? null : box;
}

export class PhaseGuide extends LitElement {
  static override properties = { chapter: { state: true }, around: { attribute: false } };
  /** Root of the page whose parts are pointed at. */
  declare around: ParentNode | null;
  declare private chapter: Part;

  constructor() {
    super();
    this.around = null;
    this.chapter = 'reading';
  }

  /** Shows the overlay; the focus comes back to where it was when it is closed. */
  async show(part: Part): Promise<void> {
    this.chapter = part;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog?.open === false) dialog.showModal();
    window.addEventListener('resize', this.#place);
    window.addEventListener('scroll', this.#place, { passive: true });
    this.#place();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closed();
  }

  readonly #closed = (): void => {
    window.removeEventListener('resize', this.#place);
    window.removeEventListener('scroll', this.#place);
  };

  readonly #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  /** A click beside the words closes, as Escape does. */
  readonly #onClick = (event: Event): void => {
    if (event.target === event.currentTarget) this.#close();
  };

  /** Puts the numbers beside what they speak of. By the object model: strict policies forbid style attributes. */
  readonly #place = (): void => {
    const sheet = this.renderRoot.querySelector('.sheet')?.getBoundingClientRect();
    for (const mark of this.renderRoot.querySelectorAll<HTMLElement>('.mark')) {
      const box = this.around === null ? null : boxOf(this.around, ITEMS[Number(mark.dataset.item)].target);
      // The middle of a diagram; of everything else the margin on its left, or its right end where a page has no margin.
      const inner = mark.dataset.item === '0';
      const beside = box !== null && box.left > 30 ? box.left - 16 : (box?.right ?? 0) - 12;
      const x = box !== null && inner ? box.left + box.width / 2 : beside;
      const y = box === null ? 0 : box.top + (inner ? box.height / 2 : Math.min(18, box.height / 2));
      const covered =
        sheet !== undefined && x > sheet.left - 14 && x < sheet.right + 14 && y > sheet.top - 14 && y < sheet.bottom + 14;
      mark.hidden = box === null || covered;
      mark.style.transform = `translate(${Math.round(x - 12)}px, ${Math.round(y - 12)}px)`;
    }
  };

  protected override updated(): void {
    this.#place();
  }

  readonly #switchKeys = (event: Event): void => {
    document.documentElement.toggleAttribute(NO_SHORTCUTS, !(event.target as HTMLInputElement).checked);
  };

  protected override render(): TemplateResult {
    const reading = this.chapter === 'reading';
    return html`<dialog aria-labelledby="title" @click=${this.#onClick} @close=${this.#closed}>
      ${reading ? ITEMS.map((_, i) => html`<span class="mark" data-item=${i} aria-hidden="true">${i + 1}</span>`) : nothing}
      <div class="sheet">
        <h2 id="title">${reading ? 'How to read this' : 'Keys'}</h2>
        ${reading ? this.#reading() : this.#keys()}
        <p class="foot">
          <button class="plain" data-other @click=${() => (this.chapter = reading ? 'keys' : 'reading')}>${reading ? 'Keys' : 'How to read this'}</button>
          <button autofocus data-close @click=${this.#close}>Close</button>
        </p>
      </div>
    </dialog>`;
  }

  #reading(): TemplateResult {
    return html`<ol>${ITEMS.map(({ name, words }) => html`<li><strong>${name}.</strong> ${words}</li>`)}</ol>`;
  }

  #keys(): TemplateResult {
    return html`<table><tbody>${KEYS.map(([key, words]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${words}</td></tr>`)}</tbody></table>
      <p><label><input type="checkbox" .checked=${!document.documentElement.hasAttribute(NO_SHORTCUTS)} data-shortcuts @change=${this.#switchKeys}>
        Single letters and signs act as keys on this page</label></p>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      dialog {
        position: fixed;
        inset: 0;
        width: 100vw;
        height: 100vh;
        height: 100dvh;
        max-width: none;
        max-height: none;
        margin: 0;
        padding: 0;
        border: 0;
        background: color-mix(in srgb, var(--_paper) 45%, transparent);
        color: var(--_ink);
      }
      dialog::backdrop {
        background: none;
      }
      .sheet {
        position: absolute;
        inset-block: 0;
        inset-inline-end: 0;
        width: min(26rem, 100%);
        padding: 1.75rem clamp(1rem, 3vw, 2rem);
        overflow-y: auto;
        border-inline-start: 1px solid var(--_hairline);
        background: var(--_paper);
      }
      h2 {
        margin: 0 0 1rem;
        font-size: 1.5rem;
        font-weight: 650;
        line-height: 1.15;
        letter-spacing: -0.02em;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
        counter-reset: item;
      }
      li {
        position: relative;
        margin: 0 0 0.9rem;
        padding-inline-start: 2.25rem;
        counter-increment: item;
        text-wrap: pretty;
      }
      li::before,
      .mark {
        display: grid;
        place-items: center;
        width: 24px;
        height: 24px;
        border-radius: 50%;
        background: var(--_ink);
        color: var(--_paper);
        font-weight: 600;
      }
      li::before {
        content: counter(item);
        position: absolute;
        inset-inline-start: 0;
      }
      .mark {
        position: absolute;
        top: 0;
        left: 0;
        box-shadow: 0 0 0 2px var(--_paper);
        pointer-events: none;
      }
      .mark[hidden] {
        display: none;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding: 0.4rem 0;
        border-top: 1px solid var(--_hairline);
        text-align: start;
        vertical-align: top;
        font-weight: 400;
      }
      th {
        width: 8.5rem;
        padding-inline-end: 1rem;
      }
      kbd {
        font: inherit;
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 24px;
      }
      .foot {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        margin: 1.25rem 0 0;
      }
      @media (max-width: 40rem) {
        .sheet {
          inset-block-start: auto;
          max-height: 55vh;
          width: 100%;
          border-inline-start: 0;
          border-top: 1px solid var(--_hairline);
        }
      }
      @media print {
        dialog {
          display: none;
        }
      }
    `,
  ];
}

/** Shows the guide of a page, making it first where there is none. */
export function openGuide(root: ShadowRoot, part: Part): void {
  if (customElements.get('phase-guide') === undefined) customElements.define('phase-guide', PhaseGuide);
  let guide = root.querySelector<PhaseGuide>('phase-guide');
  if (guide === null) {
    guide = document.createElement('phase-guide') as PhaseGuide;
    guide.around = root;
    root.append(guide);
  }
  void guide.show(part);
}
