// The words of the page: every preset is explained in three sentences, every formula has its MathML, every term its entry.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { formulasIn, mathOf } from '../../../src/words/build.mjs';
import { GLOSSARY } from '../../../src/words/glossary.ts';
import { loadFormulas, type MathTree, partsOf } from '../../../src/words/text.ts';
import { ROOT } from '../house/source-files.ts';

/** Sentences of a text, formulas left out. */
const sentences = (text: string): number => (text.replace(/\$[^$]*\$/g, 'x').match(/[.?!](?=\s|$)/g) ?? []).length;

const texts = [
  ...catalog.presets.map(({ id, explain }) => [id, explain] as const),
  ...GLOSSARY.map(({ id, words }) => [id, words] as const),
];
const ids = new Set(GLOSSARY.map(({ id }) => id));

describe('explanations', () => {
  test('every preset is explained in three sentences', () => {
    expect(
      catalog.presets.filter(({ explain }) => sentences(explain) !== 3).map(({ id, explain }) => `${id}: ${explain}`),
    ).toEqual([]);
  });

  test('every explanation leads to the glossary, and never to a term that it lacks', () => {
    const terms = (text: string) => partsOf(text).flatMap((part) => (part.kind === 'term' ? [part.term] : []));
    expect(catalog.presets.filter(({ explain }) => terms(explain).length === 0).map(({ id }) => id)).toEqual([]);
    expect(
      texts.flatMap(([id, text]) =>
        terms(text)
          .filter((term) => !ids.has(term))
          .map((term) => `${id}: ${term}`),
      ),
    ).toEqual([]);
  });

  test('parts put together are the text', () => {
    for (const [, text] of texts) {
      const again = partsOf(text).map((part) =>
        part.kind === 'words' ? part.text : part.kind === 'formula' ? `$${part.tex}$` : `[${part.text}](${part.term})`,
      );
      expect(again.join('')).toBe(text);
    }
  });
});

describe('glossary', () => {
  test('has thirty terms and more, each in two sentences with its source, in order', () => {
    expect(GLOSSARY.length).toBeGreaterThanOrEqual(30);
    expect(GLOSSARY.filter(({ words }) => sentences(words) !== 2).map(({ id }) => id)).toEqual([]);
    expect(GLOSSARY.filter(({ url }) => !/^https:\/\/arxiv\.org\/abs\//.test(url)).map(({ id }) => id)).toEqual([]);
    const names = GLOSSARY.map(({ id }) => id);
    expect(names).toEqual([...new Set(names)].sort());
  });
});

describe('formulas', () => {
  test('the stored MathML is what the TeX in the sources gives', async () => {
    const stored = await loadFormulas();
    const fresh = Object.fromEntries(formulasIn(ROOT).map((tex: string) => [tex, mathOf(tex)]));
    expect(stored, 'run "npm run words"').toEqual(fresh);
    const used = texts.flatMap(([, text]) => partsOf(text).flatMap((part) => (part.kind === 'formula' ? [part.tex] : [])));
    expect(used.filter((tex) => !Object.hasOwn(stored, tex))).toEqual([]);
  });

  test('holds elements of MathML only, and no looks', async () => {
    const wrong: string[] = [];
    const visit = (tree: MathTree): void => {
      if (typeof tree === 'string') return;
      const [tag, attributes, ...children] = tree;
      if (!/^m[a-z]+$/.test(tag)) wrong.push(tag);
      for (const name of Object.keys(attributes)) if (/^(?:style|class|href|on.*)$/.test(name)) wrong.push(`${tag} ${name}`);
      children.forEach(visit);
    };
    for (const tree of Object.values(await loadFormulas())) visit(tree);
    expect(wrong).toEqual([]);
  });
});

test('every preset has a small picture, which fits into a kibibyte', () => {
  const path = join(ROOT, 'src/presets/thumbnails/thumbnails.json');
  const thumbnails = JSON.parse(readFileSync(path, 'utf8')) as Record<string, { map: string; cells: string }>;
  const known = new Set(catalog.presets.map(({ id }) => id));
  for (const [id, thumbnail] of Object.entries(thumbnails)) {
    expect(known.has(id), id).toBe(true);
    expect(['diverging', 'sequential', 'class'], id).toContain(thumbnail.map);
    expect(thumbnail.cells, id).toMatch(/^[A-Za-z0-9_-]{384}$/);
    expect(JSON.stringify(thumbnail).length, id).toBeLessThanOrEqual(1024);
  }
  const missing = [...known].filter((id) => !(id in thumbnails));
  expect(missing, 'run "npm run thumbnails -- ID"').toEqual([]);
});
