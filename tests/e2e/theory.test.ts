// Theories beside the simulation, as visitors meet them: switch, readout, refusals, curves, planes over training time, classes.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishSweep, fits, type Json, shownPixels, shownValues } from './atlas-page.ts';
import { type OpenedPage, openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** λ-balanced linear networks, exact at every time. */
const LINEAR: Json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 3, outputDim: 3, samples: 4, testSamples: 4, probeSamples: 4 },
  axes: [
    { parameter: 'balance', scale: 'linear', from: -2, to: 2, steps: 5 },
    { parameter: 'productScale', values: [0.01, 0.1, 1] },
  ],
  fixed: {
    width: 3,
    depth: 1,
    activation: 'linear',
    loss: 'squared',
    parametrisation: 'standard',
    predictor: 'plain',
    initialisation: 'balanced',
  },
  seeds: 3,
  training: { method: 'flow', integrator: 'dormand-prince', tolerance: 1e-6, maxTime: 5, checkpoints: 6 },
  observables: ['trainingLoss', 'kernelDistance', 'weightChange'],
};
const { activation: _, ...anyActivation } = LINEAR.fixed as Json;
/** Bound on |ln simulation − ln theory| of losses, which fall here by five decades in float32. */
const WORST = 2e-3;
/** Half of it is not linear. */
const MIXED: Json = {
  ...LINEAR,
  axes: [
    { parameter: 'balance', scale: 'linear', from: -2, to: 2, steps: 5 },
    { parameter: 'activation', values: ['linear', 'tanh'] },
  ],
  fixed: anyActivation,
};
const NONLINEAR: Json = { ...LINEAR, fixed: { ...anyActivation, activation: 'tanh' } };
const MECHANISMS: Json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'line', samples: 4, testSamples: 4, probeSamples: 4 },
  axes: [
    { parameter: 'initScale', scale: 'log', from: 0.1, to: 10, steps: 5 },
    { parameter: 'weightCorrelation', scale: 'linear', from: -0.9, to: 0.9, steps: 5 },
  ],
  fixed: {
    width: 16,
    depth: 1,
    activation: 'linear',
    loss: 'squared',
    parametrisation: 'standard',
    predictor: 'plain',
    motion: 'plain',
    scaling: 'mean-field',
  },
  seeds: 1,
  training: { method: 'flow', integrator: 'dormand-prince', tolerance: 1e-5, maxTime: 100, checkpoints: 5 },
  observables: ['mechanism', 'trainingLoss'],
};

async function open(sweep: Json, options: Parameters<Stage['open']>[1] = {}): Promise<OpenedPage> {
  const opened = await stage.open('/', options);
  await finishSweep(opened.page, sweep);
  return opened;
}

async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}

const layer = (page: Page, name: string) => page.getByRole('radio', { name }).check({ force: true });
const readout = (page: Page) => page.locator('p.readout').innerText();
const numbers = async (page: Page) => (await shownValues(page)).values.map(Number);

/** Waits until the theory has solved everything, and gives the worst residual. */
async function worstOf(page: Page): Promise<number> {
  await page.waitForFunction(() => {
    const figure = document.querySelector('phase-atlas')?.shadowRoot?.querySelector('phase-diagram')?.shadowRoot;
    return figure?.querySelector('[data-worst]') != null;
  });
  // Every telling after the last cell says the same.
  await page.waitForTimeout(400);
  const [, mantissa = '', exponent = '0'] = /: ([\d.]*)(?:×?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))? at/.exec(await readout(page)) ?? [];
  const plain = [...exponent]
    .map((sign) => (sign === '⁻' ? '-' : ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].indexOf(sign)))
    .join('');
  return Number(mantissa === '' ? 1 : mantissa) * 10 ** Number(plain === '-1' && exponent === '0' ? 0 : plain);
}

test('simulation, theory and residual: one switch, the worst difference in words, and a way to it', async () => {
  const { page, close } = await open(LINEAR);
  const worst = await worstOf(page);
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(WORST);
  expect(page.workers().length).toBe(1);
  const simulated = await numbers(page);
  const painted = await shownPixels(page);
  expect(await axeFindings(page)).toEqual([]);

  await layer(page, 'theory');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toContain('as the theory says');
  const predicted = await numbers(page);
  predicted.forEach((value, i) => {
    // Numbers are shown with two or three digits.
    if (!Number.isNaN(value)) expect(Math.abs(Math.log(value / simulated[i])), `place ${i}`).toBeLessThanOrEqual(worst + 0.02);
  });

  await layer(page, 'residual');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-label')).toContain('|ln simulation − ln theory|');
  const residual = await numbers(page);
  expect(residual.filter((value) => Number.isFinite(value)).length).toBeGreaterThan(8);
  // Where a loss has fallen a million times, the two count as equal.
  expect(residual.filter((value) => value > 0).length).toBeGreaterThan(0);
  for (const value of residual.filter((one) => !Number.isNaN(one))) expect(value).toBeLessThanOrEqual(worst * 1.01);
  expect(await shownPixels(page)).not.toBe(painted);
  expect(await axeFindings(page)).toEqual([]);

  await page.locator('[data-worst]').click();
  const where = (await page.locator('[data-worst]').innerText()).split(', ');
  const heading = await page.locator('phase-cell h2').innerText();
  for (const coordinate of where.slice(0, 2)) expect(heading.replace(/\s+/g, ' ')).toContain(coordinate.split('=')[1].trim());
  expect(await page.locator('phase-film .time').innerText()).toContain('t =');

  await layer(page, 'simulation');
  await expect.poll(() => numbers(page)).not.toEqual(residual);
  await close();
});

