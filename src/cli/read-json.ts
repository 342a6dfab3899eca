// Reads a JSON file, or standard input for `-`. Checks nothing of what the JSON says.

import { readFile, stat } from 'node:fs/promises';
import { InputError, reasonOf } from '../core/errors.ts';

/** Files larger than this are refused before they are read. */
const MAX_BYTES = 512 * 2 ** 20;

async function readStandardInput(): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new InputError('standard input', `expected at most ${MAX_BYTES} bytes, got more`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function readText(path: string): Promise<string> {
  if (path === '-') return readStandardInput();
  let bytes: number;
  try {
    bytes = (await stat(path)).size;
  } catch (cause) {
    throw new InputError(path, `expected a readable file, got: ${reasonOf(cause)}`);
  }
  if (bytes > MAX_BYTES) throw new InputError(path, `expected at most ${MAX_BYTES} bytes, got ${bytes}`);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new InputError(path, `expected a readable file, got: ${reasonOf(cause)}`);
  }
}

/** The parsed content of a JSON file. `-` is standard input. Throws InputError. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    // Some editors begin files with a mark of byte order.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    const reason = reasonOf(cause).replace(/\s+/g, ' ');
    const hint = /\b(NaN|Infinity)\b/.test(text) ? 'JSON knows neither NaN nor Infinity.' : '';
    throw new InputError(path === '-' ? 'standard input' : path, `expected JSON, got: ${reason}`, hint);
  }
}
