//! Pages under the whole layer: tags put in, taken out, told in a header.

#![cfg(feature = "axum")]

use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::AppendHeaders;
use axum::routing::get;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use sentry_ssr::{CachePolicy, RootSpan, RootSpanLayer};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

const TRACE: &str = "771a43a4192642f0b136d5159a501700";
const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>t</title></head>";
const ETAG: (&str, &str) = ("etag", "\"v1\"");
const FRESH: (&str, &str) = ("cache-control", "max-age=60");
const ASKED: (&str, &str) = ("cache-control", "no-cache");

type Lines = &'static [(&'static str, &'static str)];

/// What came out.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }

    /// The page with a hole where its tags are; `None` if they are not there just once.
    fn around_tags(&self) -> Option<(&str, &str)> {
        let tags = format!(r#"<meta name="sentry-trace" content="{TRACE}-"#);
        let (before, rest) = self.text().split_once(&tags)?;
        let (_, after) =
            rest.split_once(r#"<meta name="baggage" content="sentry-sample_rand=0.5">"#)?;
        (!after.contains("name=\"sentry-trace")).then_some((before, after))
    }

    fn has_timing(&self) -> bool {
        let timing = self.header("server-timing");
        timing.is_some_and(|timing| timing.starts_with(&format!("sentry-trace;desc=\"{TRACE}-")))
    }

    fn is_silent(&self) -> bool {
        !self.text().contains(TRACE) && !format!("{:?}", self.headers).contains(TRACE)
    }
}

fn request(method: Method) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri("/pages/1")
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("accept-encoding", "gzip")
        .header("sentry-trace", format!("{TRACE}-b7ad6b7169203331-1"))
        .header("baggage", "sentry-sample_rand=0.5")
}

