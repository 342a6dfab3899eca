// Words with mathematics and terms in them, taken apart: `$…$` holds TeX, `[words](term)` leads to a term of the glossary.
// Shows nothing: see components/words.ts.

export type Part =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'formula'; readonly tex: string }
  | { readonly kind: 'term'; readonly text: string; readonly term: string };

const MARKED = /\$([^$]+)\$|\[([^\]]+)\]\(([a-z-]+)\)/g;

export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKED)) {
    if (match.index > from) parts.push({ kind: 'words', text: text.slice(from, match.index) });
    parts.push(match[1] === undefined ? { kind: 'term', text: match[2], term: match[3] } : { kind: 'formula', tex: match[1] });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'words', text: text.slice(from) });
  return parts;
}

/** A formula as a tree of MathML elements: a text, or tag, attributes and children. */
export type MathTree = string | readonly [tag: string, attributes: Readonly<Record<string, string>>, ...children: MathTree[]];

/**
 * By TeX, all formulas of presets and glossary. Written by build.mjs, in a file of its own that is fetched with the first words.
 */
export async function loadFormulas(): Promise<Readonly<Record<string, MathTree>>> {
  return (await import('./formulas.json')).default as unknown as Readonly<Record<string, MathTree>>;
}
