// Figures say what they were given, escape what they must, and cite whom they should.

import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bibtexOfAtlas, bibtexOfPaper, texText } from '../../../src/exports/bibtex.ts';
import type { FigureDrawing } from '../../../src/exports/figure-drawing.ts';
import { figureSvg } from '../../../src/exports/figure-svg.ts';
import { pngOf } from '../../../src/exports/png.ts';
import { escapeXml, numberSvg, symbolSvg, wrapped } from '../../../src/exports/svg-text.ts';
import { presets } from '../../../src/presets/registry.ts';
import { version } from '../../../src/version.ts';

const even = (count: number) => Float64Array.from({ length: count + 1 }, (_, i) => i / count);

function drawing(rest: Partial<FigureDrawing> = {}, columns = 3, rows = 2): FigureDrawing {
  const cells = Uint8Array.from({ length: 4 * columns * rows }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256));
  cells[3] = 0;
  return {
    title: 'Lazy or rich?',
    subtitle: 'relative kernel change at t = 10',
    x: {
      label: 'output scale',
      symbol: 'α̃',
      edges: even(columns),
      ticks: [{ position: 0.5, label: { mantissa: '', exponent: '−3' } }, { position: 0.6 }],
    },
    y: { label: 'width', symbol: 'c_w', edges: even(rows), ticks: [{ position: 0.5, label: { mantissa: '32' } }] },
    cells,
    patterns: [{ path: 'M0 8L8 0', width: 1.2, opacity: 0.3, words: 'stalled' }],
    hatching: Uint8Array.from({ length: columns * rows }, (_, i) => (i === 1 ? 0 : 255)),
    lines: [
      {
        kind: 'boundary',
        pieces: [
          [0, 0.5, 1, 0.5],
          [0.2, Number.NaN],
        ],
        words: 'kernel change 1',
      },
    ],
    observable: 'relative kernel change',
    symbol: '‖ΔΘ‖/‖Θ₀‖',
    legend: {
      kind: 'bar',
      stops: [
        [0, 0, 255],
        [255, 255, 255],
        [255, 128, 0],
      ],
      ticks: [{ position: 0, label: { mantissa: '0.1' } }],
      threshold: 0.5,
    },
    citation: 'Geiger, Spigler, Jacot and Wyart 2020',
    origin: `phase-atlas ${version}`,
    ...rest,
  };
}

