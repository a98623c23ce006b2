//! What a template or a loader prints about a trace, in every template engine.

mod meta_tags;
mod scripts;
mod trace_data;

use std::fmt;

pub(crate) use meta_tags::rendered_tags;
pub use meta_tags::{MetaTags, RouteTag};
pub use scripts::{NavigationScript, PageloadScript, StaleGuard};
pub use trace_data::{HeadTraceData, RemixTraceData, TraceData};

/// Trusted markup: template engines print it as it is.
trait Markup {
    fn write_to<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result;
}

/// Implements `Display`, `Serialize` and the traits of every engine for types that are
/// [`Markup`]. Template engines print them as they are, because they are escaped already.
macro_rules! print_in_every_engine {
    ($($type:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                super::Markup::write_to(self, f)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        /// `{{ markup }}` in askama.
        #[cfg(feature = "askama")]
        const _: () = {
            impl askama::filters::HtmlSafe for $type {}

            impl askama::FastWritable for $type {
                fn write_into(
                    &self,
                    dest: &mut dyn std::fmt::Write,
                    _: &dyn askama::Values,
                ) -> askama::Result<()> {
                    Ok(super::Markup::write_to(self, dest)?)
                }
            }
        };

        /// `(markup)` in maud.
        #[cfg(feature = "maud")]
        impl maud::Render for $type {
            fn render_to(&self, buffer: &mut String) {
                let _infallible = super::Markup::write_to(self, buffer);
            }
        }

        /// `{{ markup }}` in minijinja, without the filter `safe`.
        #[cfg(feature = "minijinja")]
        impl From<$type> for minijinja::Value {
            fn from(markup: $type) -> Self {
                Self::from_safe_string(markup.to_string())
            }
        }

        /// `{{ markup }}` in tera, without the filter `safe`.
        #[cfg(feature = "tera")]
        impl From<$type> for tera::Value {
            fn from(markup: $type) -> Self {
                Self::safe_string(&markup.to_string())
            }
        }
    )+};
}

use print_in_every_engine;
