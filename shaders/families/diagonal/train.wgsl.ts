// Fused training of a diagonal network: one workgroup per network, weights in registers for the whole dispatch.
// In the forward phase a thread owns samples, four at a time, and shares the sum over coordinates with others where samples
// are few; in the backward phase it owns coordinates. The training set is read from memory twice, once in either order, so that
// neighbours read neighbours.

import { GROUP_INDEX_WGSL, SPAN_WGSL } from '../../../src/core/program.ts';
import type { Training } from '../../../src/core/training.ts';
import { descentFrame, type Element, flowFrame, type Structure, tableauWgsl } from '../../lib/training/frames.wgsl.ts';
import {
  isMiniBatch,
  needsStart,
  OUTPUT_SECTIONS,
  sampleStatements,
  slopeCount,
  tableauOf,
  trainingHead,
} from '../../lib/training/head.ts';
import { u32, wgsl } from '../../wgsl.ts';
import { diagonalWgsl } from './diagonal.wgsl.ts';
import { type DiagonalLayout, type DiagonalShape, layoutOf } from './layout.ts';

export interface DiagonalTraining {
  readonly shape: DiagonalShape;
  readonly training: Training;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  readonly lossBeta: number;
  /** Training samples P. */
  readonly samples: number;
  /** Samples of one gradient: P, or the mini-batch. */
  readonly batchSamples: number;
  /** Words of a network's outputs on the training set. */
  readonly outputStride: number;
}

/** How the work is shared out. */
export interface DiagonalGeometry {
  /** Invocations of the workgroup. */
  readonly lanes: number;
  /** vec4s of samples whose outputs are in workgroup memory at once. */
  readonly blockQuads: number;
}

/** Where the parts of the buffer `trainSet` begin, in vec4s: inputs by features, inputs by samples, targets. */
export function trainSetPlaces({ vectors }: DiagonalLayout, samples: number) {
  const quads = Math.ceil(samples / 4);
  const rows = 4 * vectors * quads;
  const goals = 2 * rows;
  return { quads, rows, goals, vectors: goals + quads };
}

/** Threads that share the sum of one vec4 of samples. */
function segmentsOf({ lanes, blockQuads }: DiagonalGeometry, vectors: number): number {
  return Math.max(1, Math.min(Math.floor(lanes / blockQuads), vectors));
}

/** Workgroup memory of a geometry, bytes. */
export function workgroupBytes(options: DiagonalTraining, geometry: DiagonalGeometry): number {
  const { vectors } = layoutOf(options.shape);
  const { lanes, blockQuads } = geometry;
  const sums = blockQuads * segmentsOf(geometry, vectors);
  const picks = isMiniBatch(options.training) ? blockQuads : 0;
  return 16 * (vectors + sums + picks + 2 * lanes) + 4;
}

/** Names of the storage buffers in binding order. */
export function trainingBuffers(training: Training): string[] {
  return [
    'networks',
    'progress',
    'trainSet',
    'weights',
    'outputs',
    'origins',
    ...(slopeCount(training) > 0 ? ['slopes'] : []),
    ...(needsStart(training) ? ['startWeights'] : []),
  ];
}

const DECLARED: Readonly<Record<string, string>> = {
  networks: 'var<storage, read> networks: array<u32>;',
  progress: 'var<storage, read_write> progress: array<u32>;',
  trainSet: 'var<storage, read> train_set: array<vec4f>;',
  weights: 'var<storage, read_write> weights: array<vec4f>;',
  outputs: 'var<storage, read_write> outputs: array<f32>;',
  origins: 'var<storage, read> origins: array<vec4f>;',
  slopes: 'var<storage, read_write> slopes: array<vec4f>;',
  startWeights: 'var<storage, read> start_weights: array<vec4f>;',
};

/** Runs `body` for every coordinate vector that the thread owns, `k` being its place among the thread's own and `v` among all. */
const eachOwn = (body: string) => `
    for (var k = 0u; k < OWN; k++) {
      let v = k * LANES + lane;
      if (v < VECTORS) { ${body} }
    }`;

