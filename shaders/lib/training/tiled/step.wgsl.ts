// The elementwise passes around the products of a step: the trial weights of a flow, the norms of its slopes, and taking a trial.
// What is decided in between stands in decide.wgsl.ts.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { steppingWgsl } from '../../stepping.wgsl.ts';
import { needsStart, OUTPUT_SECTIONS, slopeCount, tableauOf } from '../head.ts';
import { MODE, NETWORKS_BINDING, networkWord, progressWord, TURN, tiledPass } from './pass.ts';
import { outputWords, TILED, type TiledGeometry, type TiledSizes } from './sizes.ts';
import { presentBlock, presentSlope } from './weights.ts';

/** vec4s that a workgroup of an elementwise pass handles. */
const VECTORS_PER_GROUP = 1024;
const MOST_LANES = 64;

/**
 * Statements that run over the vec4s of one network, `v` being the vec4. Workgroups are as large as those of the products: small
 * where an adapter's threads take turns, so that a barrier among them is dear.
 */
export function eachVector(
  { threadRows, threadColumns }: TiledGeometry,
  vectors: number,
  body: string,
): { lanes: number; groups: number; body: string } {
  const lanes = Math.min(MOST_LANES, threadRows * threadColumns);
  const [from, to] = ['part', '(part + 1u)'].map((group) => `${group} * ${u32(VECTORS_PER_GROUP)}`);
  return {
    lanes,
    groups: Math.ceil(vectors / VECTORS_PER_GROUP),
    body: `
  for (var v = ${from} + lane; v < min(${to}, ${u32(vectors)}); v += ${u32(lanes)}) {
    ${body}
  }`,
  };
}

/** W − step · Σ_j a_j slope_j for the present stage; before the first evaluation W itself. */
export function trialPass(sizes: TiledSizes): Pass {
  const { options } = sizes;
  const { layout, training } = options;
  const tableau = tableauOf(training);
  if (tableau === null) throw new Error('trial: expected a flow');
  const words = u32(layout.words / 4);
  const slope = (row: readonly number[]) =>
    row
      .map((weight, j) => (weight === 0 ? '' : `${f32(weight)} * slopes[slopes0 + ${u32(j)} * ${words} + v]`))
      .filter((term) => term !== '')
      .join(' + ');
  const starts = sizes.blocks === 1 ? 'state.stage == 0u' : `state.stage == 0u && ${presentBlock(sizes)} == 0u`;
  const frame = eachVector(
    sizes.geometry,
    layout.words / 4,
    `
    var slope = vec4f(0.0);
    switch (state.stage) {
      ${tableau.stages.map((row, s) => `case ${u32(s)}: { slope = ${slope(row)}; }`).join('\n      ')}
      default: {}
    }
    trial[local * ${words} + v] = weights[network * ${words} + v] - step * slope;`,
  );
  return tiledPass({
    label: 'trial',
    bindings: [
      // Written by nobody here, but lib/stepping has a function that would.
      { buffer: 'progress', name: 'progress', type: 'u32', write: true },
      { buffer: 'weights', name: 'weights', type: 'vec4f' },
      { buffer: 'slopes', name: 'slopes', type: 'vec4f' },
      { buffer: TILED.trial, name: 'trial', type: 'vec4f', write: true },
    ],
    declarations: steppingWgsl(training),
    lanes: frame.lanes,
    groups: frame.groups,
    gate: 'at work',
    body: `
  let state = load_progress(network);
  let attempted = select(state.attempted, attempted_step(state, span.horizon), ${starts});
  let step = select(0.0, attempted, state.primed != 0u);
  let slopes0 = network * ${u32((slopeCount(training) * layout.words) / 4)};
  ${frame.body}`,
  });
}

/** Workgroups of the norms pass. */
export function normGroups({ options, geometry }: TiledSizes): number {
  return eachVector(geometry, options.layout.words / 4, '').groups;
}

