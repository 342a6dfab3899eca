// How much a sweep may ask for. Cells and networks are checked here; bytes and seconds by the engine's plan, which knows them.

import { InputError } from './errors.ts';
import { cellCount, type Sweep } from './sweep.ts';

export interface Caps {
  /** Most cells. */
  readonly cells: number;
  /** Most networks: cells × seeds. */
  readonly networks: number;
  /** Most bytes of GPU (or reference) memory. */
  readonly bytes: number;
  /** Most seconds of GPU time without a further click. */
  readonly seconds: number;
}

/** For elements embedded in somebody's page. */
export const EMBED_CAPS: Caps = { cells: 64 * 64, networks: 16_384, bytes: 64 * 2 ** 20, seconds: 60 };

/** For the atlas itself and the command line, whose users asked for the work. */
export const PAGE_CAPS: Caps = { cells: 256 * 256, networks: 262_144, bytes: 2 ** 30, seconds: 3600 };

/** A sweep that exceeds a cap: whoever set the cap may ask the reader and raise it. */
export class CapError extends InputError {}

/** The smaller of both in every respect: what a link or an attribute asks for can lower a cap, never raise it. */
export function lowerCaps(caps: Caps, wish: Partial<Caps>): Caps {
  const lower = (key: keyof Caps) => {
    const asked = wish[key];
    return asked !== undefined && asked >= 0 ? Math.min(caps[key], asked) : caps[key];
  };
  return { cells: lower('cells'), networks: lower('networks'), bytes: lower('bytes'), seconds: lower('seconds') };
}

/** Throws CapError where the sweep has too many cells or networks. */
export function checkCaps(sweep: Pick<Sweep, 'axes' | 'seeds'>, caps: Caps): void {
  const cells = cellCount(sweep);
  if (cells > caps.cells) {
    const product = sweep.axes.map(({ parameter, values }) => `${values.length} of ${parameter}`).join(' × ');
    throw new CapError(
      'sweep',
      `expected at most ${caps.cells} cells, got ${cells} (${product})`,
      'Take fewer steps on an axis.',
    );
  }
  const networks = cells * sweep.seeds;
  if (networks > caps.networks) {
    throw new CapError(
      'sweep',
      `expected at most ${caps.networks} networks, got ${networks} (${cells} cells × ${sweep.seeds} seeds)`,
      'Take fewer steps or fewer seeds.',
    );
  }
}
