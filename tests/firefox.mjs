// Finds (or installs) a Firefox for the tests of a second engine. Unlike Chromium it is no must: where none can be had, one line
// says so. Plain JavaScript, because the test command starts here. Types: firefox.d.mts.

import { installPackage, runs } from './chromium.mjs';

/** Environment variable that names a Firefox executable. */
export const FIREFOX = 'PHASE_ATLAS_FIREFOX';

const SYSTEM = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Path of a Firefox on this machine, or null. Looks at PHASE_ATLAS_FIREFOX, then at the system's. */
export function findFirefox() {
  const override = process.env[FIREFOX];
  if (override === undefined || override === '') return SYSTEM.find(runs) ?? null;
  if (!runs(override)) throw new Error(`${FIREFOX}: expected an executable browser, got ${override}`);
  return override;
}

/** `findFirefox`, and where there is none tries Debian's package. Null where that fails. */
export function wantFirefox(say) {
  const found = findFirefox();
  if (found !== null) return found;
  say('No Firefox on this machine: installing one.');
  installPackage('firefox-esr', say);
  return findFirefox();
}
