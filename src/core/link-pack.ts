// JSON as short text for an address, and the bounded way back: deflate with a fixed dictionary, then base64url.
// Knows no sweep and no state: see link.ts.

import { deflateSync, Inflate } from 'fflate';
import { InputError } from './errors.ts';
import { copyPlain, type Json } from './plain-json.ts';

/** Most characters of a link. */
export const MAX_LINK = 8192;
/** Most bytes that a link may unfold to. */
const MAX_UNFOLDED = 65_536;
/** Compressed bytes that are unfolded between two looks at the length: at most 1,032 times as many come out. */
const PORTION = 256;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DAMAGED = 'Copy the whole link again.';

/**
 * What links are likely to say, likeliest last. It belongs to version 1 of links and never changes:
 * another needs another version.
 */
const DICTIONARY = new TextEncoder().encode(
  '"connectivity","initialisation","independentSeeds":true,"seed":"momentum":"optimiser":"adam","batchSize":"integrator":"tolerance":' +
    '"stages":[{"from":"frozen":["hidden"],"head":"new","rebalance":"test":"first""outputDim":"features":"pca","components":"whitening"' +
    '"recurrent","convolutional","diagonal","hierarchy","whitened","mnist-parity","fashion-parity","xor","line","sparse","gain":"rankNorm":' +
    '"productScale":"initRank":"balance":"initScale":"learningRate":"noise":"ntk","standard","mean-field","parametrisation":"predictor":' +
    '"weightChange""ensembleError""seedVariance""halvingTime""kernelAlignment""kernelDistance""mechanism""relu","tanh","softplus","linear",' +
    '"squared","softHinge","hinge","loss":"activation":"depth":"inputDim":"samples":"testSamples":"probeSamples":"stripe","kind":"task":{' +
    '"margins":true"stop":{"checkpoints":"maxSteps":"maxTime":"method":"descent","method":"flow","training":{"title":"fully-connected",' +
    '"family":"version":1,"observables":["trainingLoss","testError","kernelChange"]"seeds":"fixed":{"width","values":["outputScale","scale":"log",' +
    '"from":"to":"steps":{"parameter":"axes":[{"difference":"pinned":"colours":["layer":["residual"]"theory"]"threshold":["time":["cell":["at":[{' +
    '"y":["x":["observable":["w":{"s":{"a":"0.1.0","h":"p":"',
);

/** The document as text of the base64url alphabet. */
export function pack(json: Json): string {
  const bytes = deflateSync(new TextEncoder().encode(JSON.stringify(json)), { level: 9, dictionary: DICTIONARY });
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const count = Math.min(3, bytes.length - i);
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let k = 0; k <= count; k++) text += ALPHABET[(word >> (18 - 6 * k)) & 63];
  }
  return text;
}

function bytesOf(text: string, where: string): Uint8Array {
  const digits = Uint8Array.from(text, (character) => {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new InputError(where, 'expected letters, digits, - and _, got another character', DAMAGED);
    return digit;
  });
  const rest = digits.length % 4;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let at = 0;
  for (let i = 0; i < digits.length; i += 4) {
    const word = (digits[i] << 18) | ((digits[i + 1] ?? 0) << 12) | ((digits[i + 2] ?? 0) << 6) | (digits[i + 3] ?? 0);
    for (let k = 0; k < 3 && at < bytes.length; k++) bytes[at++] = (word >> (16 - 8 * k)) & 255;
  }
  if (rest === 1) throw new InputError(where, 'expected whole bytes, got a part of one', DAMAGED);
  return bytes;
}

function unfold(bytes: Uint8Array, where: string): Uint8Array {
  const whole = new Uint8Array(MAX_UNFOLDED);
  let length = 0;
  const inflate = new Inflate({ dictionary: DICTIONARY }, (chunk) => {
    if (length + chunk.length > MAX_UNFOLDED) {
      throw new InputError(where, `expected at most ${MAX_UNFOLDED} bytes inside, got more`, 'Share a result file instead.');
    }
    whole.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let i = 0; i < bytes.length; i += PORTION) inflate.push(bytes.subarray(i, i + PORTION), i + PORTION >= bytes.length);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(where, 'expected a whole link, got a damaged or shortened one', DAMAGED);
  }
  return whole.subarray(0, length);
}

/**
 * What `pack` was given. Refuses longer texts before it reads them, stops unfolding at 64 KiB, and copies by `copyPlain`: finite
 * numbers, harmless keys. Throws InputError at `where`.
 */
export function unpack(text: string, where: string): Json {
  if (text.length === 0 || text.length > MAX_LINK) {
    throw new InputError(where, `expected 1 to ${MAX_LINK} characters, got ${text.length}`, 'Share a result file instead.');
  }
  const bytes = unfold(bytesOf(text, where), where);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InputError(where, 'expected a whole link, got a damaged or shortened one', DAMAGED);
  }
  return copyPlain(json, where);
}
