// Links keep a view exactly, stay short, and meet whatever else somebody may put into an address with words.

import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { EMBED_CAPS, lowerCaps } from '../../../src/core/caps.ts';
import { InputError } from '../../../src/core/errors.ts';
import { decodeLink, encodeLink, presetLink } from '../../../src/core/link.ts';
import { MAX_LINK, pack, unpack } from '../../../src/core/link-pack.ts';
import { applyPatch, patchOf } from '../../../src/core/link-patch.ts';
import type { Json, JsonObject } from '../../../src/core/plain-json.ts';
import { FIRST_VIEW, type ViewState, viewOfPreset } from '../../../src/core/view-state.ts';

const VERSION = '0.1.0';
const [first, second] = catalog.presets;
const state = viewOfPreset(first);
/** The quickest to read. */
const smallest = catalog.presets.find(({ id }) => id === 'catapult') ?? first;
const small = viewOfPreset(smallest);
const own = (change: JsonObject): ViewState => ({ ...state, sweep: { ...(first.sweep as JsonObject), ...change } });
const link = (view: ViewState): string => encodeLink(view, catalog, { version: VERSION });
const refusal = (text: string): string => {
  try {
    decodeLink(text, catalog);
  } catch (cause) {
    if (cause instanceof InputError) return cause.message;
    throw cause;
  }
  return '';
};

const key = fc.stringMatching(/^[a-zA-Z]{1,6}$/).filter((text) => !['constructor', 'prototype'].includes(text));
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.string(),
      fc.integer(),
    ),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('patches', () => {
  test('turn one document into the other, whatever they are', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(applyPatch(from, patchOf(from, to), 'patch')).toEqual(to);
      }),
      { numRuns: 1000 },
    );
  });

  test('say only what has changed', () => {
    expect(
      patchOf({ a: 1, b: { c: [1, 2, { d: 3, long: 'long text' }] } }, { a: 1, b: { c: [1, 2, { d: 4, long: 'long text' }] } }),
    ).toEqual({
      b: { c: { 2: { d: [4] } } },
    });
  });

  test.each([[{ a: { b: [1] } }], [[1, 2]], ['text'], [{ 7: [1] }]] as Json[][])('that do not fit are refused: %j', (patch) => {
    expect(() => applyPatch([1, 2], patch, 'link')).toThrow(InputError);
  });
});

describe('packing', () => {
  test('keeps every document exactly', () => {
    fc.assert(
      fc.property(json, (document) => {
        expect(unpack(pack(document), 'link')).toEqual(document);
      }),
      { numRuns: 1000 },
    );
  });

  test('stops at 64 KiB, however little there was to unfold', () => {
    const bomb = Buffer.from(deflateSync(new Uint8Array(2 ** 23).fill(32), { level: 9 })).toString('base64url');
    expect(bomb.length).toBeLessThanOrEqual(MAX_LINK + 3000);
    expect(() => unpack(bomb.slice(0, MAX_LINK), 'link')).toThrow('at most 65536 bytes inside');
  });
});

