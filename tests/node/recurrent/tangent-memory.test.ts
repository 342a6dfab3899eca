// Tangent kernels of circuits keep to the workgroup memory that every device has, however long the trials and however much is asked.

import { expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { batchOf, planSweep } from '../../../src/engine/plan.ts';

const GUARANTEED = {
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
  lanes: 32,
  subgroupSize: 0,
};
const BYTES: Readonly<Record<string, number>> = { u32: 4, f32: 4, vec2f: 8, vec4f: 16 };

/** Bytes of the `var<workgroup>` declarations in a shader. */
function workgroupBytes(code: string): number {
  const declared = [...code.matchAll(/var<workgroup> \w+: (?:array<(\w+), (\d+)>|(\w+));/g)];
  expect(declared.length).toBe(code.split('var<workgroup>').length - 1);
  return declared.reduce((sum, [, element, count, single]) => sum + BYTES[element ?? single] * Number(count ?? 1), 0);
}

test.each([
  [3, 1],
  [3, 8],
  [64, 4],
  [64, 16],
  [300, 2],
])('%i units, steps in time cut in %i', async (width, timeStepMultiplier) => {
  const json = {
    version: 1,
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [{ parameter: 'gain', values: [1] }],
    fixed: { width, samples: 4, testSamples: 4, probeSamples: 8, kernelTrials: 4, timeStepMultiplier },
    seeds: 1,
    training: { method: 'descent', maxTime: 1, checkpoints: 1 },
    observables: ['kernelAlignment', 'decisionKernelAlignment', 'kernelDistance', 'centredKernelDistance', 'kernelTrace'],
  };
  const sweep = parseSweep(json, catalog);
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const [bucket] = plan.buckets;
  const batch = batchOf(plan, bucket, await plan.task.load(bucket.taskValues, sweep.task.settings));
  const terms = plan.observables.flatMap((observable) => observable.terms ?? []);
  const [{ measurements }] = plan.family.programs(batch, terms, GUARANTEED);
  const kernels = measurements.flatMap(({ passes }) => passes).filter(({ label }) => label.includes('tangent kernel'));
  expect(kernels.length).toBeGreaterThan(0);
  for (const { label, code } of kernels) expect(workgroupBytes(code), label).toBeLessThanOrEqual(16_384);
});
