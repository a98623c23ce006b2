// One load of a page: what the browser and the server reported of it, and the DOM it left.

import { eventsOf, spansOf } from './span.mjs';

const PATIENCE_MS = 20_000;
const SETTLED = 'settled';

export class Visit {
  /** Waits until the pageload has ended and everything the page had to say lies in the ingest. */
  static async settled(page, userAgent, ingest, since = 0) {
    const visit = new Visit(page, userAgent, ingest, since);
    await page.waitForFunction(() => globalThis.Sentry && !Sentry.getActiveSpan(), undefined, { timeout: PATIENCE_MS });
    await page.evaluate((message) => Sentry.captureMessage(message), SETTLED);
    await visit.#flush();
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
  async reload() {
    const since = this.#ingest.records.length;
    await this.page.reload();
    return Visit.settled(this.page, this.#userAgent, this.#ingest, since);
  }

  /** Spans that the browser reported. */
  get spans() {
    return spansOf(this.#fromBrowser());
  }

  /** The browser's pageload; `undefined` where it sent none. */
  get pageload() {
    return this.spans.find(({ op }) => op === 'pageload');
  }

  /** What the browser said of its trace last: the sampling context of a message, sent sampled or not. */
  get message() {
    return eventsOf(this.#fromBrowser()).find(({ message }) => message === SETTLED);
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

  /** The tags of the DOM in document order, and whether each was parsed before the SDK's script. */
  tags() {
    return this.page.evaluate(() => {
      const sdk = document.querySelector('script[src$="/sentry.js"]');
      const isBefore = (tag) => Boolean(sdk.compareDocumentPosition(tag) & Node.DOCUMENT_POSITION_PRECEDING);
      return Array.from(document.querySelectorAll('meta[name=sentry-trace], meta[name=baggage]'), (tag) => ({
        name: tag.name,
        content: tag.content,
        isBeforeSdk: isBefore(tag),
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

async function until(what, find) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    const found = await find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} did not arrive in ${PATIENCE_MS} ms`);
}
