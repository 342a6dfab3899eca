// Opens the page's device before a session needs it and keeps it until one takes it over: opening takes a good part of a second.
// The session opens its own share; this only sees to it that there is something to share.

import { acquireDevice, type DeviceLease } from '../gpu/device.ts';

let kept: DeviceLease | null = null;

/** Opens the device that sessions of this page share. False where none can be had. */
export async function keepDevice(): Promise<boolean> {
  if (kept !== null && kept.loss === null) return true;
  kept?.release();
  kept = null;
  try {
    // As sessions ask for it, or there would be two.
    const lease = await acquireDevice({ limits: 'best', features: ['subgroups'] });
    // Two may have asked at once.
    if (kept === null) kept = lease;
    else lease.release();
    return true;
  } catch {
    return false;
  }
}

/** Hands over the kept device, if any: release it when the session is disposed. */
export function takeDevice(): DeviceLease | null {
  const lease = kept;
  kept = null;
  return lease;
}
