// One configuration for everything that is served, built and tested.
// default mode: the page (`npm start`, `vite build` → dist/page); `library`: what npm publishes (dist/*.js,
// for browsers and Node); `module` and `viewer`: the prebuilt files for script tags (dist/phase-atlas.js, dist/viewer.js);
// vitest adds its three projects.

import { rmSync } from 'node:fs';
import type { Plugin, UserConfig } from 'vite';
import { defaultAllowedOrigins } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/**
 * Packages that a user's own bundler or Node resolves. wgsl-preprocessor has no entry point that Node
 * could find, so it is bundled.
 */
const resolvedByUsers = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)].filter(
  (name) => name !== 'wgsl-preprocessor',
);

const isExternal = (id: string): boolean =>
  id.startsWith('node:') || resolvedByUsers.some((name) => id === name || id.startsWith(`${name}/`));

/** Chunk names carry hashes: what an earlier build left behind must go. */
const clean = (...folders: string[]): Plugin => ({
  name: 'clean-chunks',
  apply: 'build',
  buildStart() {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  },
});

/** Kernels, styles and markup are text to a minifier: without this their comments and indentation would be sent to readers. */
const leanTexts = (): Plugin => ({
  name: 'lean-texts',
  apply: 'build',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/(shaders|components)\/.*\.ts$/.test(id)) return null;
    const flush = code.replace(/^[ \t]+/gm, '');
    if (!id.includes('/shaders/')) return { code: flush, map: null };
    const lean = flush
      .replace(/^\/\/.*\n/gm, '')
      .replace(/[ \t]+\/\/ [^`'"\n]*$/gm, '')
      .replace(/\n{2,}/g, '\n');
    return { code: lean, map: null };
  },
});

/** The trainer is needed at once on the page, though its first picture does not wait for it: no second round trip. */
const preloadTrainer = (): Plugin => ({
  name: 'preload-trainer',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle, path }) =>
      Object.values(path === '/index.html' ? (bundle ?? {}) : {}).flatMap((file) =>
        file.type === 'chunk' && file.name === 'live-science'
          ? [{ tag: 'link', attrs: { rel: 'modulepreload', href: `./${file.fileName}` }, injectTo: 'head' as const }]
          : [],
      ),
  },
});

/**
 * Vite's own helper preloads what a chunk needs, which only the page's build makes use of: elsewhere a chunk is just imported.
 */
const plainImports = (): Plugin => ({
  name: 'plain-imports',
  apply: 'build',
  enforce: 'pre',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
});

/** Busy machines take long to bundle: no reason to warn, and a warning fails the tests. */
const checks = { bundlerTimings: false } as const;

/** Workers load what they need on demand, which the default format cannot. */
const worker = (): NonNullable<UserConfig['worker']> => ({
  format: 'es',
  plugins: () => [leanTexts()],
  rolldownOptions: { checks },
});

/**
 * Data files stay files: never inlined as base64, found through import.meta.url in browsers and Node alike. `light-dark()` stays
 * itself: what stands in for it in older browsers follows the system, not the reader's choice.
 */
const shared = {
  assetsInlineLimit: 0,
  target: 'es2022',
  cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  chunkSizeWarningLimit: 1024,
} satisfies UserConfig['build'];

const page: UserConfig = {
  base: './',
  worker: worker(),
  plugins: [leanTexts(), preloadTrainer()],
  build: {
    ...shared,
    outDir: 'dist/page',
    emptyOutDir: true,
    rolldownOptions: { checks, input: ['index.html', 'src/examples/index.html', 'src/examples/framed.html'] },
  },
};

/** Not vite's own library mode, which inlines assets; nor its page mode's empty `process.env`, which the command line needs. */
const library: UserConfig = {
  define: { 'process.env': 'process.env', 'process.env.NODE_ENV': 'process.env.NODE_ENV' },
  base: './',
  publicDir: false,
  worker: worker(),
  plugins: [clean('dist/chunks', 'dist/assets')],
  build: {
    ...shared,
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    modulePreload: false,
    rolldownOptions: {
      input: { index: 'src/index.ts', elements: 'src/elements.ts', cli: 'src/cli/main.ts' },
      external: isExternal,
      preserveEntrySignatures: 'strict',
      checks,
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        assetFileNames: 'assets/[name][extname]',
      },
    },
  },
};

/**
 * One file for script tags, its chunks beside it in a folder of its name; what they share is inside the file, not in chunks more.
 */
const scriptTag = (name: string, entry: string): UserConfig => ({
  base: './',
  publicDir: false,
  worker: worker(),
  plugins: [clean(`dist/${name}`), leanTexts(), plainImports()],
  build: {
    ...shared,
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: { [name]: entry },
      external: /^node:/,
      checks,
      preserveEntrySignatures: 'allow-extension',
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: `${name}/[name]-[hash].js`,
        assetFileNames: 'assets/[name][extname]',
      },
    },
  },
});

/** What `tests/budgets.mjs` weighs: a file for script tags of whatever it asks for, written nowhere. */
const weighed: UserConfig = { base: './', worker: worker(), plugins: [leanTexts(), plainImports()] };

const modes: Readonly<Record<string, UserConfig>> = {
  library,
  weighed,
  module: scriptTag('phase-atlas', 'src/elements.ts'),
  viewer: scriptTag('viewer', 'src/viewer.ts'),
};

/**
 * Built files are for sandboxed frames too, whose origin is "null", as on the page of examples. The development server, which
 * has all sources, keeps Vite's default: any page could put such a frame up.
 */
const preview = { cors: { origin: [defaultAllowedOrigins, 'null'] } };

export default defineConfig(({ mode }) => ({
  ...(modes[mode] ?? page),
  preview,
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['tests/node/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: 'tests/e2e/global-setup.ts',
          environment: 'node',
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
}));
