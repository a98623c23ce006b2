// Chromium, and sessions of visits in it.

import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import { Session } from './session.mjs';

export async function startBrowser(ingest) {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath });
  return { session: () => new Session(browser, ingest), stop: () => browser.close() };
}
