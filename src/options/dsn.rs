//! The DSN: its public key and organization id.

/// The address of a Sentry project. Here it is only the source of two entries of the Dynamic Sampling Context.
///
/// Source: <https://develop.sentry.dev/sdk/foundations/transport/authentication/#parsing-the-dsn>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dsn {
    public_key: String,
    org_id: Option<u64>,
}

impl Dsn {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (public_key, host) = split(text)?;
        Some(Self {
            public_key: public_key.to_owned(),
            org_id: org_id(host),
        })
    }

    pub(crate) fn public_key(&self) -> &str {
        &self.public_key
    }

    /// The organization id in the host of a hosted Sentry project, `o<number>.ingest…`.
    pub(crate) fn org_id(&self) -> Option<u64> {
        self.org_id
    }
}

/// The public key and the host of `scheme://public_key[:secret]@host[:port]/[path/]project_id`.
fn split(dsn: &str) -> Option<(&str, &str)> {
    let rest = dsn
        .strip_prefix("https://")
        .or_else(|| dsn.strip_prefix("http://"))?;
    let (authority, path) = rest.split_once('/')?;
    let (keys, host) = authority.rsplit_once('@')?;
    let public_key = keys.split(':').next()?;
    let project = path.trim_end_matches('/').rsplit('/').next()?;
    let visible = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
    [public_key, host, project]
        .into_iter()
        .all(visible)
        .then_some((public_key, host))
}

fn org_id(host: &str) -> Option<u64> {
    let (number, rest) = host.strip_prefix('o')?.split_once('.')?;
    let is_number = number.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && rest.starts_with("ingest.")).then(|| number.parse().ok())?
}
