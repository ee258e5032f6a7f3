//! How single values are written.

use chrono::{DateTime, Utc};
use serde::Serializer;

/// A time, always with microseconds, so that equal times have equal bytes.
pub(crate) fn time<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&kernel::rfc3339(*time))
}

/// A time that may not be there yet.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(crate) fn time_or_null<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => self::time(time, serializer),
        None => serializer.serialize_none(),
    }
}
