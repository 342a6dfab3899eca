// Puts the kernels of the domains of structure together: one Measurement for the output Gram matrix,
// balance, hidden units and map.

import type { Domain } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { outputGramPass } from '../../../lib/measure/output-gram.wgsl.ts';
import type { Assembly } from './assembly.ts';
import { balanceKernels } from './balance.wgsl.ts';
import { outputWords } from './common.ts';
import { currentOutputsPass } from './difference-outputs.wgsl.ts';
import { type OutputsSet, outputsPass, setBuffer } from './outputs.wgsl.ts';
import {
  directionData,
  hiddenUnitsPass,
  type MapBuffers,
  mapInputs,
  mapPass,
  mapSamples,
  teacherData,
} from './structure.wgsl.ts';

const DIRECTION = 'measureDirection';
const MAP_INPUTS = 'measureMapInputs';
const MAP: MapBuffers = { outputs: 'measureMap', startOutputs: 'startMap', teacher: 'measureTeacher' };

/** Declares the map's buffers, prepares it at the starts and returns the pass that makes it of networks. */
function mapOutputs({ options, sizes, buffers, prepare }: Assembly): Pass {
  const { shape, data } = options;
  const samples = mapSamples(shape);
  const words = outputWords(shape, samples);
  const teacher = teacherData(shape, data);
  const inputs = mapInputs(shape, sizes.inputRows);
  buffers.push(
    { name: MAP_INPUTS, scope: 'shared', words: inputs.length, data: inputs },
    { name: MAP.teacher, scope: 'shared', words: teacher.length, data: teacher },
    { name: MAP.startOutputs, scope: 'start', words },
    { name: MAP.outputs, scope: 'scratch', words },
  );
  const optionsOf = (when: 'prepare' | 'measure', outputs: string, scratchOutputs: boolean) => {
    const set: OutputsSet = { name: `${outputs}Set`, samples, scratchOutputs, perSpanUnit: 1 };
    buffers.push(setBuffer(sizes, set));
    return { sizes, label: `${when}: outputs on unit vectors`, inputs: MAP_INPUTS, outputs, set };
  };
  prepare.push(outputsPass({ ...optionsOf('prepare', MAP.startOutputs, false), weights: 'startWeights' }));
  return currentOutputsPass(optionsOf('measure', MAP.outputs, true));
}

export function assembleStructure(assembly: Assembly): void {
  const { options, sizes, terms, buffers, measurements } = assembly;
  const { shape, data } = options;
  const summed = [...terms.outputGram, ...terms.balance, ...terms.hiddenUnits, ...terms.map];
  if (summed.length === 0) return;
  const columns = (domain: Domain) => ({ stride: summed.length, offset: summed.findIndex((term) => term.domain === domain) });
  const passes: Pass[] = [];
  if (terms.outputGram.length > 0) passes.push(outputGramPass(terms.outputGram, sizes, columns('outputGram')));
  if (terms.balance.length > 0) {
    const balance = balanceKernels(terms.balance, sizes, columns('balance'));
    buffers.push(...balance.buffers);
    passes.push(...balance.passes);
  }
  if (terms.hiddenUnits.length > 0) {
    const direction = directionData(shape, data);
    buffers.push({ name: DIRECTION, scope: 'shared', words: direction.length, data: direction });
    passes.push(hiddenUnitsPass(terms.hiddenUnits, sizes, DIRECTION, columns('hiddenUnits')));
  }
  if (terms.map.length > 0) passes.push(mapOutputs(assembly), mapPass(terms.map, sizes, MAP, columns('map')));
  measurements.push({ terms: summed.map(({ id }) => ({ id, words: 1 })), per: 'network', passes });
}
