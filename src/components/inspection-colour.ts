// Colours of signed numbers inside a network: plum below 0, white at 0, green above. Apart from blue and orange, which mean lazy
// and rich everywhere. Equal steps look equal (OKLab), light and dark ends tell signs apart without colour only by their words.

import { type ColourTable, rgbOf, TABLE_SIZE, tableIndex } from './colour.ts';

/** From −1 to 1: hue 330 on one side, 165 on the other; both sides share lightness and chroma. */
function signedTable(): ColourTable {
  const table = new Uint8Array(3 * TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) {
    const s = (2 * i + 1) / TABLE_SIZE - 1;
    const size = Math.abs(s);
    const hue = ((s < 0 ? 330 : 165) * Math.PI) / 180;
    const chroma = 0.16 * size ** 0.8;
    rgbOf([0.985 - 0.5 * size, chroma * Math.cos(hue), chroma * Math.sin(hue)]).forEach((channel, c) => {
      table[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, channel)));
    });
  }
  return table;
}

export const signed: ColourTable = signedTable();

/** What is no number: a grey of its own. */
const NO_NUMBER = [128, 128, 128] as const;

/** Largest |value| that is a number; 0 where there is none. */
export function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest && Number.isFinite(size)) largest = size;
  }
  return largest;
}

/** RGBA bytes of a matrix, one pixel per entry; `extent`: the |value| of full colour. Zero is white, also where everything is. */
export function signedPixels(values: ArrayLike<number>, extent: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const known = !Number.isNaN(value);
    const at = 3 * tableIndex(extent > 0 ? 0.5 + value / extent / 2 : 0.5);
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = known ? signed[at + c] : NO_NUMBER[c];
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}
