// The step rules and the random integers in WGSL against their definitions in core: the same decisions, the same words.

import { describe, expect, it } from 'vitest';
import { philoxWgsl } from '../../shaders/lib/philox.wgsl.ts';
import { steppingWgsl } from '../../shaders/lib/stepping.wgsl.ts';
import { batchSample } from '../../src/core/batches.ts';
import { OUTCOMES, outcomeCode } from '../../src/core/outcome.ts';
import { PROGRESS, PROGRESS_WORDS, SPAN_WGSL } from '../../src/core/program.ts';
import { philox, randomSource } from '../../src/core/random.ts';
import { attemptedStep, judgeDescent, judgeTrial, type StepState, type Trial } from '../../src/core/stepping.ts';
import type { Descent, Flow } from '../../src/core/training.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { encodePass } from '../../src/gpu/dispatch.ts';
import { compilePass } from '../../src/gpu/kernels.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { createSpans } from '../../src/gpu/spans.ts';
import { testDevice } from './device.ts';

const lease = await testDevice();

/** Runs `code` once per unit, one invocation each; `words` goes in as `progress` and comes back. */
async function run(
  code: string,
  words: Uint32Array<ArrayBuffer>,
  input: ArrayBuffer,
  count: number,
  horizon = 0,
): Promise<Uint32Array> {
  const arena = createArena(lease.device, 'stepping test');
  try {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const progress = arena.buffer({ label: 'progress', bytes: words.byteLength, usage });
    const data = arena.buffer({ label: 'input', bytes: input.byteLength, usage });
    lease.device.queue.writeBuffer(progress, 0, words);
    lease.device.queue.writeBuffer(data, 0, input);
    const compiled = await compilePass(lease.device, {
      label: 'stepping',
      entryPoint: 'main',
      buffers: ['progress', 'input'],
      workgroups: (units) => units,
      code: `${SPAN_WGSL}
@group(0) @binding(1) var<storage, read_write> progress: array<u32>;
@group(0) @binding(2) var<storage, read> input: array<u32>;
${code}`,
    });
    const spans = createSpans(arena);
    const group = compiled.bind(
      spans.buffer,
      new Map([
        ['progress', progress],
        ['input', data],
      ]),
    );
    const encoder = lease.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encodePass(pass, compiled, group, spans.put({ first: 0, count, horizon }), count);
    pass.end();
    spans.upload();
    lease.device.queue.submit([encoder.finish()]);
    return new Uint32Array(await createReadback(arena).read(progress));
  } finally {
    arena.dispose();
  }
}

const INPUT_WORDS = 8;
const COUNT = 400;
const HORIZON = 2;

/** A trial, the learning rate and the state it meets, all exact in float32 and around every threshold of the rules. */
function randomCase(source: ReturnType<typeof randomSource>): { state: StepState; trial: Trial; learningRate: number } {
  const pick = (choices: readonly number[]) =>
    Math.fround(choices[source.below(choices.length)] * (source.below(2) === 0 ? 1 : 0.875));
  const attempts = source.below(12);
  const finite = source.below(6) !== 0;
  return {
    state: {
      time: attempts === 0 ? 0 : pick([0.5, 1, 1.5, 1e-3, 3]),
      step: pick([0.25, 1, 4, 1e-30, 1e-7, 1e-3]),
      outcome: 'running',
      attempts,
      accepted: source.below(attempts + 1),
      loss: 1,
      unmet: 3,
      initialLoss: 1,
      halvingTime: source.below(2) === 0 ? 0 : 0.125,
    },
    trial: {
      outputChange: pick([0, 0.1, 0.25, 0.5]),
      error: pick([0, 0.004, 0.008, 0.016]),
      loss: finite ? pick([1, 0.5, 0.05, 0.01]) : Number.POSITIVE_INFINITY,
      unmet: source.below(3),
      finite,
    },
    learningRate: pick([0.125, 0.5]),
  };
}

function pack(cases: readonly ReturnType<typeof randomCase>[]): { words: Uint32Array<ArrayBuffer>; input: ArrayBuffer } {
  const words = new Uint32Array(COUNT * PROGRESS_WORDS);
  const numbers = new Float32Array(words.buffer);
  const input = new ArrayBuffer(4 * INPUT_WORDS * COUNT);
  const given = new Float32Array(input);
  cases.forEach(({ state, trial, learningRate }, n) => {
    const base = n * PROGRESS_WORDS;
    words[base + PROGRESS.outcome] = outcomeCode[state.outcome];
    words[base + PROGRESS.attempts] = state.attempts;
    words[base + PROGRESS.accepted] = state.accepted;
    for (const key of ['time', 'loss', 'unmet', 'halvingTime', 'initialLoss', 'step'] as const)
      numbers[base + PROGRESS[key]] = state[key];
    given.set([trial.outputChange, trial.error, trial.loss, trial.unmet, trial.finite ? 1 : 0, learningRate], n * INPUT_WORDS);
  });
  return { words, input };
}

