// Finds (or installs) a Chromium and says how to start it with WebGPU. Plain JavaScript, because the test command starts here,
// before anything is compiled. Types: chromium.d.mts.

import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Environment variable that names a Chromium or Chrome executable. */
export const OVERRIDE = 'PHASE_ATLAS_CHROMIUM';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/lib/chromium/chromium',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Flags for compute and WebGPU canvases on machines without a GPU; harmless where there is one. */
export const COMMON_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
];
/** Adds WebGPU canvases on the software adapter. Without them a WebGPU canvas loses the device there. */
export const SOFTWARE_FLAGS = ['--use-vulkan=swiftshader', '--enable-features=Vulkan', '--use-angle=swiftshader'];

async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  } catch {
    return '';
  }
}

/** True where the file is there and can be run: a browser without its system libraries cannot. */
export const runs = (path) => path !== '' && existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;

/** Path of a Chromium on this machine, or null. Looks at PHASE_ATLAS_CHROMIUM, Playwright's own, then the system's. */
export async function findChromium() {
  const override = process.env[OVERRIDE];
  if (override !== undefined && override !== '') {
    if (!runs(override)) throw new Error(`${OVERRIDE}: expected an executable browser, got ${override}`);
    return override;
  }
  return [await playwrightChromium(), ...SYSTEM].find(runs) ?? null;
}

/** Runs one installer and says so. True where it ended well. */
function attempt(command, args, say) {
  say(`$ ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: 10 * 60_000 });
  if (error !== undefined) say(`${command}: ${error.message}`);
  return status === 0;
}

/** Installs one package of Debian, where that is possible without being asked anything. */
export function installPackage(name, say) {
  const [command, ...before] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const aptGet = (...args) => attempt(command, [...before, ...args], say);
  if (aptGet('update')) aptGet('install', '-y', '--no-install-recommends', name);
}

/**
 * `findChromium`, and where there is none installs one: Playwright's build first, then Debian's package. Throws where both fail.
 */
export async function requireChromium(say = (line) => process.stderr.write(`${line}\n`)) {
  const found = await findChromium();
  if (found !== null) return found;
  say('No Chromium on this machine: installing one.');
  attempt('npx', ['playwright', 'install', '--with-deps', '--no-shell', 'chromium'], say);
  let installed = await findChromium();
  if (installed === null) {
    installPackage('chromium', say);
    installed = await findChromium();
  }
  if (installed === null) {
    throw new Error(
      `chromium: expected a browser with WebGPU, found none and could install none. Set ${OVERRIDE} to an executable.`,
    );
  }
  say(`Installed ${installed}.`);
  return installed;
}

/** The description of the software Vulkan driver (SwiftShader) that ships beside a Chromium, or null. */
export function softwareDriver(chromium) {
  const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser'];
  if (chromium !== null) folders.unshift(dirname(realpathSync(chromium)), dirname(chromium));
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find((path) => existsSync(path)) ?? null;
}

/**
 * Environment for WebGPU in Node: on the software driver of this Chromium unless the user has named a driver. Must be set before
 * the process starts its first device.
 */
export function gpuEnvironment(chromium) {
  const given = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const driver = given ?? softwareDriver(chromium);
  return {
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
    ...(driver === null ? {} : { VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver }),
  };
}
