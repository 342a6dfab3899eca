// Dispatches the command line: names, help, errors, exit codes. The commands themselves are given by main.ts.

import { InputError, reasonOf } from '../core/errors.ts';
import { version } from '../version.ts';
import { type Console, EXIT, UsageError } from './console.ts';

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `phase-atlas NAME --help`; left out where the command prints its own. */
  readonly help?: string;
  run(args: readonly string[], console: Console): Promise<number>;
}

export type Commands = Readonly<Record<string, Command>>;

function overview(commands: Commands): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    `phase-atlas ${version}: phase diagrams of lazy and rich learning`,
    '',
    'usage: phase-atlas COMMAND …',
    '',
    ...lines,
    '',
    'phase-atlas COMMAND --help says more. Exit codes: 0 fine, 1 failed, 2 wrong usage.',
  ].join('\n');
}

/** parseArgs complains with codes of this kind about what a user typed. */
function isUsage(cause: unknown): boolean {
  return (
    cause instanceof UsageError || (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS'))
  );
}

/** Runs one command line; its exit code. Never throws. */
export async function dispatch(args: readonly string[], commands: Commands, console: Console): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    console.print(version);
    return EXIT.ok;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const text = overview(commands);
    if (name === undefined) console.note(text);
    else console.print(text);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (!Object.hasOwn(commands, name)) {
    console.note(
      `phase-atlas: expected a command among ${Object.keys(commands).join(', ')}, got ${name}. Try phase-atlas --help.`,
    );
    return EXIT.usage;
  }
  const command = commands[name];
  if (command.help !== undefined && rest.some((arg) => arg === '--help' || arg === '-h')) {
    console.print(command.help.trimEnd());
    return EXIT.ok;
  }
  try {
    return await command.run(rest, console);
  } catch (cause) {
    if (isUsage(cause)) {
      console.note(`phase-atlas ${name}: ${reasonOf(cause)}. Try phase-atlas ${name} --help.`);
      return EXIT.usage;
    }
    // A fault of ours keeps its stack; what a user gave us needs only the sentence.
    const fault = cause instanceof Error && !(cause instanceof InputError) ? (cause.stack ?? cause.message) : reasonOf(cause);
    console.note(`phase-atlas ${name}: ${fault}`);
    return EXIT.failed;
  }
}
