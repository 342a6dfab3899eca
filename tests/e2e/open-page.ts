// Opens a page in a real Chromium on a server of the test's own. Whatever the page warns, complains or throws is a failure.

import { type Browser, chromium, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
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

/** One browser and one server for a test file. `flags: 'bare'` leaves out what a WebGPU canvas needs on a software adapter. */
export async function openStage(flags: 'full' | 'bare' | 'no-webgpu' = 'full'): Promise<Stage> {
  const executablePath = await requireChromium();
  const without = flags === 'no-webgpu' ? ['--disable-features=WebGPU', '--disable-blink-features=WebGPU'] : [];
  const server: ViteDevServer = await createServer({
    root: ROOT,
    logLevel: 'warn',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const browser = await chromium.launch({
    executablePath,
    args: [...COMMON_FLAGS, ...(flags === 'full' ? SOFTWARE_FLAGS : []), ...without],
  });
  const origin = (server.resolvedUrls?.local[0] ?? '').replace(/\/$/, '');
  return {
    origin,
    browser,
    async open(path, options = {}) {
      const { width = 1280, height = 800, colorScheme = 'light', reducedMotion = 'no-preference', expected = [] } = options;
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion });
      const page = await context.newPage();
      const complaints: string[] = [];
      const hear = (text: string): void => {
        if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
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
      await server.close();
    },
  };
}
