// A page that htmx or Turbo swaps in is a navigation with a trace of its own, which its request belongs to.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Journey } from './journey.mjs';
import { printed } from './minify.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

/** How many links are followed one after the other. */
const NAVIGATIONS = Number(process.env.NAVIGATIONS ?? 20);

/** The links of every page: what they are called, what they lead to, and the route of that. */
const LINKS = [
  ['home', 'Home', '/home'],
  ['item 1', 'Item 1', '/items/{id}'],
  ['form', 'Form', '/form'],
  ['item 2', 'Item 2', '/items/{id}'],
  ['author', 'Author 1', '/authors/{id}'],
];

describe('examples/navigations.rs', { concurrency: 4 }, () => {
  const stage = Stage.forSuite('navigations');
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    server = await startServer(buildExample('navigations'), env);
  });
  after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));

  const begin = (session, site, options) => Journey.begin(session, `${server.url}${site}/items/5`, options);

  async function followLinks(journey, count) {
    const followed = Array.from({ length: count }, (_, number) => LINKS[number % LINKS.length]);
    for (const [link, title] of followed) await journey.follow(link, title);
    return followed.map(([, , route]) => route);
  }

  for (const site of ['/htmx4', '/htmx2', '/turbo']) {
    stage.test(`${site}: without the scripts no navigation has its request`, async (session) => {
      const journey = await begin(session, `/plain${site}`);
      const routes = await followLinks(journey, NAVIGATIONS);
      const reports = await journey.reports(NAVIGATIONS + 1);
      assert.deepEqual(reports.pageloads.map(({ name }) => name), ['Pageload']);
      assert.deepEqual(new Set(reports.names), new Set(['Navigation']));
      const own = reports.navigations.filter((it, number) => reports.served(it).some(({ name }) => name.endsWith(routes[number])));
      assert.deepEqual(own, [], 'each request is in the trace of the page before');
    });

    for (const options of [{}, { traceLifecycle: 'static' }]) {
      stage.test(`${site}: ${NAVIGATIONS} links, ${options.traceLifecycle ?? 'stream'}`, async (session) => {
        const journey = await begin(session, site, options);
        const routes = await followLinks(journey, NAVIGATIONS);
        const reports = await journey.reports(NAVIGATIONS + 1);
        assert.deepEqual(reports.names, routes.map((route) => site + route));
        assert.equal(reports.eventName, site + routes.at(-1), 'events go by it too');
        for (const navigation of reports.navigations) {
          assert.equal(navigation.source, 'route');
          reports.assertJoined(navigation, `GET ${navigation.name}`);
        }
        reports.assertDistinct();
      });
    }
  }

  /** What a navigation is called, and the server's transactions in its trace. */
  async function assertNavigations(journey, transactions, expected) {
    const reports = await journey.reports(transactions);
    assert.deepEqual(reports.names, expected.map(([name]) => name));
    for (const [number, [, ...served]] of expected.entries()) reports.assertJoined(reports.navigations[number], ...served);
    reports.assertDistinct();
    return reports;
  }

  for (const site of ['/htmx4', '/htmx2', '/htmx2-uncached', '/turbo']) {
    const isCached = ['/htmx2', '/turbo'].includes(site);
    const item = [`${site}/items/{id}`, `GET ${site}/items/{id}`];
    const author = [`${site}/authors/{id}`, `GET ${site}/authors/{id}`];
    const restored = ([name, ...served]) => (isCached ? [name] : [name, ...served]);

    stage.test(`${site}: Back and Forward`, async (session) => {
      const journey = await begin(session, site);
      await journey.follow('item 1', 'Item 1');
      await journey.follow('author', 'Author 1');
      await journey.back('Item 1', '/items/1');
      await journey.forward('Author 1', '/authors/1');
      await assertNavigations(journey, isCached ? 3 : 5, [item, author, restored(item), restored(author)]);
    });

    if (site !== '/htmx2') stage.test(`${site}: Back to a page from before a reload is named by its response`, async (session) => {
      const journey = await begin(session, site);
      await journey.follow('item 1', 'Item 1');
      await journey.follow('author', 'Author 1');
      await journey.reports(3);
      await journey.page.reload();
      await journey.back('Item 1', '/items/1');
      const { navigations, names } = await journey.reports(5);
      assert.deepEqual(names, [item[0], author[0], item[0]]);
      assert.equal(navigations[2].source, 'route');
    });

    if (['/htmx4', '/turbo'].includes(site)) stage.test(`${site}: a link to the page that Back has restored is one more navigation`, async (session) => {
      const journey = await begin(session, site);
      await journey.follow('item 1', 'Item 1');
      await journey.follow('author', 'Author 1');
      await journey.back('Item 1', '/items/1');
      await journey.reports(isCached ? 3 : 4);
      await Promise.all([journey.page.waitForResponse('**/items/1'), journey.page.click('text="item 1"')]);
      await assertNavigations(journey, isCached ? 4 : 5, [item, author, restored(item), item]);
    });

    stage.test(`${site}: a redirect`, async (session) => {
      const journey = await begin(session, site);
      await journey.follow('item 1', 'Item 1');
      await journey.follow('redirect', 'Item 5', '/items/5');
      await assertNavigations(journey, 4, [item, [item[0], `GET ${site}/redirect`, item[1]]]);
    });

    stage.test(`${site}: a form that is sent, and one that fails`, async (session) => {
      const journey = await begin(session, site);
      await journey.page.fill('input[name=name]', 'tea');
      await journey.click('text="Save" >> nth=0', 'Item 9', '/items/9');
      await journey.click('#search button', 'Search', '/search?q=tea');
      await assertNavigations(journey, 4, [
        [item[0], `POST ${site}/form`, item[1]],
        [`${site}/search`, `GET ${site}/search`],
      ]);
    });

    // Turbo replaces the document by an error page, whose scripts start the SDK once more.
    if (site !== '/turbo') stage.test(`${site}: an error and a page that is not there`, async (session) => {
      const journey = await begin(session, site);
      await Promise.all([journey.page.waitForResponse('**/error'), journey.page.click('text="error"')]);
      await Promise.all([journey.page.waitForResponse('**/secret'), journey.page.click('text="nowhere"')]);
      const reports = await journey.reports(3);
      assert.deepEqual(reports.names, [`${site}/error`, 'Navigation']);
      for (const navigation of reports.navigations) assert.equal(reports.served(navigation).length, 1);
      reports.assertDistinct();
    });

    const served = (name) => `GET ${site}/${name}/{id}`;
    const cutOff = (name) => ['Navigation', served(name)];
    const unasked = (name) => [`${site}/${name}/{id}`];

    stage.test(`${site}: two clicks in a row, the second of which is answered first`, async (session) => {
      const journey = await begin(session, site);
      const answer = await journey.hold('/slow/1');
      await journey.page.click('text="slow"');
      await journey.follow('item 2', 'Item 2');
      answer();
      const expected = [cutOff('slow'), item];
      // htmx 4 shows what comes too late, the others cancel it.
      if (site === '/htmx4') {
        await journey.shows('Slow 1', '/slow/1');
        expected.push(unasked('slow'));
      }
      await assertNavigations(journey, 3, expected);
    });

    stage.test(`${site}: two clicks in a row, the first of which is answered first`, async (session) => {
      const journey = await begin(session, site);
      const [answerFirst, answerSecond] = [await journey.hold('/slow/1'), await journey.hold('/late/1')];
      await journey.page.click('text="slow"');
      await journey.page.click('text="late"');
      answerFirst();
      // htmx 4 shows both, htmx 2 what comes first, and Turbo what was asked for last.
      if (site !== '/turbo') await journey.shows('Slow 1', '/slow/1');
      answerSecond();
      if (!site.startsWith('/htmx2')) await journey.shows('Late 1', '/late/1');
      const expected = {
        '/htmx4': [cutOff('slow'), cutOff('late'), unasked('slow'), unasked('late')],
        '/turbo': [cutOff('slow'), [...unasked('late'), served('late')]],
      };
      await assertNavigations(journey, 3, expected[site] ?? [cutOff('slow'), cutOff('late'), unasked('slow')]);
    });

    // Turbo visits the page for it.
    if (site !== '/turbo') stage.test(`${site}: a fragment of the address is no navigation`, async (session) => {
      const journey = await begin(session, site);
      await journey.click('text="fragment"', 'Item 5', '#fragment');
      await journey.back('Item 5', '/items/5');
      await assertNavigations(journey, 1, []);
    });
  }

  stage.test('/htmx4: a late response that the page drops names nothing', async (session) => {
    const journey = await begin(session, '/htmx4');
    const answer = await journey.hold('/slow/1');
    await journey.page.click('text="slow"');
    await journey.follow('item 2', 'Item 2');
    const dropped = journey.page.evaluate(() => {
      const drop = (resolve) => (event) => void setTimeout(resolve, event.preventDefault());
      return new Promise((resolve) => document.addEventListener('htmx:before:response', drop(resolve)));
    });
    answer();
    await dropped;
    const item = ['/htmx4/items/{id}', 'GET /htmx4/items/{id}'];
    const { eventName } = await assertNavigations(journey, 3, [['Navigation', 'GET /htmx4/slow/{id}'], item]);
    assert.equal(eventName, item[0]);
  });

  stage.test('/turbo: pushState alone is a navigation without a request, and replaceState is none', async (session) => {
    const journey = await begin(session, '/turbo');
    await journey.page.evaluate(() => history.replaceState(history.state, '', '/turbo/items/1'));
    assert.deepEqual((await journey.reports(1)).names, []);
    await journey.page.evaluate(() => history.pushState(history.state, '', '/turbo/items/2'));
    await assertNavigations(journey, 1, [['Navigation']]);
  });

  stage.test('/htmx4-compat: the events of version 2 count once', async (session) => {
    const site = '/htmx4-compat';
    const journey = await begin(session, site);
    const errors = [];
    journey.page.on('pageerror', (error) => errors.push(String(error)));
    await journey.follow('item 1', 'Item 1');
    await journey.page.click('#partial');
    await journey.page.waitForSelector('#part p');
    const reports = await journey.reports(3);
    assert.deepEqual(reports.names, [`${site}/items/{id}`]);
    // The navigation may have ended before the part was asked for, which then is in its trace only.
    const served = reports.served(reports.navigations[0]).map(({ name }) => name);
    assert.deepEqual(served, [`GET ${site}/items/{id}`, `GET ${site}/part`]);
    reports.assertDistinct();
    assert.deepEqual(errors, []);
  });

  for (const site of ['/htmx4', '/htmx2', '/turbo']) {
    const item = [`${site}/items/{id}`, `GET ${site}/items/{id}`];

    // Turbo loads the page anew.
    if (site !== '/turbo') stage.test(`${site}: a navigation that shows nothing leaves later ones alone`, async (session) => {
      const journey = await begin(session, site);
      await journey.page.route('**/items/1', (route) => route.abort());
      await Promise.all([journey.page.waitForEvent('requestfailed'), journey.page.click('text="item 1"')]);
      await journey.reports(1);
      await journey.page.evaluate((path) => history.pushState({}, '', path), `${site}/items/2`);
      const reports = await journey.reports(1);
      assert.deepEqual(reports.names, ['Navigation', 'Navigation']);
      reports.assertDistinct();
    });

    stage.test(`${site}: another change of the address does not end a pending navigation`, async (session) => {
      const journey = await begin(session, site);
      const answer = await journey.hold('/items/1');
      await journey.page.click('text="item 1"');
      await journey.page.evaluate(() => history.replaceState(history.state, '', '?tab=2'));
      answer();
      await journey.shows('Item 1', '/items/1');
      await assertNavigations(journey, 2, [item]);
    });
  }

  stage.test('/htmx4: a script that runs twice starts each navigation once', async (session) => {
    const journey = await begin(session, '/htmx4');
    await journey.page.addScriptTag({ content: printed('navigation.htmx') });
    await journey.follow('item 1', 'Item 1');
    await assertNavigations(journey, 2, [['/htmx4/items/{id}', 'GET /htmx4/items/{id}']]);
  });

  for (const site of ['/htmx4', '/htmx2']) {
    const item = [`${site}/items/{id}`, `GET ${site}/items/{id}`];
    for (const [button, address] of [['push', 7], ['data-push', 7], ['replace', 8]]) {
      if (site === '/htmx4' && button === 'data-push') continue;
      stage.test(`${site}: the button ${button}`, async (session) => {
        const journey = await begin(session, site);
        await journey.click(`#${button}`, `Item ${address}`, `/items/${address}`);
        await assertNavigations(journey, 2, [item]);
      });
    }

    const parts = ['partial', 'unpushed', 'replaced-here'];
    // Version 4 inherits only what says so.
    if (site === '/htmx2') parts.push('disinherited', 'unset', 'nearer');
    for (const button of parts) {
      stage.test(`${site}: the part that ${button} swaps is no navigation`, async (session) => {
        const journey = await begin(session, site);
        await journey.page.click(`#${button}`);
        await journey.page.waitForSelector('#part p');
        const reports = await journey.reports(2);
        assert.deepEqual(reports.names, []);
        assert.deepEqual(reports.served(reports.pageloads[0]).length, 2, 'it is a span of the page');
      });
    }

    stage.test(`${site}: what only the response asks for is a navigation of its own`, async (session) => {
      const journey = await begin(session, site);
      await journey.page.click('#header-push');
      await journey.shows('Item 5', '/items/3');
      const reports = await journey.reports(2);
      assert.deepEqual(reports.names, [`${site}/pushed`]);
      assert.equal(reports.served(reports.pageloads[0]).length, 2);
    });

    stage.test(`${site}: HX-Location`, async (session) => {
      const journey = await begin(session, site);
      await journey.click('#located button', 'Item 4', '/items/4');
      const reports = await journey.reports(3);
      assert.deepEqual(reports.names, [item[0]]);
      reports.assertJoined(reports.navigations[0], item[1]);
    });
  }

  for (const [kind, inside, outside, number, last = number + 1] of [
    ['a link', '#in-frame', '#out-of-frame', 1],
    ['a form', '#form-in-frame button', '#form-out-of-frame button', 3],
    ['the button of a form', '#form-in-frame button', '#button-out-of-frame button', 3, 6],
  ]) {
    stage.test(`/turbo: what a frame loads by ${kind} is a navigation if the address changes`, async (session) => {
      const journey = await begin(session, '/turbo');
      await Promise.all([journey.page.waitForResponse(`**/framed/${number}*`), journey.page.click(inside)]);
      await journey.page.waitForFunction((number) => document.querySelector('turbo-frame').src?.includes(`/framed/${number}`), number);
      await journey.page.click(outside);
      await journey.page.waitForURL(`**/framed/${last}*`);
      const reports = await assertNavigations(journey, 3, [['/turbo/framed/{id}', 'GET /turbo/framed/{id}']]);
      assert.equal(reports.served(reports.pageloads[0]).length, 2);
    });
  }

  stage.test('/turbo: a click on the preview of a page that was shown before leaves that page its name', async (session) => {
    const journey = await begin(session, '/turbo');
    await journey.follow('item 1', 'Item 1');
    await journey.follow('home', 'Home');
    await journey.hold('/items/1');
    await journey.page.click('text="item 1"');
    await journey.page.waitForSelector('html[data-turbo-preview] >> text="Item 1"');
    await journey.follow('author', 'Author 1');
    const item = ['/turbo/items/{id}', 'GET /turbo/items/{id}'];
    const pages = ['home', 'authors/{id}'].map((path) => [`/turbo/${path}`, `GET /turbo/${path}`]);
    await assertNavigations(journey, 5, [item, pages[0], item, pages[1]]);
  });

  stage.test('/turbo-prefetched: a visit continues the trace of what was fetched in advance', async (session) => {
    const journey = await begin(session, '/turbo-prefetched');
    await Promise.all([journey.page.waitForResponse('**/items/1'), journey.page.hover('text="item 1"')]);
    await journey.follow('item 1', 'Item 1');
    const reports = await journey.reports(2);
    assert.deepEqual(reports.names, ['/turbo-prefetched/items/{id}']);
    assert.equal(reports.navigations[0].data['url.path'], '/turbo-prefetched/items/1');
    const [served] = reports.served(reports.navigations[0]);
    assert.equal(served.data['http.request.header.sec-purpose'], 'prefetch');
    reports.assertDistinct();
  });
});

describe('a swapped page that Back restores whole', () => {
  const stage = Stage.forSuite('restored navigations', { keepsPages: true });
  let server;
  before(async () => {
    const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
    server = await startServer(buildExample('navigations'), env);
  });
  after(() => server.stop());

  for (const site of ['/htmx4', '/htmx2', '/turbo']) {
    stage.test(`${site}: is named after the route that was swapped in`, async (session) => {
      const visit = await session.visit(`${server.url}${site}/items/5`);
      await new Journey(visit).follow('author', 'Author 1');
      const next = await visit.goto(`${server.url}/plain${site}/home`);
      const back = await next.back();
      assert.ok(back.how.isRestored);
      const { name, source } = await back.span('navigation');
      assert.deepEqual([name, source], [`${site}/authors/{id}`, 'route']);
    });
  }
});