async fn ask(app: &Router, request: http::request::Builder) -> Answer {
    let request = request.body(Body::empty()).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

async fn get_from(app: Router, layer: RootSpanLayer) -> Answer {
    ask(&app.layer(layer), request(Method::GET)).await
}

/// A page that somebody else renders.
fn foreign(status: u16, lines: Lines, page: &'static str) -> Router {
    let status = StatusCode::from_u16(status).unwrap();
    let page = move || async move { (status, AppendHeaders(lines.to_vec()), Body::from(page)) };
    Router::new().route("/pages/{id}", get(page))
}

/// A page whose template prints the tags.
fn own(lines: Lines) -> Router {
    let page = move |span: RootSpan| async move {
        let page = format!("<!doctype html><head>{}<title>t</title>", span.meta_tags());
        (AppendHeaders(lines.to_vec()), Body::from(page))
    };
    Router::new().route("/pages/{id}", get(page))
}

/// A page that is rendered while it is sent.
fn streamed(lines: Lines, piece: fn(usize) -> Option<String>) -> Router {
    let page = move || async move {
        let frames = (0..)
            .map_while(piece)
            .map(|it| Ok::<_, Infallible>(Bytes::from(it)));
        let body = Body::from_stream(futures_util::stream::iter(frames));
        (AppendHeaders(lines.to_vec()), body)
    };
    Router::new().route("/pages/{id}", get(page))
}

fn injecting() -> RootSpanLayer {
    RootSpanLayer::new().inject_tags(true)
}

mod putting_in {
    use super::*;

    #[tokio::test]
    async fn is_off_by_default() {
        let answer = get_from(foreign(200, &[HTML], PAGE), RootSpanLayer::new()).await;
        assert_eq!(answer.text(), PAGE);
        assert!(answer.is_silent());
    }

    #[tokio::test]
    async fn puts_the_tags_behind_the_charset_and_corrects_the_length() {
        let answer = get_from(foreign(200, &[HTML], PAGE), injecting()).await;
        let (before, after) = answer.around_tags().unwrap();
        assert_eq!(before, "<!doctype html><html><head><meta charset=utf-8>");
        assert_eq!(after, "<title>t</title></head>");
        assert_eq!(answer.length(), Some(answer.body.len()));
    }

    #[tokio::test]
    async fn corrects_a_length_that_the_page_has_announced() {
        let lines = &[HTML, ("content-length", "70")];
        let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
        assert_eq!(PAGE.len(), 70);
        assert!(answer.around_tags().is_some());
        assert_eq!(answer.length(), Some(answer.body.len()));
    }

    #[tokio::test]
    async fn drops_the_length_where_the_place_is_not_known_in_time() {
        let lines = &[HTML, ("content-length", "18")];
        let app = streamed(lines, |at| {
            ["<he", "ad><title>", "</t>x"]
                .get(at)
                .map(|it| (*it).into())
        });
        let answer = get_from(app, injecting()).await;
        assert_eq!(answer.around_tags(), Some(("<head>", "<title></t>x")));
        assert_eq!(answer.length(), None);
    }

    #[tokio::test]
    async fn corrects_the_length_of_a_stream_whose_first_piece_settles_it() {
        let lines = &[HTML, ("content-length", "18")];
        let app = streamed(lines, |at| {
            ["<head><title>", "</t>x"].get(at).map(|it| (*it).into())
        });
        let answer = get_from(app, injecting()).await;
        assert_eq!(answer.around_tags(), Some(("<head>", "<title></t>x")));
        assert_eq!(answer.length(), Some(answer.body.len()));
    }

    #[tokio::test]
    async fn leaves_xhtml_alone() {
        let lines = &[("content-type", "application/xhtml+xml")];
        let page = "<html><head><title/></head></html>";
        let answer = get_from(foreign(200, lines, page), injecting()).await;
        assert_eq!(answer.text(), page);
    }

    #[tokio::test]
    async fn asks_the_predicate_about_request_and_response() {
        let layer = || {
            RootSpanLayer::new().inject_tags_when(|request, response| {
                request.headers.contains_key("x-page") && response.status == 200
            })
        };
        let app = foreign(200, &[HTML], PAGE).layer(layer());
        let asked = request(Method::GET).header("x-page", "1");
        assert!(ask(&app, asked).await.around_tags().is_some());
        assert!(ask(&app, request(Method::GET)).await.is_silent());
        let app = foreign(404, &[HTML], PAGE).layer(layer());
        let asked = request(Method::GET).header("x-page", "1");
        assert!(ask(&app, asked).await.is_silent());
    }

    #[tokio::test]
    async fn leaves_alone_what_is_no_whole_plain_page() {
        const GZIP: (&str, &str) = ("content-encoding", "gzip");
        let table: [(&str, u16, Lines, &str); 7] = [
            ("no content type", 200, &[], PAGE),
            (
                "another content type",
                200,
                &[("content-type", "text/plain")],
                PAGE,
            ),
            (
                "a type that begins like HTML",
                200,
                &[("content-type", "text/html5")],
                PAGE,
            ),
            ("an encoded body", 200, &[HTML, GZIP], PAGE),
            ("a part of a page", 206, &[HTML], PAGE),
            (
                "a fragment",
                200,
                &[HTML, ETAG, ("cache-control", "no-store")],
                "<p>Hello",
            ),
            ("an empty body", 200, &[HTML], ""),
        ];
        for (name, status, lines, page) in table {
            let answer = get_from(foreign(status, lines, page), injecting()).await;
            assert_eq!(answer.text(), page, "{name}");
            assert_eq!(answer.length(), Some(page.len()), "{name}");
            assert!(answer.is_silent(), "{name}");
            assert!(
                answer.header("etag").is_none_or(|etag| etag == "\"v1\""),
                "{name}"
            );
        }
    }

    #[tokio::test]
    async fn leaves_alone_a_page_that_has_printed_them_itself() {
        let answer = get_from(own(&[HTML]), injecting()).await;
        assert_eq!(
            answer.around_tags(),
            Some(("<!doctype html><head>", "<title>t</title>"))
        );
    }

    #[tokio::test]
    async fn answers_head_as_it_would_answer_get() {
        for lines in [&[HTML] as Lines, &[HTML, ("content-length", "70")]] {
            let app = foreign(200, lines, PAGE).layer(injecting());
            let whole = ask(&app, request(Method::GET)).await;
            let head = ask(&app, request(Method::HEAD)).await;
            assert_eq!(head.body.len(), 0);
            assert_eq!(head.length(), whole.length());
            assert_eq!(head.header("etag"), whole.header("etag"));
        }
    }

    #[tokio::test]
    async fn promises_no_length_for_a_page_it_does_not_see() {
        let page = || async {
            (
                AppendHeaders([HTML, ("content-length", "70")]),
                Body::empty(),
            )
        };
        let inner = Router::new().route("/pages/{id}", axum::routing::any(page));
        let service = tower::Layer::layer(&injecting(), inner.into_service::<Body>());
        let request = request(Method::HEAD).body(Body::empty()).unwrap();
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(response.headers().get("content-length"), None);
    }

    #[tokio::test]
    async fn takes_back_what_was_said_about_the_bytes() {
        let lines = &[
            HTML,
            ETAG,
            ("cache-control", "no-store"),
            ("accept-ranges", "bytes"),
            ("content-digest", "sha-256=:x:"),
            ("repr-digest", "sha-256=:x:"),
            ("content-language", "de"),
        ];
        let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
        assert!(answer.around_tags().is_some());
        assert_eq!(answer.header("etag"), Some("W/\"v1\""));
        for gone in ["accept-ranges", "content-digest", "repr-digest"] {
            assert_eq!(answer.header(gone), None, "{gone}");
        }
        assert_eq!(answer.header("content-language"), Some("de"));
    }

    #[tokio::test]
    async fn keeps_a_weak_etag_weak() {
        let lines = &[HTML, ("etag", "W/\"v1\""), ("cache-control", "no-store")];
        let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
        assert_eq!(answer.header("etag"), Some("W/\"v1\""));
    }

    #[tokio::test]
    async fn polls_the_body_as_a_part_of_the_request() {
        let app = streamed(&[HTML], |at| {
            let trace = RootSpan::current().map(|span| span.trace_id().to_string());
            let trace = trace.unwrap_or_default();
            [format!("<head><title>{trace}"), trace].into_iter().nth(at)
        });
        let answer = get_from(app, injecting()).await;
        let after = answer.around_tags().unwrap().1;
        assert_eq!(after, format!("<title>{TRACE}{TRACE}"));
    }

    #[tokio::test]
    async fn puts_a_guard_behind_the_tags_with_the_nonce_of_the_page() {
        const POLICY: &str = "style-src 'nonce-no'; script-src 'self' 'nonce-r4nd0m'";
        let lines = &[HTML, ("content-security-policy", POLICY)];
        let layer = injecting().stale_guard(Duration::from_secs(60));
        let answer = get_from(foreign(200, lines, PAGE), layer).await;
        let after = answer.around_tags().unwrap().1;
        assert!(after.starts_with("<script nonce=\"r4nd0m\">"), "{after}");
        assert!(
            after.ends_with(",60000)</script><title>t</title></head>"),
            "{after}"
        );
    }
}

mod guard {
    use super::*;

    const HEAD: &str = "<!doctype html><html><head><meta charset=utf-8>";

    fn guarded(layer: RootSpanLayer) -> RootSpanLayer {
        layer.stale_guard(Duration::from_secs(60))
    }

    /// The page with a hole where the guard stands alone, which knows the trace.
    fn around_guard(answer: &Answer) -> Option<(&str, &str)> {
        let (before, rest) = answer.text().split_once("<script>(function(")?;
        let (guard, after) = rest.split_once("-1')</script>")?;
        let (_, ids) = guard.split_once(",60000,'")?;
        (ids.starts_with(TRACE) && !after.contains(TRACE)).then_some((before, after))
    }

    #[tokio::test]
    async fn is_put_into_a_page_whose_trace_is_told_in_the_header() {
        let revalidated: Lines = &[HTML, ETAG];
        for (lines, layer) in [
            (revalidated, RootSpanLayer::new()),
            (revalidated, injecting()),
            (&[HTML], RootSpanLayer::new().server_timing(true)),
        ] {
            let answer = get_from(foreign(200, lines, PAGE), guarded(layer)).await;
            assert!(answer.has_timing());
            let (before, after) = around_guard(&answer).unwrap();
            assert_eq!(before, HEAD);
            assert_eq!(after, "<title>t</title></head>");
            assert_eq!(answer.length(), Some(answer.body.len()));
            assert!(answer.header("etag").is_none_or(|etag| etag == "W/\"v1\""));
        }
    }

    #[tokio::test]
    async fn carries_the_nonce_of_the_page() {
        const POLICY: &str = "script-src 'nonce-r4nd0m'";
        let lines = &[HTML, ETAG, ("content-security-policy", POLICY)];
        let answer = get_from(foreign(200, lines, PAGE), guarded(RootSpanLayer::new())).await;
        let after = answer.text().strip_prefix(HEAD).unwrap();
        assert!(after.starts_with("<script nonce=\"r4nd0m\">"), "{after}");
    }

    #[tokio::test]
    async fn is_not_put_where_there_is_no_trace() {
        for lines in [&[HTML] as Lines, &[HTML, FRESH]] {
            let answer = get_from(foreign(200, lines, PAGE), guarded(RootSpanLayer::new())).await;
            assert_eq!(answer.text(), PAGE);
        }
        let app = foreign(304, &[ETAG], "").layer(guarded(RootSpanLayer::new()));
        let answer = ask(&app, request(Method::GET)).await;
        assert!(answer.has_timing());
        assert_eq!(answer.text(), "");
    }

    #[tokio::test]
    async fn is_left_to_the_template_that_prints_the_tags() {
        let layer = guarded(RootSpanLayer::new().server_timing(true));
        let answer = get_from(own(&[HTML]), layer).await;
        let (_, after) = answer.around_tags().unwrap();
        assert_eq!(after, "<title>t</title>");
    }

    #[tokio::test]
    async fn does_not_keep_tags_that_are_printed_late_in_a_page_that_is_revalidated() {
        let app = streamed(&[HTML, ETAG], |at| match at {
            0 => Some("<!doctype html><head>".into()),
            1 => Some(sentry_ssr::meta_tags().to_string()),
            _ => None,
        });
        let answer = get_from(app, guarded(injecting())).await;
        assert_eq!(answer.text(), "<!doctype html><head>");
        assert!(answer.has_timing());
    }
}

mod server_timing {
    use super::*;

    #[tokio::test]
    async fn is_off_by_default() {
        assert!(
            !get_from(own(&[HTML]), RootSpanLayer::new())
                .await
                .has_timing()
        );
    }

    #[tokio::test]
    async fn comes_next_to_what_is_there() {
        let lines = &[HTML, ("server-timing", "db;dur=1")];
        let answer = get_from(own(lines), RootSpanLayer::new().server_timing(true)).await;
        let lines: Vec<_> = answer.headers.get_all("server-timing").iter().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], "db;dur=1");
    }

    #[tokio::test]
    async fn is_for_pages_only() {
        let layer = || RootSpanLayer::new().server_timing(true);
        assert!(
            get_from(foreign(200, &[HTML], PAGE), layer())
                .await
                .has_timing()
        );
        let json: Lines = &[("content-type", "application/json")];
        assert!(
            get_from(foreign(200, json, "{}"), layer())
                .await
                .is_silent()
        );
        assert!(get_from(foreign(303, &[], ""), layer()).await.is_silent());
    }

    #[tokio::test]
    async fn is_not_for_pages_that_can_be_replayed() {
        let layer = RootSpanLayer::new().server_timing(true);
        assert!(get_from(own(&[HTML, FRESH]), layer).await.is_silent());
    }
}

