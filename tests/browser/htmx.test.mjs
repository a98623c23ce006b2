// The application that a user starts from: every page that htmx swaps in is a trace with its request.

import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Journey } from './journey.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

for (const [library, sdk] of [['htmx4', 'sentry'], ['htmx2', 'sentry'], ['htmx4', 'sentry10'], ['htmx2', 'sentry10']]) {
  describe(`examples/htmx.rs with ${library} and ${sdk}`, () => {
    const stage = Stage.forSuite(`${library} ${sdk}`);
    let server;
    before(async () => {
      const script = (name) => stage.sdk.url.replace('sentry.js', `${name}.js`);
      const env = { SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: script(sdk), HTMX: script(library) };
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
      assert.equal(reports.eventName, '/teas/{id}');
      reports.assertDistinct();
    });
  });
}
