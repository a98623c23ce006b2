// A page that changes its address without being loaded anew, and what was reported of that.

import assert from 'node:assert/strict';

export class Journey {
  #visit;

  /** Opens a page; `options` as for `Session.visit`. */
  static async begin(session, url, options) {
    return new Journey(await session.visit(url, options));
  }

  constructor(visit) {
    this.#visit = visit;
  }

  get page() {
    return this.#visit.page;
  }

  /** Does something and waits until the page says so in its heading, at an address that ends with `path`. */
  async go(action, title, path) {
    await Promise.all([action(this.page), this.shows(title, path)]);
  }

  async shows(title, path = '') {
    const shown = ([title, path]) =>
      document.querySelector('h1')?.textContent === title &&
      location.href.endsWith(path) &&
      // Turbo shows a cached page until the response arrives.
      !document.documentElement.hasAttribute('data-turbo-preview');
    await this.page.waitForFunction(shown, [title, path], { timeout: 60_000 });
  }

  click(selector, title, path) {
    return this.go((page) => page.click(selector), title, path);
  }

  follow(link, title, path) {
    return this.click(`text="${link}"`, title, path);
  }

  back(title, path) {
    return this.go((page) => page.evaluate(() => void setTimeout(() => history.back())), title, path);
  }

  forward(title, path) {
    return this.go((page) => page.evaluate(() => void setTimeout(() => history.forward())), title, path);
  }

  /** From now on the page waits for an answer at an address that ends with `path`, until the returned function is called. */
  async hold(path) {
    let answer;
    const isAnswered = new Promise((resolve) => (answer = resolve));
    await this.page.route(`**${path}`, async (route) => {
      const response = await route.fetch();
      await isAnswered;
      // The page may have cancelled the request.
      await route.fulfill({ response }).catch(() => {});
    });
    return answer;
  }

  /** Everything once it has ended: the server has reported this many transactions. */
  async reports(transactions) {
    await this.page.waitForFunction(() => !Sentry.getActiveSpan(), undefined, { timeout: 120_000 });
    await this.page.evaluate(() => {
      Sentry.captureMessage('all has ended');
      return Sentry.flush();
    });
    await this.#visit.until(`${transactions} transactions`, () => this.#visit.transactions.length >= transactions);
    return new Reports(this.#visit);
  }
}

export class Reports {
  constructor({ spans, events, transactions }) {
    const of = (name) => spans.filter(({ op }) => op === name).sort((one, other) => one.start - other.start);
    this.pageloads = of('pageload');
    this.navigations = of('navigation');
    this.requests = of('http.client');
    this.transactions = transactions;
    /** What an event is named that the page reports now. */
    this.eventName = events.at(-1).transaction;
  }

  get names() {
    return this.navigations.map(({ name }) => name);
  }

  /** The server's transactions in a trace. */
  served({ traceId }) {
    return this.transactions.filter((transaction) => transaction.traceId === traceId);
  }

  /** The requests that a span of the browser has made. */
  requested({ traceId, spanId }) {
    return this.requests.filter((request) => request.traceId === traceId && request.parentSpanId === spanId);
  }

  /** Navigation, request and transaction are one trace, in this order. */
  assertJoined(navigation, ...names) {
    const requests = this.requested(navigation);
    const served = this.served(navigation);
    assert.deepEqual(served.map(({ name }) => name), names, `${navigation.name} on the server`);
    for (const { parentSpanId, name } of served) {
      assert.ok(requests.some(({ spanId }) => spanId === parentSpanId), `${name} is a child of the request`);
    }
  }

  /** No two navigations and pageloads share a trace, and the server was in none but theirs. */
  assertDistinct() {
    const traces = [...this.pageloads, ...this.navigations].map(({ traceId }) => traceId);
    assert.equal(new Set(traces).size, traces.length, 'a trace each');
    const orphans = this.transactions.filter(({ traceId }) => !traces.includes(traceId));
    assert.deepEqual(orphans, [], 'no request is an orphan');
  }
}
