//! Times in JSON: RFC 3339, UTC, always with microseconds, so that equal times have equal bytes.
//!
//! `#[serde(with = "crate::time")]` on a `DateTime<Utc>`, `#[serde(with = "crate::time::option")]` on one that may be
//! absent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serializer};

/// Writes a time.
pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&kernel::rfc3339(*time))
}

/// Reads a time of any precision and zone.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    DateTime::deserialize(deserializer)
}

/// A time that may be absent.
pub mod option {
    use super::{DateTime, Deserialize, Deserializer, Serializer, Utc};

    /// Writes a time or `null`.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a time or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        Option::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        #[serde(with = "super")]
        at: DateTime<Utc>,
        #[serde(with = "super::option")]
        ended_at: Option<DateTime<Utc>>,
    }

    #[test]
    fn equal_times_have_equal_bytes() {
        for text in ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z", "2026-01-02T04:04:05+01:00"] {
            let read: Times = serde_json::from_str(&format!(r#"{{"at":"{text}","ended_at":null}}"#)).unwrap();
            let written = serde_json::to_string(&read).unwrap();
            assert_eq!(written, r#"{"at":"2026-01-02T03:04:05.000000Z","ended_at":null}"#);
        }
    }
}
