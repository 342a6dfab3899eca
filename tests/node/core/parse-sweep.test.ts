// The border of the project: what is read, what is filled in, and what is refused with which words.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCaps, EMBED_CAPS, lowerCaps, PAGE_CAPS } from '../../../src/core/caps.ts';
import { parametersOf } from '../../../src/core/catalog.ts';
import { InputError } from '../../../src/core/errors.ts';
import type { Domain, Term } from '../../../src/core/observable.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { canonicalJson, hashText, sweepHash, sweepToJson } from '../../../src/core/sweep-json.ts';
import { catalog, observable, sweepJson } from './fixtures.ts';

const parse = (rest: Record<string, unknown> = {}) => parseSweep(sweepJson(rest), catalog);
const axis = (rest: Record<string, unknown>) => ({ axes: [{ parameter: 'outputScale', ...rest }] });
const width = (...values: unknown[]) => ({ axes: [{ parameter: 'width', values }] });
const flow = (rest: Record<string, unknown>) => ({ training: { method: 'flow', maxTime: 1e3, ...rest } });
const descent = (rest: Record<string, unknown>) => ({ training: { method: 'descent', maxTime: 10, ...rest } });

describe('a sweep is completed', () => {
  test('ranges become values with exact ends and clean decimals', () => {
    const { axes } = parse();
    expect(axes[0]).toEqual({ parameter: 'outputScale', scale: 'log', values: [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3] });
    expect(parse(axis({ from: 0.1, to: 0.5, steps: 5 })).axes[0].values).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(parse(axis({ scale: 'log', from: 4, to: 1, steps: 3 })).axes[0].values).toEqual([4, 2, 1]);
  });

  test('integer ranges are rounded and said once', () => {
    const range = { parameter: 'width', scale: 'log', from: 1, to: 8, steps: 7 };
    expect(parse({ axes: [range] }).axes[0].values).toEqual([1, 2, 3, 4, 6, 8]);
  });

  test('the scale of a list follows from its values unless said', () => {
    expect(parse(width(16, 32, 64)).axes[0].scale).toBe('log');
    expect(parse(width(10, 20, 30)).axes[0].scale).toBe('linear');
    expect(parse(width(100, 300, 1000)).axes[0].scale).toBe('list');
    expect(parse({ axes: [{ parameter: 'width', scale: 'log', values: [100, 300, 1000] }] }).axes[0].scale).toBe('log');
    expect(parse({ axes: [{ parameter: 'activation', values: ['relu', 'softplus'] }], fixed: {} }).axes[0].scale).toBe('list');
  });

  test('every parameter is swept or fixed, defaults filled in', () => {
    const sweep = parse({ seeds: undefined, observables: undefined, fixed: { activation: 'relu', learningRateRatio: 2 } });
    const ids = parametersOf(catalog.families[0], catalog.tasks[0]).map(({ id }) => id);
    expect([...Object.keys(sweep.fixed), ...sweep.axes.map(({ parameter }) => parameter)].sort()).toEqual(ids.sort());
    expect(sweep.fixed).toMatchObject({ activation: 'relu', depth: 2, samples: 128, testSamples: 1000, learningRateRatio: 2 });
    expect(sweep).toMatchObject({ seeds: 1, seed: 0, independentSeeds: false, observables: ['kernelChange', 'testError'] });
  });

  test('flow: tolerances follow the activation, ReLU without the gradient rule', () => {
    const smooth = { fixed: { activation: 'softplus' } };
    expect(parse(smooth).training).toMatchObject({
      integrator: 'euler',
      tolerance: 1e-2,
      outputTolerance: 0.3,
      stop: { margins: true },
    });
    expect(parse().training).toMatchObject({ tolerance: Number.POSITIVE_INFINITY, outputTolerance: 0.1, maxSteps: 100_000 });
    const both = { fixed: {}, axes: [{ parameter: 'activation', values: ['softplus', 'relu'] }] };
    expect(parse(both).training).toMatchObject({ tolerance: Number.POSITIVE_INFINITY, outputTolerance: 0.1 });
    expect(parse(flow({ tolerance: 1e-4, outputTolerance: null })).training).toMatchObject({
      tolerance: 1e-4,
      outputTolerance: Number.POSITIVE_INFINITY,
    });
    expect(parse(flow({ integrator: 'dormand-prince' })).training).toMatchObject({ tolerance: 1e-3 });
  });

  test('the stop rule follows loss and method unless said', () => {
    expect(parse({ fixed: { loss: 'squared' } }).training.stop).toEqual({});
    expect(parse(flow({ stop: {} })).training.stop).toEqual({});
    expect(parse(flow({ stop: { loss: 1e-3, margins: false } })).training.stop).toEqual({ loss: 1e-3 });
    expect(parse(descent({})).training).toMatchObject({ stop: {}, momentum: 0, batchSize: 0 });
  });

  test('checkpoints: 16 log-spaced, a number of them, or a list that ends at maxTime', () => {
    const times = parse().training.checkpoints;
    expect(times).toHaveLength(16);
    expect([times[0], times[15]]).toEqual([0.1, 1e3]);
    expect(parse(flow({ checkpoints: 5 })).training.checkpoints).toEqual([0.1, 1, 10, 100, 1000]);
    expect(parse(flow({ checkpoints: 1 })).training.checkpoints).toEqual([1000]);
    expect(parse(flow({ checkpoints: [1, 10] })).training.checkpoints).toEqual([1, 10, 1000]);
  });

  test('scalar options of the task may stand in task, fixed or an axis; the others are settings', () => {
    expect(parse({ task: { kind: 'stripe' }, fixed: { samples: 7 } }).fixed.samples).toBe(7);
    expect(
      parse({ axes: [{ parameter: 'samples', values: [64, 128] }], task: { kind: 'stripe' } }).fixed.samples,
    ).toBeUndefined();
    const items = [
      [1, 0],
      [0, 1],
    ];
    expect(parse({ task: { kind: 'hierarchy', levels: 2, items } }).task).toEqual({ kind: 'hierarchy', settings: { items } });
  });

  test('initialisation sets one scale, or one for hidden layers and one for the output', () => {
    const scale = (value: unknown) => parse({ initialisation: { kind: 'gaussian', scale: value } }).fixed;
    expect(scale(0.5)).toMatchObject({ initScale: 0.5, initScaleOutput: 1 });
    expect(scale([2, 0.5])).toMatchObject({ initScale: 2, initScaleOutput: 0.25 });
    expect(parse({ initialisation: { kind: 'gaussian' } }).fixed).toMatchObject({ initScale: 1 });
  });

  test('what is read is a copy', () => {
    const items = [1, 2];
    const sweep = parse({ task: { kind: 'hierarchy', items } });
    items.push(3);
    expect(sweep.task.settings.items).toEqual([1, 2]);
  });
});

