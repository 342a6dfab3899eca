// One voice for everything that can be wrong with what a user gave us:
// `where: expected what, got what. hint`. Faults of our own stay plain Errors.

/** Bad input. `message` reads `where: expected, got. hint` and is meant for a user's eyes. */
export class InputError extends Error {
  override readonly name = 'InputError';
  /** The place in the input, for example `sweep: axis "width"`. */
  readonly where: string;

  constructor(where: string, what: string, hint = '') {
    super(`${where}: ${what}${/[.!?]$/.test(what) ? '' : '.'}${hint === '' ? '' : ` ${hint}`}`);
    this.where = where;
  }
}

/** Text of any thrown value, for messages that quote a cause. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A value as it should be quoted in an error: short, and never a page long. */
export function quoted(value: unknown): string {
  if (typeof value === 'number') return String(value);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
