// A page that htmx or Turbo swaps in is a navigation with a trace of its own, which its request belongs to.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Journey } from './journey.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

/** How many links are followed one after the other. */
const NAVIGATIONS = Number(process.env.NAVIGATIONS ?? 20);

/** The links of every page: what they are called, what they lead to, and the route of that. */
const LINKS = [
  ['item 1', 'Item 1', '/items/{id}'],
  ['author', 'Author 1', '/authors/{id}'],
  ['home', 'Home', '/home'],
  ['item 2', 'Item 2', '/items/{id}'],
  ['form', 'Form', '/form'],
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
      await followLinks(journey, NAVIGATIONS);
      const reports = await journey.reports(NAVIGATIONS + 1);
      assert.deepEqual(reports.pageloads.map(({ name }) => name), ['Pageload']);
      assert.deepEqual(new Set(reports.names), new Set(['Navigation']));
      const joined = reports.navigations.filter((it) => reports.requested(it).length && reports.served(it).length);
      console.log(site, reports.navigations.length, joined.length);
    });

    for (const options of [{}, { traceLifecycle: 'static' }]) {
      stage.test(`${site}: ${NAVIGATIONS} links, ${options.traceLifecycle ?? 'stream'}`, async (session) => {
        const journey = await begin(session, site, options);
        const routes = await followLinks(journey, NAVIGATIONS);
        const reports = await journey.reports(NAVIGATIONS + 1);
        assert.deepEqual(reports.names, routes.map((route) => site + route));
        for (const navigation of reports.navigations) {
          assert.equal(navigation.source, 'route');
          reports.assertJoined(navigation, `GET ${navigation.name}`);
        }
        reports.assertDistinct();
      });
    }
  }
});
