// Promises of the command line: help, versions, one voice for errors, exit codes, progress that suits where it goes.

import { describe, expect, test } from 'vitest';
import manifest from '../../../package.json';
import { type Commands, dispatch } from '../../../src/cli/commands.ts';
import { createConsole, duration, UsageError } from '../../../src/cli/console.ts';
import { InputError } from '../../../src/core/errors.ts';
import { fakeConsole } from './fake-console.ts';

const failing = (cause: unknown) => ({ summary: 'fails', run: () => Promise.reject(cause) });
const commands: Commands = {
  count: {
    summary: 'counts its arguments',
    help: 'count ARG…',
    run: async (args, console) => {
      console.print(String(args.length));
      return 0;
    },
  },
  usage: failing(new UsageError('expected one file, got 0')),
  input: failing(new InputError('sweep.axes', 'expected 1 to 4 axes, got 5')),
  fault: failing(new TypeError('x is not a function')),
};

describe('dispatch', () => {
  test('hands on the arguments after the command', async () => {
    const console = fakeConsole();
    expect(await dispatch(['count', 'a', 'b'], commands, console)).toBe(0);
    expect(console.printed).toEqual(['2']);
  });

  test('--version prints the version of the package', async () => {
    const console = fakeConsole();
    expect(await dispatch(['--version'], commands, console)).toBe(0);
    expect(console.printed).toEqual([manifest.version]);
  });

  test('--help lists every command; no command at all is wrong usage', async () => {
    const asked = fakeConsole();
    expect(await dispatch(['--help'], commands, asked)).toBe(0);
    for (const name of Object.keys(commands)) expect(asked.printed[0]).toContain(`  ${name}`);
    const silent = fakeConsole();
    expect(await dispatch([], commands, silent)).toBe(2);
    expect(silent.printed).toEqual([]);
  });

  test('a command has its own help', async () => {
    const console = fakeConsole();
    expect(await dispatch(['count', 'x', '--help'], commands, console)).toBe(0);
    expect(console.printed).toEqual(['count ARG…']);
  });

  test('an unknown command names the known ones', async () => {
    const console = fakeConsole();
    expect(await dispatch(['constructor'], commands, console)).toBe(2);
    expect(console.noted[0]).toBe(
      'phase-atlas: expected a command among count, usage, input, fault, got constructor. Try phase-atlas --help.',
    );
  });

  test('errors speak in one voice and keep apart usage, input and faults', async () => {
    const console = fakeConsole();
    expect(await dispatch(['usage'], commands, console)).toBe(2);
    expect(await dispatch(['input'], commands, console)).toBe(1);
    expect(await dispatch(['fault'], commands, console)).toBe(1);
    expect(console.noted[0]).toBe('phase-atlas usage: expected one file, got 0. Try phase-atlas usage --help.');
    expect(console.noted[1]).toBe('phase-atlas input: sweep.axes: expected 1 to 4 axes, got 5.');
    expect(console.noted[2]).toMatch(/^phase-atlas fault: TypeError: x is not a function\n\s+at /);
  });
});

describe('console', () => {
  const stream = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, isTTY, columns: 20, write: (text: string) => void written.push(text) };
  };

  test('progress rewrites one line on a terminal and clears it before other lines', () => {
    const out = stream(true);
    const err = stream(true);
    const console = createConsole(out, err);
    console.progress('10 % of something rather long', 0.1);
    console.note('done');
    expect(err.written).toEqual(['\r\u001b[2K10 % of something r', '\r\u001b[2K', 'done\n']);
    expect(out.written).toEqual([]);
  });

  test('progress writes at most eleven lines to a file', () => {
    const err = stream(false);
    const console = createConsole(stream(false), err);
    for (let i = 0; i <= 1000; i++) console.progress(`${i}`, i / 1000);
    expect(err.written).toHaveLength(11);
    expect(err.written.at(-1)).toBe('1000\n');
  });

  test('durations read as people say them', () => {
    expect([0.4, 59.4, 60, 185, 3600, 7380].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 03 min',
    ]);
  });
});
