// Results that the reader asked to keep on this device. Nothing is kept without being asked for, and nothing leaves the device.
// Keeps bytes under names; what they hold is read elsewhere, as strictly as any other file.

import { createStore, del, get, keys, set, type UseStore } from 'idb-keyval';
import { InputError, reasonOf } from '../core/errors.ts';

/** What has to be there to keep things in: IndexedDB in a browser. */
export interface KeyValueStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
}

/** One kept result, without its bytes. */
export interface KeptResult {
  /** The sweep's hash: the same sweep is kept once. */
  readonly id: string;
  readonly title: string;
  /** When it was run, ISO 8601. */
  readonly created: string;
  readonly bytes: number;
  /** Larger for those that were kept or opened later. */
  readonly used: number;
}

/** Most bytes of all kept results together: 64 MiB. */
const MAX_KEPT_BYTES = 64 * 2 ** 20;
const WHERE = 'this device';
const META = 'meta:';
const DATA = 'data:';
const MAX_TITLE = 200;

/** IndexedDB of this origin. Opens nothing before the first call. */
function deviceStore(): KeyValueStore {
  let opened: UseStore | undefined;
  const store = (): UseStore => {
    opened ??= createStore('phase-atlas', 'results');
    return opened;
  };
  return {
    get: async (key) => get(key, store()),
    set: async (key, value) => set(key, value, store()),
    delete: async (key) => del(key, store()),
    keys: async () => (await keys(store())).filter((key) => typeof key === 'string'),
  };
}

/** What a browser refused, in words. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const name = typeof cause === 'object' && cause !== null && 'name' in cause ? cause.name : '';
    if (name === 'QuotaExceededError') {
      throw new InputError(WHERE, 'expected room for the result, got none', 'Remove kept results, or download it as a file.');
    }
    if (name === 'SecurityError' || name === 'InvalidStateError') {
      throw new InputError(WHERE, 'expected leave to keep results, got none from the browser', 'Download it as a file.');
    }
    throw new InputError(WHERE, `expected its store to work, got: ${reasonOf(cause)}`, 'Download the result as a file.');
  }
}

/** What a store says of a result; null for anything that no version of this code has written. */
function metaOf(id: string, value: unknown): KeptResult | null {
  if (typeof value !== 'object' || value === null) return null;
  const { title, created, bytes, used } = value as Readonly<Record<string, unknown>>;
  const isCount = (number: unknown): number is number =>
    typeof number === 'number' && Number.isSafeInteger(number) && number >= 0;
  if (typeof title !== 'string' || typeof created !== 'string' || !isCount(bytes) || !isCount(used)) return null;
  return { id, title, created, bytes, used };
}

export class LocalStore {
  readonly #store: KeyValueStore;
  readonly #limit: number;

  constructor(store: KeyValueStore = deviceStore(), limit = MAX_KEPT_BYTES) {
    this.#store = store;
    this.#limit = limit;
  }

  /** All kept results, last used first. */
  list(): Promise<readonly KeptResult[]> {
    return inWords(async () => {
      const ids = (await this.#store.keys()).filter((key) => key.startsWith(META)).map((key) => key.slice(META.length));
      const metas = await Promise.all(ids.map(async (id) => metaOf(id, await this.#store.get(META + id))));
      return metas.filter((meta) => meta !== null).sort((a, b) => b.used - a.used);
    });
  }

  /**
   * Keeps `bytes` under `id`, in place of an earlier result of that id; those used longest ago leave until all fit. Gives the
   * titles of those that left. Throws InputError where the device has no room, or the result is larger than all that may be kept.
   */
  keep(id: string, { title, created }: Pick<KeptResult, 'title' | 'created'>, bytes: Uint8Array): Promise<readonly string[]> {
    return inWords(async () => {
      if (bytes.length > this.#limit) {
        throw new InputError(
          WHERE,
          `expected at most ${this.#limit} bytes, got ${bytes.length}`,
          'Download it as a file, or run it with fewer seeds or checkpoints.',
        );
      }
      const kept = (await this.list()).filter((other) => other.id !== id);
      let room = this.#limit - bytes.length - kept.reduce((sum, other) => sum + other.bytes, 0);
      const leaving: string[] = [];
      for (const oldest of [...kept].reverse()) {
        if (room >= 0) break;
        await this.remove(oldest.id);
        leaving.push(oldest.title);
        room += oldest.bytes;
      }
      const used = Math.max(0, ...kept.map((other) => other.used)) + 1;
      try {
        await this.#store.set(DATA + id, bytes);
        await this.#store.set(META + id, { title: title.slice(0, MAX_TITLE), created, bytes: bytes.length, used });
      } catch (cause) {
        // Half a result is worse than none.
        await this.remove(id).catch(() => undefined);
        throw cause;
      }
      return leaving;
    });
  }

  /** The bytes of a kept result, which then counts as used last. Throws InputError where it is gone. */
  open(id: string): Promise<Uint8Array> {
    return inWords(async () => {
      const bytes = await this.#store.get(DATA + id);
      const kept = await this.list();
      const meta = kept.find((other) => other.id === id);
      if (!(bytes instanceof Uint8Array) || meta === undefined) {
        await this.remove(id);
        throw new InputError(WHERE, 'expected a kept result, got none', 'It was removed, or the browser has cleared it.');
      }
      const { title, created } = meta;
      await this.#store.set(META + id, { title, created, bytes: bytes.length, used: kept[0].used + 1 });
      return bytes;
    });
  }

  remove(id: string): Promise<void> {
    return inWords(async () => {
      await this.#store.delete(META + id);
      await this.#store.delete(DATA + id);
    });
  }
}