mod reuse {
    use super::*;

    #[tokio::test]
    async fn a_page_that_can_be_replayed_carries_no_trace() {
        for layer in [RootSpanLayer::new(), injecting()] {
            let answer = get_from(own(&[HTML, FRESH]), layer).await;
            assert!(answer.is_silent());
            assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
            assert_eq!(answer.length(), Some(answer.body.len()));
        }
        let answer = get_from(foreign(200, &[HTML, FRESH], PAGE), injecting()).await;
        assert_eq!(answer.text(), PAGE);
    }

    #[tokio::test]
    async fn a_page_that_is_revalidated_tells_its_trace_in_the_header() {
        for lines in [&[HTML, ETAG] as Lines, &[HTML, ETAG, ASKED]] {
            let answer = get_from(own(lines), RootSpanLayer::new()).await;
            assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
            assert!(answer.has_timing());
            assert_eq!(answer.header("etag"), Some("W/\"v1\""));
            let answer = get_from(foreign(200, lines, PAGE), injecting()).await;
            assert_eq!(answer.text(), PAGE);
            assert!(answer.has_timing());
            assert_eq!(answer.header("etag"), Some("\"v1\""));
        }
    }

    #[tokio::test]
    async fn the_304_of_a_page_tells_the_second_trace() {
        let app = foreign(304, &[ETAG, ASKED], "").layer(RootSpanLayer::new());
        assert!(ask(&app, request(Method::GET)).await.has_timing());
        let fresh = foreign(304, &[ETAG, FRESH], "").layer(RootSpanLayer::new());
        assert!(ask(&fresh, request(Method::GET)).await.is_silent());
    }

