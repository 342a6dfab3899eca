// Fused training of one hidden layer: one workgroup per network, weights in workgroup memory for the whole dispatch.
// Two owners take turns: in the forward phase a thread owns samples, in the backward phase it owns hidden units, so that no sum
// crosses threads but the bookkeeping. For positively homogeneous activations one gate bit per (sample, unit) replaces the stored
// activation: Σ_p e·act(z) = w·Σ_p e·act'(z)·x. In the difference form (../difference-form.ts) workgroup memory holds U, and W₀
// is read from storage. Deeper networks: deep.wgsl.ts.

import { sharedVectors } from '../../../lib/shared-vectors.ts';
import { descentFrame, type Element, flowFrame, type Structure, tableauWgsl } from '../../../lib/training/frames.wgsl.ts';
import { each, isMiniBatch, OUTPUT_SECTIONS, sampleStatements, tableauOf } from '../../../lib/training/head.ts';
import { f32, u32, wgsl } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';
import { preamble } from './common.ts';
import { type Backward, backwardOf, countsOf, type ShallowCounts, type ShallowGeometry } from './shallow-counts.ts';
import { gradient, gradientBySubgroup, laneSum } from './shallow-gradient.ts';

/** Inputs of sample-owner registers: x<q>_<c>. */
function loadInputs(geometry: ShallowGeometry, counts: ShallowCounts, miniBatch: boolean): string {
  return each(
    geometry.samplesPerLane,
    (q) => `
    let row_${q} = min(${miniBatch ? `picks[first_sample + ${u32(q)}]` : `first_sample + ${u32(q)}`}, ROWS - 1u);
    ${each(counts.vectors, (c) => `let x${q}_${c} = train_set[row_${q} * VECTORS + ${u32(c)}];`)}`,
  );
}

function forward(options: TrainingOptions, geometry: ShallowGeometry, counts: ShallowCounts, backward: Backward): string {
  const { shape, layout } = options;
  const { samplesPerLane: samples } = geometry;
  const outputs = shape.outputDim;
  const output = layout.matrices[1];
  const factor = backward === 'recompute' ? 1 : shape.activationFactor;
  const bias = shape.biasScale > 0;
  const miniBatch = isMiniBatch(options.training);
  const lanes = geometry.subgroups ? geometry.lanes : 0;
  const times = (row: string, q: number) => each(counts.vectors, (c) => `dot(${row}${c}, x${q}_${c})`, ' + ');
  const ordinary = (q: number) => `let z${q} = ${times('w', q)};
      let a${q} = ${{ linear: `z${q}`, gates: `max(z${q}, 0.0)`, recompute: `act(z${q})` }[backward]};
      ${each(outputs, (k) => `f${q}_${k} += v${k} * a${q};`)}`;
  // z: the new pre-activation, from the start's and its difference; a: its value; d: how far that is from the start's.
  const difference = (q: number) => {
    const from = `from${q}, step${q}`;
    const ramp = `select(max(z${q}, 0.0), max(step${q}, -from${q}), from${q} > 0.0)`;
    return `let from${q} = ${times('s', q)};
      let step${q} = ${times('w', q)};
      let z${q} = from${q} + step${q};
      let a${q} = ${{ linear: `z${q}`, gates: `max(z${q}, 0.0)`, recompute: `act(z${q})` }[backward]};
      let d${q} = ${{ linear: `step${q}`, gates: ramp, recompute: `act_difference(${from})` }[backward]};
      ${each(outputs, (k) => `f${q}_${k} += t${k} * d${q} + v${k} * a${q};`)}`;
  };
  const unitLoop = (from: string, to: string, gate: string) => `
    for (var j = ${from}; j < ${to}; j++) {
      ${sharedVectors('w', counts.vectors, lanes, (c) => `hidden[j * VECTORS + ${c}]`)}
      ${each(outputs, (k) => `let v${k} = readout[${u32(k)} * HIDDEN + j];`)}
      ${
        options.difference
          ? `${sharedVectors('s', counts.vectors, lanes, (c) => `start_weights[origin_base + j * VECTORS + ${c}]`)}
      ${each(outputs, (k) => `let t${k} = start_readout(origin_base, ${u32(k)} * HIDDEN + j);`)}`
          : ''
      }
      ${each(samples, (q) => `${(options.difference ? difference : ordinary)(q)}\n      ${gate.replaceAll('$', String(q))}`)}
    }`;
  const loops =
    backward === 'gates'
      ? `for (var word = 0u; word < GATE_WORDS; word++) {
      ${each(samples, (q) => `var m${q} = 0u;`)}
      ${unitLoop('word * 32u', 'min(word * 32u + 32u, UNITS)', 'm$ |= select(0u, 1u << (j & 31u), z$ > 0.0);')}
      ${each(samples, (q) => `gates[word * PADDED_SAMPLES + first_sample + ${u32(q)}] = m${q};`)}
    }`
      : unitLoop('0u', 'UNITS', '');
  const scale = f32(output.scale * factor);
  return `
    ${each(samples, (q) =>
      each(
        outputs,
        (k) => `var f${q}_${k} = ${bias ? `${f32(output.biasInput)} * readout[${u32(k)} * HIDDEN + UNITS]` : '0.0'};`,
      ),
    )}
    ${loops}
    ${each(samples, (q) =>
      each(outputs, (k) => `errors[${u32(k)} * PADDED_SAMPLES + first_sample + ${u32(q)}] = ${scale} * f${q}_${k};`),
    )}
    // A loop over memory, not unrolled: the loss is long, and its share of the work small.
    for (var q = 0u; q < ${u32(samples)}; q++) {
      let p = first_sample + q;
      ${miniBatch ? 'let row = min(picks[p], ROWS - 1u);' : ''}
      ${sampleStatements(
        { training: options.training, outputDim: outputs },
        {
          p: 'p',
          f: (k) => `errors[${u32(k)} * PADDED_SAMPLES + p]`,
          origin: (k) => (miniBatch ? `origin_of(network, row, ${u32(k)}, net)` : `origins[${u32(k)} * PADDED_SAMPLES + p]`),
          goal: (k) => (miniBatch ? `goal_of(row, ${u32(k)})` : `goals[${u32(k)} * PADDED_SAMPLES + p]`),
          ragged: counts.paddedSamples !== options.batchSamples,
        },
        (k, value) => `errors[${u32(k)} * PADDED_SAMPLES + p] = ${value};`,
        `MOTION * ${scale}`,
      )}
    }`;
}

