// Chromium, and sessions of visits in it.

import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import { Session } from './session.mjs';

/** Playwright turns the cache of whole pages off, that of Back and Forward, as most tests need it. */
const WITHOUT_PAGE_CACHE = '--disable-back-forward-cache';

/** The Chromium that is installed on this machine. */
export function launch({ keepsPages = false } = {}) {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, ignoreDefaultArgs: keepsPages ? [WITHOUT_PAGE_CACHE] : [] });
}

/** @param {{keepsPages?: boolean}} options whether a page that is left is kept whole, for Back and Forward */
export async function startBrowser(ingest, options) {
  const browser = await launch(options);
  return { session: () => new Session(browser, ingest), stop: () => browser.close() };
}
