// <phase-share>: the panel that hands a figure on: link, snippets, files, citation, results kept on this device, files opened.
// Makes nothing itself: see share-request.ts, share-opening.ts, src/exports.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { reasonOf } from '../core/errors.ts';
import { bibtexOfAtlas, bibtexOfPaper } from '../exports/bibtex.ts';
import { type ExportFormat, FORMATS } from '../exports/formats.ts';
import { version } from '../version.ts';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { type KeptResult, LocalStore } from './local-store.ts';
import { figureTitle } from './share-drawing.ts';
import { type NamedBytes, openFiles } from './share-opening.ts';
import { downloadName, embedOf, exportRequest, idOf, linkOf, provenanceOf, readableLink } from './share-request.ts';
import { snippetsOf } from './share-snippets.ts';
import { shareStyles } from './share-styles.ts';
import { theme } from './theme.ts';

const KINDS = [
  ['figure', 'Figure'],
  ['film', 'Film'],
  ['data', 'Data'],
] as const satisfies readonly (readonly [ExportFormat['kind'], string])[];

const sizeWords = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/**
 * Everything that leaves or enters a figure.
 * @fires phase-state-change - Through the figure: a file that was opened is shown.
 */
export class PhaseShare extends LitElement {
  static override styles = [theme, controls, shareStyles];
  static override properties = {
    figure: { attribute: false },
    snippet: { state: true },
    said: { state: true },
    kept: { state: true },
    busy: { state: true },
  };
  declare figure: Figure | null;
  /** Where results are kept; tests give their own. */
  readonly store: LocalStore = new LocalStore();
  declare private snippet: string;
  declare private said: string;
  /** Null before the reader has asked what is kept: nothing is opened unasked. */
  declare private kept: readonly KeptResult[] | null;
  /** Id of the format that is being made; empty for none. */
  declare private busy: string;
  #abort: AbortController | null = null;
  #link: { readonly key: string; readonly text: string } = { key: '', text: '' };

  constructor() {
    super();
    this.figure = null;
    this.snippet = 'html';
    this.said = '';
    this.kept = null;
    this.busy = '';
    new FigureListener(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('figure')) this.said = '';
  }

