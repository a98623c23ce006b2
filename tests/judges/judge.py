"""Answers, for each request on standard input, what the Python SDK would send on."""

import functools
import json
import sys

import sentry_sdk
from sentry_sdk.transport import Transport


class Nowhere(Transport):
    def capture_envelope(self, envelope):
        pass


def sampler_of(rate, inherits):
    def sampler(context):
        parent_rate = context.get("parent_sample_rate")
        return parent_rate if inherits and parent_rate is not None else rate

    return sampler


@functools.cache
def client_of(rate, sampler, inherits, org_id, is_strict):
    host = "localhost" if org_id is None else f"o{org_id}.ingest.sentry.io"
    return sentry_sdk.Client(
        dsn=f"https://key@{host}/1",
        release="ours@1",
        environment="ours",
        traces_sample_rate=rate,
        traces_sampler=None if sampler is None else sampler_of(sampler, inherits),
        strict_trace_continuation=is_strict,
        default_integrations=False,
        transport=Nowhere,
    )


def answer(request):
    headers = {"sentry-trace": request["sentry_trace"], "baggage": request["baggage"]}
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client_of(**request["service"]))
        transaction = sentry_sdk.continue_trace(
            headers, op="http.server", name="GET /users/{id}", source="route"
        )
        with sentry_sdk.start_transaction(transaction):
            context = scope.get_active_propagation_context()
            return {
                "sentry_trace": sentry_sdk.get_traceparent(),
                "baggage": sentry_sdk.get_baggage() or "",
                "parent_span_id": context.parent_span_id,
            }


def answer_or_fail(request):
    try:
        return answer(request)
    except Exception as error:
        return {"failure": repr(error)}


for line in sys.stdin:
    print(json.dumps(answer_or_fail(json.loads(line))))
