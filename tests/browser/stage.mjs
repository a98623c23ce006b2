// What every test of pages needs: ingest, SDK and browser.

import { startBrowser } from './browser.mjs';
import { startIngest } from './ingest.mjs';
import { serveSdk } from './sdk.mjs';

export async function startStage() {
  const ingest = await startIngest();
  const [sdk, browser] = await Promise.all([serveSdk(), startBrowser(ingest)]);
  return {
    ingest,
    sdk,
    browser,
    clear: (test) => browser.clear(test.passed ? undefined : test.name),
    stop: () => Promise.all([browser.stop(), sdk.stop(), ingest.stop()]),
  };
}
