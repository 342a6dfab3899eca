// <phase-sound>: lets the diagram be heard, column by column. Begins only when it is asked to, and stops when the page is hidden.

import { css, html, LitElement, type TemplateResult } from 'lit';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { type Scan, scanOf, type Tone } from './sound-scan.ts';
import { theme } from './theme.ts';

/** Rise and fall of a tone, seconds: without them every tone clicks. */
const EDGE = 0.008;
/** A moment to set everything up before the first tone, seconds. */
const LEAD = 0.06;

export class PhaseSound extends LitElement {
  static override properties = {
    figure: { attribute: false },
    playing: { state: true },
    volume: { state: true },
    said: { state: true },
  };
  declare figure: Figure | null;
  declare private playing: boolean;
  /** 0 … 1. */
  declare private volume: number;
  declare private said: string;
  #context: AudioContext | null = null;
  #gain: GainNode | null = null;
  #frame = 0;

  constructor() {
    super();
    this.figure = null;
    this.playing = false;
    this.volume = 0.4;
    this.said = '';
    new FigureListener(this, ({ kind }) => {
      if (kind === 'view') this.stop();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onHide);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onHide);
    this.stop();
  }

  readonly #onHide = (): void => {
    if (document.hidden) this.stop();
  };

  /** Plays the diagram that is shown; resolves when everything has been set up. */
  async play(): Promise<void> {
    const { figure } = this;
    this.stop();
    if (figure === null) return;
    const { picture, colours } = figure.shown;
    if (picture === null || colours === null) {
      this.said = 'Nothing has been measured yet.';
      return;
    }
    const view = picture.cache.view(figure.frame);
    const scan = scanOf(view, colours);
    if (scan.tones.length === 0) {
      this.said = 'No cell that is shown has a value.';
      return;
    }
    this.said = '';
    this.playing = true;
    const context = new AudioContext();
    this.#context = context;
    const gain = new GainNode(context, { gain: this.volume });
    gain.connect(context.destination);
    this.#gain = gain;
    const begin = context.currentTime + LEAD;
    const noise = noiseOf(context);
    for (const tone of scan.tones) sound(context, gain, noise, tone, begin);
    await context.resume();
    this.#follow(scan, begin, view.cells);
  }

  /** Marks the column that sounds, and ends with the last one. */
  #follow(scan: Scan, begin: number, cells: Int32Array): void {
    const step = (): void => {
      const { figure } = this;
      const context = this.#context;
      if (context === null || figure === null) return;
      const now = context.currentTime - begin;
      if (now > scan.seconds) {
        this.stop();
        return;
      }
      const tone = scan.tones.findLast(({ at }) => at <= now);
      if (tone !== undefined) figure.pointed.point(cells[tone.place]);
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#context !== null) {
      void this.#context.close();
      this.figure?.pointed.point(-1);
    }
    this.#context = null;
    this.#gain = null;
    this.playing = false;
  }

  readonly #toggle = (): void => {
    if (this.playing) this.stop();
    else void this.play();
  };

  readonly #setVolume = (event: Event): void => {
    this.volume = Number((event.target as HTMLInputElement).value);
    if (this.#gain !== null) this.#gain.gain.value = this.volume;
  };

  protected override render(): TemplateResult {
    return html`
      <p>The diagram from left to right, each column from below: the pitch is the place along the colours, low where they begin and
        three octaves higher where they end. A hiss stands for networks that diverged or stalled.</p>
      <div class="line">
        <button class=${this.playing ? '' : 'primary'} data-listen aria-pressed=${this.playing ? 'true' : 'false'} @click=${this.#toggle}>${this.playing ? 'Stop' : 'Listen'}</button>
        <label>Volume <input type="range" min="0" max="1" step="0.05" .value=${String(this.volume)} @input=${this.#setVolume}></label>
        <span role="status">${this.said}</span>
      </div>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      p {
        max-width: 44rem;
        margin: 0 0 0.75rem;
        color: var(--_muted);
        text-wrap: pretty;
      }
      .line,
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
      }
      label {
        gap: 0.5rem;
      }
    `,
  ];
}

/** Half a second of hiss, always the same: a linear congruential sequence (Numerical Recipes). */
function noiseOf(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate / 2, context.sampleRate);
  const samples = buffer.getChannelData(0);
  let state = 1;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    samples[i] = state / 2 ** 31 - 1;
  }
  return buffer;
}

/** Sets one tone up. */
function sound(context: AudioContext, out: AudioNode, noise: AudioBuffer, tone: Tone, begin: number): void {
  const { at, seconds, pitch, pan } = tone;
  const [from, to] = [begin + at, begin + at + seconds];
  const source =
    pitch === null
      ? new AudioBufferSourceNode(context, { buffer: noise, loop: true })
      : new OscillatorNode(context, { type: 'triangle', frequency: pitch });
  const level = pitch === null ? 0.25 : 0.6;
  const edge = Math.min(EDGE, seconds / 4);
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(0, from);
  envelope.gain.linearRampToValueAtTime(level, from + edge);
  envelope.gain.setValueAtTime(level, to - edge);
  envelope.gain.linearRampToValueAtTime(0, to);
  source
    .connect(envelope)
    .connect(new StereoPannerNode(context, { pan: 0.8 * pan }))
    .connect(out);
  source.start(from);
  source.stop(to);
}
