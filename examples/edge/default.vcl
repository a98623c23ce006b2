# A trace for each visit, from the cache or not. Printed by `sentry_ssr::edge::varnish` from the options of the service;
# print it again when they change.
#
# Save it as /etc/varnish/default.vcl; or remove its backend and include it at the top of your own file: none of its
# subroutines returns, so yours run after them.
vcl 4.0;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "3000";
}

sub vcl_recv {
    if (req.esi_level > 0) {
        set req.http.sentry-trace = req_top.http.sentry-trace;
        set req.http.baggage = req_top.http.baggage;
    } else if (req.restarts == 0 || !req.http.sentry-started) {
        # After `std.rollback(req)`, a restart begins with the headers of the client again.
        call sentry_incoming;
        call sentry_start;
        call sentry_values;
    }
}

# The caller's baggage: Sentry's well-formed entries, and the entries of other vendors, each with the comma before it.
# The caller's trace, if it is valid and its organization may be continued. A baggage of more than 6 KiB is dropped,
# because Varnish's workspace has no room to take it apart. Headers are removed as early as possible, because Varnish
# takes 64 of them.
sub sentry_incoming {
    unset req.http.sentry-entries;
    std.collect(req.http.sentry-trace, ",");
    std.collect(req.http.baggage, ",");
    if (req.http.baggage ~ "^.{1,6144}$") {
        set req.http.baggage = "," + req.http.baggage;
        set req.http.sentry-entries = regsuball(req.http.baggage, ",(?![ \t]*+sentry-[\w.~-]++[ \t]*+=[ \t]*+(?:[!#$&-+\--:<-\[\]-~]++|%[0-9A-Fa-f]{2})*+[ \t]*+(?:[,;]|$))[^,]*+", "");
        set req.http.baggage = regsuball(req.http.baggage, ",[ \t]*+(?:(?:s|%73)(?:e|%65)(?:n|%6[eE])(?:t|%74)(?:r|%72)(?:y|%79)(?:-|%2[dD])[^,]*+)?(?=,|$)", "");
    } else {
        unset req.http.baggage;
    }
    if (req.http.sentry-entries ~ "[; \t]") {
        set req.http.sentry-entries = regsuball(req.http.sentry-entries, ";[^,]*+|[ \t]++", "");
    }
    set req.http.sentry-trace = regsub(req.http.sentry-trace, "^[, \t]*([^, \t]*)[ \t]*(?:,.*)?$", "\1");
    if (req.http.sentry-trace !~ "^(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}(?:-[01])?$"
        || regsub(req.http.sentry-entries, "^(?:.*,sentry-org_id=([^,]*))?.*$", "\1") !~ "^(?:7)?$") {
        unset req.http.sentry-trace;
    }
}

# Starts a trace, or decides about one that the caller left undecided.
sub sentry_start {
    if (!req.http.sentry-trace) {
        call sentry_random;
        set req.http.sentry-trace = regsub(req.http.sentry-rand, "^(.{32})(.{16}).*$", "\1-\2");
        set req.http.sentry-rand = regsub(req.http.sentry-rand, "^.{48}", "");
        set req.http.sentry-entries = ",sentry-trace_id=" + regsub(req.http.sentry-trace, "-.*$", "") + ",sentry-public_key=key,sentry-release=shop%401.4.0,sentry-environment=production,sentry-org_id=7";
        call sentry_decide;
    } else if (req.http.sentry-trace !~ "^.{49}-") {
        if (req.http.sentry-entries ~ ",sentry-sample_rand=0?\.\d+(?:,|$)") {
            set req.http.sentry-rand = regsub(req.http.sentry-entries, "^.*,sentry-sample_rand=0?\.(\d+)(?:,.*)?$", "\1");
        } else {
            call sentry_random;
            set req.http.sentry-rand = regsub(req.http.sentry-rand, "^.{48}", "");
        }
        call sentry_decide;
    }
}

# 32 digits of a trace id, 16 of a span id, and six of a sample_rand. The first 13 are the time in milliseconds, because
# Varnish seeds its random numbers with only 32 bits: two instances might have the same seed.
sub sentry_random {
    set req.http.sentry-rand = regsub(
        "" + std.time2real(now, 0.0)
            + std.integer(real = std.random(1000000000.0, 1999999999.0))
            + std.integer(real = std.random(1000000000.0, 1999999999.0))
            + std.integer(real = std.random(1000000000.0, 1999999999.0))
            + std.integer(real = std.random(1000000000.0, 1999999999.0))
            + std.integer(real = std.random(1000000000.0, 1999999999.0)),
        "^(\d{10})\.(\d{3})1(\d{9})1(\d{9})1(\d{9})1(\d{8})\d1(\d{6}).*$", "\1\2\3\4\5\6\7");
}

sub sentry_decide {
    if (req.http.sentry-entries ~ ".") {
        set req.http.sentry-entries = regsuball(req.http.sentry-entries, ",sentry-(?:sample_rand|sample_rate|sampled)=[^,]*+", "")
            + ",sentry-sample_rand=0." + req.http.sentry-rand;
    }
    if (req.http.sentry-rand + "00" ~ "^(?:[0-1]|2[0-4])") {
        set req.http.sentry-trace = req.http.sentry-trace + "-1";
        if (req.http.sentry-entries ~ ".") {
            set req.http.sentry-entries = req.http.sentry-entries + ",sentry-sample_rate=0.25,sentry-sampled=true";
        }
    } else {
        set req.http.sentry-trace = req.http.sentry-trace + "-0";
        if (req.http.sentry-entries ~ ".") {
            set req.http.sentry-entries = req.http.sentry-entries + ",sentry-sample_rate=0.25,sentry-sampled=false";
        }
    }
    unset req.http.sentry-rand;
}

# The two values: for the service, after the baggage of other vendors; and for the browser, in at most 2 KiB.
sub sentry_values {
    set req.http.sentry-started = "1";
    set req.http.baggage = regsub(req.http.baggage + req.http.sentry-entries, "^,[ \t]*", "");
    if (req.http.baggage == "") {
        unset req.http.baggage;
    }
    unset req.http.Server-Timing;
    if (req.http.sentry-trace + req.http.sentry-entries ~ "^.{1,2049}$") {
        set req.http.Server-Timing = {"sentry-trace;desc=""} + req.http.sentry-trace + {"""};
        if (req.http.sentry-entries ~ ".") {
            set req.http.Server-Timing = req.http.Server-Timing
                + {", baggage;desc=""} + regsub(req.http.sentry-entries, "^,", "") + {"""};
        }
    }
    unset req.http.sentry-entries;
}

sub vcl_backend_fetch {
    unset bereq.http.sentry-started;
    unset bereq.http.Server-Timing;
}

sub vcl_pipe {
    unset bereq.http.sentry-started;
    unset bereq.http.Server-Timing;
}

# The service's own Server-Timing is removed, because a cached one describes another request.
sub vcl_deliver {
    unset resp.http.Server-Timing;
    if (req.http.Server-Timing) {
        set resp.http.Server-Timing = req.http.Server-Timing;
    }
}

sub vcl_synth {
    unset resp.http.Server-Timing;
    if (req.http.Server-Timing) {
        set resp.http.Server-Timing = req.http.Server-Timing;
    }
}
