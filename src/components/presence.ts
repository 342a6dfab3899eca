// Tells whether an element can be seen: scrolled into view, on a page that is not hidden. Starts and stops nothing itself.

/** How far below and above the window still counts as seen: work begins a little before the reader arrives. */
const MARGIN = '200px';

export class Presence {
  readonly #element: Element;
  readonly #changed: (present: boolean) => void;
  #observer: IntersectionObserver | null = null;
  #seen: Element | null = null;
  #near = false;
  #present = false;

  /** `changed` hears of every change; before the first the element counts as away. */
  constructor(element: Element, changed: (present: boolean) => void) {
    this.#element = element;
    this.#changed = changed;
  }

  connect(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#near = entries[entries.length - 1].isIntersecting;
        if (!this.#near) this.#observe();
        this.#tell();
      },
      { rootMargin: MARGIN },
    );
    this.#observe();
    document.addEventListener('visibilitychange', this.#tell);
  }

  /** An element without a box of its own is seen where the box around it is. */
  #observe(): void {
    let seen: Element | null = this.#element;
    while (seen !== null && getComputedStyle(seen).display === 'contents') {
      const root: Node | null = seen.assignedSlot ?? seen.parentNode;
      seen = root instanceof ShadowRoot ? root.host : root instanceof Element ? root : null;
    }
    if (seen === null || seen === this.#seen) return;
    if (this.#seen !== null) this.#observer?.unobserve(this.#seen);
    this.#seen = seen;
    this.#observer?.observe(seen);
  }

  disconnect(): void {
    this.#seen = null;
    this.#observer?.disconnect();
    document.removeEventListener('visibilitychange', this.#tell);
    this.#near = false;
    this.#present = false;
  }

  readonly #tell = (): void => {
    const present = this.#near && !document.hidden;
    if (present === this.#present) return;
    this.#present = present;
    this.#changed(present);
  };
}
