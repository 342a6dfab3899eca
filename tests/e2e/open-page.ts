// Opens a page in a real Chromium on a server of the test's own: the page as it is built, or a source file as it is served.
// Whatever the page warns, complains or throws is a failure.

import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { createServer, preview } from 'vite';
import { inject } from 'vitest';
import { COMMON_FLAGS, requireChromium, SOFTWARE_FLAGS } from '../chromium.mjs';
import { ROOT } from '../node/house/source-files.ts';

export interface Stage {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly origin: string;
  readonly browser: Browser;
  /** Opens a page of its own context; `path` begins with a slash. */
  open(path: string, options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** Messages that the test provokes on purpose. */
  readonly expected?: readonly RegExp[];
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything that was not expected, so far. */
  readonly complaints: readonly string[];
  /** Closes the page; throws where there were complaints. */
  close(): Promise<void>;
}

export interface StageOptions {
  /** `built` (the default) serves the production page at `/`; `source` serves the repository, transformed file by file. */
  readonly serve?: 'built' | 'source';
  /** `bare` leaves out what a WebGPU canvas needs on a software adapter; `no-webgpu` is a browser without WebGPU. */
  readonly flags?: 'full' | 'bare' | 'no-webgpu';
}

interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

const addressOf = (urls: { readonly local: readonly string[] } | null): string => (urls?.local[0] ?? '').replace(/\/$/, '');

async function serveBuilt(): Promise<Served> {
  const outDir = join(inject('built'), 'page');
  const server = await preview({
    root: ROOT,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 4300, strictPort: false, host: '127.0.0.1' },
  });
  return { origin: addressOf(server.resolvedUrls), close: () => server.close() };
}

async function serveSource(): Promise<Served> {
  const server = await createServer({
    root: ROOT,
    logLevel: 'warn',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  return { origin: addressOf(server.resolvedUrls), close: () => server.close() };
}

/** Lit's own word about unbuilt sources; no user sees it. */
const DEVELOPMENT = /Lit is in dev mode/;

/** One browser and one server for a test file. */
export async function openStage({ serve = 'built', flags = 'full' }: StageOptions = {}): Promise<Stage> {
  const executablePath = await requireChromium();
  const without = flags === 'no-webgpu' ? ['--disable-features=WebGPU', '--disable-blink-features=WebGPU'] : [];
  const { origin, close } = await (serve === 'built' ? serveBuilt() : serveSource());
  const browser = await chromium.launch({
    executablePath,
    args: [...COMMON_FLAGS, ...(flags === 'full' ? SOFTWARE_FLAGS : []), ...without],
  });
  return {
    origin,
    browser,
    async open(path, options = {}) {
      const { width = 1280, height = 800, colorScheme = 'light', reducedMotion = 'no-preference', expected = [] } = options;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion });
      const page = await context.newPage();
      // The switches alone leave it in some builds.
      if (flags === 'no-webgpu') {
        await page.addInitScript(() =>
          Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined, configurable: true }),
        );
      }
      const complaints: string[] = [];
      const hear = (text: string): void => {
        const known = serve === 'source' ? [...expected, DEVELOPMENT] : expected;
        if (!known.some((pattern) => pattern.test(text))) complaints.push(text);
      };
      page.on('console', (message) => {
        if (message.type() === 'warning' || message.type() === 'error') hear(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => hear(`thrown: ${error.stack ?? error.message}`));
      page.on('requestfailed', (request) => hear(`request failed: ${request.url()} ${request.failure()?.errorText ?? ''}`));
      await page.goto(`${origin}${path}`);
      return {
        page,
        complaints,
        async close() {
          await context.close();
          if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join('\n')}`);
        },
      };
    },
    async close() {
      await browser.close();
      await close();
    },
  };
}
