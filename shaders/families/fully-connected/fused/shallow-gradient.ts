// The backward phase of the shallow fused kernel, in its two forms: threads own hidden units, or keep to their
// samples and add by shuffles.

import { sharedVectors } from '../../../lib/shared-vectors.ts';
import { each, isMiniBatch } from '../../../lib/training/head.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type Backward, type ShallowCounts, type ShallowGeometry, wholeWeights } from './shallow-counts.ts';

/** Gradient of the thread's units of one block into g<q>_<c> (hidden) and r<q>_<k> (readout). */
export function gradient(options: TrainingOptions, geometry: ShallowGeometry, counts: ShallowCounts, backward: Backward): string {
  const { shape, layout, training } = options;
  const units = geometry.unitsPerLane;
  const outputs = shape.outputDim;
  const whole = wholeWeights(options);
  const row = isMiniBatch(training) ? 'picks[p]' : 'p';
  const inputs = each(counts.vectors, (c) => `let x${c} = train_set[${row} * VECTORS + ${u32(c)}];`);
  const errors = each(outputs, (k) => `let e${k} = errors[${u32(k)} * PADDED_SAMPLES + p];`);
  const own = each(
    units,
    (q) => `
      let unit${q} = min(first_unit + ${u32(q)}, HIDDEN - 1u);
      ${each(counts.vectors, (c) => `let w${q}_${c} = ${whole.hidden(`unit${q} * VECTORS + ${u32(c)}`)};`)}
      ${each(outputs, (k) => `let v${q}_${k} = ${whole.readout(k, `unit${q}`)};`)}`,
  );
  if (backward === 'linear') {
    return `
      ${own}
      ${each(counts.vectors, (c) => `var sum${c} = vec4f(0.0);`)}
      for (var p = 0u; p < SAMPLES; p++) {
        ${inputs}
        ${errors}
        ${each(counts.vectors, (c) => `sum${c} += e0 * x${c};`)}
      }
      ${each(
        units,
        (q) => `
      ${each(counts.vectors, (c) => `let g${q}_${c} = (net.hidden_rate * v${q}_0) * sum${c};`)}
      let r${q}_0 = net.output_rate * (${each(counts.vectors, (c) => `dot(w${q}_${c}, sum${c})`, ' + ')});`,
      )}`;
  }
  if (backward === 'gates') {
    return `
      ${own}
      ${each(units, (q) => each(counts.vectors, (c) => `var sum${q}_${c} = vec4f(0.0);`))}
      let gate_word = min(first_unit / 32u, GATE_WORDS - 1u) * PADDED_SAMPLES;
      let gate_bit = first_unit & 31u;
      for (var p = 0u; p < SAMPLES; p++) {
        ${inputs}
        ${errors}
        let m = gates[gate_word + p] >> gate_bit;
        ${each(
          units,
          (q) => `
        let s${q} = select(0.0, e0, (m & ${u32(2 ** q)}) != 0u);
        ${each(counts.vectors, (c) => `sum${q}_${c} += s${q} * x${c};`)}`,
        )}
      }
      ${each(
        units,
        (q) => `
      ${each(counts.vectors, (c) => `let g${q}_${c} = (net.hidden_rate * v${q}_0) * sum${q}_${c};`)}
      let r${q}_0 = net.output_rate * (${each(counts.vectors, (c) => `dot(w${q}_${c}, sum${q}_${c})`, ' + ')});`,
      )}`;
  }
  const bias = shape.biasScale > 0;
  const constant = f32(layout.matrices[1].biasInput);
  return `
      ${own}
      ${each(
        units,
        (q) => `
      let live${q} = select(0.0, 1.0, first_unit + ${u32(q)} < UNITS);
      ${bias ? `let constant${q} = select(0.0, ${constant}, first_unit + ${u32(q)} == UNITS);` : ''}
      ${each(counts.vectors, (c) => `var sum${q}_${c} = vec4f(0.0);`)}
      ${each(outputs, (k) => `var read${q}_${k} = 0.0;`)}`,
      )}
      for (var p = 0u; p < SAMPLES; p++) {
        ${inputs}
        ${errors}
        ${each(
          units,
          (q) => `
        let b${q} = act_both(${each(counts.vectors, (c) => `dot(w${q}_${c}, x${c})`, ' + ')});
        let a${q} = ${bias ? `live${q} * b${q}.x + constant${q}` : `b${q}.x`};
        ${each(outputs, (k) => `read${q}_${k} += e${k} * a${q};`)}
        let s${q} = b${q}.y * (${outputs === 1 ? 'e0' : each(outputs, (k) => `e${k} * v${q}_${k}`, ' + ')});
        ${each(counts.vectors, (c) => `sum${q}_${c} += s${q} * x${c};`)}`,
        )}
      }
      ${each(
        units,
        (q) => `
      ${each(counts.vectors, (c) => `let g${q}_${c} = (net.hidden_rate * ${outputs === 1 ? `v${q}_0 * ` : ''}live${q}) * sum${q}_${c};`)}
      ${each(outputs, (k) => `let r${q}_${k} = net.output_rate * read${q}_${k};`)}`,
      )}`;
}

