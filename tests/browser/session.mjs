// The visits of one test, and what it needs around them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startUpstream } from './upstream.mjs';
import { Visit } from './visit.mjs';

const OUT = fileURLToPath(new URL('out/', import.meta.url));

export class Session {
  static #visits = 0;

  #browser;
  #ingest;
  #contexts = [];
  #upstreams = [];

  constructor(browser, ingest) {
    this.#browser = browser;
    this.#ingest = ingest;
  }

  /**
   * Opens a page in a profile of its own and waits until all of it is reported.
   * Its user agent is unique, so that what browser and server report of it can be told from other visits.
   *
   * @param {string} url
   * @param {object} sentryOptions for the page's `Sentry.init`, over the page's own
   * @param {() => void} prepare runs in the page before its own scripts
   */
  async visit(url, sentryOptions, prepare) {
    const userAgent = `visit-${process.pid}-${++Session.#visits}`;
    const context = await this.#browser.newContext({ userAgent });
    this.#contexts.push(context);
    await context.addInitScript((options) => (globalThis.sentryOptions = options), sentryOptions);
    await context.addInitScript(() => addEventListener('pageshow', ({ persisted }) => (globalThis.isRestored = persisted)));
    if (prepare) await context.addInitScript(prepare);
    const page = await context.newPage();
    await page.goto(url);
    return Visit.settled(page, userAgent, this.#ingest);
  }

  /** The address of a service in front of the one at `url`; see `startUpstream`. */
  async upstream(url, changes) {
    const upstream = await startUpstream(url, changes);
    this.#upstreams.push(upstream);
    return upstream.url;
  }

  /** Keeps what the visits look like now: pictures, pages, and all envelopes so far. */
  async keep(name) {
    mkdirSync(OUT, { recursive: true });
    const stem = OUT + name.replace(/\W+/g, '-');
    writeFileSync(`${stem}.json`, JSON.stringify(this.#ingest, undefined, 1));
    for (const [number, page] of this.#contexts.flatMap((context) => context.pages()).entries()) {
      await page.screenshot({ path: `${stem}-${number}.png` });
      writeFileSync(`${stem}-${number}.html`, await page.content());
    }
  }

  async close() {
    await Promise.all(this.#contexts.map((context) => context.close()));
    await Promise.all(this.#upstreams.map((upstream) => upstream.stop()));
  }
}
