// A small server with the pages of the examples, right unless it is told to be wrong.
//
// It shows that each fault is found, and only that one.

import { randomBytes } from 'node:crypto';
import { listen } from './listener.mjs';

/** What can be wrong with it: each takes the head's parts, or the trace they are made of, and spoils one. */
export const WRONG = {
  'no tags': { head: ({ sdk }) => [sdk] },
  'empty first tag': { head: ({ trace, baggage, sdk }) => [meta('sentry-trace', ''), trace, baggage, sdk] },
  'tags after the SDK': { head: ({ trace, baggage, sdk }) => [sdk, trace, baggage] },
  'baggage of another trace': { baggage: (trace) => ({ ...trace.dsc, trace_id: id(16) }) },
  'not joined': { start: (dsn) => shouting(newTrace(dsn)) },
  'same ids twice': { start: once(newTrace) },
  'unescaped value': { escape: (value) => decodeURIComponent(value) },
};

const RIGHT = {
  start: newTrace,
  baggage: (trace) => trace.dsc,
  escape: (value) => value.replaceAll('"', '&quot;'),
  head: ({ trace, baggage, sdk }) => [trace, baggage, sdk],
};

/** @param {{dsn: string, sdk: string, fault?: string}} options */
export async function startStandIn({ dsn, sdk, fault }) {
  const ways = { ...RIGHT, ...WRONG[fault] };
  return listen(async (request, response) => {
    const trace = continued(request.headers) ?? ways.start(dsn);
    await report(dsn, trace, request);
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page(trace, dsn, sdk, ways));
  });
}

function page(trace, dsn, sdk, { head, baggage, escape }) {
  const parts = {
    trace: meta('sentry-trace', `${trace.traceId}-${trace.spanId}-1`),
    baggage: meta('baggage', escape(printed(baggage(trace)))),
    sdk: `<script src="${sdk}"></script><script>${init(dsn)}</script>`,
  };
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">${head(parts).join('')}</head><body></body></html>`;
}

function init(dsn) {
  return `Sentry.init({ dsn: "${dsn}", integrations: [Sentry.browserTracingIntegration()], tracesSampleRate: 1 })`;
}

function meta(name, content) {
  return `<meta name="${name}" content="${content}">`;
}

function printed(dsc) {
  return Object.entries(dsc).map(([key, value]) => `sentry-${key}=${encodeURIComponent(value)}`).join();
}

function newTrace(dsn) {
  const traceId = id(16);
  const dsc = { trace_id: traceId, public_key: new URL(dsn).username, sample_rand: '0.332200', sample_rate: '1', sampled: 'true' };
  return { traceId, spanId: id(8), dsc };
}

// Upper-case ids are another trace to the browser's SDK.
function shouting(trace) {
  return { ...trace, traceId: trace.traceId.replace(/^./, 'A').toUpperCase() };
}

function continued({ 'sentry-trace': trace = '', baggage = '' }) {
  const ids = /^([0-9a-f]{32})-([0-9a-f]{16})-1$/.exec(trace);
  return ids && { traceId: ids[1], parentSpanId: ids[2], spanId: id(8), dsc: incoming(baggage) };
}

function incoming(baggage) {
  const entries = baggage.split(',').map((entry) => entry.split('='));
  return Object.fromEntries(entries.map(([key, value]) => [key.replace('sentry-', ''), decodeURIComponent(value)]));
}

function report(dsn, trace, { url, method, headers }) {
  const context = { trace_id: trace.traceId, span_id: trace.spanId, parent_span_id: trace.parentSpanId, op: 'http.server' };
  const transaction = { transaction: `${method} ${url}`, contexts: { trace: context }, request: { headers } };
  const { origin, pathname } = new URL(dsn);
  const lines = [{ trace: trace.dsc }, { type: 'transaction' }, transaction].map((line) => JSON.stringify(line));
  return fetch(`${origin}/api${pathname}/envelope/`, { method: 'POST', body: lines.join('\n') });
}

function once(make) {
  let made;
  return (...given) => (made ??= make(...given));
}

function id(length) {
  return randomBytes(length).toString('hex');
}
