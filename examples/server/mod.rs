//! What the example servers share: their options from the environment, and how they listen and stop.

use std::env;
use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use sentry::ClientInitGuard;
use sentry_ssr::{OptionsError, RootSpan, RootSpanLayer, TraceOptions, instrument};
use tokio::net::TcpListener;
use tokio::signal;

/// The browser SDK, unless `SENTRY_BROWSER_SDK` names another address.
const CDN: &str = "https://browser.sentry-cdn.com/11.12.0/bundle.tracing.min.js";

/// What every page needs: the span of its request, and the options of the browser SDK.
pub(crate) struct Page {
    pub(crate) span: RootSpan,
    pub(crate) browser: Browser,
}

/// The options of the browser SDK.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) sdk: String,
    pub(crate) dsn: Option<String>,
    pub(crate) release: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) spotlight: bool,
}

impl Browser {
    pub(crate) fn from_env() -> Self {
        Self {
            sdk: var("SENTRY_BROWSER_SDK").unwrap_or_else(|| CDN.to_owned()),
            dsn: dsn(),
            release: var("SENTRY_RELEASE"),
            environment: var("SENTRY_ENVIRONMENT"),
            spotlight: spotlight().is_some(),
        }
    }
}

/// Starts the Sentry client where there is a DSN, and the layer takes its options from the client. Without
/// a DSN nothing is reported, and the layer takes its options from the environment.
pub(crate) fn tracing() -> Result<(RootSpanLayer, Option<ClientInitGuard>), Box<dyn Error>> {
    let Some(dsn) = dsn() else {
        let options = with_examples(TraceOptions::from_env()?)?;
        return Ok((RootSpanLayer::new().options(options), None));
    };
    let mut client = sentry::ClientOptions::new()
        .dsn(&dsn)
        .maybe_release(var("SENTRY_RELEASE"));
    if let Some(environment) = var("SENTRY_ENVIRONMENT") {
        client = client.environment(environment);
    }
    if let Some(rate) = var("SENTRY_TRACES_SAMPLE_RATE") {
        client = client.traces_sample_rate(rate.trim().parse()?);
    }
    if let Some(org_id) = var("SENTRY_ORG_ID") {
        client = client.org_id(org_id.trim().parse()?);
    }
    if let Some(strict) = var("SENTRY_STRICT_TRACE_CONTINUATION") {
        client = client.strict_trace_continuation(flag(&strict)?);
    }
    Ok((RootSpanLayer::new(), Some(sentry::init(instrument(client)))))
}

/// Fills in what the environment leaves open, so that a first page shows every kind of value.
fn with_examples(mut options: TraceOptions) -> Result<TraceOptions, OptionsError> {
    if var("SENTRY_RELEASE").is_none() {
        options = options.release("example@1.0.0");
    }
    if var("SENTRY_ENVIRONMENT").is_none() {
        options = options.environment("development");
    }
    if var("SENTRY_TRACES_SAMPLE_RATE").is_none() {
        options = options.traces_sample_rate(1.0)?;
    }
    Ok(options)
}

/// Serves on `BIND` until Ctrl-C.
pub(crate) async fn serve(app: Router) -> Result<(), Box<dyn Error>> {
    let bind = var("BIND").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(bind.parse::<SocketAddr>()?).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(async { signal::ctrl_c().await.unwrap_or_default() })
        .await?;
    Ok(())
}

fn dsn() -> Option<String> {
    let dsn = var("SENTRY_DSN").map(|dsn| dsn.trim().to_owned());
    dsn.or_else(spotlight)
}

/// Reads a flag as `TraceOptions::from_env` does.
fn flag(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

/// The DSN that reports to Spotlight, Sentry's local viewer, where `SENTRY_SPOTLIGHT` is set to its address
/// or to `1`.
fn spotlight() -> Option<String> {
    let stream = match var("SENTRY_SPOTLIGHT")?.as_str() {
        "0" | "false" => return None,
        "1" | "true" => "http://localhost:8969/stream".to_owned(),
        address => address.to_owned(),
    };
    let (scheme, rest) = stream.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(format!("{scheme}://spotlight@{host}/1"))
}

fn var(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}
