// The elements in somebody else's page: one script tag, one element, a strict content-security policy, nothing else.

import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseDiagram } from '../../src/elements.ts';
import { COMMON_FLAGS, requireChromium, SOFTWARE_FLAGS } from '../chromium.mjs';
import { giveSweep, LONG, phaseOf, shownValues, TINY, waitForPhase } from './atlas-page.ts';
import { article, type Blog, FETCHING, openBlog, STRICT } from './blog.ts';
import { storedResult } from './stored-result.ts';

const SCRIPT = 'package/phase-atlas.js';
const WORDS = '<p>Words.</p>'.repeat(80);
const MANY = 50;

/** Gives every figure of the page a sweep as soon as it can take one. */
const give = (json: unknown): string =>
  `for (const figure of document.querySelectorAll('phase-diagram')) figure.sweep = ${JSON.stringify(json)};`;

const PAGES = {
  '/index.html': article('<p>Words.</p><phase-atlas preset="stripe-alpha-width"></phase-atlas>', SCRIPT),
  '/below.html': article(`${WORDS}<phase-atlas preset="stripe-alpha-width"></phase-atlas>${WORDS}`, SCRIPT),
  '/click.html': article('<phase-atlas preset="stripe-alpha-width" loading="click"><p>A picture.</p></phase-atlas>', SCRIPT),
  '/early.html': article('<div id="here"></div>', 'early.js'),
  '/early.js': `const figure = document.createElement('phase-diagram');
    Object.assign(figure, { sweep: ${JSON.stringify(TINY)}, observable: 'testError', frame: 3, heading: 'none', controls: 'film' });
    figure.className = 'mine';
    figure.setAttribute('role', 'group');
    figure.tabIndex = 0;
    figure.textContent = 'A picture.';
    document.querySelector('#here').append(figure);
    window.heard = [];
    for (const name of ['phase-ready', 'phase-cell-select', 'phase-device-lost', 'phase-error'])
      document.addEventListener(name, ({ type, detail }) => window.heard.push({ type, detail }));
    setTimeout(() => import('./package/phase-atlas.js'), 100);`,
  '/many.html': article(
    `${'<p>Words.</p>'.repeat(5)}${'<phase-diagram heading="none" controls="none"></phase-diagram>'.repeat(MANY)}`,
    SCRIPT,
    'many.js',
  ),
  '/many.js': give(TINY),
  '/removed.html': article('<phase-diagram></phase-diagram>', SCRIPT, 'removed.js'),
  '/removed.js': give(LONG),
  '/two.html': article('<phase-diagram></phase-diagram><x-other></x-other>', 'two.js'),
  '/two.js': `import './package/phase-atlas.js';
    import { PhaseDiagram } from './other/phase-atlas.js';
    customElements.define('x-other', PhaseDiagram);
    for (const figure of document.querySelectorAll('phase-diagram, x-other')) figure.sweep = ${JSON.stringify(LONG)};`,
  '/frame.html': article('<iframe sandbox="allow-scripts" width="800" height="650" src="framed.html"></iframe>'),
  '/framed.html': article('<phase-diagram><p>A picture.</p></phase-diagram>', '/package/phase-atlas.js', '/framed.js'),
  '/framed.js': give(TINY),
} as const;

