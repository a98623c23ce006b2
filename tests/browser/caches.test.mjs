// A page that comes out of a cache joins the trace of its own request, or none; what else it can be told apart by.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { normalised } from './dsc.mjs';
import { joined } from './faults.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

/** How the browser comes by a page. */
const SENT = { deliveryType: '', asks: true };
const REVALIDATED = { deliveryType: 'cache', asks: true };
const REPLAYED = { deliveryType: 'cache', asks: false };

describe('examples/caches.rs', { concurrency: 3 }, () => {
  const stage = Stage.forSuite('caches');
  const address = serverOf(stage);

  describe('a page without tags is told its trace in Server-Timing', () => {
    for (const path of ['/header/never', '/header/guarded/never', '/tags/asked', '/tags/guarded/asked']) {
      stage.test(`${path} joins the trace of its request`, async (session) => {
        const page = await session.visit(address(path));
        assert.deepEqual(await page.tags(), []);
        await assertJoined(page, path);
      });
    }
  });

  describe('a page that is asked about each time', () => {
    for (const path of ['/tags/asked', '/tags/guarded/asked', '/header/guarded/asked']) {
      for (const again of ['reload', 'goto']) {
        stage.test(`${path} joins the trace of the request that a 304 answers, by ${again}`, async (session) => {
          const first = await session.visit(address(path));
          const sent = await assertJoined(first, path);
          const second = await first[again](address(path));
          const revalidated = await assertJoined(second, path);
          assert.deepEqual([sent.status, revalidated.status], [200, 304]);
          assert.notEqual(revalidated.traceId, sent.traceId);
          assertCame(second, REVALIDATED);
        });
      }
    }

    stage.test('is stale when its tags are kept', async (session) => {
      const { first, second } = await visitTwice(session, '/kept/asked');
      assert.equal((await second.transaction('GET /kept/asked')).status, 304);
      assertReplays(second, first);
    });

    stage.test('starts a trace of its own when its tags are kept and guarded', async (session) => {
      const { first, second } = await visitTwice(session, '/kept/guarded/asked');
      assert.equal((await second.transaction('GET /kept/guarded/asked')).status, 304);
      assertAlone(second, first);
    });
  });

  describe('a page that is reused without asking', () => {
    for (const path of ['/tags/fresh', '/tags/guarded/fresh', '/header/fresh']) {
      stage.test(`${path} starts a trace of its own each time`, async (session) => {
        const first = await session.visit(address(path));
        await first.transaction(`GET ${path}`);
        const second = await first.goto(address(path));
        assertCame(second, REPLAYED);
        assertAlone(first);
        assertAlone(second, first);
      });
    }

    stage.test('is stale when its tags are kept', async (session) => {
      const { first, second } = await visitTwice(session, '/kept/fresh');
      assertCame(second, REPLAYED);
      assertReplays(second, first);
    });

    stage.test('starts a trace of its own when its tags are kept and guarded', async (session) => {
      const { first, second } = await visitTwice(session, '/kept/guarded/fresh');
      assertCame(second, REPLAYED);
      assertAlone(second, first);
      assert.deepEqual((await second.tags()).map(({ name, content }) => [name, content]), [['sentry-trace', 'stale']]);
    });
  });

  describe('Back and Forward', () => {
    for (const way of ['/tags/guarded', '/header/guarded', '/kept/guarded']) {
      stage.test(`${way} join no trace that another page load had`, async (session) => {
        const loads = await backAndForward(session, way);
        for (const [number, load] of loads.slice(2).entries()) {
          assertCame(load, REPLAYED, 'back_forward');
          assertAlone(load, ...loads.slice(0, number + 2));
        }
      });
    }

    stage.test('join the trace of their own request where no cache may keep the page', async (session) => {
      const loads = await backAndForward(session, '/unstorable', ['asked', 'fresh']);
      for (const [number, name] of ['asked', 'fresh'].entries()) {
        const again = loads[number + 2];
        assertCame(again, SENT, 'back_forward');
        await assertJoined(again, `/unstorable/${name}`, ...loads.slice(0, number + 2));
      }
    });

    for (const way of ['/tags', '/header']) {
      stage.test(`${way} show a stale page where there is no guard`, async (session) => {
        const [page, next, back, forward] = await backAndForward(session, way);
        assertCame(back, REPLAYED, 'back_forward');
        assertReplays(back, page);
        assertReplays(forward, next);
      });
    }

    stage.test('do not join the trace of the 304 that came last', async (session) => {
      const first = await session.visit(address('/tags/guarded/asked'));
      await assertJoined(first, '/tags/guarded/asked');
      const second = await first.reload();
      assert.equal((await assertJoined(second, '/tags/guarded/asked')).status, 304);
      const next = await second.follow('never');
      const back = await next.back();
      assertCame(back, REPLAYED, 'back_forward');
      assertAlone(back, first, second, next);
    });
  });

  describe('a page that a proxy has kept too long', () => {
    for (const way of ['/tags', '/header']) {
      stage.test(`${way} is stale`, async (session) => {
        const [first, second] = await visitKept(session, `${way}/never`);
        assertReplays(second, first);
      });
    }

    for (const [way, tags] of [['/tags/guarded', []], ['/header/guarded', ['sentry-trace']], ['/both/guarded', ['sentry-trace']]]) {
      stage.test(`${way} starts a trace of its own`, async (session) => {
        const [first, second] = await visitKept(session, `${way}/never`);
        assertAlone(second, first);
        assert.deepEqual((await second.tags()).map(({ name }) => name), tags);
      });
    }

    /** Two visitors, of whom the second gets the page of the first, as if it were a minute old. */
    async function visitKept(session, path) {
      let age = 0;
      const rewrite = (html) => html.replace(/\((\d+),60000/, (_, rendered) => `(${rendered - age},60000`);
      const proxy = await session.upstream(address(''), { keeps: true, rewrite });
      const first = await session.visit(proxy + path);
      await assertJoined(first, path);
      age = 61_000;
      const second = await session.visit(proxy + path);
      assertCame(second, SENT);
      return [first, second];
    }
  });

  /** A page that joins its request, and then the same page by way of the browser's cache. */
  async function visitTwice(session, path) {
    const first = await session.visit(address(path));
    await assertJoined(first, path);
    return { first, second: await first.goto(address(path)) };
  }

  /** A page, the next one by a link, Back, and Forward. */
  async function backAndForward(session, way, [from, to] = ['never', 'asked']) {
    const page = await session.visit(address(`${way}/${from}`));
    await assertJoined(page, `${way}/${from}`);
    const next = await page.follow(to);
    await assertJoined(next, `${way}/${to}`);
    const back = await next.back();
    return [page, next, back, await back.forward()];
  }
});

describe('examples/caches.rs in a browser that keeps whole pages', { concurrency: 3 }, () => {
  const stage = Stage.forSuite('page cache', { keepsPages: true });
  const address = serverOf(stage);

  for (const way of ['/tags', '/tags/guarded', '/header/guarded']) {
    stage.test(`${way}: Back and Forward restore the page, in a trace of their own`, async (session) => {
      const page = await session.visit(address(`${way}/never`));
      await assertJoined(page, `${way}/never`);
      const next = await page.follow('asked');
      await assertJoined(next, `${way}/asked`);
      const back = await next.back();
      const forward = await back.forward();
      for (const { how, pageload, transactions } of [back, forward]) {
        assert.ok(how.isRestored);
        assert.equal(pageload, undefined);
        assert.deepEqual(transactions, []);
      }
      const ids = [page, next, back, forward].map(({ message }) => message.traceId);
      assert.equal(new Set(ids).size, ids.length, ids.join());
    });
  }
});

/** Starts the example for a suite; gives the address of one of its pages. */
function serverOf(stage) {
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url, SENTRY_TRACES_SAMPLE_RATE: '1' };
    server = await startServer(buildExample('caches'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));
  return (path) => server.url + path;
}

/** The page load is a child of its own request, of which both sides tell the same; gives the server's span. */
async function assertJoined(visit, path, ...others) {
  const server = await visit.transaction(`GET ${path}`);
  assert.ok(joined({ server, pageload: visit.pageload }), `${path} joins its request`);
  assert.deepEqual(normalised(server.dsc), normalised(visit.pageload.dsc));
  assertNew(visit, others);
  return server;
}

/** The page load is the head of a trace that no other has had. */
function assertAlone(visit, ...others) {
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
function assertReplays({ pageload }, earlier) {
  assert.equal(pageload.traceId, earlier.pageload.traceId);
  assert.equal(pageload.parentSpanId, earlier.pageload.parentSpanId);
}

function assertCame(visit, { deliveryType, asks }, type) {
  const { how } = visit;
  assert.equal(how.deliveryType, deliveryType);
  assert.equal(how.transferSize > 0, asks);
  if (type) assert.equal(how.type, type);
  if (!asks) assert.deepEqual(visit.transactions, []);
}
