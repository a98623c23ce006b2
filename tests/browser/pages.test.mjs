// The example servers and a real browser report one trace.

import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { dscOf, normalised } from './dsc.mjs';
import { faultsOf, joined } from './faults.mjs';
import { HOSTILE } from './hostile.mjs';
import { buildExample, startServer } from './server.mjs';
import { Stage } from './stage.mjs';

const SETTINGS = { SENTRY_RELEASE: 'shop@1.2.3+ä', SENTRY_ENVIRONMENT: 'a "test", isn\'t it', SENTRY_ORG_ID: '7' };
const SAMPLED = { ...SETTINGS, SENTRY_TRACES_SAMPLE_RATE: '1' };
const AGAINST = { ...SETTINGS, SENTRY_TRACES_SAMPLE_RATE: '0' };
const DECIDED = { sample_rate: 1, sampled: 'true' };
const ALL = { tracesSampleRate: 1 };

for (const example of ['askama', 'sentry']) {
  describe(`examples/${example}.rs`, { concurrency: 3 }, () => {
    const stage = Stage.forSuite(example);
    const servers = new Map();
    after(async () => {
      for (const server of servers.values()) assert.equal(await (await server).stop(), 0, 'Ctrl-C ends it well');
    });

    /** The address of the example under some settings; it is started once for all tests that use the same. */
    async function address(settings) {
      if (!servers.has(settings)) {
        const env = { ...settings, SENTRY_DSN: stage.ingest.dsn, SENTRY_BROWSER_SDK: stage.sdk.url };
        servers.set(settings, startServer(buildExample(example), env));
      }
      return (await servers.get(settings)).url;
    }

    /** A page of the example, behind an upstream that sends these headers. */
    async function visitFrom(session, path, headers) {
      const upstream = await session.upstream(await address(SAMPLED), { headers });
      return session.visit(upstream + path, ALL);
    }

    let plain;
    /** The page's DOM as it is without any headers of a client. */
    function plainSkeleton(session) {
      plain ??= address(SAMPLED).then((url) => session.visit(url, ALL)).then((page) => page.skeleton());
      return plain;
    }

    /** What the sampling context of every trace says that the example is the head of. */
    function service() {
      const { SENTRY_RELEASE: release, SENTRY_ENVIRONMENT: environment, SENTRY_ORG_ID: org_id } = SETTINGS;
      return { public_key: stage.ingest.publicKey, release, environment, org_id };
    }

    for (const [path, name] of [['/', 'GET /'], ['/users/7', 'GET /users/{id}']]) {
      for (const traceLifecycle of ['stream', 'static']) {
        stage.test(`${path} is the head of the trace that the browser joins, ${traceLifecycle}`, async (session) => {
          const page = await session.visit((await address(SAMPLED)) + path, { ...ALL, traceLifecycle });
          const transaction = await page.transaction(name);
          assert.equal(page.pageload.traceId, transaction.traceId);
          assert.equal(page.pageload.parentSpanId, transaction.spanId);
          assert.equal(transaction.parentSpanId, undefined);
          assert.equal(page.transactions.length, 1);

          assertDsc(page.pageload.dsc, { ...service(), ...DECIDED, trace_id: transaction.traceId, transaction: name });
          assert.deepEqual(normalised(page.pageload.dsc), normalised(await tagged(page)));
          assert.deepEqual(page.message.dsc, page.pageload.dsc);
          assert.deepEqual(normalised(transaction.dsc), normalised(page.pageload.dsc));
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

      stage.test('its sampling context arrives in the browser unchanged', async (session) => {
        const page = await visitFrom(session, '/', [['sentry-trace', `${TRACE}-${PARENT}-1`], ['baggage', BAGGAGE]]);
        const transaction = await page.transaction('GET /');
        assert.equal(transaction.traceId, TRACE);
        assert.equal(transaction.parentSpanId, PARENT);
        assert.equal(page.pageload.traceId, TRACE);
        assert.equal(page.pageload.parentSpanId, transaction.spanId);
        assert.deepEqual(page.pageload.dsc, dscOf(BAGGAGE));
        assert.deepEqual(page.message.dsc, dscOf(BAGGAGE));
        assert.deepEqual(transaction.dsc, dscOf(BAGGAGE));
      });

      stage.test('its decision against binds the browser', async (session) => {
        const baggage = BAGGAGE.replace('sampled=true', 'sampled=false').replace('0.123456', '0.723456');
        const page = await visitFrom(session, '/', [['sentry-trace', `${TRACE}-${PARENT}-0`], ['baggage', baggage]]);
        assert.deepEqual(page.spans, []);
        assert.deepEqual(page.transactions, []);
        assert.equal(page.message.traceId, TRACE);
        assert.deepEqual(page.message.dsc, dscOf(baggage));
      });

      stage.test('without a sampling context none is made up', async (session) => {
        const page = await visitFrom(session, '/', [['sentry-trace', `${TRACE}-${PARENT}-1`]]);
        const transaction = await page.transaction('GET /');
        assert.equal(page.pageload.traceId, TRACE);
        assert.equal(page.pageload.parentSpanId, transaction.spanId);
        assert.equal(page.pageload.dsc, undefined);
        assert.equal(transaction.dsc, undefined);
        // The browser reports no context without a key and an id: only the tags show one of other entries.
        assert.deepEqual(await tagNames(page), ['sentry-trace']);
      });

      stage.test('of another organisation is not continued', async (session) => {
        const baggage = BAGGAGE.replace('org_id=7', 'org_id=8');
        const page = await visitFrom(session, '/', [['sentry-trace', `${TRACE}-${PARENT}-1`], ['baggage', baggage]]);
        const transaction = await page.transaction('GET /');
        assert.notEqual(transaction.traceId, TRACE);
        assert.equal(page.pageload.traceId, transaction.traceId);
        assert.equal(page.pageload.dsc.org_id, '7');
      });
    });

    stage.test('at rate 0 the browser sends no pageload', async (session) => {
      const page = await session.visit(await address(AGAINST), ALL);
      assert.deepEqual(page.spans, []);
      assert.deepEqual(page.transactions, []);
      assert.equal(page.message.dsc.sampled, 'false');
      assert.equal(Number(page.message.dsc.sample_rate), 0);
      assert.deepEqual(normalised(page.message.dsc), normalised(await tagged(page)));
    });

    stage.test('without a rate the browser decides at its own, in the same trace', async (session) => {
      const url = await address(SETTINGS);
      const [all, none] = await Promise.all([1, 0].map((tracesSampleRate) => session.visit(url, { tracesSampleRate })));
      const { traceId } = await continuing(all);
      assert.ok(joined({ server: await continuing(all), pageload: all.pageload }));
      assertDsc(all.pageload.dsc, { ...service(), trace_id: traceId, sample_rate: 1 });
      assert.deepEqual(none.spans, []);
      assert.equal(none.message.traceId, (await continuing(none)).traceId);
      assert.deepEqual([...all.transactions, ...none.transactions], []);
    });

    stage.test('a fetch from the page continues the trace into a second transaction', async (session) => {
      const page = await session.visit(await address(SAMPLED), ALL);
      await page.page.evaluate(() => Sentry.startSpan({ name: 'click' }, async () => (await fetch('/loader')).text()));
      const call = await page.span('http.client');
      const [first, second] = [await page.transaction('GET /'), await page.transaction('GET /loader')];
      assert.equal(second.traceId, first.traceId);
      assert.equal(second.parentSpanId, call.spanId);
      assert.equal(call.traceId, first.traceId);
      assert.deepEqual(normalised(second.dsc), normalised(first.dsc));
    });

    stage.test('no two loads of a page share a trace, a reload neither', async (session) => {
      const url = await address(SAMPLED);
      const loads = await Promise.all(['/', '/', '/users/7'].map((path) => session.visit(url + path, ALL)));
      loads.push(await loads[0].reload());
      const ids = loads.map(({ pageload }) => pageload.traceId);
      assert.equal(new Set(ids).size, loads.length, ids.join());
    });

    for (const [attempt, headers] of Object.entries(HOSTILE)) {
      stage.test(`hostile headers leave only our tags: ${attempt}`, async (session) => {
        const page = await visitFrom(session, '/', headers);
        assert.deepEqual(await page.skeleton(), await plainSkeleton(session));
        assert.deepEqual(await tagNames(page), ['sentry-trace', 'baggage']);
        assert.equal(await page.page.evaluate(() => globalThis.hasRun), undefined);
        assert.ok(joined({ server: await page.transaction('GET /'), pageload: page.pageload }));
      });
    }

    if (example === 'sentry') {
      for (const [path, message] of [['/fail', 'the database is out to lunch'], ['/panic', 'nobody expects this']]) {
        stage.test(`${path} reports its error into the trace of the page`, async (session) => {
          const page = await session.visit(await address(SAMPLED), ALL);
          await page.page.evaluate((path) => fetch(path).catch(() => undefined), path);
          const transaction = await page.transaction(`GET ${path}`);
          const error = await page.error(message);
          assert.equal(transaction.traceId, page.pageload.traceId);
          assert.equal(error.traceId, page.pageload.traceId);
          assert.equal(error.spanId, transaction.spanId);
          assert.deepEqual(normalised(error.dsc), normalised(page.pageload.dsc));
        });
      }
    }

    stage.test('has no fault', async (session) => {
      assert.deepEqual(await faultsOf(session, await address(SAMPLED)), []);
    });

    stage.test('without its tags is not joined', async (session) => {
      const rewrite = (html) => html.replaceAll(/<meta name="(sentry-trace|baggage)"[^>]*>/g, '');
      const upstream = await session.upstream(await address(SAMPLED), { rewrite });
      assert.deepEqual(await faultsOf(session, upstream), ['no tags']);
    });
  });
}

/** Field by field, for any random number. */
function assertDsc(dsc, expected) {
  const { sample_rand, ...fields } = normalised(dsc);
  assert.deepEqual(fields, expected);
  assert.ok(sample_rand >= 0 && sample_rand < 1, `sample_rand ${sample_rand}`);
}

async function tagNames(page) {
  return (await page.tags()).map(({ name }) => name);
}

/** The sampling context of the page's `baggage` tag. */
async function tagged(page) {
  const tags = await page.tags();
  return dscOf(tags.find(({ name }) => name === 'baggage').content);
}

/** What a page without a transaction names as the trace and the span to continue. */
async function continuing(page) {
  const tags = await page.tags();
  const [traceId, spanId] = tags.find(({ name }) => name === 'sentry-trace').content.split('-');
  return { traceId, spanId };
}
