// Sums over trials of the training or test set: losses, margins and sizes of the predictor, from the rates on a tape. A lane
// takes four trials through all steps.

import type { Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { lossWgsl } from '../../../lib/losses.ts';
import { addTerms, type Columns, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from '../../../lib/measure/terms.ts';
import { makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import type { RecurrentOptions } from '../train/options.ts';
import { rateOn, type TrialSet, weightBindings, weightsAt } from './evaluate.wgsl.ts';

export function samplesPass(
  domain: 'train' | 'test',
  terms: readonly Term[],
  options: RecurrentOptions,
  set: TrialSet,
  tape: string,
  columns: Columns,
): Pass {
  const { shape, layout, sequence, loss } = options;
  const { outputs, steps } = shape;
  const { units, matrices } = layout;
  const rate = rateOn('tape', set, units);
  const each = (make: (c: number) => string) => unroll(outputs, make);
  const target = (c: number) =>
    `targets[((q / ${u32(set.quads)} * ${u32(steps)} + t) * ${u32(outputs)} + ${u32(c)}) * ${u32(set.quads)} + q % ${u32(set.quads)}]`;
  const body = `
      var loss = vec4f(0.0);
      var margin = vec4f(0.0);
      var square = vec4f(0.0);
      var product = vec4f(0.0);
      for (var t = 0u; t < ${u32(steps)}; t++) {
        var f = array<vec4f, ${outputs}>();
        var y = array<vec4f, ${outputs}>();
        for (var k = 0u; k < ${u32(units / 4)}; k++) {
          ${unroll(4, (i) => `let h${i} = ${rate('(t + 1u)', `(4u * k + ${u32(i)})`, 'q')};`)}
          ${each(
            (c) => `{ let w = weights[weights0 + ${u32((matrices[2].offset + c * units) / 4)} + k];
          f[${c}] += w.x * h0 + w.y * h1 + w.z * h2 + w.w * h3; }`,
          )}
        }
        ${each((c) => `f[${c}] *= output_scale; y[${c}] = ${target(c)};`)}
        ${each((c) => `square += f[${c}] * f[${c}]; product += f[${c}] * y[${c}];`)}
        let share = step_weights[t];
        if (share != 0.0) { loss += share * sample_loss4(f, y); }
        if (t == ${u32(sequence.decisionStep)}) { margin = sample_margin4(f, y); }
      }
      ${addTerms(terms, { variables: ['loss', 'margin', 'square', 'product'], valid: validBelow('q', set.count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let weights0 = ${weightsAt('now', layout.words, 'unit')};
  let output_scale = bitcast<f32>(networks[unit * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.outputScale)}]);
  var step_weights = array<f32, ${steps}>(${Array.from(sequence.stepWeights, f32).join(', ')});`,
    loops: [{ count: Math.ceil(set.count / 4), name: 'q', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: `measure: sums over ${domain} trials`,
    bindings: [
      ...weightBindings('now'),
      { buffer: tape, name: 'tape', type: 'vec4f' },
      { buffer: `${set.name}Targets`, name: 'targets', type: 'vec4f' },
      SUMS,
    ],
    declarations: `${memory}
${lossWgsl({ loss, beta: 1, outputDim: outputs })}
${termFunctions(domain, terms)}`,
    ...frame,
  });
}
