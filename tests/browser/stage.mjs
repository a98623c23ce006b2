// What every test of pages needs: ingest, SDK and browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.mjs';
import { startIngest } from './ingest.mjs';
import { serveSdk } from './sdk.mjs';

export class Stage {
  /** A stage for the tests of the suite that is being described; `options` as for `startBrowser`. */
  static forSuite(name, options) {
    const stage = new Stage(name, options);
    before(() => stage.#start());
    after(() => stage.#stop());
    return stage;
  }

  #name;
  #options;
  #parts = [];

  constructor(name, options) {
    this.#name = name;
    this.#options = options;
  }

  /** A test with a session of its own, of which the sight is kept when it fails. */
  test(name, body) {
    test(name, async () => {
      const session = this.browser.session();
      try {
        await body(session);
      } catch (error) {
        await session.keep(`${this.#name} ${name}`);
        throw error;
      } finally {
        await session.close();
      }
    });
  }

  async #start() {
    this.ingest = await startIngest();
    this.sdk = await serveSdk();
    this.browser = await startBrowser(this.ingest, this.#options);
    this.#parts = [this.browser, this.sdk, this.ingest];
  }

  async #stop() {
    for (const part of this.#parts) await part.stop();
    assert.deepEqual(this.ingest.rejected, []);
  }
}
