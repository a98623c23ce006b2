// Back and Forward show an old page: a guard keeps its old trace from being joined once more.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertAlone, assertCame, assertJoined, assertReplays, REPLAYED, SENT, serverOf } from './load.mjs';
import { Stage } from './stage.mjs';

describe('Back and Forward in examples/caches.rs', { concurrency: 5 }, () => {
  const stage = Stage.forSuite('history');
  const address = serverOf(stage);

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

describe('Back and Forward in a browser that keeps whole pages', { concurrency: 5 }, () => {
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
