// Text in SVG: escaped, wrapped, with raised exponents and lowered indices. Knows no figure.

import type { DrawnNumber } from './figure-drawing.ts';

/** Characters that XML 1.0 knows; others are left out, halves of pairs become the replacement character. */
const legal = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids.
  text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that may stand in an element or an attribute. */
export function escapeXml(text: string): string {
  return legal(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark]);
}

/** A number, its power of ten raised. */
export function numberSvg({ mantissa, exponent }: DrawnNumber): string {
  if (exponent === undefined) return escapeXml(mantissa);
  const factor = mantissa === '' || mantissa === '−' ? mantissa : `${mantissa}×`;
  return `${escapeXml(factor)}10<tspan font-size="0.75em" dy="-0.45em">${escapeXml(exponent)}</tspan>`;
}

/** A symbol in italics, what follows its underscores lowered: "c_w − c_u". */
export function symbolSvg(symbol: string): string {
  const parts = symbol.split(/_(\p{L}+)/u);
  const inner = parts.map((part, i) =>
    i % 2 === 1
      ? `<tspan font-size="0.75em" dy="0.3em">${escapeXml(part)}</tspan>`
      : i === 0
        ? escapeXml(part)
        : `<tspan dy="-0.225em">${escapeXml(part)}</tspan>`,
  );
  return `<tspan font-family="Georgia, 'Times New Roman', serif" font-style="italic">${inner.join('')}</tspan>`;
}

/** Text in lines of at most `most` characters, broken at spaces; at most `lines` of them, the last one cut with an ellipsis. */
export function wrapped(text: string, most: number, lines: number): string[] {
  const done: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      done.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
    if (done.length === lines) return [...done.slice(0, -1), `${done[lines - 1].slice(0, most - 1)}…`];
  }
  return line === '' ? done : [...done, line.length > most ? `${line.slice(0, most - 1)}…` : line];
}