let browser: Browser;
let blog: Blog;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await requireChromium(), args: [...COMMON_FLAGS, ...SOFTWARE_FLAGS] });
  blog = await openBlog(browser, {
    ...Object.fromEntries(Object.entries(PAGES).map(([path, text]) => [path, { text }])),
    '/frame.html': { text: PAGES['/frame.html'], policy: `${STRICT}; frame-src 'self'` },
    // A sandboxed frame has no origin that 'self' could name.
    '/framed.html': {
      text: PAGES['/framed.html'],
      policy: "default-src 'none'; script-src http://127.0.0.1:*; img-src data: blob:",
    },
    '/images.html': { text: article('<phase-atlas preset="mnist-alpha-width"></phase-atlas>', SCRIPT), policy: FETCHING },
    '/stored.html': {
      text: article(
        `<phase-diagram id="good" src="stored.json" observable="kernelChange" loading="eager"></phase-diagram>
         <phase-diagram id="none" src="missing.json" loading="eager"><p>A picture.</p></phase-diagram>
         <phase-diagram id="bad" src="bad.json" loading="eager"><p>A table.</p></phase-diagram>
         <phase-viewer id="script" src="javascript:alert(1)"><p>An image.</p></phase-viewer>
         <phase-diagram id="link" link="#1.AAAA" loading="eager"></phase-diagram>
         <phase-heatmap id="alone" src="stored.json"></phase-heatmap>
         <phase-heatmap id="first" src="stored.json" frame="0"></phase-heatmap>
         <phase-heatmap id="wrong" src="bad.json"><p>A drawing.</p></phase-heatmap>
         <phase-curves id="curves" src="missing.json" cell="3"><p>A sketch.</p></phase-curves>
         <phase-viewer id="viewer" src="stored.json" frame="2" observable="constructor"></phase-viewer>`,
        SCRIPT,
      ),
      policy: FETCHING,
    },
    '/stored.json': { text: storedResult() },
    '/bad.json': { text: storedResult().replace('"times":[0', '"times":[-1') },
  });
});
afterAll(async () => {
  await browser?.close();
  blog?.close();
});

const phases = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(
    (wanted) => [...document.querySelectorAll<PhaseDiagram>(wanted)].map((one) => one.figure?.run.phase ?? ''),
    selector,
  );

test('one tag trains live under a strict content-security policy', async () => {
  const { page, complaints } = await blog.visit('/index.html');
  await waitForPhase(page, 'training');
  expect(await page.locator('phase-atlas h1').innerText()).not.toBe('');
  await giveSweep(page, TINY);
  await expect.poll(async () => (await shownValues(page)).known, { timeout: 30_000 }).toBe(12);
  await page.getByRole('grid').press('Enter');
  await expect.poll(() => page.locator('phase-curves canvas').count()).toBe(3);
  expect(complaints).toEqual([]);
  await page.close();
});

test('data files are found beside the module', async () => {
  const { page, complaints } = await blog.visit('/images.html');
  await waitForPhase(page, 'training');
  expect(complaints).toEqual([]);
  await page.close();
});

test('starts when it comes into view, and rests when it leaves', async () => {
  const { page, complaints } = await blog.visit('/below.html');
  const scrollTo = (selector: string) =>
    page.evaluate((wanted) => document.querySelector(wanted)?.scrollIntoView({ behavior: 'instant' }), selector);
  await page.waitForFunction(() => customElements.get('phase-atlas') !== undefined);
  await page.waitForTimeout(300);
  expect(await phaseOf(page)).toBe('');
  await scrollTo('phase-atlas');
  await waitForPhase(page, 'training');
  await scrollTo('p');
  await waitForPhase(page, 'paused');
  await scrollTo('phase-atlas');
  await waitForPhase(page, 'training');
  expect(complaints).toEqual([]);
  await page.close();
});

test('waits for a click where asked to, showing what the host put there', async () => {
  const { page, complaints } = await blog.visit('/click.html');
  await page.getByText('A picture.').waitFor({ state: 'visible' });
  expect(await phaseOf(page)).toBe('');
  await page.getByRole('button', { name: 'Train it here' }).click();
  await waitForPhase(page, 'training');
  expect(complaints).toEqual([]);
  await page.close();
});

