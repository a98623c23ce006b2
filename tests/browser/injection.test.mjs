// A page whose template knows nothing of tracing is joined as it streams in.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { dscOf, normalised } from './dsc.mjs';
import { faultsOf, joined } from './faults.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

describe('examples/streaming.rs', { concurrency: 3 }, () => {
  const stage = Stage.forSuite('streaming');
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url, SENTRY_TRACES_SAMPLE_RATE: '1' };
    server = await startServer(buildExample('streaming'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));

  stage.test('a streamed page is the head of the trace that the browser joins', async (session) => {
    const page = await session.visit(server.url);
    const transaction = await page.transaction('GET /');
    assert.ok(joined({ server: transaction, pageload: page.pageload }));
    assert.deepEqual(normalised(transaction.dsc), normalised(page.pageload.dsc));
    assert.equal(page.pageload.dsc.transaction, 'GET /');
    assert.ok((await streamedFor(page)) > 100, 'it came in pieces');
  });

  stage.test('the tags stand in the head, before every script', async (session) => {
    const page = await session.visit(server.url);
    const tags = await page.tags();
    assert.deepEqual(tags.map(({ name }) => name), ['sentry-trace', 'baggage']);
    for (const tag of tags) assert.deepEqual([tag.parent, tag.isBeforeScripts], ['HEAD', true], tag.name);
    assert.deepEqual(normalised(dscOf(tags[1].content)), normalised(page.pageload.dsc));
  });

  stage.test('has no fault', async (session) => {
    assert.deepEqual(await faultsOf(session, server.url), []);
  });
});

/** How long the page took from its first byte to its last, in milliseconds. */
function streamedFor({ page }) {
  return page.evaluate(() => {
    const [{ responseStart, responseEnd }] = performance.getEntriesByType('navigation');
    return responseEnd - responseStart;
  });
}
