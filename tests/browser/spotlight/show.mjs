// Spotlight beside examples/sentry.rs, until Ctrl-C.

import { once } from 'node:events';
import { buildExample, startServer } from '../server.mjs';
import { serveSdk } from '../sdk.mjs';
import { startSpotlight } from './spotlight.mjs';

const STREAM = process.env.SENTRY_SPOTLIGHT ?? 'http://localhost:8969/stream';
const BIND = process.env.BIND ?? '127.0.0.1:3000';

const program = buildExample('sentry');
const [sdk, spotlight] = await Promise.all([serveSdk(), startSpotlight(Number(new URL(STREAM).port))]);
const server = await startServer(program, {
  BIND,
  SENTRY_BROWSER_SDK: sdk.url,
  SENTRY_SPOTLIGHT: STREAM,
  SENTRY_TRACES_SAMPLE_RATE: '1',
});
console.log(`\n  1. visit ${server.url}/users/7\n  2. see   ${spotlight.url}\n\nCtrl-C ends both.`);

await once(process, 'SIGINT');
await server.stop();
process.exit();
