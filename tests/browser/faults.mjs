// The ways in which a server can break the promise, each told from the others.
//
// Whether something is wrong is read from the envelopes; the DOM only says why.

import { isDeepStrictEqual } from 'node:util';
import { dscOf, normalised } from './dsc.mjs';
import { HOSTILE } from './hostile.mjs';

/** Each fault by its name, with the question that only this fault answers with yes. */
const FAULTS = {
  'no tags': ({ first }) => !joined(first) && first.tags.length === 0,
  'empty first tag': ({ first }) => !joined(first) && named(first).some((tags) => tags[0].content === ''),
  'tags after the SDK': ({ first }) => !joined(first) && first.tags.some((tag) => !tag.isBeforeSdk),
  'baggage of another trace': ({ first }) => joined(first) && first.pageload.dsc.trace_id !== first.pageload.traceId,
  'baggage not passed on': ({ first }) => joined(first) && !isDeepStrictEqual(reported(first), tagged(first)),
  'same ids twice': ({ first, second }) => first.server.traceId === second.server.traceId,
  'unescaped value': ({ first, hostile }) => !isDeepStrictEqual(hostile.skeleton, first.skeleton),
};

/** The names of the faults of the server at `url`, `not joined` where none explains that; empty for one that keeps the promise. */
export async function faultsOf(session, url) {
  const upstream = await session.upstream(url, { headers: HOSTILE['markup in the values of a valid trace'] });
  const [first, second, hostile] = await Promise.all([url, url, upstream].map((at) => factsOf(session, `${at}/`)));
  const facts = { first, second, hostile };
  const found = Object.keys(FAULTS).filter((name) => FAULTS[name](facts));
  return joined(first) || found.length ? found : ['not joined'];
}

async function factsOf(session, url) {
  const visit = await session.visit(url, { tracesSampleRate: 1 });
  const server = await visit.transaction('GET /');
  return { server, pageload: visit.pageload, tags: await visit.tags(), skeleton: await visit.skeleton() };
}

/** The pageload is a child of the server's span. */
export function joined({ server, pageload }) {
  return pageload.traceId === server.traceId && pageload.parentSpanId === server.spanId;
}

function named({ tags }) {
  return ['sentry-trace', 'baggage'].map((name) => tags.filter((tag) => tag.name === name)).filter(({ length }) => length);
}

function reported({ pageload }) {
  return normalised(pageload.dsc);
}

function tagged({ tags }) {
  return normalised(dscOf(tags.find(({ name }) => name === 'baggage')?.content ?? ''));
}
