// Colour tables, built in OKLab (Ottosson 2020) so that equal steps look equal. Knows no data: see colour-scale.ts.
// Lazy is cool blue, rich is warm orange, the crossover between them is light; errors and quantities run from pale to deep green;
// classes have colours of their own.

/** Red, green, blue, each 0 … 1 in the sRGB encoding; may leave the range where a colour is out of gamut. */
export type Rgb = readonly [number, number, number];

/** Lightness 0 … 1 and the two opponent coordinates. */
export type OkLab = readonly [number, number, number];

/** Entries of a colour table. */
export const TABLE_SIZE = 256;

function encode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** OKLab to sRGB, not clipped. */
export function rgbOf([lightness, a, b]: OkLab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(Math.max(0, 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)),
    encode(Math.max(0, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)),
    encode(Math.max(0, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)),
  ];
}

/** Lightness, chroma and hue in degrees. */
export function lch(lightness: number, chroma: number, hue: number): OkLab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function distance(p: OkLab, q: OkLab): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** `count` points of a path 0 … 1 at equal OKLab distances: this is what makes a table perceptually uniform. */
export function uniform(path: (s: number) => OkLab, count: number): OkLab[] {
  const fine = 4096;
  const lengths = new Float64Array(fine + 1);
  for (let i = 1; i <= fine; i++) lengths[i] = lengths[i - 1] + distance(path((i - 1) / fine), path(i / fine));
  const points: OkLab[] = [];
  for (let k = 0, i = 0; k < count; k++) {
    const wanted = (lengths[fine] * k) / (count - 1);
    while (i < fine - 1 && lengths[i + 1] < wanted) i++;
    const span = lengths[i + 1] - lengths[i];
    points.push(path((i + (span > 0 ? (wanted - lengths[i]) / span : 0)) / fine));
  }
  return points;
}

/** Flat RGB bytes, (TABLE_SIZE, 3). */
export type ColourTable = Uint8Array;

export function tableOf(points: readonly OkLab[]): ColourTable {
  const table = new Uint8Array(points.length * 3);
  points.forEach((point, i) => {
    rgbOf(point).forEach((channel, c) => {
      table[3 * i + c] = Math.round(255 * Math.min(1, Math.max(0, channel)));
    });
  });
  return table;
}

/** One arm of the diverging map: from the light crossover (0) to a saturated end (1). Both arms share lightness and chroma. */
export function arm(hueLight: number, hueDeep: number): (s: number) => OkLab {
  return (s) => lch(0.975 - 0.425 * s, 0.006 + 0.149 * (1 - (1 - s) ** 1.7), hueLight + (hueDeep - hueLight) * s);
}

/** Points of a diverging map from the end of one arm through the light middle to the end of the other. */
export function divergingOf(low: (s: number) => OkLab, high: (s: number) => OkLab): OkLab[] {
  const half = TABLE_SIZE / 2;
  return [...uniform(low, half).reverse(), ...uniform(high, half)];
}

/** Points of the diverging map, lazy (deep blue) → crossover (light) → rich (deep orange). */
export function divergingPoints(): OkLab[] {
  return divergingOf(arm(226, 258), arm(77, 45));
}

/** Points of the sequential map, small (pale) → large (deep). */
export function sequentialPoints(): OkLab[] {
  return uniform((s) => lch(0.965 - 0.665 * s, 0.035 + 0.085 * Math.sin(Math.PI * s ** 0.9), 118 + 50 * s), TABLE_SIZE);
}

export const diverging: ColourTable = tableOf(divergingPoints());
export const sequential: ColourTable = tableOf(sequentialPoints());

/**
 * Colours of classes, told apart with any colour vision: pale grey, the blue of lazy, the orange of rich, plum, sea green,
 * yellow, slate. Textures repeat what they say: see paint.ts.
 */
export function classPoints(): OkLab[] {
  return [
    lch(0.88, 0.006, 90),
    lch(0.6, 0.13, 255),
    lch(0.74, 0.14, 62),
    lch(0.5, 0.13, 350),
    lch(0.7, 0.1, 168),
    lch(0.9, 0.12, 102),
    lch(0.3, 0.02, 260),
  ];
}

/** A table of `count` equally wide fields, one per class; beyond seven the colours begin anew. */
export function classTable(count: number): ColourTable {
  const points = classPoints();
  return tableOf(Array.from({ length: TABLE_SIZE }, (_, i) => points[Math.floor((i * count) / TABLE_SIZE) % points.length]));
}

/** Index of a position 0 … 1 in a table; positions outside are clipped. */
export function tableIndex(position: number): number {
  return Math.min(TABLE_SIZE - 1, Math.max(0, Math.floor(position * TABLE_SIZE)));
}

/** CSS colour of a table's entry at a position 0 … 1. */
export function cssColour(table: ColourTable, position: number): string {
  const i = 3 * tableIndex(position);
  return `rgb(${table[i]} ${table[i + 1]} ${table[i + 2]})`;
}

/** True where dark text reads better than light on the colour at a position: by its luma (Rec. 709). */
export function wantsDarkText(table: ColourTable, position: number): boolean {
  const i = 3 * tableIndex(position);
  return 0.2126 * table[i] + 0.7152 * table[i + 1] + 0.0722 * table[i + 2] > 145;
}
