//! Pages and the caches between them and the visitor: no trace is handed out twice, and no page is harmed by
//! being traced.

mod charset;
mod late;
mod nested;
mod not_modified;
mod offered;
mod policy;
mod private;
mod response_header;
mod site;
mod unchanged;
mod values;
mod warning;
