// The elements in somebody else's page: one script tag, one element, a strict content-security policy, nothing else.

import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMMON_FLAGS, requireChromium, SOFTWARE_FLAGS } from '../chromium.mjs';
import { ROOT } from '../node/house/source-files.ts';
import { giveSweep, phaseOf, shownValues, TINY, waitForPhase } from './atlas-page.ts';

const SITE = join(ROOT, 'node_modules/.phase-atlas-embed');
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8' };
/** What the README promises for tasks that draw their own data; image tasks fetch theirs and need `connect-src 'self'`. */
const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: blob:";

const page = (body: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>a blog</title>
  <link rel="icon" href="data:,"><script type="module" src="package/phase-atlas.js"></script></head><body>${body}</body></html>`;

let server: Server;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  const built = join(SITE, 'package');
  rmSync(SITE, { recursive: true, force: true });
  mkdirSync(built, { recursive: true });
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const environment = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, [vite, 'build', '--mode', 'module', '--outDir', built, '--logLevel', 'warn'], {
    cwd: ROOT,
    env: environment,
  });
  writeFileSync(join(SITE, 'index.html'), page('<p>Words.</p><phase-atlas preset="stripe-alpha-width"></phase-atlas>'));
  writeFileSync(join(SITE, 'images.html'), page('<phase-atlas preset="mnist-alpha-width"></phase-atlas>'));
  writeFileSync(
    join(SITE, 'below.html'),
    page(`${'<p>Words.</p>'.repeat(80)}<phase-atlas preset="stripe-alpha-width"></phase-atlas>${'<p>Words.</p>'.repeat(80)}`),
  );
  writeFileSync(
    join(SITE, 'click.html'),
    page('<phase-atlas preset="stripe-alpha-width" loading="click"><p>A picture.</p></phase-atlas>'),
  );
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(SITE, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const policy = pathname === '/images.html' ? `${STRICT}; connect-src 'self'` : STRICT;
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: await requireChromium(), args: [...COMMON_FLAGS, ...SOFTWARE_FLAGS] });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function visit(path: string) {
  const opened = await browser.newPage({ viewport: { width: 900, height: 700 } });
  const complaints: string[] = [];
  opened.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.message));
  await opened.goto(`${origin}${path}`);
  return { opened, complaints };
}

test('one tag trains live under a strict content-security policy', async () => {
  const { opened, complaints } = await visit('/');
  await waitForPhase(opened, 'training');
  expect(await opened.locator('phase-atlas h1').innerText()).not.toBe('');
  await giveSweep(opened, TINY);
  await expect.poll(async () => (await shownValues(opened)).known, { timeout: 30_000 }).toBe(12);
  await opened.getByRole('grid').press('Enter');
  await expect.poll(() => opened.locator('phase-curves canvas').count()).toBe(3);
  expect(complaints).toEqual([]);
  await opened.close();
});

test('data files are found beside the module', async () => {
  const { opened, complaints } = await visit('/images.html');
  await waitForPhase(opened, 'training');
  expect(complaints).toEqual([]);
  await opened.close();
});

test('starts when it comes into view, and rests when it leaves', async () => {
  const { opened, complaints } = await visit('/below.html');
  const scrollTo = (selector: string) =>
    opened.evaluate((wanted) => document.querySelector(wanted)?.scrollIntoView({ behavior: 'instant' }), selector);
  await opened.waitForFunction(() => customElements.get('phase-atlas') !== undefined);
  await opened.waitForTimeout(300);
  expect(await phaseOf(opened)).toBe('');
  await scrollTo('phase-atlas');
  await waitForPhase(opened, 'training');
  await scrollTo('p');
  await waitForPhase(opened, 'paused');
  await scrollTo('phase-atlas');
  await waitForPhase(opened, 'training');
  expect(complaints).toEqual([]);
  await opened.close();
});

test('waits for a click where asked to, showing what the host put there', async () => {
  const { opened, complaints } = await visit('/click.html');
  await opened.getByText('A picture.').waitFor({ state: 'visible' });
  expect(await phaseOf(opened)).toBe('');
  await opened.getByRole('button', { name: 'Train it here' }).click();
  await waitForPhase(opened, 'training');
  expect(complaints).toEqual([]);
  await opened.close();
});
