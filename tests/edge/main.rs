//! A real proxy starts the traces, from the cache or not: `tests/edge/run`.
//!
//! Needs nginx and Varnish, so most of it is ignored in a plain run of the tests; the script installs them.

#![cfg(all(feature = "axum", feature = "sentry"))]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "some of it is for other tests")]
mod support;

mod client;
mod configuration;
mod hostile;
mod incoming;
mod nginx;
mod options;
mod origin;
mod proxy;
mod responses;
mod rig;
mod undecided;
mod varnish;
mod visits;

/// Makes a test of each proxy out of a check that takes its name.
macro_rules! behind_each_proxy {
    ($($check:ident),+ $(,)?) => {
        mod nginx {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs nginx: tests/edge/run"]
                async fn $check() {
                    super::$check(crate::proxy::Kind::Nginx).await;
                }
            )+
        }

        mod behind_varnish {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs Varnish: tests/edge/run"]
                async fn $check() {
                    super::$check(crate::proxy::Kind::Varnish).await;
                }
            )+
        }
    };
}

pub(crate) use behind_each_proxy;
