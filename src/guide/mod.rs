#![doc = include_str!("guide.md")]

pub mod start {
    #![doc = include_str!("start.md")]
}

pub mod templates {
    #![doc = include_str!("templates.md")]
}

pub mod loaders {
    #![doc = include_str!("loaders.md")]
}

pub mod tasks {
    #![doc = include_str!("tasks.md")]
}

pub mod calls {
    #![doc = include_str!("calls.md")]
}

pub mod caches {
    #![doc = include_str!("caches.md")]
}

pub mod edge {
    #![doc = include_str!("edge.md")]
}

pub mod routes {
    #![doc = include_str!("routes.md")]
}

pub mod htmx_and_turbo {
    #![doc = include_str!("htmx_and_turbo.md")]
}

pub mod prefetch_and_prerender {
    #![doc = include_str!("prefetch_and_prerender.md")]
}

pub mod streams {
    #![doc = include_str!("streams.md")]
}

pub mod privacy {
    #![doc = include_str!("privacy.md")]
}

pub mod tests {
    #![doc = include_str!("tests.md")]
}

pub mod troubleshooting {
    #![doc = include_str!("troubleshooting.md")]
}

pub mod other_sdks {
    #![doc = include_str!("other_sdks.md")]
}
