// Folds workgroups into two dimensions and encodes passes. Compiles nothing: see kernels.ts.

import type { CompiledPass } from './kernels.ts';

/** WebGPU's guaranteed number of workgroups per dimension. */
export const DEFAULT_GROUPS_PER_DIMENSION = 65_535;

/**
 * The grid (x, y) for at least `groups` workgroups: fewest rows y, then shortest rows x, so fewer than y groups are
 * in excess. The shader unfolds it by `group_index` (core/program.ts) and guards its range.
 * @param groups Workgroups wanted, an integer ≥ 0; 0 gives (0, 0), a dispatch that does nothing.
 * @param most The device's `maxComputeWorkgroupsPerDimension`.
 * @throws RangeError beyond most².
 */
export function foldWorkgroups(groups: number, most: number = DEFAULT_GROUPS_PER_DIMENSION): readonly [x: number, y: number] {
  if (!Number.isInteger(groups) || groups < 0) throw new RangeError(`dispatch: workgroups must be an integer ≥ 0, got ${groups}`);
  if (groups === 0) return [0, 0];
  const y = Math.ceil(groups / most);
  if (y > most) throw new RangeError(`dispatch: workgroups must be at most ${most} × ${most}, got ${groups}. Use smaller spans.`);
  return [Math.ceil(groups / y), y];
}

/**
 * Encodes one dispatch into an open compute pass. Dispatches of one compute pass see each other's writes in order.
 * @param spanOffset Where the span of this dispatch stands in the span buffer, bytes: what `Spans.put` returned.
 * @param count Units of the span: networks, cells or starts.
 */
export function encodePass(
  encoder: GPUComputePassEncoder,
  compiled: CompiledPass,
  group: GPUBindGroup,
  spanOffset: number,
  count: number,
): void {
  const [x, y] = foldWorkgroups(compiled.pass.workgroups(count), compiled.maxGroups);
  if (x === 0) return;
  encoder.setPipeline(compiled.pipeline);
  encoder.setBindGroup(0, group, [spanOffset]);
  encoder.dispatchWorkgroups(x, y);
}
