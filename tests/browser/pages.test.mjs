// The example servers and a real browser report one trace.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { dscOf, normalised } from './dsc.mjs';
import { faultsOf, joined } from './faults.mjs';
import { HOSTILE } from './hostile.mjs';
import { buildExample, startServer } from './server.mjs';
import { startStage } from './stage.mjs';
import { startUpstream } from './upstream.mjs';

const SETTINGS = { SENTRY_RELEASE: 'shop@1.2.3+ä', SENTRY_ENVIRONMENT: 'a "test", isn\'t it', SENTRY_ORG_ID: '7' };
const SAMPLED = { ...SETTINGS, SENTRY_TRACES_SAMPLE_RATE: '1' };
const ALL = { tracesSampleRate: 1 };

for (const example of ['askama', 'sentry']) {
  describe(`examples/${example}.rs`, () => {
    let stage;
    const started = [];
    before(async () => (stage = await startStage()));
    afterEach((context) => stage.clear(context));
    after(async () => {
      await Promise.all(started.map(({ stop }) => stop()));
      await stage.stop();
    });

    /** The example under some settings; started once for all tests that use the same. */
    async function server(settings) {
      const key = JSON.stringify(settings);
      const known = started.find((one) => one.key === key);
      if (known) return known;
      const env = { ...settings, SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
      const one = { ...(await startServer(buildExample(example), env)), key };
      started.push(one);
      return one;
    }

    async function visit(settings, path, { headers, rewrite, options = ALL } = {}) {
      const { url } = await server(settings);
      const upstream = await startUpstream(url, { headers, rewrite });
      started.push(upstream);
      return stage.browser.visit(upstream.url + path, options);
    }

    for (const [path, name] of [['/', 'GET /'], ['/users/7', 'GET /users/{id}']]) {
      for (const traceLifecycle of ['stream', 'static']) {
        test(`${path} is the head of the trace that the browser joins, ${traceLifecycle}`, async () => {
          const page = await visit(SAMPLED, path, { options: { ...ALL, traceLifecycle } });
          const transaction = await page.transaction(name);
          assert.equal(page.pageload.traceId, transaction.traceId);
          assert.equal(page.pageload.parentSpanId, transaction.spanId);
          assert.equal(transaction.parentSpanId, undefined);
          assert.equal(page.transactions.length, 1);

          const { sample_rand, ...dsc } = normalised(page.pageload.dsc);
          assert.deepEqual(dsc, {
            trace_id: transaction.traceId,
            public_key: stage.ingest.publicKey,
            release: SETTINGS.SENTRY_RELEASE,
            environment: SETTINGS.SENTRY_ENVIRONMENT,
            org_id: SETTINGS.SENTRY_ORG_ID,
            transaction: name,
            sample_rate: 1,
            sampled: 'true',
          });
          assert.ok(sample_rand >= 0 && sample_rand < 1, `sample_rand ${sample_rand}`);
          assert.deepEqual(normalised(page.pageload.dsc), normalised(await tagged(page)));
          assert.deepEqual(page.message.dsc, page.pageload.dsc);
        });
      }
    }

    describe('with a trace from upstream', () => {
      const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
      const PARENT = '00f067aa0ba902b7';
      const BAGGAGE =
        `sentry-trace_id=${TRACE},sentry-public_key=upstream,sentry-release=edge%402,sentry-environment=staging,` +
        'other=vendor,sentry-org_id=7,sentry-transaction=GET%20%2Fedge,sentry-sample_rate=0.5,' +
        'sentry-sample_rand=0.123456,sentry-sampled=true,sentry-future=kept';

      test('its sampling context arrives in the browser unchanged', async () => {
        const page = await visit(SAMPLED, '/', { headers: [['sentry-trace', `${TRACE}-${PARENT}-1`], ['baggage', BAGGAGE]] });
        const transaction = await page.transaction('GET /');
        assert.equal(transaction.traceId, TRACE);
        assert.equal(transaction.parentSpanId, PARENT);
        assert.equal(page.pageload.traceId, TRACE);
        assert.equal(page.pageload.parentSpanId, transaction.spanId);
        assert.deepEqual(page.pageload.dsc, dscOf(BAGGAGE));
        assert.deepEqual(page.message.dsc, dscOf(BAGGAGE));
      });

      test('its decision against binds the browser', async () => {
        const baggage = BAGGAGE.replace('sampled=true', 'sampled=false').replace('0.123456', '0.723456');
        const page = await visit(SAMPLED, '/', { headers: [['sentry-trace', `${TRACE}-${PARENT}-0`], ['baggage', baggage]] });
        assert.deepEqual(page.spans, []);
        assert.deepEqual(page.transactions, []);
        assert.equal(page.message.traceId, TRACE);
        assert.deepEqual(page.message.dsc, dscOf(baggage));
      });

      test('without a sampling context none is made up', async () => {
        const page = await visit(SAMPLED, '/', { headers: [['sentry-trace', `${TRACE}-${PARENT}-1`]] });
        const transaction = await page.transaction('GET /');
        assert.equal(page.pageload.traceId, TRACE);
        assert.equal(page.pageload.parentSpanId, transaction.spanId);
        // The browser's SDK makes its own where it finds no baggage tag, of its own options only.
        assert.deepEqual(await page.tags().then((tags) => tags.map(({ name }) => name)), ['sentry-trace']);
      });

      test('of another organisation is not continued', async () => {
        const baggage = BAGGAGE.replace('org_id=7', 'org_id=8');
        const page = await visit(SAMPLED, '/', { headers: [['sentry-trace', `${TRACE}-${PARENT}-1`], ['baggage', baggage]] });
        const transaction = await page.transaction('GET /');
        assert.notEqual(transaction.traceId, TRACE);
        assert.equal(page.pageload.traceId, transaction.traceId);
        assert.equal(page.pageload.dsc.org_id, '7');
      });
    });

    test('at rate 0 the browser sends no pageload', async () => {
      const page = await visit({ ...SETTINGS, SENTRY_TRACES_SAMPLE_RATE: '0' }, '/');
      assert.deepEqual(page.spans, []);
      assert.deepEqual(page.transactions, []);
      assert.equal(page.message.dsc.sampled, 'false');
      assert.equal(Number(page.message.dsc.sample_rate), 0);
      assert.deepEqual(normalised(page.message.dsc), normalised(await tagged(page)));
    });

    test('without a rate the browser decides at its own, in the same trace', async () => {
      const [all, none] = await Promise.all([1, 0].map((tracesSampleRate) => visit(SETTINGS, '/', { options: { tracesSampleRate } })));
      const [trace] = await traces(all);
      assert.equal(all.pageload.traceId, trace.traceId);
      assert.equal(all.pageload.parentSpanId, trace.spanId);
      assert.equal(all.pageload.dsc.trace_id, trace.traceId);
      assert.deepEqual(none.spans, []);
      assert.equal(none.message.traceId, (await traces(none))[0].traceId);
      assert.deepEqual([...all.transactions, ...none.transactions], []);
    });

    test('a fetch from the page continues the trace into a second transaction', async () => {
      const page = await visit(SAMPLED, '/');
      await page.page.evaluate(() => Sentry.startSpan({ name: 'click', op: 'ui.action' }, () => fetch('/loader')));
      await page.flush();
      const [first, second] = [await page.transaction('GET /'), await page.transaction('GET /loader')];
      const call = page.spans.find(({ op }) => op === 'http.client');
      assert.equal(second.traceId, first.traceId);
      assert.equal(second.parentSpanId, call.spanId);
      assert.equal(call.traceId, first.traceId);
    });

    test('no two loads of a page share a trace, a reload neither', async () => {
      const loads = await Promise.all([visit(SAMPLED, '/'), visit(SAMPLED, '/'), visit(SAMPLED, '/users/7')]);
      loads.push(await loads[0].reload());
      const ids = loads.map(({ pageload }) => pageload.traceId);
      assert.equal(new Set(ids).size, loads.length, ids.join());
    });

    for (const [attempt, headers] of Object.entries(HOSTILE)) {
      test(`hostile headers leave only our tags: ${attempt}`, async () => {
        const [page, plain] = await Promise.all([visit(SAMPLED, '/', { headers }), visit(SAMPLED, '/')]);
        assert.deepEqual(await page.skeleton(), await plain.skeleton());
        assert.deepEqual((await page.tags()).map(({ name }) => name), ['sentry-trace', 'baggage']);
        assert.equal(await page.page.evaluate(() => globalThis.hasRun), undefined);
        assert.ok(joined({ server: await page.transaction('GET /'), pageload: page.pageload }));
      });
    }

    test('has no fault', async () => {
      assert.deepEqual(await faultsOf(stage.browser, (await server(SAMPLED)).url), []);
    });

    test('without its tags is not joined', async () => {
      const rewrite = (html) => html.replaceAll(/<meta name="(sentry-trace|baggage)"[^>]*>/g, '');
      const upstream = await startUpstream((await server(SAMPLED)).url, { rewrite });
      started.push(upstream);
      assert.deepEqual(await faultsOf(stage.browser, upstream.url), ['no tags']);
    });
  });
}

/** The sampling context of the page's `baggage` tag. */
async function tagged(page) {
  const tags = await page.tags();
  return dscOf(tags.find(({ name }) => name === 'baggage').content);
}

/** The trace and span ids of the page's `sentry-trace` tags. */
async function traces(page) {
  const tags = await page.tags();
  return tags.filter(({ name }) => name === 'sentry-trace').map(({ content: [...text] }) => content);
}
