// A second engine: a stored result, and a sweep on WebGPU where this Firefox has it, on the reference in a worker where it has
// not. One visit each, under the policies that the README promises.

import { afterAll, expect, test } from 'vitest';
import type { PhaseDiagram, PhaseViewer } from '../../src/elements.ts';
import { FIREFOX, findFirefox } from '../firefox.mjs';
import { TINY } from './atlas-page.ts';
import { article, type BlogFile, FETCHING, serveBlog } from './blog.ts';
import { openFirefox } from './firefox.ts';
import { storedResult } from './stored-result.ts';

/** Runs before every other script: what the page complains about. */
const HEAR = `window.complaints = [];
  const hear = (text) => window.complaints.push(String(text));
  addEventListener('error', ({ message }) => hear(message));
  addEventListener('unhandledrejection', ({ reason }) => hear(reason));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => hear(violatedDirective + ' ' + blockedURI));
  for (const level of ['warn', 'error']) console[level] = (...words) => hear(words.join(' '));`;

const FILES: Readonly<Record<string, BlogFile>> = {
  '/hear.js': { text: HEAR },
  '/viewer.html': {
    text: article('<phase-viewer src="stored.json"><p>A picture.</p></phase-viewer>', 'hear.js', 'package/viewer.js'),
    policy: FETCHING,
  },
  '/stored.json': { text: storedResult() },
  '/live.html': {
    text: article('<phase-diagram loading="eager"></phase-diagram>', 'hear.js', 'package/phase-atlas.js', 'live.js'),
  },
  '/live.js': { text: `document.querySelector('phase-diagram').sweep = ${JSON.stringify(TINY)};` },
};

interface Heard {
  readonly complaints: readonly string[];
}

const executable = findFirefox();
if (executable === null) throw new Error(`expected a Firefox, found none. Install one, or name it in ${FIREFOX}.`);
const served = Promise.all([openFirefox(executable), serveBlog(FILES)]);
afterAll(async () => {
  const [firefox, blog] = await served;
  await firefox.close();
  blog.close();
});

test('a viewer shows a stored result in Firefox: colours, film, and the curves of a cell', async () => {
  const [firefox, { origin }] = await served;
  await firefox.goto(`${origin}/viewer.html`);
  const seen = await firefox.evaluate(async () => {
    const until = async <T>(look: () => T | null | undefined | false): Promise<T> => {
      for (;;) {
        const found = look();
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const viewer = document.querySelector('phase-viewer') as PhaseViewer;
    const inside = <T extends Element>(host: string, selector: string) =>
      until(() => viewer.shadowRoot?.querySelector(host)?.shadowRoot?.querySelector<T>(selector));
    const press = (target: Element, key: string) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    press(await inside('phase-film', '[data-film]'), 'Home');
    const canvas = await inside<HTMLCanvasElement>('phase-heatmap', 'canvas');
    const { width } = canvas.getBoundingClientRect();
    const colours = new Set(canvas.getContext('2d')?.getImageData(0, canvas.height >> 1, canvas.width, 1).data).size;
    const grid = await inside('phase-heatmap', '[data-grid]');
    press(grid, 'ArrowRight');
    press(grid, 'Enter');
    await inside('phase-curves', 'canvas');
    const { complaints } = window as never as Heard;
    return { frame: viewer.frame, wide: width > 300, coloured: colours > 8, cell: viewer.cell, complaints };
  });
  expect(seen).toMatchObject({ frame: 0, wide: true, coloured: true, complaints: [] });
  expect(seen.cell).toBeGreaterThanOrEqual(0);
});

test('a sweep is trained in Firefox: on WebGPU, or on the reference in a worker after saying that there is none', async () => {
  const [firefox, { origin }] = await served;
  await firefox.goto(`${origin}/live.html`);
  const trained = await firefox.evaluate(async () => {
    const figure = document.querySelector('phase-diagram') as PhaseDiagram;
    const phases = new Set<string>();
    const over = async () => {
      for (;;) {
        const phase = figure.figure?.run.phase ?? '';
        phases.add(phase);
        if (['finished', 'failed', 'unsupported'].includes(phase)) return phase;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    let missing = '';
    if ((await over()) === 'unsupported') {
      await new Promise(requestAnimationFrame);
      missing = figure.shadowRoot?.querySelector('phase-progress')?.shadowRoot?.querySelector('.line')?.textContent ?? '';
      figure.figure?.command('reference');
      await new Promise((resolve) => setTimeout(resolve));
      await over();
    }
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    const { run, film } = figure.figure ?? {};
    const known = film === null || film === undefined ? 0 : Object.values(film.network)[0].filter(Number.isFinite).length;
    const { complaints } = window as never as Heard;
    return {
      phases: [...phases],
      gpu: adapter != null,
      engine: run?.engine?.engine,
      missing,
      known,
      complaints,
    };
  });
  expect(trained).toMatchObject({ engine: trained.gpu ? 'gpu' : 'reference', complaints: [] });
  expect(trained.missing).toMatch(trained.gpu ? /^$/ : /no WebGPU.*on the CPU/);
  expect(trained.phases.at(-1)).toBe('finished');
  expect(trained.known).toBeGreaterThan(0);
});
