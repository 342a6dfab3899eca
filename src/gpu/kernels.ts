// Compiles the passes that families declare, once per device, and quotes what a compiler refuses.
// Encodes nothing: see dispatch.ts.

import { reasonOf } from '../core/errors.ts';
import type { Pass } from '../core/program.ts';
import { SPAN_BYTES } from './spans.ts';

/** A shader that did not compile. The message quotes its line. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
  /** 1-based; 0 when the compiler names no place. */
  readonly line: number;
  /** 1-based; 0 when the compiler names no place. */
  readonly column: number;

  constructor(message: string, line = 0, column = 0) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** A `@group(0)` variable of a shader. */
export interface BindingDeclaration {
  readonly binding: number;
  readonly name: string;
  readonly kind: 'uniform' | 'read' | 'read_write';
}

export interface CompiledPass {
  readonly pass: Pass;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** `maxComputeWorkgroupsPerDimension` of the device. */
  readonly maxGroups: number;
  /**
   * Binds the span buffer (dynamic offset) and the buffers that the pass names.
   * @throws Error for a name that is not in `buffers`.
   */
  bind(spans: GPUBuffer, buffers: ReadonlyMap<string, GPUBuffer>): GPUBindGroup;
}

interface Kernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

interface Cache {
  readonly modules: Map<string, Promise<GPUShaderModule>>;
  readonly kernels: Map<string, Promise<Kernel>>;
}

// Keyed weakly: a lost or released device takes its pipelines along.
const caches = new WeakMap<GPUDevice, Cache>();

/**
 * Compiles a pass, or finds it compiled: pipelines are cached per device by source and entry point (the layout follows).
 * @throws ShaderError when WGSL is refused; Error when declarations and `pass.buffers` disagree or exceed a limit.
 */
export async function compilePass(device: GPUDevice, pass: Pass): Promise<CompiledPass> {
  const bindings = checkedBindings(device, pass);
  const { pipeline, layout } = await compileKernel(device, pass, bindings);
  return {
    pass,
    pipeline,
    layout,
    maxGroups: device.limits.maxComputeWorkgroupsPerDimension,
    bind(spans, buffers) {
      const storage = pass.buffers.map((name, at) => {
        const buffer = buffers.get(name);
        if (!buffer) throw new Error(`pass "${pass.label}": no buffer "${name}"; there are ${[...buffers.keys()].join(', ')}`);
        return { binding: at + 1, resource: { buffer } };
      });
      const span = { binding: 0, resource: { buffer: spans, offset: 0, size: SPAN_BYTES } };
      return device.createBindGroup({ label: pass.label, layout, entries: [span, ...storage] });
    },
  };
}

/** Compiles passes side by side, in order. */
export function compilePasses(device: GPUDevice, passes: readonly Pass[]): Promise<CompiledPass[]> {
  return Promise.all(passes.map((pass) => compilePass(device, pass)));
}

