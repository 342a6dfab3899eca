// Drives a Firefox of the system (ESR too) by Marionette, the protocol that every Firefox speaks: Playwright's own client asks
// for newer ones or for its own build. Asserts nothing.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** WebGPU on any adapter; nothing that a first start would ask or fetch. */
const PREFERENCES = {
  'marionette.port': 0,
  'dom.webgpu.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** Longest time that a script of the page may take, ms. */
const MOST_MS = 60_000;

export interface Firefox {
  /** "140.12.0". */
  readonly version: string;
  goto(address: string): Promise<void>;
  /** Calls `work`, which sees nothing but the page, with JSON; waits for what it promises. */
  evaluate<Given extends readonly unknown[], T>(work: (...given: Given) => T | Promise<T>, ...given: Given): Promise<T>;
  close(): Promise<void>;
}

/** One connection: `length:[0, id, command, parameters]` there, `length:[1, id, error, result]` back. */
class Marionette {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #id = 0;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(cause: Error): void }>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#hear(bytes));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values())
        reject(new Error('firefox: expected an answer, got the end of the connection'));
    });
  }

  #hear(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#received.subarray(0, colon).toString());
      if (this.#received.length < end) return;
      const message: unknown = JSON.parse(this.#received.subarray(colon + 1, end).toString());
      this.#received = this.#received.subarray(end);
      // The first message is a greeting.
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as [number, number, { message: string } | null, unknown];
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === null) waiting?.resolve(result);
      else waiting?.reject(new Error(`firefox: ${error.message}`));
    }
  }

  send(command: string, parameters: unknown = {}): Promise<unknown> {
    const id = ++this.#id;
    const text = JSON.stringify([0, id, command, parameters]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }
}

/** The port that a starting Firefox writes into its profile. */
async function portOf(profile: string, firefox: ChildProcess): Promise<number> {
  const file = join(profile, 'MarionetteActivePort');
  for (let tries = 0; tries < 600 && firefox.exitCode === null; tries++) {
    const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (port > 0) return port;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('firefox: expected to be driven by Marionette within a minute, got no port');
}

/** Starts a Firefox with a profile of its own. */
export async function openFirefox(executable: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'phase-atlas-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const firefox = spawn(executable, ['--headless', '--marionette', '--no-remote', '--profile', profile], {
    stdio: 'ignore',
    // As root Firefox refuses a home that is somebody else's.
    env: { ...process.env, HOME: profile },
  });
  const over = new Promise((resolve) => firefox.once('exit', resolve));
  const port = await portOf(profile, firefox);
  const socket = connect(port, '127.0.0.1');
  const marionette = new Marionette(socket);
  const { capabilities } = (await marionette.send('WebDriver:NewSession')) as { capabilities: { browserVersion: string } };
  return {
    version: capabilities.browserVersion,
    goto: async (url) => {
      await marionette.send('WebDriver:Navigate', { url });
    },
    async evaluate(work, ...given) {
      // The last argument is what ends an asynchronous script.
      const script = `const [given, done] = arguments;
        Promise.resolve().then(() => (${work})(...given)).then((value) => done([value]), (cause) => done([null, String(cause)]));`;
      const { value } = (await marionette.send('WebDriver:ExecuteAsyncScript', {
        script,
        args: [given],
        sandbox: null,
        scriptTimeout: MOST_MS,
      })) as { value: [never, string?] };
      if (value[1] !== undefined) throw new Error(`in Firefox: ${value[1]}`);
      return value[0];
    },
    async close() {
      await marionette.send('Marionette:Quit', { flags: ['eForceQuit'] });
      socket.destroy();
      await over;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
