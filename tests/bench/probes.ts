// Two measures of what an adapter can multiply and add, in GFLOP/s. Neither is "the" peak: the loop measures carried latency,
// the straight line the rate without it. A kernel's share is quoted against both.

/** Independent chains a = a·m + q per invocation. */
const CHAINS = 8;
const LANES = 64;
const GROUPS = 256;

/** Chains start at different numbers and decay towards q/(1−m): finite for ever, and not foldable. */
function probeCode(straight: boolean): string {
  const each = (text: (chain: number) => string) => Array.from({ length: CHAINS }, (_, chain) => text(chain)).join(' ');
  const body = each((chain) => `a${chain} = a${chain} * m + q;`);
  return `
@group(0) @binding(0) var<storage, read_write> sink: array<f32>;
@group(0) @binding(1) var<uniform> settings: vec4f;
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = settings.x;
  let q = settings.y;
  let turns = u32(settings.z);
  ${each((chain) => `var a${chain} = f32(id.x) * 1e-6f + ${chain}.5f;`)}
  for (var turn = 0u; turn < turns; turn++) {
    ${straight ? Array.from({ length: 8 }, () => body).join('\n    ') : body}
  }
  sink[id.x] = ${Array.from({ length: CHAINS }, (_, chain) => `a${chain}`).join(' + ')};
}`;
}

export interface Probe {
  readonly name: 'loop' | 'straight line';
  /** Median GFLOP/s. */
  readonly rate: number;
}

/** Runs both probes on a device of their own. */
export async function probePeaks(repeats: number): Promise<Probe[]> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('bench: expected a WebGPU adapter, got none');
  const device = await adapter.requestDevice({ label: 'bench: probes' });
  const sink = device.createBuffer({ label: 'bench: sink', size: GROUPS * LANES * 4, usage: GPUBufferUsage.STORAGE });
  const settings = device.createBuffer({
    label: 'bench: settings',
    size: 16,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const probes: Probe[] = [];
  for (const straight of [false, true]) {
    const module = device.createShaderModule({ label: 'bench: probe', code: probeCode(straight) });
    const pipeline = await device.createComputePipelineAsync({ label: 'bench: probe', layout: 'auto', compute: { module } });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: sink } },
        { binding: 1, resource: { buffer: settings } },
      ],
    });
    const once = async (turns: number): Promise<number> => {
      device.queue.writeBuffer(settings, 0, new Float32Array([0.999, 0.001, turns, 0]));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(GROUPS);
      pass.end();
      const begin = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - begin;
    };
    // Grow until one dispatch takes long enough to be timed, and no longer: long dispatches lose devices.
    let turns = 64;
    while ((await once(turns)) < 25 && turns < 2 ** 22) turns *= 2;
    const times: number[] = [];
    for (let i = 0; i < repeats; i++) times.push(await once(turns));
    const flop = 2 * CHAINS * (straight ? 8 : 1) * turns * GROUPS * LANES;
    probes.push({ name: straight ? 'straight line' : 'loop', rate: flop / (median(times) * 1e6) });
  }
  device.destroy();
  return probes;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