const HERE = 'own[2u * k + s]';
const element: Element = {
  kind: 'vector',
  here: HERE,
  assign: (value) => `${HERE} = ${value};`,
  at: (base, buffer) => `${buffer}[${base} + s * VECTORS + v]`,
};
const bothSigns = (body: string) => `for (var s = 0u; s < 2u; s++) { ${body} }`;

/**
 * Statements: outputs of a block of samples, then their cotangents, then the pull on every coordinate.
 * Leave the outputs in `sums`.
 */
function block(options: DiagonalTraining, segments: number): string {
  const miniBatch = isMiniBatch(options.training);
  const row = miniBatch ? 'row' : 'p';
  const rowsOf = (name: string) => `
        ${[0, 1, 2, 3].map((c) => `let ${name}${c} = ROWS_AT + ${miniBatch ? `picks[4u * q + ${u32(c)}]` : `(4u * (first + q) + ${u32(c)})`} * VECTORS;`).join('\n        ')}`;
  const forward = miniBatch
    ? `${rowsOf('r')}
        for (var v = begin; v < end; v++) {
          let b = beta[v];
          f += vec4f(dot(b, train_set[r0 + v]), dot(b, train_set[r1 + v]), dot(b, train_set[r2 + v]), dot(b, train_set[r3 + v]));
        }`
    : `for (var v = begin; v < end; v++) {
          let b = beta[v];
          let at = 4u * v * QUADS + first + q;
          f += (b.x * train_set[at] + b.y * train_set[at + QUADS]) + (b.z * train_set[at + 2u * QUADS] + b.w * train_set[at + 3u * QUADS]);
        }`;
  return `
      let quads = min(BLOCK_QUADS, BATCH_QUADS - first);
      ${
        miniBatch
          ? `for (var slot = lane; slot < 4u * quads; slot += LANES) {
        picks[slot] = batch_sample(state.attempts, 4u * first + slot, net.seed, ROWS);
      }
      workgroupBarrier();`
          : ''
      }
      for (var item = lane; item < quads * ${u32(segments)}; item += LANES) {
        let q = item % quads;
        let begin = item / quads * SEGMENT;
        let end = min(begin + SEGMENT, VECTORS);
        var f = vec4f(0.0);
        ${forward}
        sums[item] = f;
      }
      workgroupBarrier();
      for (var q = lane; q < quads; q += LANES) {
        ${segments > 1 ? `for (var s = 1u; s < ${u32(segments)}; s++) { sums[q] += sums[s * quads + q]; }` : ''}
        for (var c = 0u; c < 4u; c++) {
          let p = 4u * (first + q) + c;
          ${miniBatch ? 'let row = picks[4u * q + c];' : ''}
          ${sampleStatements(
            { training: options.training, outputDim: 1 },
            {
              p: 'p',
              f: () => 'sums[q][c]',
              origin: () =>
                `net.output_scale * net.centred * outputs[output_place(network, ${u32(OUTPUT_SECTIONS.start)}, 0u, ${row})]`,
              goal: () => `train_set[GOALS_AT + ${row} / 4u][${row} % 4u]`,
              ragged: options.batchSamples % 4 !== 0,
            },
            (_, value) => `sums[q][c] = ${value};`,
            'MOTION * net.output_rate',
          )}
        }
      }
      workgroupBarrier();
      for (var q = 0u; q < quads; q++) {
        let e = sums[q];
        ${rowsOf('r')}
        ${eachOwn('pull[k] += (e.x * train_set[r0 + v] + e.y * train_set[r1 + v]) + (e.z * train_set[r2 + v] + e.w * train_set[r3 + v]);')}
      }`;
}

