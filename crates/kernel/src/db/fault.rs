//! What a failed database operation means to its caller. Decided here and nowhere else, for both databases.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};

use crate::{Class, Fault};

impl Fault for DbErr {
    fn class(&self) -> Class {
        match Trouble::of(self) {
            Trouble::Full => Class::StorageFull,
            Trouble::Unavailable => Class::Unavailable,
            Trouble::Text => Class::Invalid,
            Trouble::Refused => Class::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match Trouble::of(self) {
            Trouble::Full => "STORAGE_FULL",
            Trouble::Unavailable => "DATABASE_UNAVAILABLE",
            Trouble::Text => "TEXT_NOT_STORABLE",
            Trouble::Refused => "DATABASE_ERROR",
        }
    }
}

/// What the database said, when that is at the bottom of an error.
pub fn database_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a DbErr> {
    error.downcast_ref().or_else(|| error.source().and_then(database_error))
}

/// What a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// No room for another byte: make room, then the same works.
    Full,
    /// Down, lost, busy, locked, read-only: the same may work later.
    Unavailable,
    /// A text that the database has no form for (PostgreSQL takes no NUL character).
    Text,
    /// It answered, and refuses what we ask: our own defect.
    Refused,
}

impl Trouble {
    fn of(error: &DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) => Self::Unavailable,
            // A connection that does not open is worth another try, whatever it says; except that room must be made.
            DbErr::Conn(cause) => match Self::at_runtime(cause) {
                Self::Full => Self::Full,
                _ => Self::Unavailable,
            },
            DbErr::Exec(cause) | DbErr::Query(cause) => Self::at_runtime(cause),
            _ => Self::Refused,
        }
    }

    fn at_runtime(cause: &RuntimeErr) -> Self {
        let RuntimeErr::SqlxError(cause) = cause else { return Self::Refused };
        match &**cause {
            SqlxError::Database(refusal) => refusal.code().map_or(Self::Refused, |code| Self::said(&code)),
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed
            | SqlxError::BeginFailed => Self::Unavailable,
            _ => Self::Refused,
        }
    }

    /// PostgreSQL's codes have five characters, SQLite's are numbers of at most four digits.
    fn said(code: &str) -> Self {
        match (code.len(), code.parse()) {
            (5, _) => Self::said_by_postgres(code),
            (_, Ok(number)) => Self::said_by_sqlite(number),
            _ => Self::Refused,
        }
    }

    fn said_by_sqlite(code: u32) -> Self {
        match code {
            // IOERR_WRITE and IOERR_SHMSIZE: a write that fails at once has run into a quota or a size limit, for which
            // SQLite has no code. A dying disk shows at the flush (IOERR_FSYNC).
            778 | 4874 => Self::Full,
            _ => match code & 0xff {
                // FULL
                13 => Self::Full,
                // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, PROTOCOL
                5..=10 | 14 | 15 => Self::Unavailable,
                _ => Self::Refused,
            },
        }
    }

    fn said_by_postgres(code: &str) -> Self {
        match code {
            "53100" => Self::Full,
            "22021" => Self::Text,
            // A standby or a read-only session, a deadlock and its kin, a lock not had in time, a failing disk.
            "25006" | "40001" | "40P01" | "55P03" | "58030" => Self::Unavailable,
            // Lost connections, exhausted resources, shut-downs.
            _ if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => Self::Unavailable,
            _ => Self::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_code_says_whether_room_patience_or_mending_is_needed() {
        for (codes, expected) in [
            (&["13", "778", "4874", "53100"][..], Trouble::Full),
            (
                &[
                    "5", "6", "261", "517", "8", "1032", "10", "1034", "14", "08006", "53300", "57P01",
                    "57P03", "40P01",
                ],
                Trouble::Unavailable,
            ),
            (&["22021"], Trouble::Text),
            (&["1", "11", "19", "1811", "26", "23505", "P0001", "42P01", "531", ""], Trouble::Refused),
        ] {
            for code in codes {
                assert_eq!(Trouble::said(code), expected, "{code}");
            }
        }
    }

    #[test]
    fn a_pool_that_is_closed_or_exhausted_is_worth_another_try_and_a_missing_row_is_not() {
        let closed = DbErr::Exec(RuntimeErr::SqlxError(Arc::new(SqlxError::PoolClosed)));
        assert!(closed.is_retryable() && closed.code() == "DATABASE_UNAVAILABLE");
        assert!(!DbErr::RecordNotUpdated.is_retryable());
    }
}
