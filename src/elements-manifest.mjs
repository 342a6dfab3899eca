// Describes the public elements for editors and catalogues (custom-elements.json): attributes, properties,
// methods, events, slots, parts, custom properties, as their classes' comments say. Run as a script it writes
// dist/custom-elements.json; part of `npm run build`.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = 'src/components';

/** Tags of the entry files, with the names of their classes. */
export function registeredElements() {
  const entries = ['src/elements.ts', 'src/viewer.ts', 'src/components/atlas-elements.ts']
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
  return new Map([...entries.matchAll(/'(phase-[a-z-]+)': (Phase\w+)/g)].map(([, tag, name]) => [tag, name]));
}

/** The custom properties that every element takes, as the comment of the theme lists them. */
function themeProperties() {
  const text = readFileSync(join(root, folder, 'theme.ts'), 'utf8');
  return [...text.matchAll(/^ \* @cssprop (--phase-[a-z-]+) - (.*)$/gm)].map(([, name, description]) => ({ name, description }));
}

/** What a module's own text says is public, whether its comments do or not. */
function found(text) {
  const names = (pattern) => [...new Set([...text.matchAll(pattern)].flatMap(([, name = '']) => name.split(' ')))];
  return {
    events: names(/announce\(this, '([a-z-]+)'/g),
    slots: names(/<slot(?: name="([a-z]+)")?>/g),
    cssParts: names(/ part="([a-z -]+)"/g),
    cssProperties: names(/var\((--phase-[a-z-]+)/g),
  };
}

/** The manifest, as an object; the same for the same sources. */
export function elementsManifest() {
  const tags = registeredElements();
  const texts = new Map(
    readdirSync(join(root, folder))
      .filter((name) => tags.has(name.replace(/\.ts$/, '')) || name === 'figure-element.ts')
      .sort()
      .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')]),
  );
  const modules = [...texts].map(([path, text]) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  const made = create({ modules, plugins: litPlugin(), context: { dev: false } });
  const shared = themeProperties();
  for (const module of made.modules) {
    const styles = join(root, module.path.replace('phase-', '').replace(/\.ts$/, '-styles.ts'));
    const text = texts.get(module.path) + (existsSync(styles) ? readFileSync(styles, 'utf8') : '');
    for (const declaration of module.declarations ?? []) {
      const tag = [...tags].find(([, name]) => name === declaration.name)?.[0];
      if (declaration.kind !== 'class' || tag === undefined) continue;
      declaration.tagName = tag;
      declaration.customElement = true;
      // Reactive state and what is private to a class are nobody's business.
      const own = new Set([...text.matchAll(/(\w+): \{ state: true/g)].map(([, name]) => name));
      declaration.attributes = (declaration.attributes ?? []).filter(({ name }) => !own.has(name));
      declaration.members = (declaration.members ?? []).filter(
        ({ name, privacy }) => privacy !== 'private' && !name.startsWith('#') && !own.has(name),
      );
      declaration.events = (declaration.events ?? []).filter(({ name }) => name.startsWith('phase-'));
      for (const [kind, names] of Object.entries(found(text))) {
        const said = declaration[kind] ?? [];
        declaration[kind] = [
          ...said,
          ...names.filter((name) => !said.some((one) => one.name === name)).map((name) => ({ name })),
        ];
      }
      declaration.cssProperties.push(...shared.filter(({ name }) => !declaration.cssProperties.some((one) => one.name === name)));
    }
  }
  return made;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/custom-elements.json'), `${JSON.stringify(elementsManifest(), null, 1)}\n`);
}
