// Somebody else's site: pages that embed the built files, served under a strict content-security policy. Asserts nothing.

import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { inject } from 'vitest';

/** What the README promises for tasks that draw their own data; image tasks and `src` fetch and need `connect-src 'self'`. */
export const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:";
export const FETCHING = `${STRICT}; connect-src 'self'`;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css',
};

export interface BlogFile {
  readonly text: string;
  /** Defaults to STRICT. */
  readonly policy?: string;
}

/** An HTML document; `scripts` are module addresses. */
export const article = (body: string, ...scripts: readonly string[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>a blog</title><link rel="icon" href="data:,">${scripts
    .map((address) => `<script type="module" src="${address}"></script>`)
    .join('')}</head><body>${body}</body></html>`;

export interface ServedBlog {
  readonly origin: string;
  close(): void;
}

export interface Blog extends ServedBlog {
  /** Opens a page that hears what the browser complains about. `prepare` runs before any script of the page. */
  visit(
    path: string,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<{ readonly page: Page; readonly complaints: string[] }>;
}

/**
 * Serves `files` by their path, the built files under `/package/` and `/other/`, and the built pages,
 * without a policy, under `/page/`.
 */
export async function serveBlog(files: Readonly<Record<string, BlogFile>>): Promise<ServedBlog> {
  const built = inject('built');
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const own = files[pathname];
    const stored = /^\/(package|other|page)\/[\w./-]+$/.test(pathname) ? join(built, pathname) : '';
    if (own === undefined && !(stored !== '' && existsSync(stored))) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream',
      ...(pathname.startsWith('/page/') ? {} : { 'content-security-policy': own?.policy ?? STRICT }),
      // As registries and static hosts send it: a sandboxed frame is an origin of its own.
      'access-control-allow-origin': '*',
    });
    if (own !== undefined) response.end(own.text);
    else createReadStream(stored).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, close: () => server.close() };
}

/** The same, with a browser to visit it. */
export async function openBlog(browser: Browser, files: Readonly<Record<string, BlogFile>>): Promise<Blog> {
  const { origin, close } = await serveBlog(files);
  return {
    origin,
    close,
    async visit(path, prepare) {
      const page = await (await browser.newContext({ viewport: { width: 900, height: 700 } })).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await prepare?.(page);
      await page.goto(`${origin}${path}`);
      return { page, complaints };
    },
  };
}