describe('bad input is refused in one voice', () => {
  const rows: [string, Record<string, unknown>, string | RegExp][] = [
    ['another version', { version: 2 }, /^sweep.version: expected 1, got 2\. /],
    ['no version', { version: undefined }, /^sweep.version: expected 1, got none\./],
    ['a result', { format: 'phase-atlas-result' }, /^sweep: expected a sweep, got a document of format "phase-atlas-result"/],
    ['an unknown key', { axis: [] }, 'sweep: expected a known key, got "axis". Did you mean "axes"? Known: version, '],
    ['an unknown family', { family: 'fully-conected' }, /Did you mean "fully-connected"\? Known: fully-connected, diagonal\.$/],
    ['no family', { family: undefined }, 'sweep.family: expected text, got undefined.'],
    [
      'an unknown task',
      { task: { kind: 'strip' } },
      /^sweep.task.kind: expected a known task, got "strip"\. Did you mean "stripe"\?/,
    ],
    ['an unknown option', { task: { kind: 'stripe', sample: 1 } }, /Did you mean "samples"\?/],
    [
      'an unknown parameter',
      { fixed: { wdith: 3 } },
      /^sweep.fixed: expected a known parameter, got "wdith"\. Did you mean "width"\?/,
    ],
    [
      'an unknown choice',
      { fixed: { activation: 'Relu' } },
      /got "Relu"\. Did you mean "relu"\? Known: softplus, relu, linear\.$/,
    ],
    ['an unknown observable', { observables: ['testEror'] }, /^sweep.observables\[0\]: .*Did you mean "testError"\?/],
    ['an observable twice', { observables: ['testError', 'testError'] }, /got "testError" again/],
    ['no observables', { observables: [] }, /^sweep.observables: expected 1 to 3 entries, got 0/],
    [
      'a negative end on a log axis',
      axis({ scale: 'log', from: -1, to: 1, steps: 3 }),
      'sweep: axis "outputScale".from on a log scale: expected a number > 0, got -1. Use scale: "linear".',
    ],
    [
      'zero on a log axis',
      { axes: [{ parameter: 'rank', scale: 'log', from: 1, to: 0, steps: 3 }] },
      /\.to on a log scale: .* got 0\./,
    ],
    ['zero in a log list', { axes: [{ parameter: 'rank', scale: 'log', values: [0, 1] }] }, /Use scale: "linear"/],
    ['a width of zero', width(0), 'sweep: axis "width".values[0]: expected an integer ≥ 1 and ≤ 4096, got 0.'],
    ['a negative width', width(-4), /expected an integer ≥ 1 .* got -4\.$/],
    ['a fractional width', width(1.5), /expected an integer ≥ 1 .* got 1\.5\.$/],
    ['NaN', width(Number.NaN), 'sweep.axes[0].values[0]: expected a finite number, got NaN.'],
    ['Infinity', flow({ maxTime: Number.POSITIVE_INFINITY }), /expected a finite number, got Infinity/],
    ['text for a number', width('16'), /got "16"/],
    ['a number for text', { family: 3 }, 'sweep.family: expected text, got 3.'],
    [
      'the same axis twice',
      {
        axes: [
          { parameter: 'width', values: [1] },
          { parameter: 'width', values: [2] },
        ],
      },
      /already given by sweep: axis "width"\. Sweep it or fix it, once\.$/,
    ],
    ['swept and fixed', { fixed: { width: 3 } }, /^sweep.fixed.width: parameter "width" is already given by sweep: axis "width"/],
    ['fixed in two places', { fixed: { samples: 3 } }, /already given by sweep.task.samples/],
    [
      'fixed and initialised',
      { fixed: { initScale: 2 }, initialisation: { kind: 'gaussian', scale: 1 } },
      /already given by sweep.fixed.initScale/,
    ],
    ['no axes', { axes: [] }, /^sweep.axes: expected 1 to 4 axes, got 0/],
    [
      'five axes',
      { axes: ['outputScale', 'width', 'depth', 'rank', 'initScale'].map((parameter) => ({ parameter, values: [1] })) },
      /expected 1 to 4 axes, got 5/,
    ],
    ['an axis without values', width(), /^sweep: axis "width".values: expected 1 to 1024 entries, got 0/],
    ['an axis of nothing', axis({}), /expected "from", got none\. A range needs from, to and steps/],
    ['values and a range', axis({ values: [1], from: 1 }), /got both values and "from"/],
    ['a value twice', width(16, 16), /expected different values, got 16 again/],
    [
      'disorder on a scale',
      { axes: [{ parameter: 'width', scale: 'log', values: [1, 4, 2] }] },
      /expected ascending or descending order/,
    ],
    ['one step', axis({ from: 1, to: 2, steps: 1 }), /\.steps: expected an integer ≥ 2 .* For one value use values/],
    ['too many steps', axis({ from: 1, to: 2, steps: 1e9 }), /\.steps: expected an integer ≥ 2 and ≤ 1024, got 1000000000/],
    ['equal ends', axis({ from: 1, to: 1, steps: 3 }), /expected two different ends, got 1 twice/],
    [
      'a range of choices',
      { fixed: {}, axes: [{ parameter: 'activation', from: 1, to: 2, steps: 2 }] },
      /expected "values" for named choices/,
    ],
    [
      'a scale on choices',
      { fixed: {}, axes: [{ parameter: 'activation', scale: 'log', values: ['relu'] }] },
      /expected "list" for named choices/,
    ],
    ['zero seeds', { seeds: 0 }, 'sweep.seeds: expected an integer ≥ 1 and ≤ 4096, got 0.'],
    ['seeds beyond 32 bits', { seed: 4_294_967_290 }, /^sweep.seed: expected an integer ≥ 0 and ≤ 4294967288/],
    [
      'no method',
      { training: { maxTime: 1 } },
      'sweep.training.method: expected the name of a method, got undefined. Known: flow, descent.',
    ],
    ['no maxTime', { training: { method: 'flow' } }, /^sweep.training.maxTime: expected a number > 0/],
    [
      'an option of the other method',
      flow({ momentum: 0.9 }),
      'sweep.training: "momentum" belongs to method "descent", got method "flow".',
    ],
    ['momentum of one', descent({ momentum: 1 }), /expected a number ≥ 0 and < 1, got 1/],
    ['no bound at all', flow({ tolerance: null, outputTolerance: null }), /expected a finite tolerance or outputTolerance/],
    ['checkpoints out of order', flow({ checkpoints: [2, 1] }), /expected ascending times, got 1 after 2/],
    ['a checkpoint at zero', flow({ checkpoints: [0, 1] }), /t = 0 is always measured\.$/],
    ['a checkpoint after the end', flow({ checkpoints: [2000] }), /≤ 1000, got 2000/],
    [
      'a rate swept under flow',
      { axes: [{ parameter: 'learningRate', values: [1, 2] }] },
      /expected method "descent", got "flow"/,
    ],
    ['three scales', { initialisation: { kind: 'gaussian', scale: [1, 2, 3] } }, /expected 1 to 2 entries, got 3/],
    ['an unknown initialisation', { initialisation: { kind: 'uniform' } }, /Known: gaussian, balanced, aligned, low-rank\.$/],
    ['a contradiction in a corner', { fixed: { rank: 32 } }, 'fully-connected: rank: expected at most the width, got 32.'],
    ['a long title', { title: 'x'.repeat(201) }, 'sweep.title: expected at most 200 characters, got 201.'],
    ['a very long text', { title: 'x'.repeat(1e6) }, 'sweep.title: expected at most 4096 characters, got 1000000.'],
    ['a very long list', width(...Array.from({ length: 5000 }, (_, i) => i + 1)), /expected 1 to 1024 entries, got 5000/],
    ['an enormous list', { axes: new Array(1e8) }, /^sweep.axes: expected at most 1000000 entries, got 100000000/],
    ['a function', { title: () => 'x' }, 'sweep.title: expected JSON, got function.'],
    ['an instance', { task: new Map() }, /^sweep.task: expected a plain object/],
  ];
  test.each(rows)('%s', (_, rest, message) => {
    const read = () => parse(rest);
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('the key %s, at any depth', (key) => {
    const text = (inner: string) => `${JSON.stringify(sweepJson()).slice(0, -1)},${inner}}`;
    expect(() => parseSweep(JSON.parse(text(`"${key}":{"polluted":1}`)), catalog)).toThrow(`key "${key}" is not allowed`);
    expect(() => parseSweep(JSON.parse(text(`"fixed":{"${key}":1}`)), catalog)).toThrow(`key "${key}" is not allowed`);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('objects that inherit', () => {
    expect(() => parseSweep(Object.create(sweepJson()), catalog)).toThrow('expected a plain object');
  });

  test('deep nesting and many values, before anything else is read', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 1e4; i++) deep = [deep];
    expect(() => parse({ title: deep })).toThrow('sweep: expected at most 12 levels, got more.');
    const many = Array.from({ length: 1001 }, () => new Array(1000).fill(0));
    expect(() => parse({ task: { kind: 'hierarchy', items: many } })).toThrow('sweep: expected at most 1000000 values');
  });

  test.each([null, undefined, 3, 'text', [], true])('%s instead of a sweep', (json) => {
    expect(() => parseSweep(json, catalog)).toThrow(/^sweep: expected/);
  });
});

describe('an observable that a network cannot have', () => {
  const mapSize: Term = { id: 'mapSize', domain: 'map', wgsl: 'now', measure: ({ now }) => now };
  const known = { ...catalog, observables: [...catalog.observables, observable('mapSize', { terms: [mapSize] })] };
  const linearOnly = {
    ...known,
    families: known.families.map((family) => ({
      ...family,
      domains: ({ activation }: Values): Domain[] => (activation === 'linear' ? ['map'] : ['train']),
    })),
  };
  const over = (activations: readonly string[]) =>
    sweepJson({ axes: [{ parameter: 'activation', values: activations }], fixed: {}, observables: ['testError', 'mapSize'] });

  test('is refused with its need and the first cell that lacks it', () => {
    expect(() => parseSweep(over(['linear', 'relu']), linearOnly)).toThrow(
      'sweep.observables[1]: expected what every cell can be measured by, got "mapSize". ' +
        'It needs a network that is linear in its input, which family "fully-connected" does not have in the cell activation = relu.',
    );
    expect(parseSweep(over(['linear']), linearOnly).observables).toEqual(['testError', 'mapSize']);
  });
});

describe('caps', () => {
  const big = (steps: number, seeds: number) =>
    parse({
      axes: ['outputScale', 'initScale'].map((parameter) => ({ parameter, scale: 'log', from: 1e-3, to: 1e3, steps })),
      seeds,
    });

  test('an embed trains 64 × 64 cells of four seeds, and no more', () => {
    expect(() => checkCaps(big(64, 4), EMBED_CAPS)).not.toThrow();
    expect(() => checkCaps(big(65, 1), EMBED_CAPS)).toThrow('at most 4096 cells, got 4225 (65 of outputScale × 65 of initScale)');
    expect(() => checkCaps(big(64, 5), EMBED_CAPS)).toThrow('at most 16384 networks, got 20480 (4096 cells × 5 seeds)');
    expect(() => checkCaps(big(65, 5), PAGE_CAPS)).not.toThrow();
  });

  test('a wish lowers a cap and never raises it', () => {
    expect(lowerCaps(EMBED_CAPS, { cells: 10, networks: 1e9, bytes: Number.NaN, seconds: -1 })).toEqual({
      ...EMBED_CAPS,
      cells: 10,
    });
  });
});

/** Any sweep of the format, as JSON. */
const anySweep = fc
  .record({
    alpha: fc.tuple(
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.integer({ min: 2, max: 9 }),
    ),
    widths: fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 5 }),
    scale: fc.constantFrom('linear', 'log'),
    activations: fc.subarray(['softplus', 'relu', 'linear'], { minLength: 1 }),
    seeds: fc.integer({ min: 1, max: 100 }),
    seed: fc.integer({ min: 0, max: 1e9 }),
    title: fc.option(fc.string({ maxLength: 50 }), { nil: undefined }),
    training: fc.oneof(
      fc.record({
        method: fc.constant('flow'),
        maxTime: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        integrator: fc.constantFrom('euler', 'dormand-prince'),
        tolerance: fc.option(fc.double({ min: 1e-9, max: 1, noNaN: true })),
        checkpoints: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({
        method: fc.constant('descent'),
        maxTime: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
        batchSize: fc.integer({ min: 0, max: 64 }),
      }),
    ),
    items: fc.jsonValue({ maxDepth: 3 }),
  })
  .filter(({ alpha: [from, to] }) => Math.abs(from / to - 1) > 1e-6)
  .map(({ alpha: [from, to, steps], widths, scale, activations, items, ...rest }) => ({
    ...sweepJson(rest),
    task: { kind: 'hierarchy', items: JSON.parse(JSON.stringify(items).replaceAll('__proto__', 'key')) },
    axes: [
      { parameter: 'outputScale', scale, from, to, steps },
      { parameter: 'width', values: widths },
      { parameter: 'activation', values: activations },
    ],
    fixed: {},
  }));

describe('writing a sweep', () => {
  test('what is written parses to the same sweep, through text too', () => {
    fc.assert(
      fc.property(anySweep, (json) => {
        const sweep = parseSweep(json, catalog);
        const text = JSON.stringify(sweepToJson(sweep));
        expect(parseSweep(JSON.parse(text), catalog)).toEqual(sweep);
        expect(JSON.stringify(sweepToJson(parseSweep(JSON.parse(text), catalog)))).toBe(text);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('the hash names the experiment: not its title, nor how it was written', () => {
    const hash = (rest: Record<string, unknown> = {}) => sweepHash(parse(rest));
    expect(hash()).toMatch(/^[0-9a-f]{16}$/);
    expect(hash({ title: 'a title' })).toBe(hash());
    expect(hash(Object.fromEntries(Object.entries(sweepJson()).reverse()))).toBe(hash());
    expect(hash({ fixed: { activation: 'relu', depth: 2 } })).toBe(hash());
    expect(hash({ seed: 1 })).not.toBe(hash());
    expect(hash(flow({ tolerance: 1 }))).not.toBe(hash());
  });

  test('FNV-1a has its published values', () => {
    expect(hashText('')).toBe('cbf29ce484222325');
    expect(hashText('a')).toBe('af63dc4c8601ec8c');
    expect(hashText('foobar')).toBe('85944171f73967e8');
  });

  test('canonical text sorts keys at every depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  });
});
