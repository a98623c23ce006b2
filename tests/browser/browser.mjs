// Chromium, and visits of pages in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Visit } from './visit.mjs';

const OUT = fileURLToPath(new URL('out/', import.meta.url));

export async function startBrowser(ingest) {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return new Browser(await chromium.launch({ executablePath }), ingest);
}

class Browser {
  #chromium;
  #ingest;
  #visits = 0;

  constructor(chromium, ingest) {
    this.#chromium = chromium;
    this.#ingest = ingest;
  }

  /**
   * Opens a page in a profile of its own and waits until all of it is reported.
   * Its user agent is unique, so that what browser and server report of it can be told from other visits.
   *
   * @param {string} url
   * @param {object} sentryOptions for the page's `Sentry.init`, over the page's own
   */
  async visit(url, sentryOptions = {}) {
    const userAgent = `visit-${process.pid}-${++this.#visits}`;
    const context = await this.#chromium.newContext({ userAgent });
    await context.addInitScript((options) => (globalThis.sentryOptions = options), sentryOptions);
    const page = await context.newPage();
    await page.goto(url);
    return Visit.settled(page, userAgent, this.#ingest);
  }

  /** Closes all pages; the pictures and envelopes of a failed test are kept under its name. */
  async clear(failedTest) {
    for (const context of this.#chromium.contexts()) {
      if (failedTest) await this.#keep(context, failedTest);
      await context.close();
    }
  }

  stop() {
    return this.#chromium.close();
  }

  async #keep(context, name) {
    mkdirSync(OUT, { recursive: true });
    const stem = `${OUT}${name.replace(/\W+/g, '-')}-${this.#chromium.contexts().indexOf(context)}`;
    for (const page of context.pages()) {
      await page.screenshot({ path: `${stem}.png` });
      writeFileSync(`${stem}.html`, await page.content());
    }
    writeFileSync(`${stem}.json`, JSON.stringify(this.#ingest.records, undefined, 1));
  }
}
