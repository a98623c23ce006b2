// A page that comes out of a cache joins the trace of its own request or starts one, never that of an earlier load.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertAlone, assertCame, assertJoined, assertReplays, REPLAYED, REVALIDATED, SENT, serverOf } from './load.mjs';
import { Stage } from './stage.mjs';

describe('examples/caches.rs', { concurrency: 5 }, () => {
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
          const revalidated = await assertJoined(second, path, first);
          assert.deepEqual([sent.status, revalidated.status], [200, 304]);
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
});