  /** Whatever goes wrong is said. */
  async #try(work: () => Promise<string>): Promise<void> {
    try {
      this.said = await work();
    } catch (cause) {
      this.said = this.#abort?.signal.aborted === true ? 'Stopped.' : reasonOf(cause);
    }
    this.busy = '';
  }

  /** The link of the present view; made anew where the view, or how far it is trained, has changed. */
  #linkNow(figure: Figure): string {
    const key = JSON.stringify([figure.state, figure.frame, figure.run.phase === 'finished' ? figure.version : -1]);
    if (this.#link.key !== key) {
      try {
        this.#link = { key, text: linkOf(figure) };
      } catch (cause) {
        this.#link = { key, text: '' };
        this.said = reasonOf(cause);
      }
    }
    return this.#link.text;
  }

  /** True on the atlas' own page, which opens links from its address; somebody else's page does not. */
  get #isPage(): boolean {
    const root = this.getRootNode();
    return root instanceof ShadowRoot && root.host.hasAttribute('gallery');
  }

  /** The link as an address of this page, or as what the attribute `link` takes. */
  #address(figure: Figure): string {
    if (!this.#isPage) return this.#linkNow(figure);
    const { origin, pathname } = location;
    const place = origin === 'null' ? pathname : `${origin}${pathname}`;
    return `${place}${this.#linkNow(figure)}`;
  }

  readonly #copy = (text: string, what: string): void => {
    void this.#try(async () => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        return `The browser does not let this page copy. Select the ${what} and copy it.`;
      }
      return `Copied the ${what}.`;
    });
  };

  readonly #download = (format: ExportFormat): void => {
    const { figure } = this;
    if (figure === null || this.busy !== '') return;
    this.busy = format.id;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    void this.#try(async () => {
      const made = await format.make(exportRequest(figure, signal));
      const blob = made instanceof Blob ? made : new Blob([made as BlobPart], { type: format.type });
      const name = downloadName(figure, format.extension);
      const address = URL.createObjectURL(blob);
      const anchor = document.createElement('a');
      anchor.href = address;
      anchor.download = name;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      return `${name}, ${sizeWords(blob.size)}.`;
    });
  };

  readonly #list = (): void => {
    void this.#try(async () => {
      this.kept = await this.store.list();
      return this.kept.length === 0 ? 'Nothing is kept on this device.' : '';
    });
  };

  readonly #keep = (): void => {
    const { figure } = this;
    if (figure === null) return;
    this.busy = 'keep';
    void this.#try(async () => {
      const { resultBytes } = await import('../exports/result-file.ts');
      const about = { title: `${figureTitle(figure)} (${idOf(figure).slice(0, 6)})`, created: provenanceOf(figure).created };
      const left = await this.store.keep(idOf(figure), about, resultBytes(exportRequest(figure)));
      this.kept = await this.store.list();
      return left.length === 0 ? 'Kept on this device.' : `Kept; to make room these left: ${left.join(', ')}.`;
    });
  };

  readonly #openKept = ({ id, title }: KeptResult): void => {
    void this.#try(async () => this.#show([{ name: title, bytes: await this.store.open(id) }]));
  };

  readonly #remove = ({ id, title }: KeptResult): void => {
    void this.#try(async () => {
      await this.store.remove(id);
      this.kept = await this.store.list();
      return `Removed ${title}.`;
    });
  };

  async #show(files: readonly NamedBytes[]): Promise<string> {
    return this.figure === null ? '' : openFiles(this.figure, files);
  }

  /** Opens files that were dropped or chosen. Resolves when it has been said what became of them. */
  async take(files: readonly File[]): Promise<void> {
    await this.#try(async () => {
      const { checkFileSize } = await import('../engine/recognise-file.ts');
      for (const { name, size } of files) checkFileSize(name, size);
      return this.#show(
        await Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))),
      );
    });
    await this.updateComplete;
    this.renderRoot.querySelector('.said')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { figure } = this;
    if (figure === null) return nothing;
    return html`<p class="said" role="status" data-said>${this.said}</p>
      <div class="blocks">
        <div>${this.#linkBlock(figure)} ${this.#snippetBlock(figure)} ${this.#citeBlock(figure)}</div>
        <div>${this.#downloadBlock(figure)} ${this.#keepBlock(figure)} ${this.#openBlock()}</div>
      </div>
    `;
  }

  #linkBlock(figure: Figure): TemplateResult {
    const address = this.#address(figure);
    const readable = readableLink(figure);
    const whole = figure.run.phase === 'finished';
    return html`<section class="block" aria-labelledby="link">
      <h2 id="link">Link</h2>
      <p>Holds the sweep with its seeds and everything chosen here${whole ? '; whoever opens it trains it anew and is told whether the result is the same' : ''}.${this.#isPage ? '' : ' It goes behind the address of an atlas, or into the attribute link of an element.'}${readable === '' ? nothing : html` The figure as published is also at <code>${readable}</code>.`}</p>
      <div class="row"><input readonly aria-label="Link to this view" data-link .value=${address} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}>
      <button class="primary" data-copy="link" ?disabled=${this.#link.text === ''} @click=${() => this.#copy(address, 'link')}>Copy link</button></div>
    </section>`;
  }

  #citeBlock(figure: Figure): TemplateResult {
    const { preset } = figure;
    const text = `${preset === null ? '' : `${bibtexOfPaper(preset.citation)}\n`}${bibtexOfAtlas(provenanceOf(figure).version, idOf(figure))}`;
    return html`<section class="block" aria-labelledby="cite">
      <h2 id="cite">Cite</h2>
      <pre tabindex="0" aria-label="BibTeX" data-bibtex>${text}</pre>
      <button data-copy="bibtex" @click=${() => this.#copy(text, 'BibTeX')}>Copy BibTeX</button>
    </section>`;
  }

  #snippetBlock(figure: Figure): TemplateResult | typeof nothing {
    if (this.#link.text === '') return nothing;
    const snippets = snippetsOf(embedOf(figure), figureTitle(figure), version);
    const chosen = snippets.find(({ id }) => id === this.snippet) ?? snippets[0];
    return html`<section class="block" aria-labelledby="embed">
      <h2 id="embed">In your own page</h2>
      <div class="kinds" role="group" aria-labelledby="embed">${snippets.map(
        ({ id, label }) =>
          html`<button class="plain" aria-pressed=${id === chosen.id ? 'true' : 'false'} data-snippet=${id} @click=${() => {
            this.snippet = id;
          }}>${label}</button>`,
      )}</div>
      <pre tabindex="0" aria-label="${chosen.label} snippet" data-snippet-text>${chosen.text}</pre>
      <button data-copy="snippet" @click=${() => this.#copy(chosen.text, 'snippet')}>Copy snippet</button>
    </section>`;
  }

  #downloadBlock(figure: Figure): TemplateResult {
    const ready = figure.lastFrame >= 0;
    return html`<section class="block" aria-labelledby="files">
      <h2 id="files">Download</h2>
      ${KINDS.map(
        ([kind, label]) =>
          html`<ul class="files" aria-label=${label}>${FORMATS.filter((format) => format.kind === kind).map(
            (format) =>
              html`<li><button class="plain" ?disabled=${!ready || this.busy !== ''} data-format=${format.id} @click=${() => this.#download(format)}>${format.label}</button><span>${this.busy === format.id ? 'being made' : format.words}</span></li>`,
          )}</ul>`,
      )}
      ${this.busy !== '' && this.busy !== 'keep' ? html`<button class="plain" @click=${() => this.#abort?.abort()}>Stop</button>` : nothing}
    </section>`;
  }

  #keepBlock(figure: Figure): TemplateResult {
    const done = figure.run.phase === 'finished';
    return html`<section class="block" aria-labelledby="keep">
      <h2 id="keep">Keep on this device</h2>
      <p>Finished results stay in this browser until they are removed, 64 MiB at most; those used longest ago leave first. Nothing is sent.</p>
      <div class="row"><button data-keep ?disabled=${!done || this.busy !== ''} @click=${this.#keep}>Keep this result</button>
      ${this.kept === null ? html`<button class="plain" data-list @click=${this.#list}>Show what is kept</button>` : nothing}</div>
      ${
        this.kept === null
          ? nothing
          : html`<ul class="kept" aria-label="Kept results">${this.kept.map(
              (one) =>
                html`<li><span class="name">${one.title}</span><span>${one.created.slice(0, 10)}, ${sizeWords(one.bytes)}</span>
                <span class="row"><button class="plain" aria-label="Open ${one.title}" data-open=${one.id} @click=${() => this.#openKept(one)}>Open</button>
                <button class="plain" aria-label="Remove ${one.title}" data-remove=${one.id} @click=${() => this.#remove(one)}>Remove</button></span></li>`,
            )}</ul>`
      }
    </section>`;
  }

  #openBlock(): TemplateResult {
    return html`<section class="block" aria-labelledby="open">
      <h2 id="open">Open files</h2>
      <p>Data of your own to learn from: a table whose last column is the target (CSV), inputs and targets (NPY), images with their labels (IDX, CIFAR-10 binary). Or a connectivity (a square table), a result or a sweep (JSON). Each may be gzipped; nothing leaves this device.</p>
      <div class="drop"><input type="file" multiple aria-labelledby="open" data-file @change=${(event: Event) => {
        const { files } = event.target as HTMLInputElement;
        if (files !== null && files.length > 0) void this.take([...files]);
      }}> <span>or drop them anywhere on the page</span></div>
    </section>`;
  }
}
