// Sharing in a real browser: a link that finds its own result again, files that read back, results that
// stay, links meant to harm.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { unzipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { decodeLink } from '../../src/core/link.ts';
import { parseResult } from '../../src/core/result.ts';
import type { PhaseAtlas } from '../../src/elements.ts';
import { readCsv } from '../../src/tasks/readers/csv.ts';
import { readNpy } from '../../src/tasks/readers/npy.ts';
import { idxFile } from '../node/tasks/idx-file.ts';
import { finishSweep, TINY, waitForPhase } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

/** A single column of cells: done in a second or two. */
const SMALL = { ...TINY, axes: [{ parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 4 }] };
const NETWORKS = 4 * 2;

let stage: Stage;
let folder: string;
beforeAll(async () => {
  stage = await openStage();
  folder = mkdtempSync(join(tmpdir(), 'phase-atlas-'));
}, 120_000);
afterAll(async () => {
  await stage?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const said = (page: Page) => page.locator('phase-share [data-said]');
const verdict = (page: Page) => page.locator('phase-diagram phase-verdict [data-verdict]');

async function openPanel(page: Page): Promise<void> {
  await page.locator('[data-panel=share]').click();
  await page.locator('phase-share [data-link]').waitFor();
}

async function download(page: Page, format: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-format=${format}]`).click()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  expect(file.suggestedFilename()).toMatch(/^output-scale-relative-kernel-change\.\w+$/);
  await page.waitForFunction(() => {
    const atlas = document.querySelector('phase-atlas') as unknown as { renderRoot: ShadowRoot };
    return atlas.renderRoot.querySelector('phase-share')?.shadowRoot?.querySelector('[data-format=csv]:not(:disabled)') != null;
  });
  return readFileSync(path);
}

const exactBuffer = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;

let link = '';
let result: Buffer;

test('a sweep of one’s own is handed on as a link and as files that read back, and stays on the device', async () => {
  const opened = await stage.open('/?preset=stripe-alpha-width');
  const { page } = opened;
  await finishSweep(page, SMALL);
  await openPanel(page);
  const address = await page.locator('[data-link]').inputValue();
  expect(address.startsWith(`${stage.origin}/#1.`)).toBe(true);
  expect(address.length).toBeLessThan(1200);
  link = new URL(address).hash;
  const decoded = decodeLink(link, catalog);
  expect(decoded.state).toMatchObject({ preset: 'stripe-alpha-width', sweep: SMALL });
  expect(decoded.digest?.cells).toBe(4);

  result = await download(page, 'json');
  const { film } = parseResult(JSON.parse(result.toString('utf8')), catalog);
  const rows = film.times.length * NETWORKS;
  const changes = film.network.kernelChange;
  expect(readCsv(await download(page, 'csv'), 'csv')).toMatchObject({ rows });
  expect(readNpy(await download(page, 'npy'), 'npy').values).toEqual(changes);
  const arrays = unzipSync(await download(page, 'npz'));
  expect(readNpy(arrays['kernelChange.npy'], 'npy').values).toEqual(changes);
  const table = await parquetReadObjects({ file: exactBuffer(await download(page, 'parquet')) });
  expect(table.map(({ kernelChange }) => kernelChange)).toEqual([...changes]);
  expect((await download(page, 'png')).subarray(1, 4).toString('latin1')).toBe('PNG');
  const svg = (await download(page, 'svg')).toString('utf8');
  const parsed = await page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml');
    return {
      name: root.documentElement.localName,
      title: root.querySelector('title')?.textContent,
      errors: root.querySelectorAll('parsererror').length,
    };
  }, svg);
  expect(parsed).toEqual({ name: 'svg', title: 'Output scale', errors: 0 });
  expect(await page.locator('[data-bibtex]').textContent()).toMatch(/@misc\{geiger2020,[\s\S]*@software\{phaseatlas,/);

  await page.locator('[data-keep]').click();
  await page.locator('[data-open]').waitFor();
  const { violations } = await new AxeBuilder({ page }).include('phase-atlas').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  await page.reload();
  await openPanel(page);
  await page.locator('[data-list]').click();
  await page.locator('[data-open]').click();
  await expect.poll(() => said(page).textContent()).toMatch(/^Opened a result of \d{4}-\d\d-\d\d, made with version/);
  await waitForPhase(page, 'finished');
  await page.locator('[data-remove]').click();
  await expect.poll(() => page.locator('[data-open]').count()).toBe(0);
  await opened.close();
});

