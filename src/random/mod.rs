//! Where the bytes of a new id come from.

#[cfg(feature = "testing")]
pub(crate) mod counted;

use uuid::Uuid;

/// A random UUID v4; a counted one where a test asks for that.
pub(crate) fn uuid() -> Uuid {
    #[cfg(feature = "testing")]
    if let Some(uuid) = counted::next() {
        return uuid;
    }
    Uuid::new_v4()
}