test('the chosen cell shows dots on lines, and singular values of its weights', async () => {
  const { page, close } = await open(LINEAR, { colorScheme: 'dark' });
  await worstOf(page);
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('phase-spectrum canvas').count()).toBe(2);
  expect(await page.locator('phase-cell .hint').allInnerTexts()).toContainEqual(expect.stringContaining('Lines: theory.'));
  expect(await page.locator('phase-spectrum figure').first().getAttribute('aria-label')).toMatch(
    /layer 1 over training time, exact: at the end/,
  );
  const dots = () =>
    page.evaluate(() => {
      const cell = document.querySelector('phase-atlas')?.shadowRoot?.querySelector('phase-cell')?.shadowRoot;
      const spectrum = cell?.querySelector('phase-spectrum') as unknown as { points: readonly unknown[] } | null;
      return spectrum?.points.length ?? 0;
    });
  await expect.poll(dots).toBeGreaterThan(0);
  expect(await axeFindings(page)).toEqual([]);
  await close();
});

test('where the theory does not hold it says so: cells, observables, whole sweeps', async () => {
  const { page, close } = await open(MIXED, { width: 390, height: 844 });
  await worstOf(page);
  await layer(page, 'theory');
  await expect.poll(() => page.locator('ul.key').innerText()).toContain('the theory does not hold');
  expect(await page.locator('.remarks').innerText()).toMatch(/^5 of 10 cells are left to the simulation: /);
  expect((await numbers(page)).slice(5).every(Number.isNaN)).toBe(true);
  await page.getByRole('grid').focus();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  expect(await page.getByRole('gridcell').innerText()).toContain('The theory is silent here.');
  expect(await fits(page)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Observable shown' }).selectOption('weightChange');
  await expect.poll(() => readout(page)).toMatch(/^It says nothing about /);
  expect(await page.getByRole('radio').count()).toBe(0);
  expect((await numbers(page)).every(Number.isFinite)).toBe(true);

  await finishSweep(page, NONLINEAR);
  await expect.poll(() => page.locator('.beside').count()).toBe(0);
  await close();
});

test('networks that start on the wrong side are counted, not averaged', async () => {
  const { page, close } = await open({ ...LINEAR, seeds: 8 });
  await worstOf(page);
  const remarks = await page.locator('.remarks').innerText();
  const [, count, of] = /^(\d+) of (\d+) networks are counted, not averaged, each because its start /.exec(remarks) ?? [];
  expect(Number(of)).toBe(120);
  expect(Number(count)).toBeGreaterThan(0);
  expect(Number(count)).toBeLessThan(24);
  expect(await page.locator('ul.key').innerText()).toContain('kept from the task by their start');
  await close();
});

test('training time stands upwards: the whole film at once, by pointer and keys', async () => {
  const { page, close } = await open(LINEAR);
  await page.getByRole('combobox', { name: 'upwards' }).selectOption('time');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('6');
  expect((await shownValues(page)).known).toBe(30);
  const film = page.getByRole('slider', { name: 'Training time' });
  await page.getByRole('grid').focus();
  for (const key of ['PageDown', 'PageDown', 'PageDown', 'PageDown', 'Home', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
  expect(await page.getByRole('gridcell').innerText()).toMatch(/^balance minus 2, training time /);
  expect(await film.getAttribute('aria-valuenow')).toBe('2');
  await film.focus();
  await page.keyboard.press('End');
  expect(await film.getAttribute('aria-valuenow')).toBe('6');
  expect(await page.getByRole('grid').getAttribute('aria-label')).toContain('training loss runs from'.slice(9));
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('slider', { name: /initial product/ }).fill('2');
  await expect.poll(async () => (await shownValues(page)).known).toBe(30);
  await close();
});

test('classes have a legend in place of the colour bar, and are told in words', async () => {
  const { page, close } = await open(MECHANISMS);
  await expect
    .poll(() => page.locator('phase-colour-bar .key').innerText())
    .toMatch(/static\s+kernel\s+alignment\s+disalignment\s+rescaling/);
  expect(await page.getByRole('slider', { name: 'Boundary between lazy and rich' }).count()).toBe(0);
  expect(await page.getByRole('grid').getAttribute('aria-label')).toMatch(/Of 25 cells \w+ in \d+, /);
  await page.getByRole('grid').focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('gridcell').innerText()).toMatch(/: mechanism (?:static|kernel|alignment|disalignment|rescaling)/);
  await expect.poll(() => readout(page)).toMatch(/class/);
  expect(await axeFindings(page)).toEqual([]);
  await close();
});

test('without workers the theory is solved in the page, with the same result', async () => {
  const { page, close } = await stage.open('/');
  await page.evaluate(() => Object.defineProperty(globalThis, 'Worker', { value: undefined, configurable: true }));
  await finishSweep(page, LINEAR);
  const worst = await worstOf(page);
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(WORST);
  await close();
});
