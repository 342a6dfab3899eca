// BibTeX entries of a paper and of phase-atlas itself. What is said of phase-atlas is said once, in CITATION.cff.

import citation from '../../CITATION.cff?raw';
import type { Citation } from '../core/preset.ts';

/** Text between braces: TeX's own characters are escaped. Letters with accents stay; BibTeX programs of today read them. */
export function texText(text: string): string {
  const special: Readonly<Record<string, string>> = {
    '\\': '\\textbackslash{}',
    '~': '\\textasciitilde{}',
    '^': '\\textasciicircum{}',
  };
  return text.replace(/[\s\p{Cc}]+/gu, ' ').replace(/[\\~^{}&%$#_]/g, (mark) => special[mark] ?? `\\${mark}`);
}

/** An address between braces: nothing that could end them or start a comment. */
const texAddress = (url: string): string => encodeURI(url).replace(/[{}\\%]/g, (mark) => (mark === '%' ? '\\%' : ''));

function entry(kind: string, key: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).filter(([, value]) => value !== '');
  return `@${kind}{${key},\n${lines.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}\n`;
}

/** The paper's entry: `@article{geiger2020, …}`. */
export function bibtexOfPaper({ authors, title, year, url }: Citation): string {
  const names = authors.split(/, | and /).map(texText);
  const key = `${names[0]
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '')}${year}`;
  const arxiv = /^https:\/\/arxiv\.org\/abs\/([\w./-]+)$/.exec(url)?.[1] ?? '';
  return entry(arxiv === '' ? 'article' : 'misc', key, {
    author: names.join(' and '),
    title: `{${texText(title)}}`,
    year: String(year),
    eprint: arxiv,
    archiveprefix: arxiv === '' ? '' : 'arXiv',
    url: texAddress(url),
  });
}

/** A field of CITATION.cff's first level, without quotes. */
function cffField(name: string): string {
  const line = new RegExp(`^${name}: (.*)$`, 'm').exec(citation)?.[1].trim() ?? '';
  return /^'.*'$/.test(line) ? line.slice(1, -1).replaceAll("''", "'") : line;
}

/** Names of phase-atlas' own authors: those before the references. */
function cffAuthors(): string[] {
  const own = citation.slice(0, citation.search(/^references:/m)).split(/^authors:\n/m)[1] ?? '';
  return [...own.matchAll(/^ {2}- name: (.*)$/gm)].map(([, name]) => name);
}

/** The entry of phase-atlas. `version` is that of the run; `hash` names its sweep, empty names none. */
export function bibtexOfAtlas(version: string, hash = ''): string {
  return entry('software', 'phaseatlas', {
    author: cffAuthors()
      .map((name) => `{${texText(name)}}`)
      .join(' and '),
    title: `{${texText(cffField('title'))}}`,
    version: texText(version),
    note: hash === '' ? '' : `Sweep ${texText(hash)}`,
  });
}
