// Fetches a JSON document from an address that a host page has set: without credentials, within a size
// and a time. Knows no format.

import { InputError, quoted, reasonOf } from '../core/errors.ts';

/** Most bytes of a stored result or a sweep. */
export const MOST_BYTES = 64 * 2 ** 20;
/** Longest time until it has arrived, ms. */
export const MOST_MS = 60_000;

async function textOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      void reader.cancel();
      throw new InputError('src', `expected at most ${MOST_BYTES} bytes, got more`);
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}

/** The document at `address`, relative to the page. Throws InputError; rejects with the signal's reason where it aborts. */
export async function fetchJson(address: string, signal?: AbortSignal): Promise<unknown> {
  const short = quoted(address);
  let url: URL;
  try {
    url = new URL(address, document.baseURI);
  } catch {
    throw new InputError('src', `expected an address, got ${short}`);
  }
  if (!/^(https?|blob|data):$/.test(url.protocol)) throw new InputError('src', `expected an http address, got ${short}`);
  const late = AbortSignal.timeout(MOST_MS);
  const both = signal === undefined ? late : AbortSignal.any([signal, late]);
  let text: string;
  try {
    const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', signal: both });
    if (!response.ok) throw new InputError('src', `expected a document at ${short}, got status ${response.status}`);
    text = await textOf(response);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof InputError) throw cause;
    if (late.aborted) throw new InputError('src', `expected ${short} within ${MOST_MS / 1000} s, got no end`);
    const hint = 'It has to be of this origin, or to allow others (CORS), and the page’s policy has to allow `connect-src`.';
    throw new InputError('src', `expected a document at ${short}, got: ${reasonOf(cause)}`, hint);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InputError('src', `expected JSON at ${short}, got something else`);
  }
}
