// What can stand beside and below the diagram: one entry per panel. A panel is an element with a `figure` property that follows
// it by a FigureListener; its module is loaded when the reader opens it. Draws nothing.

import type { Figure } from './figure.ts';

/** What a panel's element must have. */
export interface PanelElement extends HTMLElement {
  figure: Figure | null;
}

export interface Panel {
  /** Names the panel in the page's state. */
  readonly id: string;
  /** On its button. */
  readonly label: string;
  readonly tag: `phase-${string}`;
  /** The class of the element; its module has no side effect. */
  readonly load: () => Promise<new () => PanelElement>;
  /** True where it is read beside the diagram, not under its button; stacked pages have one place for both. */
  readonly beside?: true;
}

/** In the order of their buttons. */
export const PANELS: readonly Panel[] = [
  {
    id: 'explain',
    label: 'What this shows',
    tag: 'phase-explanation',
    load: () => import('./phase-explanation.ts').then((m) => m.PhaseExplanation),
  },
  { id: 'share', label: 'Share and keep', tag: 'phase-share', load: async () => (await import('./phase-share.ts')).PhaseShare },
  {
    id: 'stories',
    label: 'Stories',
    tag: 'phase-story',
    load: () => import('./phase-story.ts').then((m) => m.PhaseStory),
    beside: true,
  },
  {
    id: 'compare',
    label: 'Differences',
    tag: 'phase-compare',
    load: () => import('./phase-compare.ts').then((m) => m.PhaseCompare),
  },
  {
    id: 'network',
    label: 'Inside the network',
    tag: 'phase-inspector',
    load: async () => {
      const [{ PhaseInspector }, { PhaseMatrix }] = await Promise.all([
        import('./phase-inspector.ts'),
        import('./phase-matrix.ts'),
      ]);
      if (customElements.get('phase-matrix') === undefined) customElements.define('phase-matrix', PhaseMatrix);
      return PhaseInspector;
    },
  },
  {
    id: 'verify',
    label: 'Verify this cell',
    tag: 'phase-verify',
    load: () => import('./phase-verify.ts').then((m) => m.PhaseVerify),
  },
  { id: 'scaling', label: 'Scaling', tag: 'phase-scaling', load: () => import('./phase-scaling.ts').then((m) => m.PhaseScaling) },
  { id: 'table', label: 'Table', tag: 'phase-table', load: () => import('./phase-table.ts').then((m) => m.PhaseTable) },
  { id: 'sound', label: 'Listen', tag: 'phase-sound', load: () => import('./phase-sound.ts').then((m) => m.PhaseSound) },
  { id: 'words', label: 'Words', tag: 'phase-glossary', load: () => import('./phase-glossary.ts').then((m) => m.PhaseGlossary) },
];
