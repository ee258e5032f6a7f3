//! How a comparison and its candidates stand.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a comparison stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a worker.
    Pending,
    /// Its candidates race.
    Running,
    /// A champion is named and every candidate finished or was dropped by racing, as was asked for.
    Completed,
    /// A champion is named, though some candidates failed.
    Partial,
    /// Nobody cancelled it and no champion can be named.
    Failed,
    /// It was cancelled, as its run was. What had finished is ranked, and the ranking says on how much it rests.
    Cancelled,
}

impl Status {
    const ALL: [Self; 6] =
        [Self::Pending, Self::Running, Self::Completed, Self::Partial, Self::Failed, Self::Cancelled];

    /// The status of a settled comparison: one rule for every way to settle. A cancelled one is called so wherever it
    /// is shown, with a champion or without.
    pub fn settled(has_winner: bool, tally: Tally) -> Self {
        match (tally.cancelled, has_winner, tally.failed) {
            (1.., _, _) => Self::Cancelled,
            (0, true, 0) => Self::Completed,
            (0, true, _) => Self::Partial,
            (0, false, _) => Self::Failed,
        }
    }

    /// Whether nothing can change any more.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }

    /// The word used in SQL, JSON and URLs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a status: expected pending, running, completed, partial, failed or cancelled")]
pub struct UnknownStatus(String);

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| UnknownStatus(text.to_owned()))
    }
}

/// How one candidate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateStatus {
    /// Waits for a worker.
    Pending,
    /// Is being backtested.
    Running,
    /// Was backtested on every series.
    Completed,
    /// Lost on a sample of the series and was not run on the others.
    Dropped,
    /// Cannot be backtested on any series.
    Failed,
    /// Was stopped before it finished.
    Cancelled,
}

impl CandidateStatus {
    const ALL: [Self; 6] =
        [Self::Pending, Self::Running, Self::Completed, Self::Dropped, Self::Failed, Self::Cancelled];

    /// Whether nothing can change any more.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }

    /// Whether it comes with a code and a message that say why.
    pub(crate) const fn has_reason(self) -> bool {
        matches!(self, Self::Dropped | Self::Failed)
    }

    /// The word used in SQL and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn stored(text: &str) -> Result<Self, sea_orm::DbErr> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| crate::table::corrupt("candidate status"))
    }
}

/// How many candidates stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// All of them.
    pub total: usize,
    /// Waiting.
    pub pending: usize,
    /// At work.
    pub running: usize,
    /// Finished.
    pub completed: usize,
    /// Dropped by racing.
    pub dropped: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped.
    pub cancelled: usize,
}

impl Tally {
    /// Counts candidates.
    pub fn of(statuses: impl IntoIterator<Item = CandidateStatus>) -> Self {
        let mut tally = Self::default();
        for status in statuses {
            tally.total += 1;
            match status {
                CandidateStatus::Pending => tally.pending += 1,
                CandidateStatus::Running => tally.running += 1,
                CandidateStatus::Completed => tally.completed += 1,
                CandidateStatus::Dropped => tally.dropped += 1,
                CandidateStatus::Failed => tally.failed += 1,
                CandidateStatus::Cancelled => tally.cancelled += 1,
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(has_winner: bool, [completed, failed, cancelled]: [usize; 3], expected: Status) {
        let total = completed + failed + cancelled;
        let tally = Tally { total, completed, failed, cancelled, ..Tally::default() };
        assert_eq!(Status::settled(has_winner, tally), expected, "{has_winner} {tally:?}");
    }

    #[test]
    fn the_terminal_status_follows_from_the_champion_and_the_counts() {
        check(true, [3, 0, 0], Status::Completed);
        check(false, [0, 3, 0], Status::Failed);
        check(false, [0, 0, 3], Status::Cancelled);
        check(true, [2, 1, 0], Status::Partial);
        check(true, [1, 0, 1], Status::Cancelled);
        // All finished, none can be ranked: there is no champion, so it is no success.
        check(false, [3, 0, 0], Status::Failed);
        check(false, [0, 1, 1], Status::Cancelled);
        // Dropping is what racing was asked for.
        let raced = Tally { total: 2, completed: 1, dropped: 1, ..Tally::default() };
        assert_eq!(Status::settled(true, raced), Status::Completed);
    }

    #[test]
    fn every_status_is_read_back_from_its_word() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        for status in CandidateStatus::ALL {
            assert_eq!(CandidateStatus::stored(status.as_str()), Ok(status));
        }
        assert!("done".parse::<Status>().is_err());
    }
}
