// The example servers of the crate as child processes.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const START_SECONDS = 60;
const STOP_SECONDS = 30;

/** Builds an example and names its program, wherever cargo's target directory is. */
export function buildExample(name) {
  const messages = execFileSync('cargo', ['build', '--quiet', '--example', name, '--message-format=json-render-diagnostics'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const artifacts = messages.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return artifacts.find(({ target, executable }) => executable && target.name === name).executable;
}

/** Starts a program that prints `listening on <address>`, on a free port unless told; `stop` is what Ctrl-C does. */
export async function startServer(program, { BIND = '127.0.0.1:0', ...settings }) {
  const child = spawn(program, { cwd: REPOSITORY, env: { ...withoutSentry(process.env), ...settings, BIND } });
  const log = [];
  const url = await address(child, log);
  return { url, log, stop: () => stop(child) };
}

async function address(child, log) {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_SECONDS * 1000);
  try {
    return await firstAddress(child, log);
  } finally {
    clearTimeout(timer);
  }
}

function firstAddress(child, log) {
  return new Promise((resolve, reject) => {
    const read = (text) => {
      log.push(text);
      const found = /listening on (http:\S+)/.exec(text);
      if (found) resolve(found[1].replace(/\/$/, ''));
    };
    createInterface(child.stdout).on('line', read);
    createInterface(child.stderr).on('line', (text) => log.push(text));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${child.spawnfile} ended before it listened\n${log.join('\n')}`)));
  });
}

/** The exit code; `null` when it had to be killed. */
async function stop(child) {
  if (child.exitCode !== null) return child.exitCode;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await exit;
  clearTimeout(timer);
  return code;
}

function withoutSentry(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SENTRY_')));
}
