// The application that a user starts from: every page that htmx swaps in is a trace with its request.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Journey } from './journey.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

for (const library of ['htmx4', 'htmx2']) {
  describe(`examples/htmx.rs with ${library}`, () => {
    const stage = Stage.forSuite(library);
    let server;
    before(async () => {
      const HTMX = stage.sdk.url.replace('sentry.js', `${library}.js`);
      const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url, HTMX };
      server = await startServer(buildExample('htmx'), env);
    });
    after(async () => assert.equal(await server.stop(), 0, 'Ctrl-C ends it well'));

    stage.test('list, search, detail, and a form that fails and is sent', async (session) => {
      const journey = await Journey.begin(session, server.url);
      await journey.page.fill('input[name=q]', 'gyo');
      await journey.page.waitForFunction(() => document.querySelectorAll('#teas li').length === 1);
      await journey.follow('Gyokuro', 'Gyokuro', '/teas/2');
      await journey.follow('Add one', 'A new tea', '/teas/new');
      await journey.page.click('button');
      await journey.page.waitForSelector('[role=alert]');
      await journey.page.fill('input[name=name]', 'Sencha');
      await journey.page.fill('input[name=minutes]', '2');
      await journey.click('button', 'Sencha', '/teas/4');

      const reports = await journey.reports(7);
      assert.deepEqual(reports.pageloads.map(({ name }) => name), ['/']);
      assert.deepEqual(reports.names, ['/teas/{id}', '/teas/new', '/teas/new', '/teas/{id}']);
      const served = [['GET /teas/{id}'], ['GET /teas/new'], ['POST /teas/new'], ['POST /teas/new', 'GET /teas/{id}']];
      for (const [number, names] of served.entries()) reports.assertJoined(reports.navigations[number], ...names);
      assert.deepEqual(reports.served(reports.pageloads[0]).map(({ name }) => name), ['GET /', 'GET /search']);
      reports.assertDistinct();
    });
  });
}