/** Runs `body` for each element that the thread owns: vectors of the hidden matrix and scalars of the readout. */
function ownElements(geometry: ShallowGeometry, body: (kind: Element['kind'], c: string) => string): string {
  return `
    for (var block = 0u; block < UNIT_BLOCKS; block++) {
      for (var q = 0u; q < ${u32(geometry.unitsPerLane)}; q++) {
        let unit = (block * LANES + lane) * ${u32(geometry.unitsPerLane)} + q;
        if (unit < TRAINED_UNITS) {
          for (var c = 0u; c < VECTORS; c++) { ${body('vector', 'c')} }
          for (var c = 0u; c < OUTPUTS; c++) { ${body('scalar', 'c')} }
        }
      }
    }`;
}

/** The training kernel of a one-hidden-layer network. Entry point `train`. */
export function shallowKernel(options: TrainingOptions, geometry: ShallowGeometry): string {
  const { shape, layout, training } = options;
  const counts = countsOf(options, geometry);
  const tableau = tableauOf(training);
  const backward = backwardOf(options);
  const outputs = shape.outputDim;
  const miniBatch = isMiniBatch(training);
  const hoisted = counts.sampleBlocks === 1 && !miniBatch;

  const inputs = loadInputs(geometry, counts, miniBatch);
  const evaluate = `
    part = vec4f(0.0);
    ${
      miniBatch
        ? `for (var p = lane; p < PADDED_SAMPLES; p += LANES) { picks[p] = batch_sample(state.attempts, p, net.seed, ROWS); }
    workgroupBarrier();`
        : ''
    }
    ${
      hoisted
        ? forward(options, geometry, counts, backward)
        : `for (var block = 0u; block < SAMPLE_BLOCKS; block++) {
      let first_sample = (block * LANES + lane) * ${u32(geometry.samplesPerLane)};
      ${inputs}
      ${forward(options, geometry, counts, backward)}
    }`
    }
    parts[lane] = part;
    workgroupBarrier();`;

  const place = (kind: Element['kind'], c: string): Element => {
    const here = kind === 'vector' ? `hidden[unit * VECTORS + ${c}]` : `readout[${c} * HIDDEN + unit]`;
    return {
      kind,
      here,
      assign: (value) => `${here} = ${value};`,
      at: (base, buffer) =>
        kind === 'vector'
          ? `${buffer}[${base} + unit * VECTORS + ${c}]`
          : `${buffer}[${base} + (${u32(layout.matrices[1].offset)} + ${c} * HIDDEN + unit) / 4u][unit % 4u]`,
    };
  };
  const structure: Structure = {
    evaluate,
    eachGradient: (use) => `
    ${
      geometry.subgroups
        ? each(geometry.samplesPerLane, (q) =>
            each(outputs, (k) => `let e${q}_${k} = errors[${u32(k)} * PADDED_SAMPLES + first_sample + ${u32(q)}];`),
          )
        : ''
    }
    for (var block = 0u; block < UNIT_BLOCKS; block++) {
      let first_unit = (block * LANES + lane) * ${u32(geometry.unitsPerLane)};
      ${(geometry.subgroups ? gradientBySubgroup : gradient)(options, geometry, counts, backward)}
      ${each(
        geometry.unitsPerLane,
        (q) => `
      if (first_unit + ${u32(q)} < TRAINED_UNITS) {
        let unit = first_unit + ${u32(q)};
        ${each(counts.vectors, (c) => use({ value: `g${q}_${c}`, ...place('vector', u32(c)) }))}
        ${each(outputs, (k) => use({ value: `r${q}_${k}`, ...place('scalar', u32(k)) }))}
      }`,
      )}
    }`,
    eachElement: (use) => ownElements(geometry, (kind, c) => use(place(kind, c))),
    eachSample: (use) => `
    for (var block = 0u; block < SAMPLE_BLOCKS; block++) {
      for (var q = 0u; q < ${u32(geometry.samplesPerLane)}; q++) {
        let p = (block * LANES + lane) * ${u32(geometry.samplesPerLane)} + q;
        if (p < SAMPLES) { ${use('p')} }
      }
    }`,
    trialBarrier: 'workgroupBarrier();',
    inPlace: false,
    fromStart: options.difference,
  };

  return wgsl`
#if ${geometry.subgroups}
enable subgroups;
#endif
${preamble(options, geometry.lanes, false)}
${geometry.subgroups ? laneSum(geometry.lanes) : ''}
${tableau === null ? '' : tableauWgsl(tableau)}
const VECTORS = ${u32(counts.vectors)};
const ROWS = ${u32(options.samples)};
const UNITS = ${u32(shape.width)};
const TRAINED_UNITS = ${u32(shape.width + (shape.biasScale > 0 ? 1 : 0))};
const HIDDEN = ${u32(layout.hiddenStride)};
const PADDED_SAMPLES = ${u32(counts.paddedSamples)};
const SAMPLE_BLOCKS = ${u32(counts.sampleBlocks)};
const UNIT_BLOCKS = ${u32(counts.unitBlocks)};
const GATE_WORDS = ${u32(counts.words)};

// hidden: (hiddenStride, inputStride); readout: (outputDim, hiddenStride); errors: (outputDim, padded samples).
var<workgroup> hidden: array<vec4f, ${u32((layout.hiddenStride * layout.inputStride) / 4)}>;
var<workgroup> readout: array<f32, ${u32(outputs * layout.hiddenStride)}>;
var<workgroup> errors: array<f32, ${u32(outputs * counts.paddedSamples)}>;
var<workgroup> parts: array<vec4f, LANES>;
var<workgroup> norms: array<vec4f, LANES>;
var<workgroup> verdict: u32;
#if ${backward === 'gates'}
var<workgroup> gates: array<u32, ${u32(counts.paddedSamples * counts.words)}>;
#endif
#if ${miniBatch}
var<workgroup> picks: array<u32, ${u32(counts.paddedSamples)}>;
#else
// Targets and α·c·f₀ of the whole batch, (outputDim, padded samples): fixed for the dispatch.
var<workgroup> goals: array<f32, ${u32(outputs * counts.paddedSamples)}>;
var<workgroup> origins: array<f32, ${u32(outputs * counts.paddedSamples)}>;
#endif

// y of output c for row p of the training set; targets follow the inputs, (outputDim, OUTPUT_STRIDE).
fn goal_of(p: u32, c: u32) -> f32 {
  let word = c * OUTPUT_STRIDE + p;
  return train_set[ROWS * VECTORS + word / 4u][word % 4u];
}

// α·c·f₀ of output c for row p.
fn origin_of(network: u32, p: u32, c: u32, net: Network) -> f32 {
  return net.output_scale * net.centred * outputs[output_place(network, ${u32(OUTPUT_SECTIONS.start)}, c, p)];
}

#if ${options.difference}
// Output weight of the start, \`place\` in (outputDim, hiddenStride); origin: first vec4 of the start's weights.
fn start_readout(origin: u32, place: u32) -> f32 {
  let word = ${u32(layout.matrices[1].offset)} + place;
  return start_weights[origin + word / 4u][word % 4u];
}
#endif

@compute @workgroup_size(LANES)
fn train(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
#if ${geometry.subgroups}
  @builtin(subgroup_invocation_id) sid: u32,
#endif
) {
  let unit_of_span = group_index(group, groups);
  if (unit_of_span >= span.count) { return; }
  let network = span.first + unit_of_span;
  let net = network_of(network);
  let base = network * WEIGHT_VECTORS;
#if ${options.difference}
  let origin_base = net.start * WEIGHT_VECTORS;
#endif
  var state = load_progress(network);
  var part = vec4f(0.0);
#if ${!miniBatch}
  // Each thread fills what its own samples need: no barrier.
  for (var block = 0u; block < SAMPLE_BLOCKS; block++) {
    for (var q = 0u; q < ${u32(geometry.samplesPerLane)}; q++) {
      let p = (block * LANES + lane) * ${u32(geometry.samplesPerLane)} + q;
      let row = min(p, ROWS - 1u);
      for (var c = 0u; c < OUTPUTS; c++) {
        goals[c * PADDED_SAMPLES + p] = goal_of(row, c);
        origins[c * PADDED_SAMPLES + p] = origin_of(network, row, c, net);
      }
    }
  }
#endif
#if ${hoisted}
  let first_sample = lane * ${u32(geometry.samplesPerLane)};
  ${inputs}
#endif
  ${training.method === 'flow' ? flowFrame(options, structure) : descentFrame(options, structure)}
}
`;
}
