// One load of a page: what the browser and the server reported of it, and the DOM it left.

import { eventsOf, spansOf } from './span.mjs';

const PATIENCE_MS = 60_000;
const SETTLED = 'settled';

export class Visit {
  /** Waits until the pageload has ended and everything the page had to say lies in the ingest. */
  static async settled(page, userAgent, ingest, since = 0) {
    const visit = new Visit(page, userAgent, ingest, since);
    await page.waitForFunction(isQuiet, undefined, { timeout: PATIENCE_MS });
    // The SDK drops a message that it has just sent.
    await page.evaluate((message) => Sentry.captureMessage(message), `${SETTLED} ${since}`);
    await visit.#flush();
    visit.how = await page.evaluate(howItCame);
    return visit;
  }

  #userAgent;
  #ingest;
  #since;

  constructor(page, userAgent, ingest, since) {
    this.page = page;
    this.#userAgent = userAgent;
    this.#ingest = ingest;
    this.#since = since;
  }

  /** The same page once more, as a visit of its own. */
  reload() {
    return this.#next(() => this.page.reload());
  }

  /** Another address, typed into the same tab. */
  goto(url) {
    return this.#next(() => this.page.goto(url));
  }

  /** The page behind a link. */
  follow(href) {
    return this.#next(() => this.#moved(() => this.page.click(`a[href="${href}"]`)));
  }

  back() {
    return this.#travel(-1);
  }

  forward() {
    return this.#travel(1);
  }

  /** Spans that the browser reported. */
  get spans() {
    return spansOf(this.#fromBrowser());
  }

  /** The browser's pageload; `undefined` where it sent none. */
  get pageload() {
    return this.spans.find(({ op }) => op === 'pageload');
  }

  /** Errors and messages that the browser reported. */
  get events() {
    return eventsOf(this.#fromBrowser());
  }

  /** What the browser said of its trace last: the sampling context of a message, sent sampled or not. */
  get message() {
    return this.events.find(({ message }) => message?.startsWith(SETTLED));
  }

  /** The span of an operation in the browser, once it has arrived. */
  async span(op) {
    return until(`span ${op}`, async () => {
      await this.#flush();
      return this.spans.find((span) => span.op === op);
    });
  }

  /** The server's transactions of this visit's requests. */
  get transactions() {
    const roots = spansOf(this.#reported().filter((record) => !this.#isOfBrowser(record)));
    return roots.filter(({ userAgent }) => userAgent === this.#userAgent);
  }

  /** The server's transaction of a request, once it has arrived. */
  async transaction(name) {
    return until(`transaction ${name}`, () => this.transactions.find((root) => root.name === name));
  }

  /** An error that the server reported in the trace of this page, once it has arrived. */
  async error(message) {
    const { traceId } = this.message;
    return until(`error ${message}`, () =>
      eventsOf(this.#reported()).find((event) => event.traceId === traceId && event.message === message),
    );
  }

  /** The tags of the DOM in document order: where each stands, and whether it was parsed before the SDK's script, and every one. */
  tags() {
    return this.page.evaluate(() => {
      const sdk = document.querySelector('script[src$="/sentry.js"]');
      const isBefore = (tag, script) => Boolean(script.compareDocumentPosition(tag) & Node.DOCUMENT_POSITION_PRECEDING);
      return Array.from(document.querySelectorAll('meta[name=sentry-trace], meta[name=baggage]'), (tag) => ({
        name: tag.name,
        content: tag.content,
        parent: tag.parentElement.tagName,
        isBeforeSdk: isBefore(tag, sdk),
        isBeforeScripts: Array.from(document.scripts).every((script) => isBefore(tag, script)),
      }));
    });
  }

  /** The DOM without its values: every element with the names of its attributes. */
  skeleton() {
    return this.page.evaluate(() =>
      Array.from(document.querySelectorAll('*'), ({ tagName, attributes }) =>
        [tagName, ...Array.from(attributes, ({ name }) => name)].join(' '),
      ),
    );
  }

  /** What `find` finds, once it does. */
  until(what, find) {
    return until(what, find);
  }

  async #next(move) {
    const since = this.#ingest.records.length;
    await move();
    return Visit.settled(this.page, this.#userAgent, this.#ingest, since);
  }

  // The page answers before it is left.
  #travel(steps) {
    const travel = (steps) => void setTimeout(() => history.go(steps));
    return this.#next(() => this.#moved(() => this.page.evaluate(travel, steps)));
  }

  // Waits for the address only: a page that is restored is not loaded.
  async #moved(move) {
    const from = this.page.url();
    const moved = this.page.waitForURL((url) => url.href !== from, { waitUntil: 'commit', timeout: PATIENCE_MS });
    await Promise.all([moved, move()]);
  }

  #fromBrowser() {
    return this.#reported().filter((record) => this.#isOfBrowser(record));
  }

  #isOfBrowser(record) {
    return record.userAgent === this.#userAgent;
  }

  #reported() {
    return this.#ingest.records.slice(this.#since);
  }

  /** Makes the browser send what it holds. */
  #flush() {
    return this.page.evaluate(() => Sentry.flush());
  }
}

/** In the page: it is loaded, and its pageload has ended. */
function isQuiet() {
  return document.readyState === 'complete' && globalThis.Sentry && !Sentry.getActiveSpan();
}

/**
 * In the page: how the browser came by it, as `{type, deliveryType, transferSize, isRestored}`. The last says that it
 * was never unloaded; the others then tell how it was loaded before.
 */
function howItCame() {
  const { type, deliveryType, transferSize } = performance.getEntriesByType('navigation')[0];
  return { type, deliveryType, transferSize, isRestored: globalThis.isRestored };
}

async function until(what, find) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} did not arrive in ${PATIENCE_MS} ms`);
}