test('an element made before its definition keeps what it was given; its methods, its events, and the loss of its device', async () => {
  const { page, complaints } = await blog.visit('/early.html');
  await page.getByText('A picture.').waitFor({ state: 'visible' });
  await expect.poll(() => phases(page, 'phase-diagram'), { timeout: 60_000 }).toEqual(['finished']);
  const told = await page.evaluate(async () => {
    const figure = document.querySelector('phase-diagram') as PhaseDiagram;
    const { observable, frame, className, tabIndex, state } = figure;
    const role = figure.getAttribute('role');
    const later = await figure.step(2);
    const csv = await (await figure.exportData('csv')).text();
    const refused = await figure.exportData('exe').catch((cause: Error) => cause.message);
    const gone = await figure.run({ signal: AbortSignal.abort(new Error('not now')) }).catch((cause: Error) => cause.message);
    // Whoever waits for a figure to begin hears that it is taken away, or that they need not wait.
    const other = document.createElement('phase-diagram') as PhaseDiagram;
    document.body.append(other);
    const stop = new AbortController();
    const waiting = [other.begin(), other.begin({ signal: stop.signal })].map((one) =>
      one.catch((cause: Error) => cause.message),
    );
    stop.abort(new Error('enough'));
    other.remove();
    const left = await Promise.all(waiting);
    figure.state = { cell: 7 };
    return {
      observable,
      frame,
      className,
      tabIndex,
      role,
      shown: state?.observable,
      later,
      rows: csv.trim().split(/\r?\n/).length,
      refused,
      gone,
      left,
    };
  });
  const rows = 1 + 12 * 2 * 9;
  expect(told).toMatchObject({
    observable: 'testError',
    frame: 3,
    className: 'mine',
    tabIndex: 0,
    role: 'group',
    shown: 'testError',
    later: 5,
    rows,
  });
  expect(told.refused).toMatch(/^exportData: expected one of .*, got "exe"$/);
  expect(told.gone).toBe('not now');
  expect(told.left).toEqual(['phase-diagram: expected an element in a page, got one outside', 'enough']);
  expect(await page.locator('phase-diagram h1, phase-diagram phase-explore, phase-diagram [data-vertical]').count()).toBe(0);

  // A lost device is told of, and a run recovers from it.
  await page.evaluate(async (json) => {
    const figure = document.querySelector('phase-diagram') as PhaseDiagram;
    figure.sweep = json;
    while (figure.figure?.run.phase !== 'training') await new Promise((resolve) => setTimeout(resolve, 20));
    const slots = (globalThis as never as Record<symbol, { opening: Promise<{ device: GPUDevice }> }[]>)[
      Symbol.for('phase-atlas.device')
    ];
    (await slots[0].opening).device.destroy();
  }, LONG);
  const heard = () => page.evaluate(() => (window as never as { heard: { type: string; detail: unknown }[] }).heard);
  await expect.poll(async () => (await heard()).map(({ type }) => type), { timeout: 30_000 }).toContain('phase-device-lost');
  const events = await heard();
  expect(events.filter(({ type }) => type === 'phase-ready')).toHaveLength(1);
  const chosen = events.find(({ type, detail }) => type === 'phase-cell-select' && (detail as { cell: number }).cell === 7);
  expect(chosen?.detail).toMatchObject({ cell: 7, values: { width: 8 } });
  expect(complaints).toEqual([]);
  await page.close();
});

test('of fifty figures only those in view run', async () => {
  const { page, complaints } = await blog.visit('/many.html');
  await expect.poll(() => phases(page, 'phase-diagram').then((all) => all[0]), { timeout: 60_000 }).toBe('finished');
  const begun = (await phases(page, 'phase-diagram')).filter((phase) => phase !== '').length;
  expect(begun).toBeGreaterThanOrEqual(1);
  expect(begun).toBeLessThan(6);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a figure that is removed in the middle of a run leaves no memory on the GPU, no worker and no timer', async () => {
  const { page, complaints } = await blog.visit('/removed.html', async (opened) => {
    await opened.addInitScript(() => {
      const counts = { buffers: 0, turns: 0 };
      Object.assign(window, { counts });
      const { createBuffer } = GPUDevice.prototype;
      GPUDevice.prototype.createBuffer = function (descriptor) {
        counts.buffers++;
        const buffer = createBuffer.call(this, descriptor);
        const { destroy } = buffer;
        buffer.destroy = () => {
          counts.buffers--;
          return destroy.call(buffer);
        };
        return buffer;
      };
      for (const name of ['setTimeout', 'requestAnimationFrame'] as const) {
        const original = window[name].bind(window) as (...given: unknown[]) => number;
        Object.assign(window, {
          [name]: (...given: unknown[]) => {
            counts.turns++;
            return original(...given);
          },
        });
      }
    });
  });
  await expect.poll(() => phases(page, 'phase-diagram'), { timeout: 60_000 }).toEqual(['training']);
  const left = () =>
    page.evaluate(() => ({
      ...(window as never as { counts: { buffers: number; turns: number } }).counts,
      devices: (globalThis as never as Record<symbol, unknown[]>)[Symbol.for('phase-atlas.device')].length,
    }));
  expect((await left()).buffers).toBeGreaterThan(0);
  await page.evaluate(() => document.querySelector('phase-diagram')?.remove());
  await expect.poll(async () => (await left()).devices, { timeout: 20_000 }).toBe(0);
  const { buffers, turns } = await left();
  expect(buffers).toBe(0);
  await page.waitForTimeout(400);
  expect((await left()).turns - turns).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a second bundle of another version yields the names and shares the device', async () => {
  const { page, complaints } = await blog.visit('/two.html');
  await expect.poll(() => phases(page, 'phase-diagram, x-other'), { timeout: 60_000 }).toEqual(['training', 'training']);
  const slots = await page.evaluate(() =>
    (globalThis as never as Record<symbol, { leases: number }[]>)[Symbol.for('phase-atlas.device')].map(({ leases }) => leases),
  );
  expect(slots).toHaveLength(1);
  expect(slots[0]).toBeGreaterThanOrEqual(2);
  expect(complaints.length).toBeGreaterThan(5);
  expect(
    complaints.filter((text) => !/<phase-[a-z-]+> is already defined on this page; this copy leaves it alone\./.test(text)),
  ).toEqual([]);
  await page.close();
});

