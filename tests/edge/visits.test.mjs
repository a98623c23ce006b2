// Each page load joins the trace that the proxy has started for it, from the cache or not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe } from 'node:test';
import { normalised } from '../browser/dsc.mjs';
import { buildExample, startServer } from '../browser/server.mjs';
import { Stage } from '../browser/stage.mjs';
import { startProxy } from './proxy.mjs';

const VISITS = Number(process.env.EDGE_BROWSER_VISITS ?? 6);

for (const kind of ['nginx', 'varnish']) {
  describe(`behind ${kind}`, () => {
    const stage = Stage.forSuite(kind);
    let origin, proxy;
    before(async () => {
      const env = {
        SENTRY_DSN: stage.ingest.dsn,
        SENTRY_BROWSER_SDK: stage.sdk.url,
        SENTRY_RELEASE: 'shop@1.4.0',
        SENTRY_TRACES_SAMPLE_RATE: '0.5',
      };
      const program = buildExample('edge');
      origin = await startServer(program, env);
      const config = execFileSync(program, [kind], { env: { ...process.env, ...env }, encoding: 'utf8' });
      proxy = await startProxy(kind, config, origin.url);
    });
    after(async () => {
      await proxy?.stop();
      assert.equal(await origin.stop(), 0, 'Ctrl-C ends it well');
    });

    stage.test(`${VISITS} visits join the ids that the access log names`, async (session) => {
      const ids = new Set();
      for (let visit = 0; visit < VISITS; visit += 1) {
        const page = await session.visit(`${proxy.url}/pages/1`);
        assert.deepEqual(await page.tags(), []);
        const { userAgent } = await page.page.evaluate(() => ({ userAgent: navigator.userAgent }));
        const [logged, ...others] = await lines(proxy, userAgent);
        assert.deepEqual(others, [], 'a visit is one request');
        assert.equal(logged.isHit, visit > 0);
        ids.add(assertJoined(page, logged));
        if (!logged.isHit) await assertServed(page);
        await page.page.context().close();
      }
      assert.equal(ids.size, VISITS, 'none is shared');
      const contexts = stage.ingest.records.map(({ envelope }) => envelope.header.trace).filter(Boolean);
      assert.ok(contexts.length >= VISITS);
      contexts.forEach(assertWhole);
    });
  });
}

/** What the log says of one browser, once it says anything. */
async function lines(proxy, userAgent) {
  for (;;) {
    const found = proxy.log().filter((line) => line.userAgent === userAgent);
    if (found.length) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** All that the browser reports belongs to the trace of the log; gives its id. */
function assertJoined({ message, pageload }, { traceId }) {
  assert.equal(message.traceId, traceId);
  assert.equal(message.dsc.trace_id, traceId);
  assert.equal(message.dsc.release, 'shop@1.4.0');
  assert.equal(message.dsc.sample_rate, '0.5');
  assert.equal(Boolean(pageload), message.dsc.sampled === 'true');
  if (pageload) {
    assert.equal(pageload.traceId, traceId);
    assert.match(pageload.parentSpanId, /^[0-9a-f]{16}$/);
  }
  return traceId;
}

/** The service's transaction is of the same trace, under the same parent, with the same context. */
async function assertServed(page) {
  if (!page.pageload) return;
  const served = await page.transaction('GET /pages/{number}');
  assert.equal(served.traceId, page.pageload.traceId);
  assert.equal(served.parentSpanId, page.pageload.parentSpanId);
  assert.deepEqual(normalised(served.dsc), normalised(page.pageload.dsc));
}

function assertWhole(context) {
  const { sample_rand: rand, sample_rate: rate, sampled } = context;
  assert.equal(Number(rand) < Number(rate), sampled === 'true', JSON.stringify(context));
}
