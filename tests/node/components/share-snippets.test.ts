// Snippets name an exact version, hold the figure, and let no title out of its place.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snippetsOf } from '../../../src/components/share-snippets.ts';

const texts = (title: string, embed: Parameters<typeof snippetsOf>[0] = { preset: 'stripe-alpha-width' }) =>
  Object.fromEntries(snippetsOf(embed, title, '1.2.3').map(({ id, text }) => [id, text]));

describe('snippets', () => {
  test('are five lines at most, for five places', () => {
    const all = texts('Lazy or rich?');
    expect(Object.keys(all)).toEqual(['html', 'markdown', 'quarto', 'observable', 'mdx']);
    for (const text of Object.values(all)) {
      expect(text).toContain('phase-atlas@1.2.3');
      expect(text).toContain('<phase-diagram preset="stripe-alpha-width"><p>Lazy or rich?</p></phase-diagram>');
      expect(text.trim().split('\n').length).toBeLessThanOrEqual(5);
    }
    expect(all.html).toBe(
      '<script type="module" src="https://cdn.jsdelivr.net/npm/phase-atlas@1.2.3/dist/phase-atlas.js"></script>\n' +
        '<phase-diagram preset="stripe-alpha-width"><p>Lazy or rich?</p></phase-diagram>\n',
    );
  });

  test('hold a link where a preset does not say it all', () => {
    expect(texts('Own', { link: '#1.abc' }).html).toContain('<phase-diagram link="#1.abc">');
  });

  test('keep any title as text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom('</p><script>alert(1)</script>', `${'$'}{alert(1)}`, '`', '{alert(1)}', '"><img>', '```'),
        ),
        (title) => {
          const all = texts(title);
          expect(all.html.split('\n').slice(1).join('\n')).not.toMatch(/<(?!\/?(?:p|phase-diagram)\b)/);
          expect(all.observable.replace(/\\[\\`$]/g, '').match(/`/g)).toHaveLength(8);
          expect(all.observable.replace(/\\[\\`$]/g, '')).not.toContain('${');
          expect(all.mdx.split('\n').slice(1).join('\n')).not.toMatch(/[{}]/);
        },
      ),
    );
  });
});
