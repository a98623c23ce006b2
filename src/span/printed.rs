use std::sync::atomic::Ordering;

use super::RootSpan;

impl RootSpan {
    pub(crate) fn note_printed_tags(&self) {
        self.0.has_printed_tags.store(true, Ordering::Relaxed);
    }

    /// Whether the tags were printed, so that they may stand in the response.
    #[cfg_attr(
        not(feature = "tower"),
        expect(dead_code, reason = "only the layer looks into responses")
    )]
    pub(crate) fn has_printed_tags(&self) -> bool {
        self.0.has_printed_tags.load(Ordering::Relaxed)
    }
}
