// A recording stand-in for Sentry's ingest: takes envelopes by POST and keeps them.

import { decode, parseEnvelope } from './envelope.mjs';
import { bytes, listen } from './listener.mjs';

const PUBLIC_KEY = 'publickey';
const ENVELOPE_PATH = /^\/api\/1\/envelope\/(\?|$)/;

/**
 * `records` holds one `{userAgent, envelope}` an envelope, in the order of arrival;
 * `rejected` one sentence for each request that was not an envelope.
 */
export async function startIngest() {
  const records = [];
  const rejected = [];
  const listener = await listen((request, response) => answer(request, response, records, rejected));
  const dsn = listener.url.replace('://', `://${PUBLIC_KEY}@`) + '/1';
  return { dsn, publicKey: PUBLIC_KEY, records, rejected, stop: listener.stop };
}

async function answer(request, response, records, rejected) {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-headers', '*');
  if (request.method === 'OPTIONS') return response.end();
  try {
    records.push(await record(request));
    response.setHeader('content-type', 'application/json').end('{}');
  } catch (error) {
    rejected.push(`${request.method} ${request.url}: ${error.message}`);
    response.writeHead(400).end();
  }
}

async function record(request) {
  if (request.method !== 'POST' || !ENVELOPE_PATH.test(request.url)) throw new Error('not an envelope');
  const body = decode(await bytes(request), request.headers['content-encoding']);
  return { userAgent: request.headers['user-agent'], envelope: parseEnvelope(body) };
}