test('runs in a frame whose sandbox allows nothing but scripts', async () => {
  const { page, complaints } = await blog.visit('/frame.html');
  const frame = page.frames()[1];
  const phase = () => frame.evaluate(() => document.querySelector<PhaseDiagram>('phase-diagram')?.figure?.run.phase);
  await expect.poll(phase, { timeout: 60_000 }).toBe('finished');
  // No worker in there: the reference says that it is on the page's own thread.
  await frame.evaluate(() => document.querySelector<PhaseDiagram>('phase-diagram')?.figure?.command('reference'));
  await expect.poll(() => frame.locator('[part~=engine]').innerText(), { timeout: 60_000 }).toMatch(/float64.*page’s own thread/);
  expect(complaints).toEqual([]);
  await page.close();
});

test('stored results are shown; what is none is refused in words, beside what the host put there', async () => {
  const { page, complaints } = await blog.visit('/stored.html');
  await expect.poll(() => phases(page, '#good'), { timeout: 60_000 }).toEqual(['finished']);
  await page.locator('#good').getByText('A stored result; nothing was trained here.').waitFor();
  expect(await page.locator('#good [part~=engine]').innerText()).toMatch(/stored result, WebGPU, float32 · made up/);
  await page
    .locator('#none')
    .getByText(/expected a document at "missing.json", got status 404/)
    .waitFor();
  await page.locator('#none').getByText('A picture.').waitFor({ state: 'visible' });
  await page.locator('#none').getByRole('button', { name: 'Try again' }).waitFor();
  await page
    .locator('#bad')
    .getByText(/result\.times/)
    .waitFor();
  await page
    .locator('#script')
    .getByText(/expected an http address, got "javascript:alert\(1\)"/)
    .waitFor();
  await page.locator('#link').getByText(/link/).first().waitFor();
  expect(await page.locator('#alone').getByRole('grid').getAttribute('aria-label')).toMatch(/lazy above output scale/);
  expect(await page.locator('#first').getByRole('grid').getAttribute('aria-label')).not.toMatch(/lazy above output scale/);
  await page
    .locator('#wrong')
    .getByText(/result\.times/)
    .waitFor();
  await page.locator('#wrong').getByText('A drawing.').waitFor({ state: 'visible' });
  await page
    .locator('#curves')
    .getByText(/expected a document at "missing.json", got status 404/)
    .waitFor();
  await page.locator('#curves').getByText('A sketch.').waitFor({ state: 'visible' });
  await page
    .locator('#viewer')
    .getByText(/Stored result: 24 networks, WebGPU, float32 · made up, 2026-01-02/)
    .waitFor();
  expect(await page.locator('#viewer phase-heatmap').evaluate((heatmap) => (heatmap as never as { frame: number }).frame)).toBe(
    2,
  );
  expect(complaints.filter((text) => !/404/.test(text))).toEqual([]);
  await page.close();
});
