// A sampler that overrules its caller: server and browser report the same decision, or both nothing.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { dscOf } from './dsc.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('examples/sampler.rs', { concurrency: 3 }, () => {
  const stage = Stage.forSuite('sampler');
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    server = await startServer(buildExample('sampler'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));

  /** A page whose caller has decided at a rate of a half; the numbers that the sampler leaves it with. */
  async function visitFrom(session, path, sampled, { rate = '0.5', decision = sampled }) {
    const rand = sampled ? '0.25' : '0.75';
    const caller = `sentry-trace_id=${TRACE},sentry-public_key=caller,sentry-sample_rand=${rand}`;
    const baggage = `${caller},sentry-sample_rate=0.5,sentry-sampled=${sampled}`;
    const headers = [['sentry-trace', `${TRACE}-${PARENT}-${Number(sampled)}`], ['baggage', baggage]];
    const page = await session.visit((await session.upstream(server.url, { headers })) + path);
    return { page, dsc: dscOf(`${caller},sentry-sample_rate=${rate},sentry-sampled=${decision}`) };
  }

  async function assertBothReport({ page, dsc }, name) {
    const transaction = await page.transaction(name);
    assert.equal(transaction.traceId, TRACE);
    assert.equal(transaction.parentSpanId, PARENT);
    assert.equal(page.pageload.traceId, TRACE);
    assert.equal(page.pageload.parentSpanId, transaction.spanId);
    for (const half of [transaction, page.pageload, page.message]) assert.deepEqual(half.dsc, dsc);
  }

  function assertNeitherReports({ page, dsc }) {
    assert.deepEqual(page.spans, []);
    assert.deepEqual(page.transactions.filter(({ traceId }) => traceId === TRACE), []);
    assert.equal(page.message.traceId, TRACE);
    assert.deepEqual(page.message.dsc, dsc);
  }

  stage.test('decides for a trace that its caller decided against, and the browser follows', async (session) => {
    const visit = await visitFrom(session, '/always', false, { rate: '1', decision: true });
    await assertBothReport(visit, 'GET /always');
  });

  stage.test('decides against a trace that its caller decided for, and the browser follows', async (session) => {
    assertNeitherReports(await visitFrom(session, '/never', true, { rate: '0', decision: false }));
  });

  stage.test('keeps the decision of its caller for a trace', async (session) => {
    await assertBothReport(await visitFrom(session, '/inherits', true, {}), 'GET /inherits');
  });

  stage.test('keeps the decision of its caller against a trace', async (session) => {
    assertNeitherReports(await visitFrom(session, '/inherits', false, {}));
  });
});
