// What envelopes report, in one form, whether it came as transactions or as streamed spans.

/** All spans of some records: `{traceId, spanId, parentSpanId, op, name, source, data, status, dsc, userAgent}`. */
export function spansOf(records) {
  return records.flatMap(({ envelope }) =>
    envelope.items.flatMap(({ header, payload }) => {
      const found = READERS[header.type]?.(payload) ?? [];
      return found.map((span) => ({ ...span, dsc: envelope.header.trace }));
    }),
  );
}

/** The error events and messages of some records: `{traceId, spanId, message, transaction, dsc}`. */
export function eventsOf(records) {
  return records.flatMap(({ envelope }) =>
    envelope.items
      .filter(({ header }) => header.type === 'event')
      .map(({ payload }) => ({
        traceId: payload.contexts?.trace?.trace_id,
        spanId: payload.contexts?.trace?.span_id,
        message: payload.message ?? payload.exception?.values?.at(-1)?.value,
        transaction: payload.transaction,
        dsc: envelope.header.trace,
      })),
  );
}

const READERS = {
  transaction: (transaction) => {
    const root = { ...transaction.contexts.trace, name: transaction.transaction, source: transaction.transaction_info?.source };
    const userAgent = header(transaction.request?.headers, 'user-agent');
    const status = root.data?.['http.response.status_code'];
    return [{ ...fromStatic(root), status, userAgent }, ...(transaction.spans ?? []).map(fromStatic)];
  },
  span: (container) => container.items.map(fromStreamed),
};

function fromStatic(span) {
  return {
    traceId: span.trace_id,
    spanId: span.span_id,
    parentSpanId: span.parent_span_id ?? undefined,
    op: span.op,
    name: span.name ?? span.description,
    source: span.source,
    start: span.start_timestamp,
    data: span.data,
  };
}

function fromStreamed(span) {
  const data = Object.fromEntries(Object.entries(span.attributes).map(([key, { value }]) => [key, value]));
  return { ...fromStatic(span), op: data['sentry.op'], source: data['sentry.segment.name.source'], data };
}

function header(headers, name) {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