    #[tokio::test]
    async fn the_304_of_something_else_does_not() {
        let app = foreign(304, &[ETAG, ASKED], "").layer(RootSpanLayer::new());
        let image = Request::builder()
            .uri("/pages/1")
            .header("accept", "image/*");
        let answer = ask(&app, image).await;
        assert_eq!(answer.status, 304);
        assert_eq!(answer.header("server-timing"), None);
    }

    #[tokio::test]
    async fn by_option_the_page_is_unstorable_instead() {
        let layer = || injecting().cache_policy(CachePolicy::Unstorable);
        let lines: Lines = &[
            HTML,
            ETAG,
            FRESH,
            ("last-modified", "Thu, 19 Nov 1981 08:52:00 GMT"),
            ("expires", "Wed, 25 Nov 2076 02:00:00 GMT"),
            ("surrogate-control", "max-age=60"),
            ("cdn-cache-control", "max-age=60"),
            ("x-accel-expires", "60"),
        ];
        for app in [own(lines), foreign(200, lines, PAGE)] {
            let answer = get_from(app, layer()).await;
            assert!(answer.around_tags().is_some());
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            for (gone, _) in lines
                .iter()
                .skip(1)
                .filter(|line| line.0 != "cache-control")
            {
                assert_eq!(answer.header(gone), None, "{gone}");
            }
        }
    }

