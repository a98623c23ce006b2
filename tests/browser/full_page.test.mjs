// A page written by the documentation alone joins its trace, and so does a call from another origin.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { faultsOf, joined } from './faults.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

describe('examples/full_page.rs', { concurrency: 3 }, () => {
  const stage = Stage.forSuite();
  const servers = [];
  before(async () => {
    const program = buildExample('full_page');
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    for (const start of [startServer, startServer]) servers.push(await start(program, env));
  });
  after(async () => {
    for (const server of servers) assert.equal(await server.stop(), 0, 'Ctrl-C ends it well');
  });

  for (const [path, name] of [['/', 'GET /'], ['/items/7', 'GET /items/{id}']]) {
    stage.test(`${path} is the head of the trace that the browser joins`, async (session) => {
      const page = await session.visit(servers[0].url + path);
      const transaction = await page.transaction(name);
      assert.ok(joined({ server: transaction, pageload: page.pageload }));
      assert.equal(page.pageload.parentSpanId, transaction.spanId);
      assert.equal(page.pageload.dsc.transaction, name);
    });
  }

  /** A page that asks the other server for its stock: the browser's span of that, and the server's. */
  async function callAcross(session, sentryOptions) {
    const page = await session.visit(servers[0].url, sentryOptions);
    const answer = await page.page.evaluate(
      (url) => Sentry.startSpan({ name: 'click' }, async () => (await fetch(url)).json()),
      `${servers[1].url}/stock`,
    );
    assert.equal(answer, 7);
    return { page, call: await page.span('http.client'), transaction: await page.transaction('GET /stock') };
  }

  stage.test('a call to another origin that is a target passes the preflight and continues the trace', async (session) => {
    const tracePropagationTargets = [servers[1].url];
    const { page, call, transaction } = await callAcross(session, { tracePropagationTargets });
    assert.equal(transaction.traceId, page.pageload.traceId);
    assert.equal(transaction.parentSpanId, call.spanId);
    assert.ok(!page.transactions.some(({ name }) => name.startsWith('OPTIONS')), 'the preflight makes no transaction');
  });

  stage.test('a call to another origin that is no target needs none and starts a trace', async (session) => {
    const { page, transaction } = await callAcross(session);
    assert.notEqual(transaction.traceId, page.pageload.traceId);
    assert.equal(transaction.parentSpanId, undefined);
    assert.ok(!page.transactions.some(({ name }) => name.startsWith('OPTIONS')));
  });

  stage.test('has no fault', async (session) => {
    assert.deepEqual(await faultsOf(session, servers[0].url), []);
  });
});
