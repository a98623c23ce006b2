//! What clients say of the trace that they are part of.

const SPAN_ID: &str = "b7ad6b7169203331";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Says nothing.
    Stranger,
    /// Has a sampled trace.
    Continues,
    /// Has a trace that is not sampled.
    Declines,
    /// Says what nobody should.
    Hostile,
}

/// Lines of the head of a request; none of them may keep it from being read as one.
const HOSTILE: [&[u8]; 6] = [
    b"sentry-trace: 00000000000000000000000000000000-0000000000000000-0\r\n",
    b"sentry-trace: \"><script>alert(1)</script>\r\nbaggage: sentry-release=\"><script>\r\n",
    b"sentry-trace: \xff\xfe\xfd\r\nbaggage: sentry-trace_id=\xff,%zz=%,=,,;;\r\n",
    b"baggage: sentry-sampled=false,sentry-sample_rate=0,sentry-sample_rand=1e999\r\n",
    b"traceparent: 00-zz-zz-00\r\nsentry-trace: -\r\nsentry-trace: --\r\nbaggage:\r\n",
    b"sentry-trace: 771a43a4192642f0b136d5159a501700-b7ad6b71692033310-0-0-0\r\n",
];

/// The trace of a caller who has one.
pub(crate) fn trace_id(number: usize) -> String {
    format!("5e{:030x}", number + 1)
}

impl Caller {
    /// The lines that it adds to the head of its request.
    pub(crate) fn headers(self, number: usize) -> Vec<u8> {
        match self {
            Self::Stranger => Vec::new(),
            Self::Continues => trace(number, true),
            Self::Declines => trace(number, false),
            Self::Hostile => hostile(number),
        }
    }

    pub(crate) const fn has_trace(self) -> bool {
        matches!(self, Self::Continues | Self::Declines)
    }
}

fn trace(number: usize, sampled: bool) -> Vec<u8> {
    let (trace_id, flag) = (trace_id(number), u8::from(sampled));
    format!(
        "sentry-trace: {trace_id}-{SPAN_ID}-{flag}\r\n\
         baggage: other=vendor,sentry-trace_id={trace_id},sentry-public_key=public,\
         sentry-sample_rand=0.017842,sentry-sample_rate=0.25,sentry-sampled={sampled}\r\n"
    )
    .into_bytes()
}

fn hostile(number: usize) -> Vec<u8> {
    match HOSTILE.get(number % (HOSTILE.len() + 1)) {
        Some(lines) => lines.to_vec(),
        None => format!("baggage: {}\r\n", "sentry-x=y,".repeat(1_000)).into_bytes(),
    }
}