describe('links', () => {
  test('keep every preset as it is, in a line', () => {
    for (const preset of catalog.presets) {
      const view = viewOfPreset(preset);
      expect(decodeLink(link(view), catalog)).toEqual({ state: view, version: VERSION, presetChanged: false });
      expect(link(view).length, preset.id).toBeLessThan(80);
    }
  });

  test('of a changed preset hold the change only', () => {
    const view = own({ seeds: 3, fixed: { depth: 2, activation: 'tanh' } });
    expect(decodeLink(link(view), catalog).state).toEqual(view);
    expect(link(view).length).toBeLessThan(link(state).length + 60);
    expect(link({ ...view, preset: '' }).length).toBeGreaterThan(link(view).length + 200);
  });

  test('of a sweep that came from nowhere hold it whole', () => {
    const view: ViewState = { ...FIRST_VIEW, sweep: second.sweep as JsonObject, observable: 'testError' };
    expect(decodeLink(link(view), catalog).state).toEqual(view);
    expect(link(view).length).toBeLessThan(700);
  });

  test('keep every choice of the reader', () => {
    fc.assert(
      fc.property(
        fc.record({
          observable: fc.constantFrom(...catalog.observables.map(({ id }) => id), ''),
          x: fc.constantFrom('outputScale', 'width', ''),
          y: fc.constantFrom('outputScale', 'width', 'time', null),
          at: fc.dictionary(fc.constantFrom('depth', 'outputScale'), fc.nat(30), { noNullPrototype: true }),
          frame: fc.option(fc.nat(16)),
          cell: fc.integer({ min: -1, max: 258 }),
          pinned: fc.integer({ min: -1, max: 258 }),
          threshold: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)),
          layer: fc.constantFrom('simulation', 'theory', 'residual'),
          colours: fc.constantFrom('', 'grey'),
          difference: fc.constantFrom(
            null,
            { from: 'kept' },
            { from: 'frame', frame: 3 },
            { from: 'observable', observable: 'testError' },
          ),
          seeds: fc.constantFrom('mean', 'spread', 1),
          band: fc.boolean(),
          seed: fc.option(fc.nat(4e9), { nil: undefined }),
        }),
        ({ seed, ...view }) => {
          const chosen = { ...(seed === undefined ? state : own({ seed })), ...view } as ViewState;
          expect(decodeLink(link(chosen), catalog).state).toEqual(chosen);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('lower a cap and never raise one', () => {
    const text = encodeLink(state, catalog, { version: VERSION, caps: { networks: 100, seconds: 1e9 } });
    const { caps } = decodeLink(text, catalog);
    expect(lowerCaps(EMBED_CAPS, caps ?? {})).toEqual({ ...EMBED_CAPS, networks: 100 });
  });

  test('say when the preset they start from has changed since', () => {
    const before = {
      ...catalog,
      presets: catalog.presets.map((preset) => ({ ...preset, sweep: { ...preset.sweep, seeds: 2 } })),
    };
    expect(decodeLink(encodeLink(state, before, { version: VERSION }), catalog).presetChanged).toBe(true);
  });

  test('may be written by hand', () => {
    expect(presetLink('stripe-alpha-width')).toBe('?preset=stripe-alpha-width');
    expect(decodeLink('?preset=stripe-alpha-width&utm=1', catalog).state).toEqual(viewOfPreset(second));
    expect(refusal('?preset=strip-alpha-width')).toMatch(/^link: expected a known preset.* Did you mean "stripe-alpha-width"\?/);
  });

  test('too long to send are refused when they are made', () => {
    const noise = Array.from({ length: 1024 }, (_, i) => Math.abs(Math.sin(i + 1)) * 100);
    expect(() => link(own({ axes: [{ parameter: 'outputScale', scale: 'list', values: noise }] }))).toThrow(
      'Share a result file instead.',
    );
  });
});

describe('hostile links', () => {
  const written = (document: unknown) => `#1.${pack(document as Json)}`;

  test.each([
    ['another version', '#2.abcd', /^link: expected version 1, got 2\. Other versions/],
    ['no link', 'javascript:alert(1)', /^link: expected #1\./],
    ['markup', '#1.<script>', /another character/],
    ['nothing', '#1.', /expected 1 to 8192 characters, got 0/],
    ['length', `#1.${'A'.repeat(MAX_LINK)}`, /expected at most 8192 characters, got 8195/],
    ['half a byte', '#1.AAAAA', /part of one/],
    ['an unknown key', written({ z: 1 }), /key/],
    ['an unknown preset', written({ p: 'constructor' }), /known preset/],
    ['an unknown observable', written({ w: { observable: ['<img>'] } }), /known observable/],
    ['a prototype', '#1.'.concat(pack(JSON.parse('{"s":[{"__proto__":{"x":1}}]}') as Json)), /__proto__/],
    ['a prototype in a patch', '#1.'.concat(pack(JSON.parse('{"w":{"__proto__":[1]}}') as Json)), /__proto__/],
    ['a patch of nothing', written({ p: first.id, s: { nowhere: { at: [1] } } }), /damaged/],
    ['no sweep', written({ p: first.id, s: 0 }), /expected a sweep, got none/],
    ['infinity', written({ p: first.id, w: { threshold: ['1e999'] } }), /threshold/],
    ['a cell that is not there', written({ p: first.id, w: { cell: [259] } }), /≥ -1 and ≤ 258/],
    ['a frame that is not there', written({ p: first.id, w: { frame: [17] } }), /≤ 16/],
    ['a negative cap', written({ p: first.id, c: { seconds: -1 } }), /caps\.seconds/],
    ['a digest of nothing', written({ p: first.id, g: { frame: 0 } }), /digest/],
  ])('with %s are refused in words', (_, text, words) => {
    expect(refusal(text)).toMatch(words);
  });

  test('to the largest of sweeps do not have every cell looked at', () => {
    const values = Array.from({ length: 256 }, (_, i) => ((i * i) % 251 === 0 ? i + 0.5 : i + 1));
    const axes = ['outputScale', 'hiddenRate', 'learningRateRatio', 'initScale'].map((parameter) => ({
      parameter,
      scale: 'list',
      values,
    }));
    const huge = { ...(first.sweep as JsonObject), axes, seeds: 4096 };
    // 4 · 10⁹ cells: looking at each would never end.
    expect(decodeLink(written({ p: first.id, s: [huge] }), catalog).state.sweep).toEqual(huge);
  });

  test('10,000 of them, cut, changed and invented, end in a view or in words', () => {
    const whole = [
      link(small),
      link({ ...small, sweep: { ...smallest.sweep, seeds: 3 } }),
      link({ ...FIRST_VIEW, sweep: second.sweep as JsonObject }),
    ];
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
    const base = fc.constantFrom(...whole);
    const invented = (arbitrary: fc.Arbitrary<string>, weight = 1) => ({ arbitrary, weight });
    const hostile = fc.oneof(
      invented(
        fc.tuple(base, fc.nat(400)).map(([text, cut]) => text.slice(0, cut)),
        3,
      ),
      invented(
        fc
          .tuple(base, fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...letters)), { minLength: 1, maxLength: 4 }))
          .map(([text, edits]) =>
            edits.reduce((now, [at, letter]) => `${now.slice(0, 3 + at)}${letter}${now.slice(4 + at)}`, text),
          ),
        6,
      ),
      invented(
        fc.array(fc.constantFrom(...letters), { maxLength: 200 }).map((text) => `#1.${text.join('')}`),
        4,
      ),
      invented(fc.string({ maxLength: 100 })),
      invented(json.map(written)),
      invented(fc.dictionary(fc.constantFrom('p', 's', 'w', 'a', 'h', 'g', 'c'), json, { noNullPrototype: true }).map(written)),
      invented(
        fc
          .tuple(fc.constantFrom('axes', 'fixed', 'training', 'task', 'seeds', 'stages', 'observables'), json)
          .map(([part, value]) => written({ p: smallest.id, s: { [part]: [value] } })),
      ),
    );
    let read = 0;
    fc.assert(
      fc.property(hostile, (text) => {
        const words = refusal(text);
        if (words === '') read++;
        else expect(words).toMatch(/^[a-z]+[^:]*: .*[.?!]$/su);
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(9000);
  }, 180_000);
});