/** The `@group(0)` variables that WGSL text declares, in the order of their bindings. Comments do not count. */
export function bindingsOf(code: string): BindingDeclaration[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, ' ');
  const attribute = String.raw`@(?:group|binding)\s*\(\s*\d+u?\s*,?\s*\)\s*`;
  const space = String.raw`var\s*<\s*(uniform|storage)\s*(?:,\s*(read_write|read)\s*,?\s*)?>\s*(\w+)`;
  const pattern = new RegExp(`((?:${attribute}){2})${space}`, 'g');
  const found: BindingDeclaration[] = [];
  for (const [, attributes, kindOfSpace, access, name] of bare.matchAll(pattern)) {
    const group = Number(/group\s*\(\s*(\d+)/.exec(attributes)?.[1]);
    const binding = Number(/binding\s*\(\s*(\d+)/.exec(attributes)?.[1]);
    if (group !== 0) throw new Error(`wgsl: "${name}" must be in group 0, got ${group}`);
    const kind = kindOfSpace === 'uniform' ? 'uniform' : access === 'read_write' ? 'read_write' : 'read';
    found.push({ binding, name, kind });
  }
  return found.sort((a, b) => a.binding - b.binding);
}

function checkedBindings(device: GPUDevice, pass: Pass): readonly BindingDeclaration[] {
  const where = `pass "${pass.label}"`;
  const bindings = bindingsOf(pass.code);
  const storage = bindings.filter(({ kind }) => kind !== 'uniform');
  if (bindings[0]?.kind !== 'uniform' || storage.length !== bindings.length - 1) {
    throw new Error(`${where}: binding 0 must be the one uniform (SPAN_WGSL), got ${list(bindings)}`);
  }
  if (storage.length !== pass.buffers.length) {
    const expected = `${pass.buffers.length} storage declarations (${pass.buffers.join(', ')})`;
    throw new Error(`${where}: expected ${expected}, got ${storage.length} (${list(storage)})`);
  }
  storage.forEach(({ binding, name }, at) => {
    if (binding !== at + 1) throw new Error(`${where}: "${name}" must have binding ${at + 1}, got ${binding}`);
  });
  const most = device.limits.maxStorageBuffersPerShaderStage;
  if (storage.length > most) {
    const limit = `${most} storage buffers (maxStorageBuffersPerShaderStage)`;
    throw new Error(`${where}: must have at most ${limit}, got ${storage.length}`);
  }
  return bindings;
}

function list(bindings: readonly BindingDeclaration[]): string {
  return bindings.length === 0 ? 'none' : bindings.map(({ binding, name, kind }) => `${binding}: ${name} ${kind}`).join(', ');
}

function compileKernel(device: GPUDevice, pass: Pass, bindings: readonly BindingDeclaration[]): Promise<Kernel> {
  const { modules, kernels } = cacheOf(device);
  return remembered(kernels, `${pass.entryPoint}\n${pass.code}`, async () => {
    const module = await remembered(modules, pass.code, () => compileModule(device, pass));
    const layout = device.createBindGroupLayout({
      label: pass.label,
      entries: bindings.map(({ binding, kind }) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: layoutOf(kind),
      })),
    });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label: pass.label,
        layout: device.createPipelineLayout({ label: pass.label, bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: pass.entryPoint },
      });
      return { pipeline, layout };
    } catch (cause) {
      throw new ShaderError(`shader "${pass.label}", entry point "${pass.entryPoint}": ${reasonOf(cause)}`);
    }
  });
}

function cacheOf(device: GPUDevice): Cache {
  const known = caches.get(device);
  if (known) return known;
  const fresh: Cache = { modules: new Map(), kernels: new Map() };
  caches.set(device, fresh);
  return fresh;
}

function layoutOf(kind: BindingDeclaration['kind']): GPUBufferBindingLayout {
  if (kind === 'uniform') return { type: 'uniform', hasDynamicOffset: true, minBindingSize: SPAN_BYTES };
  return { type: kind === 'read' ? 'read-only-storage' : 'storage' };
}

/** Caches what is being made; a failure is not kept. */
function remembered<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  made.catch(() => map.delete(key));
  return made;
}

async function compileModule(device: GPUDevice, pass: Pass): Promise<GPUShaderModule> {
  // The scope only spans the call: it catches the error that is reported below with its line.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: pass.label, code: pass.code });
  const scope = device.popErrorScope();
  const [info, error] = await Promise.all([module.getCompilationInfo(), scope]);
  const message = info.messages.find(({ type }) => type === 'error');
  if (message) {
    const { lineNum, linePos } = message;
    throw new ShaderError(quoteError(pass.label, pass.code, lineNum, linePos, message.message), lineNum, linePos);
  }
  if (error) throw new ShaderError(`shader "${pass.label}": ${error.message}`);
  return module;
}

/**
 * A compiler's complaint as people read it: label, place, the line and a caret under the column.
 * @param line 1-based; 0: nowhere in particular.
 * @param column 1-based.
 */
export function quoteError(label: string, code: string, line: number, column: number, message: string): string {
  if (line < 1) return `shader "${label}": ${message}`;
  const text = code.split('\n')[line - 1] ?? '';
  const number = `${line} | `;
  const indent = text.slice(0, Math.max(0, column - 1)).replace(/[^\t]/g, ' ');
  const caret = `${' '.repeat(number.length)}${indent}^`;
  return `shader "${label}", line ${line}, column ${column}: ${message}\n${number}${text}\n${caret}`;
}
