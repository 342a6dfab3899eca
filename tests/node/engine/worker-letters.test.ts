// Questions and answers between two threads, with a channel in place of a worker.

import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import {
  answerLetters,
  openLetters,
  type TellPart,
  type WorkerScope,
  type WorkerSeen,
} from '../../../src/engine/worker-letters.ts';

type Answer = (question: number, tell: TellPart<string>, signal: AbortSignal) => Promise<unknown>;

const opened: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of opened.splice(0)) port1.close();
});

/** Both ends, and the worker as the page sees it. */
function connect(answer: Answer) {
  const channel = new MessageChannel();
  opened.push(channel);
  const worker = Object.assign(channel.port1, { onerror: null, terminate: () => channel.port1.close() }) as unknown as WorkerSeen;
  answerLetters<number, string>(answer, channel.port2 as unknown as WorkerScope);
  const letters = openLetters<number, string>(() => worker, 'all is over');
  if (letters === null) throw new Error('a channel is always to be had');
  return { letters, worker };
}

const never = (): Promise<never> => new Promise(() => undefined);

test('answers find their questions, whichever comes first', async () => {
  const { letters } = connect((wait) => new Promise((resolve) => setTimeout(() => resolve(`after ${wait}`), wait)));
  expect(await Promise.all([letters.ask(20), letters.ask(0), letters.ask(10)])).toEqual(['after 20', 'after 0', 'after 10']);
});

test('the parts of an answer come in order, each to who asked, before the answer', async () => {
  const { letters } = connect(async (question, tell) => {
    for (const part of ['a', 'b', 'c']) {
      tell(`${question}${part}`);
      await null;
    }
    return 'all';
  });
  const heard: string[][] = [[], []];
  const answers = await Promise.all(heard.map((parts, n) => letters.ask(n, (part) => parts.push(part))));
  expect([answers, heard]).toEqual([
    ['all', 'all'],
    [
      ['0a', '0b', '0c'],
      ['1a', '1b', '1c'],
    ],
  ]);
});

test('a question may be withdrawn, and the others go on', async () => {
  const { letters } = connect((question, tell, signal) => {
    tell('begun');
    if (question === 1) return Promise.resolve('answered');
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve('withdrawn')));
  });
  const abort = new AbortController();
  const withdrawn = letters.ask(0, () => abort.abort(), abort.signal);
  expect(await Promise.all([withdrawn, letters.ask(1)])).toEqual(['withdrawn', 'answered']);
});

test("a question is refused with the worker's reason, with its failure, and after the end", async () => {
  const { letters, worker } = connect(async (question) => (question === 0 ? Promise.reject(new Error('no such cell')) : never()));
  await expect(letters.ask(0)).rejects.toThrow('no such cell');
  const failing = expect(letters.ask(1)).rejects.toThrow('out of memory');
  worker.onerror?.({ message: 'out of memory', preventDefault: () => undefined } as ErrorEvent);
  await failing;
  const ending = expect(letters.ask(1)).rejects.toThrow('all is over');
  letters.dispose();
  await ending;
  await expect(letters.ask(0)).rejects.toThrow('all is over');
  letters.dispose();
});

test('where no worker can be had there are no letters', () => {
  expect(
    openLetters(() => {
      throw new ReferenceError('Worker is not defined');
    }, 'all is over'),
  ).toBeNull();
});
