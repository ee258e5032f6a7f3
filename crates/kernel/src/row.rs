//! Reading a row: what a column should hold and does not is an error that names it.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::Digest;

/// A stored value that this version cannot read.
pub fn unreadable(what: &str) -> DbErr {
    DbErr::Type(format!("the stored {what} is not readable"))
}

/// A time, kept as microseconds since 1970.
pub fn time(us: i64) -> Result<DateTime<Utc>, DbErr> {
    DateTime::from_timestamp_micros(us).ok_or_else(|| unreadable("time"))
}

/// A digest, kept as its bytes.
pub fn digest(bytes: &[u8]) -> Result<Digest, DbErr> {
    Digest::from_slice(bytes).map_err(|_| unreadable("digest"))
}

/// A number of things, kept with a sign that it cannot have.
pub fn number<N: TryFrom<i64>>(what: &str, stored: impl Into<i64>) -> Result<N, DbErr> {
    N::try_from(stored.into()).map_err(|_| unreadable(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_readable_is_named() {
        let text = |error: DbErr| error.to_string();
        assert!(text(time(i64::MAX).unwrap_err()).contains("the stored time is not readable"));
        assert!(text(digest(b"short").unwrap_err()).contains("the stored digest is not readable"));
        assert!(
            text(number::<u32>("count", -1_i32).unwrap_err()).contains("the stored count is not readable")
        );
        assert_eq!(number::<u64>("size", 7_i64).unwrap(), 7);
    }
}
