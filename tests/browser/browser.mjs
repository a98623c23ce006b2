// Chromium, and sessions of visits in it.

import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import { Session } from './session.mjs';

/** The Chromium that is installed on this machine. */
export function launch() {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath });
}

export async function startBrowser(ingest) {
  const browser = await launch();
  return { session: () => new Session(browser, ingest), stop: () => browser.close() };
}
