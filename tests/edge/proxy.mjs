// nginx and Varnish before the example, each by the configuration that the example prints.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 60_000;

/** A proxy before the service at `origin`; `log()` has a line `{userAgent, traceId, isHit}` for each request. */
export async function startProxy(kind, config, origin) {
  const root = mkdtempSync(join(tmpdir(), 'edge-'));
  chmodSync(root, 0o755); // Varnish's child runs as another user
  const port = await freePort();
  const { program, read } = PROXIES[kind]({ root, port, config, origin: new URL(origin) });
  const child = spawn(...program, { stdio: 'ignore' });
  await listening(port, child);
  const log = () => read().split('\n').filter(Boolean).map(line);
  return { url: `http://127.0.0.1:${port}`, log, stop: () => stop(child, root) };
}

const PROXIES = {
  nginx({ root, port, config, origin }) {
    const template = readFileSync(new URL('nginx.conf', import.meta.url), 'utf8');
    const values = {
      root,
      listen: `127.0.0.1:${port}`,
      origin: origin.host,
      started: 'set $sentry_started $sentry_values;',
      values: '',
      log: '$http_user_agent $sentry_trace_id $upstream_cache_status',
    };
    writeFileSync(join(root, 'nginx.conf'), template.replace(/@(\w+)@/g, (_, name) => values[name]));
    writeFileSync(join(root, 'traces.conf'), config);
    const program = ['nginx', ['-e', 'stderr', '-p', root, '-c', 'nginx.conf']];
    return { program, read: () => readFileSync(join(root, 'access.log'), 'utf8') };
  },

  varnish({ root, port, config, origin }) {
    const vcl = join(root, 'default.vcl');
    writeFileSync(vcl, config.replace('.port = "3000"', `.port = "${origin.port}"`));
    const program = ['varnishd', ['-F', '-n', root, '-a', `127.0.0.1:${port}`, '-f', vcl]];
    const format = '%{user-agent}i %{sentry-trace}i %{Varnish:hitmiss}x';
    return { program, read: () => execFileSync('varnishncsa', ['-n', root, '-d', '-F', format], { encoding: 'utf8' }) };
  },
};

function line(text) {
  const [userAgent, trace, cache] = text.split(' ');
  return { userAgent, traceId: trace.slice(0, 32), isHit: cache.toUpperCase() === 'HIT' };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Varnish compiles its configuration first. */
async function listening(port, child) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && child.exitCode === null; ) {
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${child.spawnfile} does not listen`);
}

async function stop(child, root) {
  const exit = once(child, 'exit');
  if (child.exitCode === null) child.kill('SIGTERM');
  await exit;
  rmSync(root, { recursive: true, force: true });
}