/** Throws where tags do not close in order, or an attribute or a text holds a character that XML does not allow there. */
function checkWellFormed(svg: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, end: string, name: string, attributes: string, empty: string) => {
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(attributes)) throw new Error(`bare & in <${name}${attributes}>`);
      if (end === '/') {
        if (open.pop() !== name) throw new Error(`</${name}> closes another`);
      } else {
        counts[name] = (counts[name] ?? 0) + 1;
        if (empty === '') open.push(name);
      }
      return '';
    },
  );
  if (open.length > 0 || /[<>]/.test(rest) || /&(?!(?:amp|lt|gt|quot|#39);)/.test(rest))
    throw new Error(`not well-formed: ${open.join()} ${rest}`);
  return counts;
}

describe('SVG', () => {
  test('draws small diagrams as rectangles, hatching and lines', () => {
    const { svg, width, height } = figureSvg(drawing());
    const counts = checkWellFormed(svg);
    expect(counts.image).toBeUndefined();
    expect(svg).toContain(`width="${width}" height="${height}"`);
    // 5 coloured cells, one hatched, paper, frame, clip, colour bar, legend.
    expect(counts.rect).toBe(11);
    expect(svg).toContain('10<tspan font-size="0.75em" dy="-0.45em">−3</tspan>');
    expect(svg).toContain('c<tspan font-size="0.75em" dy="0.3em">w</tspan>');
    for (const words of ['stalled', 'kernel change 1', 'Geiger, Spigler, Jacot and Wyart 2020', `phase-atlas ${version}`])
      expect(svg).toContain(words);
    expect(svg).not.toMatch(/NaN|undefined|\sstyle=/);
  });

  test('fills where other seeds may put the boundary, and says so', () => {
    const outlines = [
      [0.2, 0, 0.8, 0, 0.8, 1, 0.2, 1],
      [0.4, 0, 0.6, 0, 0.6, 1, 0.4, 1],
    ];
    const words = 'where other seeds may put it, 95 %';
    const { svg } = figureSvg(drawing({ lines: [{ kind: 'band', pieces: outlines, words }] }));
    checkWellFormed(svg);
    expect(svg).toContain(words);
    const bands = [...svg.matchAll(/<path d="([^"]*)" fill="#14161a" fill-opacity="0.2" fill-rule="evenodd"/g)];
    expect(bands.map(([, path]) => path.match(/M/g)?.length)).toEqual([2]);
  });

  test('embeds large diagrams as one picture', () => {
    const { svg } = figureSvg(drawing({}, 100, 65));
    expect(checkWellFormed(svg).image).toBe(1);
    expect(svg.length).toBeLessThan(60_000);
  });

  test('draws one row, and classes', () => {
    const legend = {
      kind: 'classes',
      entries: [
        { label: 'kernel', colour: [1, 2, 3] },
        { label: 'static <b>', colour: [4, 5, 6] },
      ],
    } as const;
    const { svg, height } = figureSvg(drawing({ y: null, legend }, 3, 1));
    checkWellFormed(svg);
    expect(svg).toContain('static &lt;b&gt;');
    expect(height).toBeLessThan(figureSvg(drawing()).height);
  });

  test('escapes every text', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</text><script>alert(1)</script>', '"><img onerror=x>', ']]>', '&#0;', 'a_b_c', '\ud800'),
    );
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const { svg } = figureSvg(
          drawing({
            title: a,
            subtitle: b,
            observable: a,
            symbol: b,
            citation: a,
            origin: b,
            x: { label: a, symbol: b, edges: even(3), ticks: [{ position: 0, label: { mantissa: a, exponent: b } }] },
            lines: [{ kind: 'theory', pieces: [[0, 0, 1, 1]], words: a }],
          }),
        );
        expect(checkWellFormed(svg).script).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test('wraps long texts and says that they go on', () => {
    expect(wrapped('one two three four five', 9, 2)).toEqual(['one two', 'three…']);
    expect(wrapped('', 9, 2)).toEqual([]);
    expect(wrapped('short', 9, 2)).toEqual(['short']);
  });

  test('writes numbers and symbols as they are read', () => {
    expect(numberSvg({ mantissa: '2.5', exponent: '4' })).toMatch(/^2\.5×10<tspan/);
    expect(numberSvg({ mantissa: '−', exponent: '4' })).toMatch(/^−10<tspan/);
    expect(symbolSvg('<b>')).toContain('&lt;b&gt;');
    expect(escapeXml('\u0000\ud800<')).toBe('\ufffd&lt;');
  });
});

describe('PNG', () => {
  test('holds the pixels, and its sums are right', () => {
    const pixels = Uint8Array.from({ length: 4 * 5 * 3 }, (_, i) => (i * 13) % 256);
    const file = Buffer.from(pngOf(pixels, 5, 3));
    const chunks: Record<string, Buffer> = {};
    for (let at = 8; at < file.length; ) {
      const length = file.readUInt32BE(at);
      chunks[file.toString('latin1', at + 4, at + 8)] = file.subarray(at + 8, at + 8 + length);
      at += 12 + length;
    }
    expect(Object.keys(chunks)).toEqual(['IHDR', 'IDAT', 'IEND']);
    // The sum of an empty IEND is in every PNG file there is.
    expect(file.subarray(-4).toString('hex')).toBe('ae426082');
    const rows = inflateSync(chunks.IDAT);
    expect(rows.length).toBe(3 * 21);
    expect([...rows.subarray(22, 42)]).toEqual([...pixels.subarray(20, 40)]);
  });
});

describe('BibTeX', () => {
  test('cites every paper of the atlas', () => {
    for (const { citation } of presets) {
      const entry = bibtexOfPaper(citation);
      expect(entry).toMatch(/^@\w+\{[a-z]+\d{4},\n( {2}[a-z]+ = \{.*\},?\n)+\}\n$/);
      expect(entry).toContain(`year = {${citation.year}}`);
    }
    const geiger = presets.find(({ paper }) => paper === 'Geiger et al. 2020');
    expect(geiger && bibtexOfPaper(geiger.citation)).toBe(`@misc{geiger2020,
  author = {Geiger and Spigler and Jacot and Wyart},
  title = {{Disentangling feature and lazy training in deep neural networks}},
  year = {2020},
  eprint = {1906.08034},
  archiveprefix = {arXiv},
  url = {https://arxiv.org/abs/1906.08034}
}
`);
  });

  test('cites phase-atlas as CITATION.cff does, with the version of the run', () => {
    expect(bibtexOfAtlas('1.2.3', '0123456789abcdef')).toBe(`@software{phaseatlas,
  author = {{phase-atlas contributors}},
  title = {{phase-atlas: phase diagrams of lazy and rich learning, computed live}},
  version = {1.2.3},
  note = {Sweep 0123456789abcdef}
}
`);
  });

  test('lets no text out of its braces', () => {
    expect(texText('50 % of $x_1$ {a} \\b ~^ & #1')).toBe(
      '50 \\% of \\$x\\_1\\$ \\{a\\} \\textbackslash{}b \\textasciitilde{}\\textasciicircum{} \\& \\#1',
    );
    const hostile = bibtexOfPaper({ authors: 'A}, b = {c', title: '}}@comment{', year: 2020, url: 'https://x.org/}%{\\' });
    const depth = [...hostile.replace(/\\[{}]/g, '')].reduce((now, mark) => now + (mark === '{' ? 1 : mark === '}' ? -1 : 0), 0);
    expect(depth).toBe(0);
    expect(hostile.trim().split('\n')).toHaveLength(6);
  });
});
