// Editing a sweep loses nothing that was typed, and the small form for the slow reference is the same experiment.

import { expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import {
  concerns,
  draftOf,
  draftOfText,
  suitableTasks,
  typedValue,
  typedValues,
  withAxis,
  withFamily,
  withoutAxis,
  withTask,
} from '../../../src/components/draft.ts';
import { commandsOf, spokenOf, statusOf } from '../../../src/components/phase-progress.ts';
import { type RunState, smallSweep } from '../../../src/components/session-controller.ts';
import { InputError } from '../../../src/core/errors.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { cellCount } from '../../../src/core/sweep.ts';
import { stripeAlphaWidth } from '../../../src/presets/stripe-alpha-width.ts';

const draft = draftOf(stripeAlphaWidth.sweep);
const parameters = catalog.families[0].parameters;

test('what reads as a number is one; anything else is kept as it was typed', () => {
  expect(typedValue(' 1e-3 ')).toBe(0.001);
  expect(typedValue('−2')).toBe(-2);
  expect(typedValue('many')).toBe('many');
  expect(typedValues('8, 16;32  64')).toEqual([8, 16, 32, 64]);
});

test('every parameter of the family can become an axis: of a valid sweep, or of one that says which setting contradicts it', () => {
  const contradicted: string[] = [];
  for (const parameter of parameters) {
    if (parameter.id === 'outputScale') continue;
    try {
      parseSweep(withAxis(draft, 1, parameter), catalog);
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      contradicted.push(parameter.id);
      expect(cause.message, parameter.id).toMatch(/^fully-connected: \w+: expected .*, got .*\. [A-Z].*\.$/);
    }
  }
  expect(contradicted.length).toBeLessThan(parameters.length / 3);
});

test('every task can be chosen without losing what it also takes', () => {
  const other = withTask(draft, 'sphere', catalog);
  expect(other.task).toMatchObject({ kind: 'sphere', samples: draft.task.samples });
  expect(() => parseSweep(other, catalog)).not.toThrow();
});

test('every architecture can be chosen, with data that it can learn', () => {
  for (const { id } of catalog.families) {
    const other = withFamily(draft, id, catalog);
    expect(suitableTasks(id, catalog).map(({ kind }) => kind)).toContain(other.task.kind);
    expect(other.axes.length, id).toBeGreaterThan(0);
    expect(() => parseSweep({ ...other, observables: ['trainingLoss'] }, catalog), id).not.toThrow();
    for (const { kind } of suitableTasks(id, catalog)) expect(withTask(other, kind, catalog).task.kind).toBe(kind);
  }
  expect(withFamily(withFamily(draft, 'diagonal', catalog), 'fully-connected', catalog).task.kind).toBe(draft.task.kind);
});

test('axes come and go; the text form is the same sweep', () => {
  const more = withAxis(draft, 2, parameters.find(({ id }) => id === 'depth') ?? parameters[0]);
  expect(more.axes).toHaveLength(3);
  expect(withoutAxis(more, 2).axes).toEqual(draft.axes);
  expect(draftOfText(JSON.stringify(draft))).toEqual(draft);
  expect(() => draftOfText('{')).toThrow(SyntaxError);
  expect(() => draftOfText('[1]')).toThrow(TypeError);
});

test('a mistake points at its own field', () => {
  const wrong = { ...draft, task: { ...draft.task, samples: 'many' } };
  try {
    parseSweep(wrong, catalog);
    expect.unreachable();
  } catch (cause) {
    expect(cause).toBeInstanceOf(InputError);
    const { where } = cause as InputError;
    expect([concerns(where, 'samples'), concerns(where, 'testSamples'), concerns(where, 'width')]).toEqual([true, false, false]);
  }
});

test('the small form for the reference is the same experiment with fewer networks', () => {
  const [full, small] = [stripeAlphaWidth.sweep, smallSweep(stripeAlphaWidth.sweep)].map((json) => parseSweep(json, catalog));
  expect(small.fixed.activation).toBe(full.fixed.activation);
  expect(small.axes.map(({ parameter }) => parameter)).toEqual(full.axes.map(({ parameter }) => parameter));
  expect(small.axes[0].values[0]).toBe(full.axes[0].values[0]);
  expect(cellCount(small) * small.seeds).toBeLessThanOrEqual(36);
  expect(smallSweep(smallSweep(stripeAlphaWidth.sweep))).toEqual(smallSweep(stripeAlphaWidth.sweep));
});

test('every state of a run has a sentence and a way on', () => {
  const state: RunState = { phase: 'idle', message: '', sweep: null, film: null, progress: null, engine: null };
  for (const phase of [
    'idle',
    'loading',
    'compiling',
    'training',
    'paused',
    'finished',
    'cancelled',
    'failed',
    'unsupported',
  ] as const) {
    expect(statusOf({ ...state, phase }), phase).toMatch(/\.$/);
    expect(commandsOf({ ...state, phase }, true).length, phase).toBeGreaterThan(0);
  }
  // A stored result is not thrown away for a run that cannot be.
  expect(commandsOf({ ...state, phase: 'finished' }, true)).toEqual(['run', 'reference']);
  expect(commandsOf({ ...state, phase: 'finished' }, false)).toEqual(['reference']);
});

test('those who do not see the diagram are told when a run stops, and of what is shown where it ended', () => {
  const state: RunState = { phase: 'idle', message: '', sweep: null, film: null, progress: null, engine: null };
  const said = (phase: RunState['phase']) => spokenOf({ ...state, phase, message: 'No.' }, 'Lazy above 3.');
  expect(said('finished')).toBe('Lazy above 3.');
  expect(said('cancelled')).toBe('Lazy above 3.');
  expect(said('paused')).toMatch(/^Paused/);
  expect(said('failed')).toBe('No.');
  expect(said('unsupported')).toMatch(/WebGPU/);
  expect([said('loading'), said('compiling'), said('training')]).toEqual(['', '', '']);
});