/** The training kernel. Entry point `train`. */
export function trainingKernel(options: DiagonalTraining, geometry: DiagonalGeometry): string {
  const { shape, training, samples, batchSamples } = options;
  const layout = layoutOf(shape);
  const { vectors } = layout;
  const { lanes, blockQuads } = geometry;
  const segments = segmentsOf(geometry, vectors);
  const batchQuads = Math.ceil(batchSamples / 4);
  const places = trainSetPlaces(layout, samples);
  const tableau = tableauOf(training);
  const miniBatch = isMiniBatch(training);
  const single = batchQuads <= blockQuads;

  const structure: Structure = {
    evaluate: `
    part = vec4f(0.0);
    ${eachOwn(`
      beta[v] = coefficients(own[2u * k], own[2u * k + 1u], origins[net.start * WEIGHT_VECTORS + v]);
      pull[k] = vec4f(0.0);`)}
    workgroupBarrier();
    for (var first = 0u; first < BATCH_QUADS; first += BLOCK_QUADS) {
      ${block(options, segments)}
      ${single ? '' : 'workgroupBarrier();'}
    }
    parts[lane] = part;
    workgroupBarrier();`,
    eachGradient: (use) =>
      eachOwn(`
        let origin = origins[net.start * WEIGHT_VECTORS + v];
        ${bothSigns(`
          let pulled = select(-1.0, 1.0, s == 0u) * slope_of(origin + ${HERE}) * pull[k];
          ${use({ ...element, value: 'pulled' })}`)}`),
    eachElement: (use) => eachOwn(bothSigns(use(element))),
    eachSample: (use) => `
    for (var first = 0u; first < BATCH_QUADS; first += BLOCK_QUADS) {
      for (var q = lane; q < min(BLOCK_QUADS, BATCH_QUADS - first); q += LANES) {
        for (var n = 0u; n < 4u; n++) {
          let p = 4u * (first + q) + n;
          if (p < SAMPLES) { ${use('p')} }
        }
      }
    }`,
    // A thread reads its own weights only.
    trialBarrier: '',
    inPlace: false,
  };

  const head = { ...options, outputDim: 1, words: layout.words, gain: 1 };
  return wgsl`
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${trainingBuffers(training)
  .map((name, index) => `@group(0) @binding(${index + 1}) ${DECLARED[name]}`)
  .join('\n')}
${trainingHead(head, lanes, 1)}
${diagonalWgsl(shape)}
${tableau === null ? '' : tableauWgsl(tableau)}
const VECTORS = ${u32(vectors)};
const OWN = ${u32(Math.ceil(vectors / lanes))};
const ROWS = ${u32(samples)};
const QUADS = ${u32(places.quads)};
const ROWS_AT = ${u32(places.rows)};
const GOALS_AT = ${u32(places.goals)};
const BATCH_QUADS = ${u32(batchQuads)};
const BLOCK_QUADS = ${u32(blockQuads)};
const SEGMENT = ${u32(Math.ceil(vectors / segments))};

// beta: (coordinates); sums: outputs of a block of samples by segments of coordinates, then their cotangents.
var<workgroup> beta: array<vec4f, VECTORS>;
var<workgroup> sums: array<vec4f, ${u32(blockQuads * segments)}>;
var<workgroup> parts: array<vec4f, LANES>;
var<workgroup> norms: array<vec4f, LANES>;
var<workgroup> verdict: u32;
#if ${miniBatch}
var<workgroup> picks: array<u32, ${u32(4 * blockQuads)}>;
#endif

@compute @workgroup_size(LANES)
fn train(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let unit_of_span = group_index(group, groups);
  if (unit_of_span >= span.count) { return; }
  let network = span.first + unit_of_span;
  let net = network_of(network);
  let base = network * WEIGHT_VECTORS;
  var state = load_progress(network);
  var part = vec4f(0.0);
  // Trial weights less their origins, w₊ and w₋ in turn, and Σ_p e_p x_p, of the coordinates that the thread owns.
  var own = array<vec4f, 2u * OWN>();
  var pull = array<vec4f, OWN>();
  ${training.method === 'flow' ? flowFrame(options, structure) : descentFrame(options, structure)}
}
`;
}
