// `phase-atlas check`: compares the theory and the trainers with case files and says how much of each tolerance was used.
// Schemas stand in check-*.ts; a new one is a line in `schemas`.

import { parseArgs } from 'node:util';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { InputError, quoted } from '../core/errors.ts';
import { createReferenceTrainer } from '../engine/reference-trainer.ts';
import { isObject } from './case-json.ts';
import { flowTrajectories } from './check-flow.ts';
import { lambdaBalancedCases } from './check-lambda-balanced.ts';
import { metrics } from './check-metrics.ts';
import { oneDimensionalCases } from './check-one-dimensional.ts';
import type { Candidate, CaseSchema, CheckReport, CheckRow, TrainerFactory } from './check-rows.ts';
import { type Console, EXIT, UsageError } from './console.ts';
import { readJson } from './read-json.ts';

/** Kinds of case files, the more particular first. */
export const schemas: readonly CaseSchema[] = [flowTrajectories, lambdaBalancedCases, oneDimensionalCases, metrics];

export const CHECK_HELP = `phase-atlas check FILE… [--engine both|gpu|reference]

  FILE           case files, JSON; - reads standard input. Known kinds:
${schemas.map(({ id, summary }) => `                   ${id}: ${summary}`).join('\n')}
  --engine NAME  which trainers to compare: both (the default), gpu (WebGPU, float32) or reference (float64)

Prints, for every case, quantity and trainer, the worst error, its tolerance and the share of the tolerance used.
Exit code 1 where a tolerance is exceeded or a file holds nothing that can be compared. Cases that need what is not here yet
are listed as not checked: neither a pass nor a fail.
`;

export interface CheckOptions {
  /** How errors call the file. Defaults to "case file". */
  readonly where?: string;
  /** Opens the GPU's trainer; left out, the GPU is not checked. */
  readonly gpuTrainer?: TrainerFactory;
  /** False: the float64 trainer is not checked. Defaults to true. */
  readonly reference?: boolean;
}

const reference: Candidate = {
  name: 'reference',
  open: async (batch, observables, family = fullyConnected) => createReferenceTrainer(family, batch, observables),
};

/** Compares one case file, as parsed from JSON. Throws InputError where its kind is unknown or its content malformed. */
export async function checkFile(content: unknown, options: CheckOptions = {}): Promise<CheckReport> {
  const { where = 'case file', gpuTrainer } = options;
  const schema = schemas.find(({ recognises }) => recognises(content));
  if (schema === undefined) {
    const kind = isObject(content) && content.kind !== undefined ? `kind ${quoted(content.kind)}` : 'none of them';
    throw new InputError(
      where,
      `expected a case file of kind ${schemas.map(({ id }) => id).join(' or ')}, got ${kind}`,
      'Files of metrics have no kind, but cases, lowrank_cases or rnn_cases, each with an id.',
    );
  }
  const candidates: Candidate[] = [];
  if (options.reference !== false) candidates.push(reference);
  if (gpuTrainer !== undefined) candidates.push({ name: 'gpu', open: gpuTrainer });
  return { schema: schema.id, ...(await schema.check({ where, value: content }, candidates)) };
}

const passes = ({ share }: CheckRow) => share <= 1;
const digits = (value: number) => (Number.isFinite(value) ? value.toExponential(1) : String(value));

/** The rows as lines of a table, with where and what for those that fail. */
export function linesOf(rows: readonly CheckRow[]): string[] {
  const wide = (pick: (row: CheckRow) => string) => Math.max(0, ...rows.map((row) => pick(row).length));
  const [cases, quantities] = [wide((row) => row.case), wide((row) => row.quantity)];
  return rows.flatMap((row) => {
    const { error, tolerance, share, worst } = row;
    const used = Number.isFinite(share) ? `${(100 * share).toPrecision(2)} %` : String(share);
    const line =
      `${passes(row) ? 'ok  ' : 'FAIL'}  ${row.case.padEnd(cases)}  ${row.quantity.padEnd(quantities)}  ${row.trainer.padEnd(9)}  ` +
      `error ${digits(error)}  tolerance ${digits(tolerance)}  used ${used}`;
    return passes(row) ? [line] : [line, `      index ${worst.index}: expected ${worst.expected}, got ${worst.got}`];
  });
}

/** What the command needs of the rest of the project. */
export interface CheckTools {
  /** Makes the GPU ready; called only where the GPU is to be checked. Throws where there is none. */
  gpuTrainer(): Promise<TrainerFactory>;
}

/** Runs the command; its exit code. Throws UsageError and InputError. */
export async function checkCommand(args: readonly string[], console: Console, tools: CheckTools): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { engine: { type: 'string', default: 'both' } },
  });
  const { engine } = values;
  if (engine !== 'both' && engine !== 'gpu' && engine !== 'reference') {
    throw new UsageError(`--engine: expected both, gpu or reference, got ${engine}`);
  }
  if (positionals.length === 0) throw new UsageError('expected one case file or more, got none');
  const gpuTrainer = engine === 'reference' ? undefined : await tools.gpuTrainer();
  let failed = 0;
  for (const path of positionals) {
    let report: CheckReport;
    try {
      report = await checkFile(await readJson(path), { where: path, gpuTrainer, reference: engine !== 'gpu' });
    } catch (cause) {
      // What is wrong with one file takes nothing from the others.
      if (!(cause instanceof InputError)) throw cause;
      console.note(`phase-atlas check: ${cause.message}`);
      failed += 1;
      continue;
    }
    const { schema, rows, unchecked } = report;
    console.print(`${path} (${schema})`);
    for (const line of linesOf(rows)) console.print(line);
    for (const own of unchecked) console.print(`--    ${own.case}: ${own.reason}`);
    const beyond = rows.filter((row) => !passes(row)).length;
    failed += rows.length === 0 ? 1 : beyond;
    const most = rows.reduce((share, row) => Math.max(share, row.share), 0);
    console.print(
      rows.length === 0
        ? 'nothing was compared'
        : `${rows.length} comparisons, ${beyond} beyond tolerance, at most ${(100 * most).toPrecision(2)} % of a tolerance used` +
            (unchecked.length === 0 ? '' : `; ${unchecked.length} cases not checked in full`),
    );
  }
  return failed > 0 ? EXIT.failed : EXIT.ok;
}
