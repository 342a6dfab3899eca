// The device keeps what it was asked to keep, within its limit, and says in words what it could not.

import { describe, expect, test } from 'vitest';
import { type KeyValueStore, LocalStore } from '../../../src/components/local-store.ts';

interface Memory extends KeyValueStore {
  readonly map: Map<string, unknown>;
}

function memory(rest: Partial<KeyValueStore> = {}): Memory {
  const map = new Map<string, unknown>();
  return {
    map,
    get: async (key) => map.get(key),
    set: async (key, value) => void map.set(key, value),
    delete: async (key) => void map.delete(key),
    keys: async () => [...map.keys()],
    ...rest,
  };
}

const about = (title: string) => ({ title, created: '2026-01-02T03:04:05Z' });
const titles = async (store: LocalStore) => (await store.list()).map(({ title }) => title);

describe('kept results', () => {
  test('come back byte by byte, last used first', async () => {
    const store = new LocalStore(memory());
    await store.keep('a', about('first'), new Uint8Array([1, 2, 3]));
    await store.keep('b', about('second'), new Uint8Array([4]));
    expect(await titles(store)).toEqual(['second', 'first']);
    expect(await store.open('a')).toEqual(new Uint8Array([1, 2, 3]));
    expect(await titles(store)).toEqual(['first', 'second']);
    await store.remove('a');
    expect(await titles(store)).toEqual(['second']);
  });

  test('of one sweep are kept once', async () => {
    const map = memory();
    const store = new LocalStore(map, 10);
    for (const length of [8, 9, 10]) expect(await store.keep('a', about(`${length}`), new Uint8Array(length))).toEqual([]);
    expect(await store.list()).toMatchObject([{ id: 'a', title: '10', bytes: 10 }]);
    expect(map.map.size).toBe(2);
  });

  test('make room by leaving, those used longest ago first', async () => {
    const store = new LocalStore(memory(), 10);
    for (const id of ['a', 'b', 'c']) await store.keep(id, about(id), new Uint8Array(3));
    await store.open('a');
    expect(await store.keep('d', about('d'), new Uint8Array(5))).toEqual(['b', 'c']);
    expect(await titles(store)).toEqual(['d', 'a']);
  });

  test('larger than everything together are refused, and nothing leaves', async () => {
    const store = new LocalStore(memory(), 10);
    await store.keep('a', about('a'), new Uint8Array(9));
    await expect(store.keep('b', about('b'), new Uint8Array(11))).rejects.toThrow(
      'this device: expected at most 10 bytes, got 11.',
    );
    expect(await titles(store)).toEqual(['a']);
  });

  test.each([
    ['QuotaExceededError', /expected room for the result, got none\. Remove kept results/],
    ['SecurityError', /expected leave to keep results, got none from the browser/],
    ['UnknownError', /expected its store to work, got: disk on fire/],
  ])('that the browser refuses (%s) are refused in words and leave nothing behind', async (name, words) => {
    const map = memory();
    const set = async (key: string, value: unknown) => {
      if (key.startsWith('meta:')) throw new DOMException('disk on fire', name);
      map.map.set(key, value);
    };
    const store = new LocalStore({ ...map, set });
    await expect(store.keep('a', about('a'), new Uint8Array(1))).rejects.toThrow(words);
    expect(map.map.size).toBe(0);
  });

  test('that somebody else wrote or cleared are passed over', async () => {
    const map = memory();
    const store = new LocalStore(map);
    await store.keep('a', about('a'), new Uint8Array(1));
    map.map.delete('data:a');
    map.map.set('meta:b', 'text').set('meta:c', { title: 1 }).set('other', 1);
    expect(await titles(store)).toEqual(['a']);
    await expect(store.open('a')).rejects.toThrow('expected a kept result, got none');
    expect(await titles(store)).toEqual([]);
  });
});
