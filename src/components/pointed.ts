// Which cell the reader points at, in whichever view: so that the others can mark it too. Changes nothing that is kept.

export class Pointed {
  readonly #listeners = new Set<() => void>();
  #cell = -1;

  /** Index of the cell in the sweep; −1 for none. */
  get cell(): number {
    return this.#cell;
  }

  point(cell: number): void {
    if (cell === this.#cell) return;
    this.#cell = cell;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after every change. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
