use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Routes that are remembered; paths without a route could go on for ever.
const MOST_ROUTES: usize = 1024;

/// Tells once for each route that its pages lose their tags.
#[derive(Debug, Default)]
pub(super) struct Notice {
    told: Mutex<HashSet<Box<str>>>,
}

impl Notice {
    pub(super) fn tell(&self, route: &str, reason: &impl fmt::Display) {
        if self.is_first(route) {
            tracing::warn!(
                route,
                %reason,
                "a cache may hand this page out again, so it goes out without its trace in the page"
            );
        }
    }

    fn is_first(&self, route: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        !told.contains(route) && told.len() < MOST_ROUTES && told.insert(route.into())
    }
}
