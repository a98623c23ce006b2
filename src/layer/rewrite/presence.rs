//! Whether the trace is part of a response.

use bytes::Bytes;
use memchr::memmem;

use super::page::Page;
use crate::render::rendered_tags;
use crate::values::TraceValues;

/// What is known of a body before its head is sent.
#[derive(Debug, Default)]
pub(in crate::layer) struct View {
    pub(in crate::layer) bytes: Bytes,
    /// These are all its bytes.
    pub(in crate::layer) is_whole: bool,
}

impl View {
    pub(in crate::layer) fn empty() -> Self {
        Self {
            bytes: Bytes::new(),
            is_whole: true,
        }
    }
}

/// The form in which the trace is part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    /// The tags, exactly as they were rendered.
    Tags,
    /// Any other form, or one that cannot be seen.
    Values,
}

impl Presence {
    /// Searches the bytes if they are known, and otherwise relies on what was exposed.
    pub(super) fn of(values: &TraceValues, page: Page, view: &View) -> Self {
        if view.is_whole && page.is_readable {
            return Self::in_bytes(values, &view.bytes);
        }
        match values.exposure() {
            exposure if exposure.has_values() || exposure.has_tags() => Self::Values,
            _ => Self::Absent,
        }
    }

    /// For a response to `HEAD`, which has no body: as for a page with everything that was exposed.
    pub(super) fn of_unsent(values: &TraceValues) -> Self {
        match values.exposure() {
            exposure if exposure.has_values() => Self::Values,
            exposure if exposure.has_tags() => Self::Tags,
            _ => Self::Absent,
        }
    }

    fn in_bytes(values: &TraceValues, bytes: &[u8]) -> Self {
        let id = values.sentry_trace().trace_id().to_string();
        let id = memmem::Finder::new(&id);
        if id.find(bytes).is_none() {
            return Self::Absent;
        }
        let tags = rendered_tags(values);
        let in_tags =
            memmem::find_iter(bytes, &tags).count() * id.find_iter(tags.as_bytes()).count();
        if id.find_iter(bytes).count() == in_tags {
            Self::Tags
        } else {
            Self::Values
        }
    }
}
