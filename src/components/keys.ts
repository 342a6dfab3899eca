// What keys do to a cursor in a diagram, to a playhead in a film and to the page. Moves nothing: the elements listen.

/** Step of the cursor for a key; null for keys that mean nothing here. */
export function cursorAfter(key: string, control: boolean, index: number, columns: number, rows: number): number | null {
  const [c, r] = [index % columns, Math.floor(index / columns)];
  const at = (column: number, row: number) =>
    Math.min(rows - 1, Math.max(0, row)) * columns + Math.min(columns - 1, Math.max(0, column));
  const page = Math.max(1, Math.round(rows / 4));
  switch (key) {
    case 'ArrowRight':
      return at(c + 1, r);
    case 'ArrowLeft':
      return at(c - 1, r);
    case 'ArrowUp':
      return at(c, r + 1);
    case 'ArrowDown':
      return at(c, r - 1);
    case 'PageUp':
      return at(c, r + page);
    case 'PageDown':
      return at(c, r - page);
    case 'Home':
      return control ? at(0, rows - 1) : at(0, r);
    case 'End':
      return control ? at(columns - 1, 0) : at(columns - 1, r);
    default:
      return null;
  }
}

/** The frame a key leads to; null for keys that mean nothing here. */
export function frameAfter(key: string, frame: number, last: number): number | null {
  const clamp = (wanted: number) => Math.min(last, Math.max(0, wanted));
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(frame + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(frame - 1);
    case 'PageUp':
      return clamp(frame + 5);
    case 'PageDown':
      return clamp(frame - 5);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** What single keys do on the page: ids of panels, the list of keys, the search for a figure. */
const SHORTCUTS: Readonly<Record<string, string>> = { '?': 'keys', '/': 'find', t: 'table', l: 'sound' };

/** Name of the attribute of the page's root element that switches single keys off. */
export const NO_SHORTCUTS = 'data-no-shortcuts';

/**
 * Elements that take letters themselves. A dialog that was just closed may have the focus until the next frame: it takes none.
 */
const TAKES_TEXT =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), select, textarea, dialog[open], [contenteditable]';

/**
 * What a key pressed anywhere asks of the page; null for nothing. An element that fills the page (`whole`) hears all keys, one in
 * somebody else's page only those pressed inside it. Never while text is typed or a dialog is open.
 */
export function pageShortcut(event: KeyboardEvent, element: Element, whole: boolean): string | null {
  const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
  if (defaultPrevented || ctrlKey || metaKey || altKey || !Object.hasOwn(SHORTCUTS, key)) return null;
  if (document.documentElement.hasAttribute(NO_SHORTCUTS)) return null;
  const path = event.composedPath();
  if (path.some((target) => target instanceof Element && target.matches(TAKES_TEXT))) return null;
  return whole || path.includes(element) ? SHORTCUTS[key] : null;
}
