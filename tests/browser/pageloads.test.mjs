// A pageload is named after its route, whichever way the page came, and starts when the page is shown.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { joined } from './faults.mjs';
import { minified, printed, SCRIPTS } from './minify.mjs';
import { Journey } from './journey.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

/** Pages of every kind: their address, their route, and whether their trace is that of their request. */
const PAGES = [
  ['/templated/1', '/templated/{id}', true],
  ['/started/1', '/started/{id}', true],
  ['/alone/1', '/alone/{id}', false],
  ['/named/nightly report', 'nightly report', true],
  ['/injected/1', '/injected/{id}', true],
  ['/streamed/1', '/streamed/{id}', true],
  ['/templated/fresh/1', '/templated/fresh/{id}', false],
  ['/templated/asked/1', '/templated/asked/{id}', true],
  ['/injected/fresh/1', '/injected/fresh/{id}', false],
  ['/injected/asked/1', '/injected/asked/{id}', true],
  ['/streamed/fresh/1', '/streamed/fresh/{id}', false],
  ['/streamed/asked/1', '/streamed/asked/{id}', true],
];

const HOSTILE = ['/templated/<b>bold', '/templated/%22%3E%3Cscript%3EhasRun=1%3C%2Fscript%3E', '/templated/a%20secret%40example.org'];

/** The page has one pageload, and all that it reports is named after the route. */
function assertNamed(visit, route) {
  const pageloads = visit.spans.filter(({ op }) => op === 'pageload');
  assert.deepEqual(pageloads.map(({ name, source }) => [name, source]), [[route, 'route']]);
  assert.equal(visit.message.transaction, route, 'events go by it too');
  const vitals = visit.spans.filter(({ op }) => op?.startsWith('ui.webvital'));
  for (const { data } of vitals) assert.equal(data['sentry.segment.name'], route);
}

describe('examples/pageloads.rs', { concurrency: 4 }, () => {
  const stage = Stage.forSuite('pageloads');
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    server = await startServer(buildExample('pageloads'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));

  for (const script of Object.keys(SCRIPTS)) {
    stage.test(`${script}.min.js is made of the readable modules`, () => assert.equal(printed(script), minified(script)));
  }

  for (const [path, route, isJoined] of PAGES) {
    for (const options of [{}, { traceLifecycle: 'static' }]) {
      stage.test(`${path} is named ${route}, ${options.traceLifecycle ?? 'stream'}`, async (session) => {
        const first = await session.visit(server.url + path, options);
        assertNamed(first, route);
        const { pageload } = first;
        await first.until('a transaction', () => first.transactions.length);
        assert.equal(joined({ server: first.transactions[0], pageload }), isJoined);
        const again = await first.goto(server.url + path);
        assertNamed(again, route);
        assert.notEqual(again.pageload.traceId, pageload.traceId);
      });
    }
  }

  stage.test('as many pageload names as routes', async (session) => {
    const visits = await Promise.all(PAGES.flatMap(([path]) => [path, path.replace(/1$/, '2')]).map((path) => session.visit(server.url + path)));
    assert.deepEqual(new Set(visits.map(({ pageload }) => pageload.name)), new Set(PAGES.map(([, route]) => route)));
  });

  stage.test('a script that runs twice starts one pageload', async (session) => {
    const visit = await session.visit(`${server.url}/templated/1`);
    await visit.page.addScriptTag({ content: printed('route') });
    await visit.page.evaluate(() => Sentry.flush());
    await new Journey(visit).reports(1);
    assertNamed(visit, '/templated/{id}');
  });

  for (const path of HOSTILE) {
    stage.test(`a path never shows: ${path}`, async (session) => {
      const visit = await session.visit(server.url + path);
      assert.equal(visit.pageload.name, '/templated/{id}');
      const unmatched = await visit.goto(server.url + path.replace('templated', 'nowhere'));
      assert.equal(unmatched.pageload.name, 'Pageload');
      assert.deepEqual(await unmatched.page.locator('meta[name=sentry-route-name]').count(), 0);
      assert.equal(await unmatched.page.evaluate(() => globalThis.hasRun), undefined);
    });
  }

  const fake = () => {
    Object.defineProperty(document, 'prerendering', { value: true, writable: true });
    globalThis.activate = () => {
      document.prerendering = false;
      document.dispatchEvent(new Event('prerenderingchange'));
    };
  };

  stage.test('a prerendered page starts its pageload when it is shown, or never', async (session) => {
    for (const isShown of [true, false]) {
      const visit = await session.visit(`${server.url}/templated/1`, undefined, fake);
      assert.equal(visit.pageload, undefined);
      if (!isShown) continue;
      await visit.page.evaluate(() => activate());
      const pageload = await visit.span('pageload');
      assert.equal(pageload.name, '/templated/{id}');
      assert.ok(joined({ server: visit.transactions[0], pageload }));
    }
  });

  stage.test('of the links that Chromium prerenders, as many have a pageload as are shown', async (session) => {
    const visit = await session.visit(`${server.url}/links`);
    const ahead = () => visit.transactions.filter(({ name }) => name === 'GET /linked/{id}');
    await visit.until('four prerendered pages', () => ahead().length === 4);
    for (const { data } of ahead()) assert.equal(data['http.request.header.sec-purpose'], 'prefetch;prerender');
    assert.deepEqual(visit.spans.filter(({ op }) => op === 'pageload').map(({ name }) => name), ['/links']);
    await visit.page.evaluate(() => void setTimeout(() => (location.href = '/linked/2')));
    await visit.page.waitForURL('**/linked/2');
    // Under automation Chromium prerenders the pages and loads the one that is shown once more.
    await new Journey(visit).reports(5);
    assert.deepEqual(visit.spans.filter(({ op }) => op === 'pageload').map(({ name }) => name), ['/links', '/linked/{id}']);
  });
});

describe('a page that Back restores whole', () => {
  const stage = Stage.forSuite('restored pageloads', { keepsPages: true });
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    server = await startServer(buildExample('pageloads'), env);
  });
  after(() => server.stop());

  async function restored(session, path) {
    const page = await session.visit(server.url + path);
    const next = await page.goto(`${server.url}/injected/1`);
    const back = await next.back();
    assert.ok(back.how.isRestored);
    return back.span('navigation');
  }

  stage.test('is named after its route', async (session) => {
    const { name, source } = await restored(session, '/templated/1');
    assert.deepEqual([name, source], ['/templated/{id}', 'route']);
  });

  stage.test('is named by the SDK if it has no route', async (session) => {
    const { name, source } = await restored(session, '/bare/1');
    assert.notEqual(name, 'Pageload');
    assert.notEqual(source, 'route');
  });
});

describe('version 10 of the SDK', { concurrency: 4 }, () => {
  const stage = Stage.forSuite('pageloads 10');
  let server;
  before(async () => {
    const SENTRY_BROWSER_SDK = stage.sdk.url.replace('sentry.js', 'sentry10.js');
    server = await startServer(buildExample('pageloads'), { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK });
  });
  after(() => server.stop());

  for (const [path, route, isJoined] of PAGES.filter(([path]) => /templated|started|injected.asked/.test(path))) {
    stage.test(`names ${path} ${route}`, async (session) => {
      const visit = await session.visit(server.url + path);
      assert.match(await visit.page.evaluate(() => Sentry.SDK_VERSION), /^10\./);
      assertNamed(visit, route);
      await visit.until('a transaction', () => visit.transactions.length);
      assert.equal(joined({ server: visit.transactions[0], pageload: visit.pageload }), isJoined);
    });
  }
});
