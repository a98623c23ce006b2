//! Template engines print our markup as it is: it is escaped already.

/// Implements the traits of every engine for types that are [`Markup`](super::Markup).
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

        #[cfg(feature = "askama")]
        super::engines::askama!($type);
        #[cfg(feature = "maud")]
        super::engines::maud!($type);
        #[cfg(feature = "minijinja")]
        super::engines::minijinja!($type);
        #[cfg(feature = "tera")]
        super::engines::tera!($type);
    )+};
}

/// `{{ span.meta_tags() }}`
#[cfg(feature = "askama")]
macro_rules! askama {
    ($type:ty) => {
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
}

/// `(span.meta_tags())`
#[cfg(feature = "maud")]
macro_rules! maud {
    ($type:ty) => {
        impl maud::Render for $type {
            fn render_to(&self, buffer: &mut String) {
                let _infallible = super::Markup::write_to(self, buffer);
            }
        }
    };
}

/// `{{ tags }}`, without the filter `safe`.
#[cfg(feature = "minijinja")]
macro_rules! minijinja {
    ($type:ty) => {
        impl From<$type> for minijinja::Value {
            fn from(markup: $type) -> Self {
                Self::from_safe_string(markup.to_string())
            }
        }
    };
}

/// `{{ tags }}`, without the filter `safe`.
#[cfg(feature = "tera")]
macro_rules! tera {
    ($type:ty) => {
        impl From<$type> for tera::Value {
            fn from(markup: $type) -> Self {
                Self::safe_string(&markup.to_string())
            }
        }
    };
}

#[cfg(feature = "askama")]
pub(super) use askama;
#[cfg(feature = "maud")]
pub(super) use maud;
#[cfg(feature = "minijinja")]
pub(super) use minijinja;
pub(super) use print_in_every_engine;
#[cfg(feature = "tera")]
pub(super) use tera;
