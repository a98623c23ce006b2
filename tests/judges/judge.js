// Answers, for each request on standard input, what the JavaScript SDK would send on.
import { createInterface } from "node:readline";
import * as Sentry from "@sentry/core";
import { ServerRuntimeClient } from "@sentry/core/server";

const clients = new Map();

function clientOf({ rate, sampler, inherits, org_id, is_strict }) {
  const key = JSON.stringify([rate, sampler, inherits, org_id, is_strict]);
  if (!clients.has(key)) {
    const host = org_id === null ? "localhost" : `o${org_id}.ingest.sentry.io`;
    const client = new ServerRuntimeClient({
      dsn: `https://key@${host}/1`,
      release: "ours@1",
      environment: "ours",
      tracesSampleRate: rate ?? undefined,
      ...(sampler !== null && {
        tracesSampler: ({ inheritOrSampleWith }) => (inherits ? inheritOrSampleWith(sampler) : sampler),
      }),
      strictTraceContinuation: is_strict,
      integrations: [],
      stackParser: () => [],
      transport: (options) => Sentry.createTransport(options, async () => ({})),
    });
    client.init();
    clients.set(key, client);
  }
  return clients.get(key);
}

function answer({ sentry_trace, baggage, service }) {
  Sentry.setCurrentClient(clientOf(service));
  const span = { name: "GET /users/{id}", attributes: { "sentry.source": "route" } };
  return Sentry.continueTrace({ sentryTrace: sentry_trace, baggage }, () =>
    Sentry.startSpan(span, () => {
      const data = Sentry.getTraceData();
      const { parentSpanId } = Sentry.getCurrentScope().getPropagationContext();
      return {
        sentry_trace: data["sentry-trace"],
        baggage: data.baggage ?? "",
        parent_span_id: parentSpanId ?? null,
      };
    }),
  );
}

function answerOrFail(request) {
  try {
    return answer(request);
  } catch (error) {
    return { failure: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answerOrFail(JSON.parse(line))));
}
