// The events that elements dispatch: past tense in meaning, prefixed, bubbling, composed, with typed detail.

import type { Progress } from '../engine/snapshot.ts';

export interface PhaseEvents {
  /** The element has drawn something for the first time. */
  'phase-ready': Record<string, never>;
  'phase-progress': Progress;
  /** A cell was chosen: its index in the sweep. */
  'phase-cell-select': { readonly cell: number };
  /** Something the reader chose has changed. */
  'phase-state-change': PhaseStateChange;
  'phase-error': { readonly message: string };
  'phase-device-lost': { readonly message: string };
}

/** Each part is present where it has changed. */
export interface PhaseStateChange {
  readonly preset?: string;
  readonly observable?: string;
  readonly threshold?: number;
  readonly frame?: number;
  readonly playing?: boolean;
  /** What the diagram shows: networks as trained, as a theory says, or how far the two are apart. */
  readonly layer?: 'simulation' | 'theory' | 'residual';
  readonly theme?: 'light' | 'dark';
  /** A sweep in JSON that the reader asks to run. */
  readonly sweep?: Readonly<Record<string, unknown>>;
  readonly x?: string;
  readonly y?: string | null;
  /** Cut through the axes that are not drawn, by parameter. */
  readonly at?: Readonly<Record<string, number>>;
  readonly command?: 'run' | 'pause' | 'resume' | 'cancel' | 'reference';
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
