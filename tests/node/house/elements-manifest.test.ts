// The custom-elements manifest names everything public of every element, in words where it is the face that blogs use.

import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json';
// @ts-expect-error: plain JavaScript, run by node in the build
import { elementsManifest, registeredElements } from '../../../src/elements-manifest.mjs';
import { sourceFiles } from './source-files.ts';

interface Named {
  readonly name: string;
  readonly description?: string;
}

interface Declared extends Named {
  readonly tagName?: string;
  readonly attributes?: readonly (Named & { readonly fieldName?: string })[];
  readonly members?: readonly (Named & { readonly kind: string })[];
  readonly events?: readonly Named[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly Named[];
}

const tags = registeredElements() as Map<string, string>;
const declared = (elementsManifest() as { modules: { declarations: Declared[] }[] }).modules
  .flatMap(({ declarations }) => declarations)
  .filter(({ tagName }) => tagName !== undefined);
const of = (tag: string): Declared => declared.find(({ tagName }) => tagName === tag) as Declared;
const names = (list: readonly Named[] = []): string[] => list.map(({ name }) => name);
const files = new Map(
  sourceFiles('src/components').map(({ path, text }) => [path.replace(/^src\/components\/|\.ts$/g, ''), text]),
);

/** Modules that write a part of an element's shadow root. */
const WRITTEN_BY: Readonly<Record<string, readonly string[]>> = {
  'phase-diagram': ['atlas-diagram', 'atlas-theory', 'diagram-styles'],
  'phase-viewer': ['viewer-stored'],
  'phase-heatmap': ['heatmap-styles'],
  'phase-film': ['film-styles'],
};
const textOf = (tag: string): string => [tag, ...(WRITTEN_BY[tag] ?? [])].map((name) => files.get(name) ?? '').join('\n');
const all = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))];

describe('the custom-elements manifest', () => {
  test('has every element that is registered, and is made by the build', () => {
    expect(names(declared).sort()).toEqual([...tags.values()].sort());
    expect(manifest.customElements).toBe('dist/custom-elements.json');
    expect(manifest.scripts.build).toMatch(/node src\/elements-manifest\.mjs$/);
  });

  test.each([...tags.keys()])('%s: nothing public is missing', (tag) => {
    const text = textOf(tag);
    const element = of(tag);
    const properties = /static override properties = \{([\s\S]*?)\n? {2}\};|static override properties = \{(.*)\};/.exec(
      files.get(tag) ?? '',
    );
    const list = properties?.[1] ?? properties?.[2] ?? '';
    const attributes = [...list.matchAll(/(\w+): \{([^}]*)\}/g)]
      .filter(([, , options]) => !/attribute: false|state: true/.test(options))
      .map(([, name]) => name);
    expect(names(element.attributes).sort()).toEqual(attributes.sort());
    // Each attribute has its property.
    for (const name of attributes) expect(names(element.members), name).toContain(name);
    expect(names(element.events)).toEqual(expect.arrayContaining(all(text, /announce\((?:this|host), '([a-z-]+)'/g)));
    const parts = all(text, / part="([a-z -]+)"/g).flatMap((part) => part.split(' '));
    expect(names(element.cssParts)).toEqual(expect.arrayContaining(parts));
    expect(names(element.slots)).toEqual(expect.arrayContaining(all(text, /<slot name="([a-z]+)"/g)));
    const theme = all(files.get('theme') ?? '', /var\((--phase-[a-z-]+)/g);
    expect(names(element.cssProperties)).toEqual(expect.arrayContaining([...theme, ...all(text, /var\((--phase-[a-z-]+)/g)]));
  });

  test.each(['phase-diagram', 'phase-atlas', 'phase-viewer'])('%s says of everything what it is', (tag) => {
    const { attributes = [], members = [], events = [], slots = [], cssParts = [], cssProperties = [] } = of(tag);
    const own = members.filter(({ name }) => !['begin'].includes(name));
    const silent = [...attributes, ...own, ...events, ...slots, ...cssParts, ...cssProperties].filter(
      ({ description = '' }) => description === '',
    );
    expect(names(silent)).toEqual([]);
  });
});
