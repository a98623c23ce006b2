// The browser's SDK and the libraries that swap pages, as npm has them, each one script.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { listen } from './listener.mjs';

const SDKS = { '/sentry.js': '@sentry/browser', '/sentry10.js': 'sentry10' };

const LIBRARIES = {
  '/htmx4.js': 'htmx.org/dist/htmx.js',
  '/compat.js': 'htmx.org/dist/ext/htmx-2-compat.js',
  '/htmx2.js': 'htmx2/dist/htmx.js',
  '/turbo.js': '@hotwired/turbo/dist/turbo.es2017-umd.js',
};

// A check changes the options of the page's own `init` through `globalThis.sentryOptions`.
const entry = (sdk) => `
  import * as sdk from '${sdk}';
  const init = (options) => sdk.init({ ...options, ...globalThis.sentryOptions });
  globalThis.Sentry = { ...sdk, init };
`;

/** Serves the scripts; `url` is the address of the SDK. */
export async function serveSdk() {
  const scripts = new Map(await Promise.all([...Object.entries(SDKS).map(bundle), ...Object.entries(LIBRARIES).map(read)]));
  const listener = await listen(({ url }, response) => {
    response.statusCode = scripts.has(url) ? 200 : 404;
    response.setHeader('content-type', 'text/javascript; charset=utf-8').end(scripts.get(url));
  });
  return { url: `${listener.url}/sentry.js`, stop: listener.stop };
}

async function bundle([path, sdk]) {
  const resolveDir = fileURLToPath(new URL('.', import.meta.url));
  const stdin = { contents: entry(sdk), resolveDir };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, logLevel: 'error' });
  return [path, outputFiles[0].text];
}

function read([path, file]) {
  return [path, readFileSync(new URL(`node_modules/${file}`, import.meta.url))];
}
