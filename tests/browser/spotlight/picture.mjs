// Takes the picture of the README: one trace of examples/sentry.rs, server and browser in one waterfall.

import { fileURLToPath } from 'node:url';
import { buildExample, startServer } from '../server.mjs';
import { serveSdk } from '../sdk.mjs';
import { launch } from '../browser.mjs';
import { startSpotlight } from './spotlight.mjs';

const PICTURE = fileURLToPath(new URL('../../../docs/trace.png', import.meta.url));
const SIZE = { width: 2000, height: 1000 };

const [program, sdk, spotlight, browser] = await Promise.all([buildExample('sentry'), serveSdk(), startSpotlight(0), launch()]);
const server = await startServer(program, {
  SENTRY_BROWSER_SDK: sdk.url,
  SENTRY_SPOTLIGHT: `${spotlight.url}/stream`,
  SENTRY_TRACES_SAMPLE_RATE: '1',
});
try {
  const traceId = await visit(`${server.url}/users/7`);
  await takePicture(`${spotlight.url}/telemetry/traces/${traceId}/context`);
  console.log(PICTURE);
} finally {
  await server.stop();
  await Promise.all([browser.close(), sdk.stop()]);
  spotlight.stop();
}

/** Visits a page and says which trace it was part of. */
async function visit(url) {
  const page = await browser.newPage();
  await page.goto(url);
  await page.evaluate(() => Sentry.startSpan({ name: 'load', op: 'ui.load' }, async () => (await fetch('/loader')).json()));
  await page.waitForFunction(() => !Sentry.getActiveSpan());
  await page.evaluate(() => Sentry.flush());
  return page.locator('#trace-id').textContent();
}

/** Takes the waterfall alone, with every span of it to be seen. */
async function takePicture(url) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'dark' });
  await page.goto(url);
  const waterfall = page.locator('.tree').first();
  await waterfall.waitFor();
  const collapsed = waterfall.locator('.node svg.rotate-0');
  while (await collapsed.count()) await collapsed.first().click();
  await page.mouse.move(0, 0);
  await waterfall.screenshot({ path: PICTURE, animations: 'disabled' });
}