/** Squared norms after the last block: slope; its change (euler), or the local error without its step; distance moved. */
export function normsPass(sizes: TiledSizes): Pass {
  const { options, blocks } = sizes;
  const { layout, training } = options;
  const tableau = tableauOf(training);
  if (tableau === null) throw new Error('norms: expected a flow');
  const words = u32(layout.words / 4);
  const rungeKutta = needsStart(training);
  const slope = (j: number) => `slopes[slopes0 + ${u32(j)} * ${words} + v]`;
  const wrong = tableau.error
    .map((weight, j) => (weight === 0 ? '' : `${f32(weight)} * ${slope(j)}`))
    .filter((term) => term !== '')
    .join(' + ');
  const frame = eachVector(
    sizes.geometry,
    layout.words / 4,
    `
    let gradient = slopes[slope0 + v];
    norm.x += dot(gradient, gradient);
    ${
      rungeKutta
        ? `if (last_stage) {
      let wrong = ${wrong};
      let moved = weights[network * ${words} + v]${options.difference ? '' : ' - start_weights[start0 + v]'};
      norm.y += dot(wrong, wrong);
      norm.z += dot(moved, moved);
    }`
        : `let turned = ${slope(0)} - gradient;
    norm.y += dot(turned, turned);`
    }`,
  );
  return tiledPass({
    label: 'norms',
    bindings: [
      NETWORKS_BINDING,
      { buffer: 'slopes', name: 'slopes', type: 'vec4f' },
      { buffer: TILED.norms, name: 'norms', type: 'vec4f', write: true },
      ...(rungeKutta
        ? ([
            { buffer: 'weights', name: 'weights', type: 'vec4f' },
            ...(options.difference ? [] : ([{ buffer: 'startWeights', name: 'start_weights', type: 'vec4f' }] as const)),
          ] as const)
        : []),
    ],
    declarations: `var<workgroup> lane_norms: array<vec4f, ${u32(frame.lanes)}>;`,
    lanes: frame.lanes,
    groups: frame.groups,
    gate: 'at work',
    body: `
  ${blocks === 1 ? '' : `if (${presentBlock(sizes)} != ${u32(blocks - 1)}) { return; }`}
  let slopes0 = network * ${u32((slopeCount(training) * layout.words) / 4)};
  let slope0 = ${presentSlope(sizes)};
  ${
    rungeKutta
      ? `let last_stage = ${progressWord(PROGRESS.privateFrom)} == ${u32(tableau.stages.length - 1)};
  let start0 = ${networkWord('start')} * ${words};`
      : ''
  }
  var norm = vec4f(0.0);
  ${frame.body}
  lane_norms[lane] = norm;
  workgroupBarrier();
  if (lane == 0u) {
    var sum = vec4f(0.0);
    for (var l = 0u; l < ${u32(frame.lanes)}; l++) { sum += lane_norms[l]; }
    norms[local * ${u32(frame.groups)} + part] = sum;
  }`,
  });
}

/** Makes the trial the network's point: weights, first slope, outputs. */
export function takePass(sizes: TiledSizes): Pass {
  const { options } = sizes;
  const { layout, training } = options;
  const vectors = layout.words / 4;
  const outputVectors = outputWords(options) / 3 / 4;
  const section = (name: keyof typeof OUTPUT_SECTIONS) => u32(OUTPUT_SECTIONS[name] * outputVectors);
  const frame = eachVector(
    sizes.geometry,
    vectors + outputVectors,
    `
    if (v >= ${u32(vectors)}) {
      let place = outputs0 + v - ${u32(vectors)};
      outputs[place + ${section('accepted')}] = outputs[place + ${section('trial')}];
    } else if (taken) {
      weights[network * ${u32(vectors)} + v] = trial[local * ${u32(vectors)} + v];
      slopes[slopes0 + v] = slopes[slopes0 + ${u32((slopeCount(training) - 1) * vectors)} + v];
    }`,
  );
  return tiledPass({
    label: 'take',
    bindings: [
      { buffer: TILED.trial, name: 'trial', type: 'vec4f' },
      { buffer: 'weights', name: 'weights', type: 'vec4f', write: true },
      { buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true },
      { buffer: 'outputs', name: 'outputs', type: 'vec4f', write: true },
    ],
    lanes: frame.lanes,
    groups: frame.groups,
    gate: 'decided',
    body: `
  let taken = ${progressWord(TURN.mode)} == ${u32(MODE.take)};
  let slopes0 = network * ${u32(slopeCount(training) * vectors)};
  let outputs0 = network * ${u32(outputWords(options) / 4)};
  ${frame.body}`,
  });
}
