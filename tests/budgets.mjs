// Size budgets: what a reader's browser downloads before anything shows, minified and gzipped.
// Counts an entry with everything it imports statically; what is imported on demand is not in the budget.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const KIB = 1024;

/** Entry modules relative to the root; an entry of several modules is one that imports them all. */
export const BUDGETS = [
  {
    name: 'viewer of stored results',
    entries: ['src/viewer.ts'],
    limit: 20 * KIB,
  },
  { name: 'all elements, trainer on demand', entries: ['src/elements.ts'], limit: 50 * KIB },
  { name: 'explorer, before its trainer', entries: ['src/page.ts'], limit: 90 * KIB },
];

/** Bytes of a built entry and of its static imports, gzipped one by one as a server would. */
async function sizeOf(root, entries) {
  const virtual = '\0budget-entry';
  const { output } = await build({
    root,
    // What ships is what counts.
    configFile: join(root, 'vite.config.ts'),
    mode: 'weighed',
    logLevel: 'error',
    publicDir: false,
    plugins: [
      {
        name: 'budget-entry',
        resolveId: (id) => (id === virtual ? { id, moduleSideEffects: true } : null),
        load: (id) =>
          id === virtual
            ? entries.map((entry, i) => `export * as entry${i} from ${JSON.stringify(join(root, entry))};`).join('\n')
            : null,
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: { input: { entry: virtual }, external: /^node:/, preserveEntrySignatures: 'allow-extension' },
    },
  });
  const chunks = new Map(output.filter((item) => item.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const first = [...chunks.values()].find((chunk) => chunk.isEntry);
  const wanted = new Set([first.fileName]);
  for (const name of wanted)
    for (const imported of chunks.get(name)?.imports ?? []) if (chunks.has(imported)) wanted.add(imported);
  return [...wanted].reduce((bytes, name) => bytes + gzipSync(chunks.get(name).code, { level: 9 }).length, 0);
}

/** Checks every budget; counts each as one test. */
export async function checkBudgets(root, say) {
  let passed = 0;
  let failed = 0;
  for (const { name, entries, limit } of BUDGETS) {
    const missing = entries.filter((entry) => !existsSync(join(root, entry)));
    const bytes = missing.length > 0 ? Number.NaN : await sizeOf(root, entries);
    const within = bytes <= limit;
    if (within) passed++;
    else failed++;
    const got = missing.length > 0 ? `missing: ${missing.join(', ')}` : `${(bytes / KIB).toFixed(1)} KiB`;
    say(`${within ? 'ok  ' : 'FAIL'} ${name}: at most ${limit / KIB} KiB, got ${got}`);
  }
  return { passed, failed };
}
