//! How a comparison comes to its status.

use wire::model_selection::{CandidateStatus, ComparisonStatus, Tally};

/// The status of a settled comparison: one rule for every way to settle. A cancelled one is called so wherever it is
/// shown, with a champion or without.
pub(super) fn settled(has_winner: bool, tally: Tally) -> ComparisonStatus {
    match (tally.cancelled, has_winner, tally.failed) {
        (1.., _, _) => ComparisonStatus::Cancelled,
        (0, true, 0) => ComparisonStatus::Completed,
        (0, true, _) => ComparisonStatus::Partial,
        (0, false, _) => ComparisonStatus::Failed,
    }
}

/// Whether it comes with a code and a message that say why.
pub(super) const fn has_reason(status: CandidateStatus) -> bool {
    matches!(status, CandidateStatus::Dropped | CandidateStatus::Failed)
}

/// Counts candidates.
pub(super) fn tally_of(statuses: impl IntoIterator<Item = CandidateStatus>) -> Tally {
    let mut tally = Tally::default();
    for status in statuses {
        tally.total += 1;
        *match status {
            CandidateStatus::Pending => &mut tally.pending,
            CandidateStatus::Running => &mut tally.running,
            CandidateStatus::Completed => &mut tally.completed,
            CandidateStatus::Dropped => &mut tally.dropped,
            CandidateStatus::Failed => &mut tally.failed,
            CandidateStatus::Cancelled => &mut tally.cancelled,
        } += 1;
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(has_winner: bool, [completed, failed, cancelled]: [usize; 3], expected: ComparisonStatus) {
        let total = completed + failed + cancelled;
        let tally = Tally { total, completed, failed, cancelled, ..Tally::default() };
        assert_eq!(settled(has_winner, tally), expected, "{has_winner} {tally:?}");
    }

    #[test]
    fn the_terminal_status_follows_from_the_champion_and_the_counts() {
        check(true, [3, 0, 0], ComparisonStatus::Completed);
        check(false, [0, 3, 0], ComparisonStatus::Failed);
        check(false, [0, 0, 3], ComparisonStatus::Cancelled);
        check(true, [2, 1, 0], ComparisonStatus::Partial);
        check(true, [1, 0, 1], ComparisonStatus::Cancelled);
        // All finished, none can be ranked: there is no champion, so it is no success.
        check(false, [3, 0, 0], ComparisonStatus::Failed);
        check(false, [0, 1, 1], ComparisonStatus::Cancelled);
        // Dropping is what racing was asked for.
        let raced = Tally { total: 2, completed: 1, dropped: 1, ..Tally::default() };
        assert_eq!(settled(true, raced), ComparisonStatus::Completed);
    }
}
