// Spotlight, Sentry's local viewer, which takes envelopes by POST and shows them as traces.
//
// Started by its parts instead of its own command, because that one reports to Sentry about itself.

import { readdirSync, readFileSync } from 'node:fs';
import { startServer } from '@spotlightjs/spotlight';
import { parseEnvelope } from '../envelope.mjs';
import { bytes } from '../listener.mjs';
import { mended } from './mended.mjs';

const UI = new URL('../ui/', import.meta.resolve('@spotlightjs/spotlight'));
const ENVELOPE = 'application/x-sentry-envelope';
const LOOPBACK = /^(::1|(::ffff:)?127\..*)$/;

/** @returns {Promise<{url: string, stop: () => void}>} the address of its user interface */
export async function startSpotlight(port) {
  const server = await startServer({ port, basePath: '', filesToServe: userInterface() });
  server.prependListener('connection', keepLocal);
  readRustEnvelopes(server);
  return { url: `http://localhost:${server.address().port}`, stop: () => server.close().closeAllConnections() };
}

// It listens on every interface of the machine.
function keepLocal(socket) {
  if (!LOOPBACK.test(socket.remoteAddress)) socket.destroy();
}

// It skips what names no content type, and the Rust SDK names none.
function readRustEnvelopes(server) {
  const [handle] = server.listeners('request');
  server.removeListener('request', handle);
  server.on('request', async (request, response) => {
    if (request.method === 'POST' && !request.headers['content-type']) {
      request.rawHeaders.push('Content-Type', ENVELOPE);
      request.rawBody = mended(parseEnvelope(await bytes(request)));
    }
    handle(request, response);
  });
}

function userInterface() {
  const page = readFileSync(new URL('index.html', UI), 'utf8');
  const assets = readdirSync(new URL('assets/', UI)).map((name) => [`assets/${name}`, readFileSync(new URL(`assets/${name}`, UI))]);
  return { 'index.html': Buffer.from(withoutTelemetry(page)), ...Object.fromEntries(assets) };
}

// The page may connect to where its content security policy allows it, which is here and not Sentry.
function withoutTelemetry(page) {
  const telemetry = ' https://*.sentry.io';
  if (!page.includes(telemetry)) throw new Error('the policy of Spotlight\'s page has changed: look where it reports to now');
  return page.replace(telemetry, '');
}
