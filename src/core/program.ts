// GPU work as data: buffers and passes that a family declares and the engine allocates, compiles and encodes.
// Nothing here touches WebGPU.

/**
 * A storage buffer. `words` counts 32-bit words per unit of its scope:
 * - `shared`: one for the batch, filled once from `data`;
 * - `start`: one per Start;
 * - `network`: one per Network;
 * - `scratch`: one per network of the span that is being processed (index: network − span.first).
 */
export interface BufferSpec {
  readonly name: string;
  readonly scope: 'shared' | 'start' | 'network' | 'scratch';
  readonly words: number;
  /**
   * Initial content, whole buffer: scope × words; a function where making it costs time, called when it is
   * allocated. Left out: zeros.
   */
  readonly data?: Float32Array | Uint32Array | (() => Float32Array | Uint32Array);
  /** True: part of a checkpoint, restored after device loss. */
  readonly state?: boolean;
}

/**
 * One compute dispatch. Binding 0 is always the uniform `span` (see `SPAN_WGSL`); storage buffers follow from binding 1
 * in the order of `buffers`. The code declares them with the access it needs.
 */
export interface Pass {
  readonly label: string;
  readonly code: string;
  readonly entryPoint: string;
  readonly buffers: readonly string[];
  /** Workgroups for a span of `count` units; folded into two dimensions by the engine, `group_index` unfolds it. */
  workgroups(count: number): number;
}

/**
 * The uniform at binding 0 of every pass. `first`, `count`: the units (networks, cells or starts) of this dispatch.
 * `steps`: most steps to take. `horizon`: training time to reach. `row`: first row of results.
 */
export const SPAN_WGSL = /* wgsl */ `
struct Span { first: u32, count: u32, steps: u32, row: u32, horizon: f32, unused0: u32, unused1: u32, unused2: u32 }
@group(0) @binding(0) var<uniform> span: Span;
`;

/** Flat index of a workgroup whose grid was folded into two dimensions. */
export const GROUP_INDEX_WGSL = /* wgsl */ `
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
`;

/**
 * Per-network record in the buffer `progress`, kept by every training program: PROGRESS_WORDS words, f32 unless said.
 * `outcome` is a code of core/outcome (u32), `attempts` and `accepted` count steps (u32), `halvingTime` is 0 until the training
 * loss has first fallen below half of its initial value. Words from `privateFrom` on belong to the program.
 */
export const PROGRESS = {
  time: 0,
  outcome: 1,
  attempts: 2,
  accepted: 3,
  loss: 4,
  unmet: 5,
  halvingTime: 6,
  initialLoss: 7,
  step: 8,
  privateFrom: 9,
} as const;
export const PROGRESS_WORDS = 16;

/** Sums over one domain: `words` results per unit land in the buffer `sums` at row `unit − span.first + span.row`. */
export interface Measurement {
  /** Term ids in the order of the result words; `weights` terms give one word per layer, layers fastest. */
  readonly terms: readonly { readonly id: string; readonly words: number }[];
  /** `network` or `cell`: the units of span and rows. */
  readonly per: 'network' | 'cell';
  readonly passes: readonly Pass[];
}

/** Everything the GPU does for a batch. */
export interface Program {
  /** Names the kernels and their geometry: "fused depth 1, 32 lanes, 4 × 4". */
  readonly label: string;
  /** What sets its arithmetic apart from the plain one, for the badge: "difference form". Left out: nothing. */
  readonly form?: string;
  readonly buffers: readonly BufferSpec[];
  /** Run once over the starts: initial outputs, kernels, representations. */
  readonly prepare: readonly Pass[];
  /** Run once over the networks: copy the start's weights. */
  readonly begin: readonly Pass[];
  /** Advance networks of the span. `fused`: one dispatch takes `span.steps` steps; otherwise the engine repeats the list. */
  readonly train: { readonly passes: readonly Pass[]; readonly fused: boolean };
  readonly measurements: readonly Measurement[];
  /**
   * Where a network's weights stand, to read them back for inspection: buffer and layers as (offset, rows,
   * columns, stride) in words.
   */
  readonly weights: {
    readonly buffer: string;
    readonly layers: readonly {
      readonly offset: number;
      readonly rows: number;
      readonly columns: number;
      readonly stride: number;
    }[];
    /**
     * Buffer of scope `start`, laid out alike, to which stored weights are to be added. Left out:
     * they are the weights themselves.
     */
    readonly relativeTo?: string;
  };
}
