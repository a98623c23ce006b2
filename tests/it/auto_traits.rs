//! What callers may do with every public type: send it, share it, move it, catch panics around it.
//! `FixedIds` alone belongs to its thread, and stays there.

use std::panic::{RefUnwindSafe, UnwindSafe};

use sentry_ssr::{
    Baggage, DynamicSamplingContext, HeadTraceData, IncomingTrace, MetaTags, OptionsError,
    OptionsErrorKind, OutgoingTrace, ParseError, ParseErrorKind, PropagationTarget, RemixTraceData,
    RootSpan, SampleRand, SampleRate, SamplingContext, SentryTrace, SpanId, TraceData, TraceId,
    TraceOptions, Traceparent, TransactionName, TransactionSource,
};

fn can_do_all<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}

#[test]
fn values() {
    can_do_all::<Baggage>();
    can_do_all::<DynamicSamplingContext>();
    can_do_all::<HeadTraceData>();
    can_do_all::<IncomingTrace>();
    can_do_all::<OptionsError>();
    can_do_all::<OptionsErrorKind>();
    can_do_all::<ParseError>();
    can_do_all::<ParseErrorKind>();
    can_do_all::<RemixTraceData>();
    can_do_all::<SampleRand>();
    can_do_all::<SampleRate>();
    can_do_all::<SamplingContext<'_>>();
    can_do_all::<SentryTrace>();
    can_do_all::<SpanId>();
    can_do_all::<TraceData>();
    can_do_all::<TraceId>();
    can_do_all::<Traceparent>();
    can_do_all::<TransactionName<'_>>();
    can_do_all::<TransactionSource>();
}

#[test]
fn handles_and_options() {
    can_do_all::<MetaTags>();
    can_do_all::<OutgoingTrace>();
    can_do_all::<PropagationTarget>();
    can_do_all::<RootSpan>();
    can_do_all::<TraceOptions>();
}

#[test]
fn layer_and_what_it_makes_of_others() {
    use sentry_ssr::{RootSpanBody, RootSpanFuture, RootSpanLayer, RootSpanService};

    can_do_all::<RootSpanLayer>();
    can_do_all::<RootSpanService<()>>();
    can_do_all::<RootSpanFuture<()>>();
    can_do_all::<RootSpanBody<http_body_util::Full<&'static [u8]>>>();
}

#[test]
fn pages() {
    use sentry_ssr::__private::{CacheRules, Reason, Reuse, Scanner, Step};
    use sentry_ssr::{CachePolicy, StaleGuard};

    can_do_all::<Reason>();
    can_do_all::<CacheRules>();
    can_do_all::<CachePolicy>();
    can_do_all::<Scanner>();
    can_do_all::<StaleGuard>();
    can_do_all::<Step>();
    can_do_all::<Reuse>();
}

#[cfg(feature = "sentry")]
#[test]
fn options_of_the_client() {
    use sentry_ssr::{EnvelopeForm, Instrumentation};

    can_do_all::<EnvelopeForm>();
    can_do_all::<Instrumentation>();
}

#[cfg(feature = "testing")]
#[test]
fn tools_of_tests() {
    use sentry_ssr::testing::{Finding, HeadReport, MetaName, Redactor, TraceValueError};

    can_do_all::<Finding>();
    can_do_all::<TraceValueError>();
    can_do_all::<HeadReport>();
    can_do_all::<MetaName>();
    can_do_all::<Redactor>();
}
