// How a page load came by its page, and by its trace.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { normalised } from './dsc.mjs';
import { joined } from './faults.mjs';
import { buildExample, startServer } from './server.mjs';

/** How the browser comes by a page. */
export const SENT = { deliveryType: '', asks: true };
export const REVALIDATED = { deliveryType: 'cache', asks: true };
export const REPLAYED = { deliveryType: 'cache', asks: false };

/** Starts the example for a suite; gives the address of one of its pages. */
export function serverOf(stage) {
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url, SENTRY_TRACES_SAMPLE_RATE: '1' };
    server = await startServer(buildExample('caches'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));
  return (path) => server.url + path;
}

/** The page load is a child of its own request, of which both sides tell the same; gives the server's span. */
export async function assertJoined(visit, path, ...others) {
  const server = await visit.transaction(`GET ${path}`);
  assert.ok(joined({ server, pageload: visit.pageload }), `${path} joins its request`);
  assert.deepEqual(normalised(server.dsc), normalised(visit.pageload.dsc));
  assertNew(visit, others);
  return server;
}

/** The page load is the head of a trace that no other has had. */
export function assertAlone(visit, ...others) {
  const { traceId, parentSpanId, dsc } = visit.pageload;
  assert.equal(parentSpanId, undefined);
  assert.equal(dsc.trace_id, traceId);
  assert.equal(dsc.sample_rate, '1');
  assertNew(visit, others);
}

function assertNew({ pageload }, others) {
  assert.ok(others.every((other) => other.pageload.traceId !== pageload.traceId), 'a trace of its own');
}

/** What no page load should do: it goes on with the trace of an earlier one. */
export function assertReplays({ pageload }, earlier) {
  assert.equal(pageload.traceId, earlier.pageload.traceId);
  assert.equal(pageload.parentSpanId, earlier.pageload.parentSpanId);
}

export function assertCame(visit, { deliveryType, asks }, type) {
  const { how } = visit;
  assert.equal(how.deliveryType, deliveryType);
  assert.equal(how.transferSize > 0, asks);
  if (type) assert.equal(how.type, type);
  if (!asks) assert.deepEqual(visit.transactions, []);
}