    #[tokio::test]
    async fn a_page_without_a_trace_stays_storable() {
        let layer = RootSpanLayer::new().cache_policy(CachePolicy::Unstorable);
        let answer = get_from(foreign(200, &[HTML, FRESH, ETAG], PAGE), layer).await;
        assert_eq!(answer.header("cache-control"), Some("max-age=60"));
        assert_eq!(answer.header("etag"), Some("\"v1\""));
    }

    #[tokio::test]
    async fn by_option_everything_stays_as_it_is() {
        let layer = || injecting().cache_policy(CachePolicy::Keep);
        for app in [own(&[HTML, FRESH]), foreign(200, &[HTML, FRESH], PAGE)] {
            let answer = get_from(app, layer()).await;
            assert!(answer.around_tags().is_some());
            assert_eq!(answer.header("cache-control"), Some("max-age=60"));
        }
    }

    #[tokio::test]
    async fn tags_that_are_printed_while_the_page_is_sent_are_taken_out() {
        let app = streamed(&[HTML, FRESH], |at| match at {
            0 => Some("<!doctype html><head>".into()),
            1 => Some(sentry_ssr::meta_tags().to_string()),
            2 => Some("<title>t</title>".into()),
            _ => None,
        });
        let answer = get_from(app, RootSpanLayer::new()).await;
        assert_eq!(answer.text(), "<!doctype html><head><title>t</title>");
    }

