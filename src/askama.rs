//! `{{ span.meta_tags() }}` in askama templates: neither escaped a second time nor formatted into a
//! string of its own.

use std::fmt;

use askama::filters::HtmlSafe;
use askama::{FastWritable, Values};

use crate::meta::MetaTags;

impl HtmlSafe for MetaTags {}

impl FastWritable for MetaTags {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn Values) -> askama::Result<()> {
        Ok(self.write_to(dest)?)
    }
}
