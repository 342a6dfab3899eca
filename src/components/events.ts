// The events that elements dispatch: past tense in meaning, prefixed, bubbling, composed, with typed detail.

import type { ViewState } from '../core/view-state.ts';
import type { Progress } from '../engine/snapshot.ts';
import type { Command } from './figure.ts';

export interface PhaseEvents {
  /** The element has drawn something for the first time. */
  'phase-ready': Record<string, never>;
  'phase-progress': Progress;
  /** A cell was chosen: its index in the sweep and, from whole figures, the values of the swept parameters. */
  'phase-cell-select': { readonly cell: number; readonly values?: Readonly<Record<string, number | string>> };
  /** Something the reader chose has changed. */
  'phase-state-change': PhaseStateChange;
  'phase-error': { readonly message: string };
  'phase-device-lost': { readonly message: string };
}

/** Each part is present where it has changed. */
export interface PhaseStateChange extends Partial<ViewState> {
  readonly playing?: boolean;
  readonly theme?: 'light' | 'dark';
  /** What a part of the figure asks for; hosts never see it. */
  readonly command?: Command;
}

declare global {
  interface HTMLElementEventMap {
    'phase-ready': CustomEvent<PhaseEvents['phase-ready']>;
    'phase-progress': CustomEvent<PhaseEvents['phase-progress']>;
    'phase-cell-select': CustomEvent<PhaseEvents['phase-cell-select']>;
    'phase-state-change': CustomEvent<PhaseEvents['phase-state-change']>;
    'phase-error': CustomEvent<PhaseEvents['phase-error']>;
    'phase-device-lost': CustomEvent<PhaseEvents['phase-device-lost']>;
  }
}

/** Dispatches an event from an element. */
export function announce<Name extends keyof PhaseEvents>(from: EventTarget, name: Name, detail: PhaseEvents[Name]): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