    #[tokio::test]
    async fn a_page_without_tags_keeps_its_length_and_etag() {
        let lines = &[HTML, FRESH, ETAG, ("content-length", "5")];
        let app = streamed(lines, |at| (at == 0).then(|| "<p>Hi".into()));
        let answer = get_from(app, RootSpanLayer::new()).await;
        assert_eq!(answer.length(), Some(5));
        assert_eq!(answer.header("etag"), Some("\"v1\""));
    }

    #[tokio::test]
    async fn tags_that_cannot_be_taken_out_are_kept_from_caches() {
        const GZIP: (&str, &str) = ("content-encoding", "gzip");
        let answer = get_from(own(&[HTML, FRESH, ETAG, GZIP]), RootSpanLayer::new()).await;
        assert!(answer.around_tags().is_some());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("etag"), None);
    }

    /// Keeps what is logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_route_that_loses_its_tags_is_told_once() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone());
        let _log = tracing::subscriber::set_default(subscriber.finish());
        let app = own(&[HTML, FRESH]).layer(RootSpanLayer::new());
        let quiet = foreign(200, &[HTML, FRESH], PAGE).layer(RootSpanLayer::new());
        for app in [&app, &app, &quiet] {
            ask(app, request(Method::GET)).await;
        }
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.lines().count(), 1, "{log}");
        for part in [
            "WARN",
            "route=\"/pages/{id}\"",
            "reason=cache-control: max-age",
        ] {
            assert!(log.contains(part), "{log}");
        }
    }
}

mod compression {
    use super::*;

    const LARGE: &str = concat!(
        "<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body>",
        "a page that is long enough to be compressed, a page that is long enough to be compressed",
    );

    #[tokio::test]
    async fn outside_of_the_layer_it_compresses_the_traced_page() {
        let app = foreign(200, &[HTML], LARGE)
            .layer(injecting())
            .layer(CompressionLayer::new());
        let answer = ask(&app, request(Method::GET)).await;
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        assert_eq!(answer.length(), None);
        let mut page = String::new();
        let mut decoder = flate2::read::GzDecoder::new(&answer.body[..]);
        io::Read::read_to_string(&mut decoder, &mut page).unwrap();
        let page = Answer {
            body: page.into(),
            ..answer
        };
        let (before, after) = page.around_tags().unwrap();
        assert_eq!(format!("{before}{after}"), LARGE);
    }

    #[tokio::test]
    async fn inside_of_the_layer_it_keeps_the_tags_out() {
        let app = foreign(200, &[HTML], LARGE)
            .layer(CompressionLayer::new())
            .layer(injecting());
        let answer = ask(&app, request(Method::GET)).await;
        assert_eq!(answer.header("content-encoding"), Some("gzip"));
        let mut page = String::new();
        let mut decoder = flate2::read::GzDecoder::new(&answer.body[..]);
        io::Read::read_to_string(&mut decoder, &mut page).unwrap();
        assert_eq!(page, LARGE);
    }
}