/** Complaints about records that differ from the states: integers exactly, numbers by float32's rounding. */
function differences(words: Uint32Array, states: readonly StepState[]): string[] {
  const numbers = new Float32Array(words.buffer);
  return states.flatMap((state, n) => {
    const base = n * PROGRESS_WORDS;
    const complaints: string[] = [];
    const outcome = OUTCOMES[words[base + PROGRESS.outcome]];
    if (outcome !== state.outcome) complaints.push(`outcome: expected ${state.outcome}, got ${outcome}`);
    for (const key of ['attempts', 'accepted'] as const) {
      if (words[base + PROGRESS[key]] !== state[key])
        complaints.push(`${key}: expected ${state[key]}, got ${words[base + PROGRESS[key]]}`);
    }
    for (const key of ['time', 'step', 'loss', 'unmet', 'halvingTime', 'initialLoss'] as const) {
      const got = numbers[base + PROGRESS[key]];
      const same = got === state[key] || Math.abs(got - state[key]) <= 3e-7 * Math.abs(state[key]);
      if (!same) complaints.push(`${key}: expected ${state[key]}, got ${got}`);
    }
    return complaints.map((complaint) => `case ${n}, ${complaint}`);
  });
}

const READ = `
fn given(n: u32, word: u32) -> f32 { return bitcast<f32>(input[n * ${INPUT_WORDS}u + word]); }`;

describe('step rules', () => {
  const common = { maxTime: 2.5, maxSteps: 10, checkpoints: [2.5] };
  const flow: Flow = { ...common, method: 'flow', integrator: 'euler', tolerance: 0.01, outputTolerance: 0.3, stop: {} };
  const flows: readonly (readonly [string, Flow])[] = [
    ['both rules', flow],
    ['the output rule only', { ...flow, tolerance: Infinity }],
    ['stopping by loss', { ...flow, stop: { loss: 0.1 } }],
    ['stopping by margins', { ...flow, stop: { margins: true } }],
  ];
  it.each(flows)('a flow with %s decides as core does', async (_, training) => {
    const source = randomSource(11, 1);
    const cases = Array.from({ length: COUNT }, () => randomCase(source));
    const code = `${steppingWgsl(training)}${READ}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let n = group.x;
  var state = load_progress(n);
  let attempted = attempted_step(state, span.horizon);
  let finite = given(n, 4u) == 1.0 && is_finite_bits(given(n, 2u));
  let trial = Trial(given(n, 0u), given(n, 1u), given(n, 2u), given(n, 3u), finite);
  if (!waits(state, span.horizon)) { _ = judge_trial(&state, trial, attempted, span.horizon); }
  store_progress(n, state);
}`;
    const { words, input } = pack(cases);
    const got = await run(code, words, input, COUNT, HORIZON);
    for (const { state, trial } of cases) {
      if (state.time < HORIZON) judgeTrial(state, trial, attemptedStep(state, HORIZON), HORIZON, training);
    }
    expect(
      differences(
        got,
        cases.map(({ state }) => state),
      ),
    ).toEqual([]);
  });

  const descent: Descent = { ...common, method: 'descent', momentum: 0, batchSize: 0, stop: {} };
  const descents: readonly (readonly [string, Descent])[] = [
    ['no stop rule', descent],
    ['a stop rule', { ...descent, stop: { loss: 0.02, margins: true } }],
  ];
  it.each(descents)('descent with %s decides as core does', async (_, training) => {
    const source = randomSource(12, 1);
    const cases = Array.from({ length: COUNT }, () => randomCase(source));
    const code = `${steppingWgsl(training)}${READ}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let n = group.x;
  var state = load_progress(n);
  let finite = given(n, 4u) == 1.0 && is_finite_bits(given(n, 2u));
  _ = judge_descent(&state, given(n, 2u), given(n, 3u), finite, given(n, 5u));
  store_progress(n, state);
}`;
    const { words, input } = pack(cases);
    const got = await run(code, words, input, COUNT);
    for (const { state, trial, learningRate } of cases) judgeDescent(state, trial, learningRate, training);
    expect(
      differences(
        got,
        cases.map(({ state }) => state),
      ),
    ).toEqual([]);
  });
});

describe('random integers', () => {
  it('Philox4x32-10 gives the words of its authors and of core/random', async () => {
    // Known answers: Salmon et al. 2011, Random123, kat_vectors.
    const known = [
      { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
      {
        counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
        key: [0xffffffff, 0xffffffff],
        words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
      },
      {
        counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
        key: [0xa4093822, 0x299f31d0],
        words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
      },
    ];
    const source = randomSource(13, 1);
    const random = Array.from({ length: 60 }, () => {
      const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => source.word());
      return { counter: [a, b, c, d], key: [e, f], words: philox([a, b, c, d], [e, f]) };
    });
    const cases = [...known, ...random];
    const input = new Uint32Array(cases.flatMap(({ counter, key }) => [...counter, ...key, 0, 0]));
    const code = `${philoxWgsl()}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let at = 8u * group.x;
  let words = philox(
    vec4u(input[at], input[at + 1u], input[at + 2u], input[at + 3u]),
    vec2u(input[at + 4u], input[at + 5u]),
  );
  for (var i = 0u; i < 4u; i++) { progress[4u * group.x + i] = words[i]; }
}`;
    const got = await run(code, new Uint32Array(4 * cases.length), input.buffer, cases.length);
    expect([...got]).toEqual(cases.flatMap(({ words }) => words));
  });

  it('a step draws the samples of core/batches', async () => {
    const seeds = [0, 7, 0xffffffff];
    const code = `${philoxWgsl()}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let n = group.x;
  progress[n] = batch_sample(n / 10u, n % 10u, input[n % 3u], 37u);
}`;
    const got = await run(code, new Uint32Array(300), new Uint32Array(seeds).buffer, 300);
    expect([...got]).toEqual(Array.from({ length: 300 }, (_, n) => batchSample(seeds[n % 3], Math.floor(n / 10), n % 10, 37)));
  });
});
