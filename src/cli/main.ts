#!/usr/bin/env node

// The executable `phase-atlas`: gives the commands what they need of the project and ends the process.

import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { formatReport } from '../analysis/finding.ts';
import { analyse } from '../analysis/report.ts';
import { catalog } from '../catalog.ts';
import { sweepJsonSchema } from '../core/sweep-schema.ts';
import { openSession } from '../engine/session.ts';
import { openGpuTrainer } from '../engine/trainer-source.ts';
import { wallClock } from '../gpu/clock.ts';
import { acquireDevice } from '../gpu/device.ts';
import { benchCommand } from './bench.ts';
import { CHECK_HELP, checkCommand } from './check.ts';
import type { TrainerFactory } from './check-rows.ts';
import { type Commands, dispatch } from './commands.ts';
import { createConsole, EXIT } from './console.ts';
import { nodeGpu } from './node-gpu.ts';
import { RUN_HELP, type RunTools, runCommand } from './run.ts';

const runTools: RunTools = {
  catalog,
  theories: catalog.theories,
  async open(sweep, { signal, engine, limits }) {
    const gpu = engine === 'gpu' ? { gpu: await nodeGpu() } : {};
    return openSession(sweep, { catalog, signal, engine, limits, ...gpu });
  },
  report: (film, thresholds) => formatReport(analyse(film, catalog.observables, thresholds === undefined ? {} : { thresholds })),
  onInterrupt(stop) {
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
};

/** Trainers on Node's GPU as a session opens them, all on one device that lives as long as the process. */
async function gpuTrainerFactory(): Promise<TrainerFactory> {
  const gpu = await nodeGpu();
  const acquire = () => acquireDevice({ gpu, features: ['subgroups'] });
  await acquire();
  return (batch, observables, family = fullyConnected) =>
    openGpuTrainer(family, batch, observables, { acquire, clock: wallClock, tune: false });
}

const commands: Commands = {
  run: {
    summary: 'trains a sweep and writes its result',
    help: RUN_HELP,
    run: (args, console) => runCommand(args, console, runTools),
  },
  check: {
    summary: 'compares theory and trainers with case files',
    help: CHECK_HELP,
    run: (args, console) => checkCommand(args, console, { gpuTrainer: gpuTrainerFactory }),
  },
  schema: {
    summary: 'prints the JSON Schema of sweeps',
    async run(_, console) {
      console.print(JSON.stringify(sweepJsonSchema(catalog), null, 2));
      return EXIT.ok;
    },
  },
  bench: {
    summary: 'times the trainer against its peers (in a checkout)',
    run: (args) => benchCommand(args),
  },
};

const code = await dispatch(process.argv.slice(2), commands, createConsole(process.stdout, process.stderr));
// Dawn may keep the process alive: flush what was written, then leave.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
process.exit(code);
