// WebGPU for Node: the optional package `webgpu` (Dawn) on a real GPU, or on the software adapter that ships with Chromium.
// Not for browsers. Dawn may hang at exit: flush your output, then call process.exit.

import { existsSync, readdirSync } from 'node:fs';
import { constants, homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError, reasonOf } from '../core/errors.ts';
import { calmPolling } from './calm-polling.ts';

interface Dawn {
  create(options: string[]): GPU;
  readonly globals: object;
}

/** What must stay alive for the whole process: when `create`'s object is collected, Node dies with a segmentation fault. */
interface Kept {
  readonly created: GPU[];
  calm?: boolean;
  ready?: Promise<GPU>;
}

const KEPT = Symbol.for('phase-atlas.node-gpu');

/**
 * Dawn's `navigator.gpu`. Also puts WebGPU's constants (GPUBufferUsage …) on globalThis, and has Dawn poll less. One per process.
 * @throws InputError when the package or an adapter is missing, saying how to install it.
 */
export function nodeGpu(): Promise<GPU> {
  const root = globalThis as { [KEPT]?: Kept };
  root[KEPT] ??= { created: [] };
  const kept = root[KEPT];
  kept.ready ??= openDawn(kept).catch((cause: unknown) => {
    delete kept.ready;
    throw cause;
  });
  return kept.ready;
}

async function openDawn(kept: Kept): Promise<GPU> {
  const dawn = await importDawn();
  Object.assign(globalThis, dawn.globals);
  if (kept.calm !== true) calmPolling();
  kept.calm = true;
  // Dawn's Wayland probe warns without it.
  if (process.platform === 'linux') process.env.XDG_RUNTIME_DIR ??= tmpdir();
  const tryAdapter = async (): Promise<GPU | null> => {
    const gpu = dawn.create([]);
    kept.created.push(gpu);
    return (await gpu.requestAdapter()) ? gpu : null;
  };
  const named = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES;
  const linux = process.platform === 'linux';
  if (linux) await provideVulkanLoader();
  // Asking without any driver installed would only print warnings.
  if (!linux || named !== undefined || hasVulkanDriver()) {
    const gpu = await tryAdapter();
    if (gpu) return gpu;
  }
  if (linux && named === undefined) {
    const driver = (await chromiumFolders()).map((folder) => join(folder, SOFTWARE_DRIVER)).find(existsSync);
    if (driver !== undefined) {
      // Both names: the old one for loaders before 1.3.207.
      process.env.VK_DRIVER_FILES = process.env.VK_ICD_FILENAMES = driver;
      const gpu = await tryAdapter();
      if (gpu) return gpu;
      delete process.env.VK_DRIVER_FILES;
      delete process.env.VK_ICD_FILENAMES;
    }
  }
  const expected = named === undefined ? 'a GPU or a software adapter' : `an adapter from the driver ${named}`;
  throw new InputError(
    'gpu',
    `expected ${expected}, got none`,
    'Install a Vulkan driver, or Chromium for its software one ("apt install chromium", "npx playwright install chromium"), ' +
      'or point VK_DRIVER_FILES to a driver file, or use the engine "reference".',
  );
}

async function importDawn(): Promise<Dawn> {
  // A name the bundler cannot see through: the package is optional and never goes into a page.
  const name: string = 'webgpu';
  let loaded: Partial<Dawn>;
  try {
    loaded = (await import(/* @vite-ignore */ name)) as Partial<Dawn>;
  } catch (cause) {
    const hint = 'Run "npm install webgpu", or use the engine "reference".';
    throw new InputError('gpu', `expected the npm package "webgpu", got: ${reasonOf(cause)}`, hint);
  }
  if (typeof loaded.create !== 'function' || !loaded.globals) {
    const got = Object.keys(loaded).join(', ');
    throw new InputError('gpu', `expected "webgpu" to export create and globals, got ${got}`, 'Run "npm install webgpu@0.6".');
  }
  return { create: loaded.create, globals: loaded.globals };
}

const SOFTWARE_DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** Folders that hold a Chromium binary, the likeliest first. */
async function chromiumFolders(): Promise<string[]> {
  const system = ['/usr/lib', '/usr/lib64'].flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')]);
  const own: string[] = [];
  try {
    const name: string = 'playwright-core';
    const { chromium } = (await import(/* @vite-ignore */ name)) as { chromium: { executablePath(): string } };
    own.push(dirname(chromium.executablePath()));
  } catch {
    // Playwright is not installed, or knows no browser for this system: the other folders may do.
  }
  const store = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  for (const version of namesIn(store)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse()) {
    own.push(...namesIn(join(store, version)).map((name) => join(store, version, name)));
  }
  return [...own, ...system, '/opt/google/chrome'];
}

function hasVulkanDriver(): boolean {
  const data = (process.env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':');
  const roots = [...data, '/etc', '/usr/local/etc', '/etc/xdg', join(homedir(), '.local', 'share'), join(homedir(), '.config')];
  return roots.some((root) => namesIn(join(root, 'vulkan', 'icd.d')).some((name) => name.endsWith('.json')));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Dawn opens the Vulkan loader by its name. Where the system has none, Chromium's own copy serves: once it is resident, its
 * name is found. `process.dlopen` then complains that it is no Node module; RTLD_NODELETE keeps it resident all the same.
 */
async function provideVulkanLoader(): Promise<void> {
  const libraries = ['/usr/lib', '/lib', '/usr/lib64', '/usr/local/lib', ...(process.env.LD_LIBRARY_PATH ?? '').split(':')];
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  if ([...libraries, join('/usr/lib', triplet)].some((folder) => folder !== '' && existsSync(join(folder, LOADER)))) return;
  const loader = (await chromiumFolders()).map((folder) => join(folder, LOADER)).find(existsSync);
  if (loader === undefined) return;
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE);
  } catch {
    // Always: see above.
  }
}
