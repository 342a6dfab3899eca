// Slows down Dawn's polling in Node. Leaves everybody else's immediates alone.

/** Polls follow each other at once for this long, ms: what is nearly done is heard of without delay. */
const EAGER_MS = 2;
/** From then on one is made this often, ms. */
const CALM_MS = 1;
/** Polls further apart than this, ms, belong to two waits. */
const APART_MS = 5;

/**
 * True for functions made in C++ through Node's own interface: no function of JavaScript, bound ones included, has both marks.
 */
function isNative(callback: object): boolean {
  return Object.hasOwn(callback, 'prototype') && Function.prototype.toString.call(callback).endsWith('{ [native code] }');
}

/**
 * While anything is under way Dawn asks for news by `setImmediate`, over and over: a whole core's work, and one that a
 * software adapter would compute with. After a moment of that its polls come by timer. Measured on two cores, a run takes half
 * to two thirds of the time.
 */
export function calmPolling(): void {
  const { setImmediate: immediate, setTimeout: timeout, performance } = globalThis;
  let first = 0;
  let latest = 0;
  const calm = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    if (!isNative(callback)) return immediate(callback, ...args);
    const now = performance.now();
    if (now - latest > APART_MS) first = now;
    latest = now;
    return now - first < EAGER_MS ? immediate(callback, ...args) : timeout(callback, CALM_MS, ...args);
  };
  // With what util.promisify looks for.
  globalThis.setImmediate = Object.defineProperties(calm, Object.getOwnPropertyDescriptors(immediate)) as typeof setImmediate;
}
