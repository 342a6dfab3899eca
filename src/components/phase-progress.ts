// <phase-progress>: how a run stands, in one line with what can be done about it, and what engine does the work.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from './controls.ts';
import { announce } from './events.ts';
import type { Command } from './figure.ts';
import { formatSeconds } from './numbers.ts';
import type { RunState } from './session-controller.ts';
import { theme } from './theme.ts';

const WORDS: Readonly<Record<Command, string>> = {
  run: 'Run again',
  pause: 'Pause',
  resume: 'Go on',
  cancel: 'Cancel',
  reference: 'Run a small version on the CPU',
};

/** Where the reference computes. */
const THREADS: Readonly<Record<string, string>> = { worker: 'in a worker', page: 'on the page’s own thread' };

/** One sentence on where the run stands. */
export function statusOf(state: RunState): string {
  const { phase, progress } = state;
  const networks = progress === null ? 0 : progress.networks;
  switch (phase) {
    case 'idle':
      return 'Nothing runs yet.';
    case 'loading':
      return 'Loading the data.';
    case 'compiling':
      return 'Compiling the kernels; the first run on a machine takes a moment.';
    case 'training': {
      const left = progress?.remainingSeconds;
      const rest = left == null ? '' : `, about ${formatSeconds(left)} left`;
      return networks === 0 ? 'Training.' : `Training ${networks.toLocaleString('en')} networks at once${rest}.`;
    }
    case 'paused':
      return progress?.asks ?? 'Paused. The film so far can be played.';
    case 'finished':
      return progress === null
        ? 'A stored result; nothing was trained here.'
        : `${networks.toLocaleString('en')} networks trained in ${formatSeconds(progress.elapsedSeconds)}.`;
    case 'cancelled':
      return 'Cancelled. What was measured so far is kept.';
    case 'failed':
      return state.message === '' ? 'The run failed.' : state.message;
    case 'unsupported':
      return (
        'This browser offers no WebGPU, so the full diagram cannot be trained here. Recent Chrome, Edge, Safari and Firefox can; ' +
        'a small version runs on the CPU in float64, slowly.'
      );
    default:
      return phase satisfies never;
  }
}

/**
 * What those who do not see it are told when a run gets here; `shown` is the diagram in words.
 * Empty where nothing has to be said.
 */
export function spokenOf(state: RunState, shown: string): string {
  if (state.phase === 'finished' || state.phase === 'cancelled') return shown;
  return ['paused', 'failed', 'unsupported'].includes(state.phase) ? statusOf(state) : '';
}

/** What the reader can do now; `gpu`: whether this browser knows WebGPU at all. */
export function commandsOf({ phase, engine, progress }: RunState, gpu: boolean): readonly Command[] {
  switch (phase) {
    case 'loading':
    case 'compiling':
      return ['cancel'];
    case 'training':
      return ['pause', 'cancel'];
    case 'paused':
      return ['resume', 'cancel'];
    case 'unsupported':
      return ['reference'];
    case 'failed':
      return engine?.engine === 'reference' ? ['run'] : ['run', 'reference'];
    case 'finished':
      if (progress !== null) return ['run'];
      // A stored result: without a GPU only a small version can be run.
      return gpu ? ['run', 'reference'] : ['reference'];
    default:
      return ['run'];
  }
}

export class PhaseProgress extends LitElement {
  static override properties = { state: { attribute: false } };
  declare state: RunState | null;

  constructor() {
    super();
    this.state = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state === null) return nothing;
    const busy = ['loading', 'compiling', 'training', 'paused'].includes(state.phase);
    const fraction = state.progress?.fraction ?? 0;
    const percent = Math.round(100 * fraction);
    return html`
      ${busy ? html`<progress part="bar" max="100" .value=${percent} aria-label="Share of the work done"></progress>` : html`<hr aria-hidden="true">`}
      <div class="line">
        <p class=${state.phase === 'failed' ? 'failed' : ''}>${statusOf(state)}</p>
        <span class="commands">${commandsOf(state, navigator.gpu !== undefined).map(
          (
            command,
          ) => html`<button part="command" class=${state.phase === 'unsupported' ? 'primary' : 'plain'} data-command=${command}
            @click=${() => announce(this, 'phase-state-change', { command })}>${WORDS[command]}</button>`,
        )}</span>
        ${
          state.engine === null
            ? nothing
            : html`<p class="engine" part="engine" title=${state.engine.kernel}>${[state.engine.label, state.engine.adapter]
                .concat(THREADS[state.engine.thread ?? ''] ?? '')
                .filter((part) => part !== '')
                .join(' · ')}</p>`
        }
      </div>
    `;
  }

  static override styles = [
    theme,
    controls,
    css`
      progress,
      hr {
        display: block;
        width: 100%;
        height: 1px;
        margin: 0 0 0.6rem;
        border: 0;
        background: var(--_hairline);
        appearance: none;
      }
      progress {
        height: 2px;
        margin-bottom: calc(0.6rem - 1px);
        overflow: hidden;
      }
      progress::-webkit-progress-bar {
        background: var(--_hairline);
      }
      progress::-webkit-progress-value {
        background: var(--_ink);
      }
      progress::-moz-progress-bar {
        background: var(--_ink);
      }
      @media (forced-colors: active) {
        progress {
          forced-color-adjust: none;
          --_ink: CanvasText;
          --_hairline: GrayText;
        }
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.25rem 1rem;
        color: var(--_muted);
      }
      .line p {
        margin: 0;
      }
      .failed {
        color: var(--_ink);
      }
      .commands {
        display: flex;
        gap: 1rem;
      }
      .line .engine {
        margin-left: auto;
      }
    `,
  ];
}
