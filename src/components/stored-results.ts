// Stored results by their address, kept while one of them is shown. Draws nothing.

import { parseStored, type StoredResult } from '../core/stored-result.ts';
import { fetchJson } from './fetch-json.ts';

const kept = new Map<string, WeakRef<StoredResult>>();

/** The stored result at an address that the host page has set. Throws InputError. */
export async function loadStored(address: string, signal?: AbortSignal): Promise<StoredResult> {
  const key = new URL(address, document.baseURI).href;
  const known = kept.get(key)?.deref();
  if (known !== undefined) return known;
  const stored = parseStored(await fetchJson(address, signal));
  kept.set(key, new WeakRef(stored));
  return stored;
}
