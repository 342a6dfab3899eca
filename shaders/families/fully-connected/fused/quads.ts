// The loss of four samples at once, for the deep kernel: the vec4 twin of `sampleStatements` in common.ts.

import { each, OUTPUT_SECTIONS } from '../../../lib/training/head.ts';
import { u32 } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';

/**
 * Statements that turn raw outputs `f(c)` (vec4f) of quad `quad` into bookkeeping in `part` and cotangents.
 * `declare` opens the cotangent's variable, `store` gives it its value (zero for samples beyond the batch).
 */
export function quadStatements(
  options: TrainingOptions,
  names: { readonly f: (c: number) => string; readonly quad: string; readonly miniBatch: boolean },
  store: (c: number, value: string) => string,
  declare: (c: number) => string,
): string {
  const { outputDim } = options.shape;
  const flow = options.training.method === 'flow';
  const lastQuad = u32(options.outputStride / 4 - 1);
  const section = (name: keyof typeof OUTPUT_SECTIONS, c: number, quad: string) =>
    `outputs[output_place(network, ${u32(OUTPUT_SECTIONS[name])}, ${u32(c)}, ${quad})]`;
  const gathered = (make: (row: string) => string) => `vec4f(${each(4, (i) => make(`rows[${i}]`), ', ')})`;
  const startOf = (c: number) =>
    names.miniBatch ? gathered((row) => `${section('start', c, `${row} / 4u`)}[${row} % 4u]`) : section('start', c, 'kept');
  const targetOf = (c: number) => {
    const row = u32(options.layout.inputStride + c);
    return names.miniBatch
      ? gathered((r) => `train_set[${row} * SET_QUADS + ${r} / 4u][${r} % 4u]`)
      : `train_set[${row} * SET_QUADS + ${names.quad}]`;
  };
  return `
        ${each(outputDim, declare)}
        {
        let kept = min(${names.quad}, ${lastQuad});
        ${names.miniBatch ? `let rows = batch_rows(${names.quad}, state.attempts, net.seed);` : ''}
        let live = vec4u(4u * ${names.quad}) + vec4u(0u, 1u, 2u, 3u) < vec4u(SAMPLES);
        ${each(outputDim, (c) => `let predicted_${c} = net.output_scale * (${names.f(c)} - net.centred * ${startOf(c)});`)}
        let predictions = array<vec4f, OUTPUTS>(${each(outputDim, (c) => `predicted_${c}`, ', ')});
        let goals = array<vec4f, OUTPUTS>(${each(outputDim, targetOf, ', ')});
        let slope = sample_slope4(predictions, goals);
        let cost = select(vec4f(0.0), sample_loss4(predictions, goals), live);
        let unmet = select(vec4f(0.0), vec4f(1.0), live & (sample_margin4(predictions, goals) < vec4f(1.0)));
        part.x += cost.x + cost.y + cost.z + cost.w;
        part.y += unmet.x + unmet.y + unmet.z + unmet.w;
        ${each(
          outputDim,
          (c) => `
        part.w += dot(select(vec4f(0.0), abs(predicted_${c}), live), vec4f(1.0));
        ${
          flow
            ? `let jump_${c} = select(vec4f(0.0), abs(predicted_${c} - ${section('accepted', c, 'kept')}), live);
        part.z = max(part.z, max(max(jump_${c}.x, jump_${c}.y), max(jump_${c}.z, jump_${c}.w)));
        if (any(live)) { ${section('trial', c, names.quad)} = predicted_${c}; }`
            : ''
        }
        ${store(c, `select(vec4f(0.0), MOTION * slope[${c}], live)`)}`,
        )}
        }`;
}
