// Names of downloaded files: plain words joined by hyphens, whatever a title holds.

/** Most characters of a name before its extension. */
const MOST = 60;

/** "MNIST parity, output scale × width" as `mnist-parity-output-scale-width`; `phase-atlas` where nothing is left. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'phase-atlas' : plain;
}

/** A file's name from its parts, empty ones left out: `fileName(['Lazy or rich?', 't = 10'], 'csv')`. */
export function fileName(parts: readonly string[], extension: string): string {
  return `${slug(parts.filter((part) => part !== '').join(' '))}.${extension}`;
}
