// The browser SDK as npm has it, bundled into one script with the global `Sentry`.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { listen } from './listener.mjs';

// A check changes the options of the page's own `init` through `globalThis.sentryOptions`.
const ENTRY = `
  import * as sdk from '@sentry/browser';
  const init = (options) => sdk.init({ ...options, ...globalThis.sentryOptions });
  globalThis.Sentry = { ...sdk, init };
`;

/** Serves the bundle; `url` is the script's address. */
export async function serveSdk() {
  const script = await bundle();
  const listener = await listen((_request, response) => {
    response.setHeader('content-type', 'text/javascript; charset=utf-8').end(script);
  });
  return { url: `${listener.url}/sentry.js`, stop: listener.stop };
}

async function bundle() {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const stdin = { contents: ENTRY, resolveDir };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, logLevel: 'error' });
  return outputFiles[0].text;
}
