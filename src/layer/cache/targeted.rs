use http::HeaderName;

use super::cache_control::CacheControl;

/// Whether a header speaks to one cache, or one kind of cache, in place of `Cache-Control`:
///
/// | header | read by |
/// | --- | --- |
/// | `CDN-Cache-Control` and every other `…-Cache-Control` ([RFC 9213]) | CDNs; `X-LiteSpeed-Cache-Control` LiteSpeed |
/// | [`Surrogate-Control`] | Fastly, Varnish, Squid, Symfony |
/// | [`Edge-Control`] | Akamai |
/// | [`X-Accel-Expires`] | nginx |
/// | [`X-Reverse-Proxy-TTL`] | Varnish and nginx, set up for `FOSHttpCache` |
///
/// [RFC 9213]: https://www.rfc-editor.org/rfc/rfc9213
/// [`Surrogate-Control`]: https://www.w3.org/TR/edge-arch/
/// [`Edge-Control`]: https://http.dev/edge-control
/// [`X-Accel-Expires`]: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid
/// [`X-Reverse-Proxy-TTL`]: https://foshttpcache.readthedocs.io/en/latest/varnish-configuration.html
pub(super) fn is_targeted(field: &HeaderName) -> bool {
    let field = field.as_str();
    field.ends_with("-cache-control")
        || field.ends_with("surrogate-control")
        || field == "edge-control"
        || is_number(field)
}

/// Whether the value is nothing but a lifetime.
pub(super) fn is_number(field: &str) -> bool {
    matches!(field, "x-accel-expires" | "x-reverse-proxy-ttl")
}

/// Whether the header sets `Cache-Control` aside and says nothing itself, so that a lifetime of the
/// cache's own counts. Varnish looks for no other word in `Surrogate-Control` than `no-store`.
pub(super) fn replaces_cache_control(field: &HeaderName, control: &CacheControl) -> bool {
    let field = field.as_str();
    if field.ends_with("surrogate-control") {
        !control.no_store
    } else {
        !is_number(field) && !control.decides
    }
}
