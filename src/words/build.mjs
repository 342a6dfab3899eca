// Turns the TeX of presets and glossary into MathML, once, so that no reader's browser has to: writes formulas.json.
// `npm run words` after a formula was added or changed; a test holds the file to what is written here.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import temml from 'temml';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'formulas.json');

/** Looks of a formula are the page's own; strict policies forbid style attributes. */
const LEFT_OUT = /^(?:style|class|xmlns|title)$/;
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const plain = (text) => text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity]);

/** The first element of well-formed markup as `[tag, attributes, ...children]`. */
function treeOf(markup) {
  const root = [];
  const open = [root];
  for (const [, close, tag, attributes, empty, text] of markup.matchAll(
    /<(\/?)([a-z]+)((?:\s+[\w-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g,
  )) {
    const inside = open[open.length - 1];
    if (text !== undefined) inside.push(plain(text));
    else if (close === '/') open.pop();
    else {
      const kept = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].filter(([, name]) => !LEFT_OUT.test(name));
      const element = [tag, Object.fromEntries(kept.map(([, name, value]) => [name, plain(value)]))];
      inside.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  return root[0];
}

/** MathML of one formula of a line. Throws where the TeX is not understood. */
export const mathOf = (tex) => treeOf(temml.renderToString(tex, { throwOnError: true, xml: false, annotate: false }));

/** Every TeX in the sources of presets and glossary, in order of the alphabet. */
export function formulasIn(root) {
  const presets = readdirSync(join(root, 'src/presets')).filter((name) => name.endsWith('.ts'));
  const texts = [...presets.map((name) => join(root, 'src/presets', name)), join(root, 'src/words/glossary.ts')].map((path) =>
    readFileSync(path, 'utf8'),
  );
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\$([^${}`][^$`]*?)\$/g)].map(([, tex]) => tex.replaceAll('\\\\', '\\')),
  );
  return [...new Set(found)].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const formulas = Object.fromEntries(formulasIn(join(here, '../..')).map((tex) => [tex, mathOf(tex)]));
  writeFileSync(
    target,
    `{\n${Object.entries(formulas)
      .map(([tex, tree]) => `${JSON.stringify(tex)}: ${JSON.stringify(tree)}`)
      .join(',\n')}\n}\n`,
  );
  process.stdout.write(`${Object.keys(formulas).length} formulas\n`);
}
