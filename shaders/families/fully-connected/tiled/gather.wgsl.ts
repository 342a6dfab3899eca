// The inputs of a step's mini-batch.

import { type Pass, PROGRESS } from '../../../../src/core/program.ts';
import { unroll } from '../../../lib/pass.ts';
import { philoxWgsl } from '../../../lib/philox.wgsl.ts';
import { eachTask, NETWORKS_BINDING, networkWord, progressWord, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { presentBlock } from '../../../lib/training/tiled/weights.ts';
import { u32 } from '../../../wgsl.ts';
import type { FullyConnectedSizes } from '../training-options.ts';

const LANES = 64;
/** Inputs that one thread gathers for its quad of samples. */
const INPUTS_PER_LANE = 32;

/** Copies the inputs of this step's mini-batch: one thread per quad of samples and run of inputs. */
export function gatherPass(sizes: FullyConnectedSizes): Pass {
  const { options, quads, setQuads } = sizes;
  const { layout, samples } = options;
  const tasks = quads * Math.ceil(layout.inputStride / INPUTS_PER_LANE);
  const first = `4u * (${presentBlock(sizes)} * ${u32(quads)} + quad)`;
  return tiledPass({
    label: 'mini-batch',
    bindings: [
      NETWORKS_BINDING,
      { buffer: 'trainSet', name: 'train_set', type: 'f32' },
      { buffer: TILED.batch, name: 'batch', type: 'vec4f', write: true },
    ],
    declarations: philoxWgsl(),
    gate: 'at work',
    ...eachTask(
      tasks,
      LANES,
      `
  let quad = task % ${u32(quads)};
  let input0 = (task / ${u32(quads)}) * ${u32(INPUTS_PER_LANE)};
  let step = ${progressWord(PROGRESS.attempts)};
  let seed = ${networkWord('seed')};
  ${unroll(4, (i) => `let row${i} = batch_sample(step, ${first} + ${u32(i)}, seed, ${u32(samples)});`)}
  for (var i = input0; i < min(input0 + ${u32(INPUTS_PER_LANE)}, ${u32(layout.inputStride)}); i++) {
    let feature = i * ${u32(4 * setQuads)};
    let place = (local * ${u32(layout.inputStride)} + i) * ${u32(quads)} + quad;
    batch[place] = vec4f(${unroll(4, (i) => `train_set[feature + row${i}]`, ', ')});
  }`,
    ),
  });
}
