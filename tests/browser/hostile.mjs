// Headers of a client that wants its own markup in the page.

const TRACE = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1';
const SCRIPT = '<script>globalThis.hasRun = true</script>';
const ATTRIBUTE = '" onload="globalThis.hasRun = true" x="';
const BREAKOUT = `">${SCRIPT}<meta name="sentry-trace" content="`;
const IDS = 'sentry-trace_id=0af7651916cd43dd8448eb211c80319c,sentry-public_key=publickey';

/** Each attempt by its name: header fields in the form that `startUpstream` takes. */
export const HOSTILE = {
  'markup in the trace': [['sentry-trace', BREAKOUT], ['baggage', IDS]],
  'markup behind a valid trace': [['sentry-trace', TRACE + BREAKOUT], ['baggage', IDS]],
  'markup in the values of a valid trace': [
    ['sentry-trace', TRACE],
    ['baggage', `${IDS},sentry-release=${encodeURIComponent(BREAKOUT)},sentry-environment=${encodeURIComponent(ATTRIBUTE)}`],
  ],
  'markup in the keys': [
    ['sentry-trace', TRACE],
    ['baggage', `${IDS},sentry-${encodeURIComponent(BREAKOUT)}=1,sentry-"><b>=2`],
  ],
  'bare markup': [['sentry-trace', TRACE], ['baggage', `${IDS},sentry-release=${BREAKOUT}`]],
  'entities': [['sentry-trace', TRACE], ['baggage', `${IDS},sentry-release=&quot;&gt;&#60;script&#62;hasRun=1`]],
  'bytes that are no UTF-8': [['sentry-trace', TRACE], ['baggage', `${IDS},sentry-release=\xff\xfe%ff%00%22%3e`]],
  'headers twice': [
    ['sentry-trace', ''],
    ['sentry-trace', BREAKOUT],
    ['sentry-trace', TRACE],
    ['baggage', BREAKOUT],
    ['baggage', IDS],
  ],
  'a thousand entries': [['sentry-trace', TRACE], ['baggage', Array.from({ length: 1000 }, (_, i) => `sentry-k${i}=%22%3E`).join()]],
};