test('opened, the link trains anew and finds the result identical; a file opens without training; damaged ones are refused in words', async () => {
  const opened = await stage.open(`/${link}`);
  const { page } = opened;
  await expect.poll(() => verdict(page).textContent(), { timeout: 60_000 }).toBe('Identical to the shared result, bit for bit.');
  await openPanel(page);
  await page.locator('[data-file]').setInputFiles({ name: 'result.json', mimeType: 'application/json', buffer: result });
  await expect.poll(() => said(page).textContent()).toMatch(/^Opened a result/);
  for (const [buffer, words] of [
    [result.subarray(0, 5000), /expected whole JSON/],
    [Buffer.from('{"format":"phase-atlas-result","__proto__":{"version":1}}'), /^result/],
    [Buffer.from([0, 1, 2, 3, 4]), /expected NPY, IDX/],
  ] as const) {
    await page.locator('[data-file]').setInputFiles({ name: 'file', mimeType: 'application/octet-stream', buffer });
    await expect.poll(() => said(page).textContent()).toMatch(words);
  }

  // Own data are learned from at once: chosen together, or dropped one after the other anywhere on the page.
  const images = Buffer.from(
    idxFile(
      [80, 4, 4],
      Uint8Array.from({ length: 80 * 16 }, (_, i) => (i * i * 7 + i * 13) % 251),
    ),
  );
  const labels = Buffer.from(
    idxFile(
      [80],
      Uint8Array.from({ length: 80 }, (_, i) => i % 10),
    ),
  );
  const pick = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
  await page.locator('[data-file]').setInputFiles([pick('labels', labels), pick('images', images)]);
  await expect
    .poll(() => said(page).textContent())
    .toMatch(/^Networks learn from your own data: 80 images of 4 × 4, odd against/);
  await waitForPhase(page, 'training');
  const drop = (name: string, text: string) =>
    page.locator('phase-heatmap').evaluate(
      (target, [file, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], file));
        target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));
      },
      [name, text] as const,
    );
  const column = (value: (i: number) => number) => Array.from({ length: 40 }, (_, i) => value(i)).join('\n');
  await drop(
    'targets.csv',
    column((i) => i % 2),
  );
  await expect.poll(() => said(page).textContent()).toMatch(/^"targets\.csv" holds 40 × 1 numbers\. Open what they belong to/);
  await drop('inputs.csv', Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i}`).join('\n'));
  await expect
    .poll(() => said(page).textContent())
    .toMatch(/^Networks learn from your own data: 40 rows of 3 numbers, 2 classes/);
  await waitForPhase(page, 'training');

  const heard = await page.evaluate(async () => {
    const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
    const messages: string[] = [];
    atlas?.addEventListener('phase-error', ({ detail }) => messages.push(detail.message));
    const hostile = [
      '#1.AAAA',
      '#2.x',
      `#1.${'A'.repeat(9000)}`,
      '#1.<img src=x onerror=alert(1)>',
      '?preset=%3Cscript%3E',
      '#1.%00',
    ];
    for (const text of hostile) {
      if (atlas !== null) atlas.link = text;
      const before = messages.length;
      for (let wait = 0; wait < 100 && messages.length === before; wait++)
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return messages;
  });
  expect(heard).toHaveLength(6);
  for (const message of heard) expect(message).toMatch(/^link: expected .*[.?]$/s);
  await opened.close();
});
