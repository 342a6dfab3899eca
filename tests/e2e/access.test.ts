// Whoever comes: by keyboard alone, without seeing colours, on a phone, on paper, with a screen reader. The runs are acted.

import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhaseAtlas } from '../../src/elements.ts';
import { act, settled } from './acted-run.ts';
import { fits } from './atlas-page.ts';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ flags: 'no-webgpu' });
});
afterAll(() => stage.close());

/** Everything that axe finds, in words, with the rules of WCAG AA and of good practice. */
async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

async function openPanel(page: Page, id: string): Promise<void> {
  await page.evaluate((panel) => {
    const atlas = document.querySelector<PhaseAtlas>('phase-atlas');
    if (atlas !== null) atlas.panel = panel;
  }, id);
  await page.locator(`#panel > :not(p)`).waitFor({ state: 'visible' });
  await settled(page);
}

/** Name and role of what has the focus, through all shadow roots. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let active: Element | null = document.activeElement;
    while (active?.shadowRoot?.activeElement != null) active = active.shadowRoot.activeElement;
    return active === null ? '' : (active.getAttribute('aria-label') ?? active.textContent ?? '').trim().slice(0, 60);
  });

/** Controls smaller than 24 px that do not stand in a sentence. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const visit = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.shadowRoot !== null) visit(element.shadowRoot);
        if (!element.matches('button, select, input, summary, [role="slider"], [tabindex="0"]')) continue;
        const own = element.matches('input[type="checkbox"], input[type="radio"]')
          ? (element.closest('label') ?? element)
          : element;
        const { width, height } = own.getBoundingClientRect();
        const inSentence = element.matches('p button.term, dd button, p.words *');
        const hidden = width === 0 || element.closest('.unseen, .skips') !== null;
        if (!hidden && !inSentence && (width < 23.5 || height < 23.5))
          found.push(
            `${element.tagName.toLowerCase()}[${element.getAttribute('type') ?? ''}].${element.className} "${(element.textContent ?? '').trim().slice(0, 30)}" ${width.toFixed(0)} × ${height.toFixed(0)}`,
          );
      }
    };
    visit(document);
    return found;
  });

test('states and panels of the page are free of axe’s findings, in light and in dark', { timeout: 400_000 }, async () => {
  const findings: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, close } = await stage.open('/', { colorScheme });
    const look = async (state: string) =>
      findings.push(...(await axeFindings(page)).map((finding) => `${colorScheme} ${state}: ${finding}`));
    const light = colorScheme === 'light';
    await act(page, light ? 'failed' : 'training');
    await look('under way');
    await act(page, 'finished');
    for (const panel of light ? ['explain', 'table'] : ['words', 'sound']) {
      await openPanel(page, panel);
      await look(panel);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    if (!light) await page.getByRole('button', { name: 'How to read this' }).last().click();
    await look(light ? 'keys' : 'guide');
    await page.keyboard.press('Escape');
    await close();
  }
  expect(findings).toEqual([]);
});

test('everything is reached by keyboard: skip links, search, keys, guide, table', async () => {
  const { page, close } = await stage.open('/');
  await act(page, 'finished');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the diagram');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toMatch(/^Phase diagram of relative kernel change|^Phase diagram of/);
  const cell = () => page.getByRole('gridcell').innerText();
  const before = await cell();
  await page.keyboard.press('Control+Home');
  expect(await cell()).not.toBe(before);
  expect(await page.getByRole('grid').getAttribute('aria-label')).toMatch(/(?:rich|lazy) above output scale/);

  await page.keyboard.press('/');
  await page.keyboard.type('catapult');
  expect(await page.locator('phase-gallery [data-preset]').count()).toBe(1);
  // Letters are letters while text is typed.
  await page.keyboard.type('?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  expect(await focused(page)).toBe('Close');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('t');
  const table = page.locator('phase-table');
  await table.locator('tbody tr').first().waitFor();
  expect(await table.locator('tbody tr').count()).toBe(6);
  expect(await table.locator('thead th').count()).toBe(12);
  expect(await table.locator('tbody tr').last().locator('td').first().innerText()).toMatch(/diverged|stopped/);
  await page.keyboard.press('l');
  const listen = page.locator('phase-sound [data-listen]');
  await listen.waitFor();
  expect(await listen.getAttribute('aria-pressed')).toBe('false');
  await listen.press('Enter');
  expect(await page.locator('phase-sound [data-listen]').getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('Enter');
  expect(await page.locator('phase-sound [data-listen]').getAttribute('aria-pressed')).toBe('false');
  await close();
});

test('a phone keeps the diagram in view, fits, and has targets that fingers hit', async () => {
  const { page, close } = await stage.open('/', { width: 360, height: 740 });
  await act(page, 'finished');
  expect(await fits(page)).toBe(true);
  expect(await smallTargets(page)).toEqual([]);
  const top = async () => (await page.locator('phase-heatmap').boundingBox())?.y ?? Number.NaN;
  for (const target of ['phase-cell', '.foot']) {
    await page.locator(target).first().scrollIntoViewIfNeeded();
    expect(await top(), `while ${target} is in view`).toBeGreaterThanOrEqual(-1);
    expect(await top()).toBeLessThan(60);
  }
  await page.getByRole('button', { name: /^All \d+ figures$/ }).click();
  await page.locator('phase-gallery nav').waitFor({ state: 'visible' });
  expect(await fits(page)).toBe(true);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  expect(await fits(page)).toBe(true);
  await close();
});

test('stays whole at 200 % zoom, in a right-to-left page, with a long title, and on paper', async () => {
  const { page, close } = await stage.open('/', { width: 640, height: 400 });
  await act(page, 'finished');
  expect(await fits(page)).toBe(true);
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
  await settled(page);
  expect(await fits(page)).toBe(true);
  const heatmap = await page.locator('phase-heatmap').boundingBox();
  expect(heatmap?.x).toBeGreaterThanOrEqual(0);
  await page.evaluate(() => {
    const heading = document
      .querySelector('phase-atlas')
      ?.shadowRoot?.querySelector('phase-diagram')
      ?.shadowRoot?.querySelector('h1');
    if (heading != null) heading.textContent = 'Lazyorrich'.repeat(30);
  });
  expect(await fits(page)).toBe(true);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('header').isVisible()).toBe(false);
  expect(await page.locator('phase-heatmap').isVisible()).toBe(true);
  expect(await page.locator('phase-diagram .source').isVisible()).toBe(true);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
  expect(await page.locator('phase-heatmap').isVisible()).toBe(true);
  await close();
});

test('canvases have the pixels of the screen', async () => {
  for (const deviceScaleFactor of [1.5, 3]) {
    const context = await stage.browser.newContext({ viewport: { width: 500, height: 700 }, deviceScaleFactor });
    const page = await context.newPage();
    await page.goto(`${stage.origin}/`);
    await act(page, 'finished');
    const wrong = await page.evaluate(() => {
      const inside = document.querySelector('phase-atlas')?.shadowRoot?.querySelector('phase-diagram')?.shadowRoot;
      const canvases = ['phase-heatmap', 'phase-film'].map((tag) =>
        inside?.querySelector(tag)?.shadowRoot?.querySelector('canvas'),
      );
      return canvases.filter((canvas) => {
        if (canvas == null) return true;
        const { width } = canvas.getBoundingClientRect();
        return Math.abs(canvas.width - width * window.devicePixelRatio) > 1;
      }).length;
    });
    expect(wrong, `at ${deviceScaleFactor}`).toBe(0);
    await context.close();
  }
});

/** The README's way from opening to a shared link; `go` presses a control, by mouse or by key. */
async function walk(page: Page, find: () => Promise<void>, go: (button: Locator) => Promise<void>): Promise<string> {
  await act(page, 'finished');
  await find();
  const title = page.getByRole('heading', { level: 1 });
  await expect.poll(() => title.innerText()).toBe('The same boundary on a toy task');
  await go(page.getByRole('button', { name: 'Change the experiment' }));
  await page.getByRole('textbox', { name: 'seeds per cell' }).fill('2');
  await go(page.getByRole('button', { name: 'Run this sweep' }));
  await expect.poll(() => title.innerText()).toBe('Output scale × width');
  await go(page.getByRole('button', { name: 'Share and keep' }));
  const link = page.getByRole('textbox', { name: 'Link to this view' });
  await expect.poll(() => link.inputValue(), { timeout: 30_000 }).toMatch(/#.{20}/);
  return link.inputValue();
}

test('a newcomer comes from opening to a link of an own sweep, with the mouse alone and with keys alone', async () => {
  const { page, close } = await stage.open('/');
  const gallery = page.locator('phase-gallery');
  const byMouse = await walk(
    page,
    async () => {
      await gallery.locator('[data-find]').click();
      await page.keyboard.type('stripe toy');
      await gallery.getByRole('button', { name: 'The same boundary on a toy task' }).click();
    },
    (button) => button.click(),
  );
  await page.reload();
  const byKeys = await walk(
    page,
    async () => {
      await page.keyboard.press('/');
      await page.keyboard.type('stripe toy');
      await page.keyboard.press('Enter');
    },
    async (button) => {
      await button.focus();
      await page.keyboard.press('Enter');
    },
  );
  // The same choices make the same link, whatever the way.
  expect(byKeys).toBe(byMouse);
  await close();
});