/** The same for one unit per thread (q = 0), every thread adding its samples' share for all units in turn. */
export function gradientBySubgroup(
  options: TrainingOptions,
  geometry: ShallowGeometry,
  counts: ShallowCounts,
  backward: Backward,
): string {
  const { shape, layout } = options;
  const samples = geometry.samplesPerLane;
  const outputs = shape.outputDim;
  const bias = shape.biasScale > 0;
  const recompute = backward === 'recompute';
  const whole = wholeWeights(options);
  const share = (q: number): string => {
    if (!recompute) return `let s${q} = select(0.0, e${q}_0, (m${q} & bit) != 0u);`;
    return `let b${q} = act_both(${each(counts.vectors, (c) => `dot(w${c}, x${q}_${c})`, ' + ')});
          let a${q} = ${bias ? `select(b${q}.x, ${f32(layout.matrices[1].biasInput)}, j == UNITS)` : `b${q}.x`};
          ${each(outputs, (k) => `read_${k} += e${q}_${k} * a${q};`)}
          let s${q} = b${q}.y * (${each(outputs, (k) => (outputs === 1 ? `e${q}_0` : `e${q}_${k} * v${k}`), ' + ')});`;
  };
  return `
      ${each(counts.vectors, (c) => `var mine_${c} = vec4f(0.0);`)}
      ${each(recompute ? outputs : 0, (k) => `var mine_read_${k} = 0.0;`)}
      ${recompute ? '' : each(samples, (q) => `let m${q} = gates[(block * LANES / 32u) * PADDED_SAMPLES + first_sample + ${u32(q)}];`)}
      for (var i = 0u; i < LANES; i++) {
        let j = min(block * LANES + i, TRAINED_UNITS - 1u);
        ${
          recompute
            ? sharedVectors('w', counts.vectors, geometry.lanes, (c) => whole.hidden(`j * VECTORS + ${c}`))
            : 'let bit = 1u << (j & 31u);'
        }
        ${recompute && outputs > 1 ? each(outputs, (k) => `let v${k} = ${whole.readout(k, 'j')};`) : ''}
        ${each(counts.vectors, (c) => `var sum_${c} = vec4f(0.0);`)}
        ${each(recompute ? outputs : 0, (k) => `var read_${k} = 0.0;`)}
        ${each(
          samples,
          (q) => `${share(q)}
          ${each(counts.vectors, (c) => `sum_${c} += s${q} * x${q}_${c};`)}`,
        )}
        let own = lane == i;
        ${each(counts.vectors, (c) => `mine_${c} = select(mine_${c}, lane_sum4(sum_${c}), own);`)}
        ${each(recompute ? outputs : 0, (k) => `mine_read_${k} = select(mine_read_${k}, lane_sum4(vec4f(read_${k})).x, own);`)}
      }
      let unit0 = min(first_unit, HIDDEN - 1u);
      ${recompute && bias ? 'let live = select(0.0, 1.0, first_unit < UNITS);' : ''}
      let factor0 = net.hidden_rate${outputs === 1 ? ` * ${whole.readout(0, 'unit0')}` : ''}${recompute && bias ? ' * live' : ''};
      ${each(counts.vectors, (c) => `let g0_${c} = factor0 * mine_${c};`)}
      ${
        recompute
          ? each(outputs, (k) => `let r0_${k} = net.output_rate * mine_read_${k};`)
          : `let r0_0 = net.output_rate * (${each(counts.vectors, (c) => `dot(${whole.hidden(`unit0 * VECTORS + ${u32(c)}`)}, mine_${c})`, ' + ')});`
      }`;
}

/** Sum over the lanes of a workgroup that is one subgroup, in a fixed order; all lanes get the same. */
export function laneSum(lanes: number): string {
  const distances = Array.from({ length: Math.log2(lanes) }, (_, k) => 2 ** k);
  return `
fn lane_sum4(value: vec4f) -> vec4f {
  var sum = value;
  ${distances.map((distance) => `sum += subgroupShuffleXor(sum, ${u32(distance)});`).join('\n  ')}
  return sum;
}`;
}
