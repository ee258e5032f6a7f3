//! How an attempt can end, written once: the engine writes ends from here, and verification reads them from here.
//!
//! A word that only the writer knew would make an honest run unprovable for ever. The words of an error are its kind's
//! own, but for those of a worker that was lost and of a run that was given up.

use wire::runs::{AttemptOutcome, Fault};

use crate::state::RunState;
use crate::table::attempt;

/// The last words of a run that was settled where it stood in the queue.
pub(crate) const CANCELLED_WHILE_QUEUED: &str = "cancelled while queued";
/// Those of one that no worker was there to end.
pub(crate) const CANCELLED_WITHOUT_WORKER: &str = "cancelled; its worker had vanished";
/// Those of one that its worker ended, where the kind has no outcome of it.
pub(crate) const CANCELLED_AT_WORK: &str = "cancelled";

/// The code of a run that an operator gave up, for a reason in the operator's words.
pub(crate) const ABANDONED: &str = "RUN_ABANDONED";

/// How a worker was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It is gone: somebody else found its lease run out.
    Vanished,
    /// It is there and found its own lease run out.
    NotRenewed,
}

impl Loss {
    const ALL: [Self; 2] = [Self::Vanished, Self::NotRenewed];

    const fn code(self) -> &'static str {
        match self {
            Self::Vanished => "WORKER_LOST",
            Self::NotRenewed => "LEASE_EXPIRED",
        }
    }

    /// What is said of it. No record depends on the sentence, which a later version may change: only on the code.
    pub(crate) fn fault(self, worker: &str, attempt: u32) -> Fault {
        let message = match self {
            Self::Vanished => format!("worker {worker} vanished during attempt {attempt}"),
            Self::NotRenewed => format!(
                "worker {worker} could not renew its lease in time: nothing could be stored for longer than it \
                 lasts, in attempt {attempt}"
            ),
        };
        Fault { code: self.code().to_owned(), message }
    }

    /// Whether this is what is said of a lost worker.
    pub(crate) fn is_code(code: &str) -> bool {
        Self::ALL.iter().any(|loss| loss.code() == code)
    }
}

/// How an attempt ended, with what went wrong where something did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    /// With its run, well.
    Succeeded,
    /// With its run, which was to stop.
    Cancelled,
    /// With its run, for good.
    Failed(Fault),
    /// Another attempt may do better.
    Retried(Fault),
    /// Its worker was lost: another attempt follows, or the run ends after too many.
    Lost(Fault),
    /// Its worker stopped cleanly and gave the run back.
    Released,
}

impl AttemptEnd {
    pub(crate) const fn outcome(&self) -> AttemptOutcome {
        match self {
            Self::Succeeded => AttemptOutcome::Succeeded,
            Self::Cancelled => AttemptOutcome::Cancelled,
            Self::Failed(_) => AttemptOutcome::Failed,
            Self::Retried(_) => AttemptOutcome::Retried,
            Self::Lost(_) => AttemptOutcome::Lost,
            Self::Released => AttemptOutcome::Released,
        }
    }

    pub(crate) const fn problem(&self) -> Option<&Fault> {
        match self {
            Self::Failed(problem) | Self::Retried(problem) | Self::Lost(problem) => Some(problem),
            Self::Succeeded | Self::Cancelled | Self::Released => None,
        }
    }

    /// Whether another attempt may come after such a one.
    pub(crate) const fn may_be_followed(outcome: AttemptOutcome) -> bool {
        matches!(outcome, AttemptOutcome::Retried | AttemptOutcome::Lost | AttemptOutcome::Released)
    }

    /// How the last attempt of an ended run ended, unless the run ended while it waited for another one.
    pub(crate) fn of_run(state: RunState, problem: Option<Fault>) -> Self {
        match state {
            RunState::Succeeded => Self::Succeeded,
            RunState::Cancelled => Self::Cancelled,
            _ => {
                let problem =
                    problem.unwrap_or_else(|| Fault { code: String::new(), message: String::new() });
                if Loss::is_code(&problem.code) { Self::Lost(problem) } else { Self::Failed(problem) }
            }
        }
    }

    /// Whether a row of this outcome can have this error. A row that has not ended has none.
    pub(crate) fn can_be(outcome: AttemptOutcome, row: &attempt::Model) -> bool {
        let (code, message) = (row.error_code.as_deref(), row.error_message.as_deref());
        match outcome {
            AttemptOutcome::Succeeded | AttemptOutcome::Cancelled | AttemptOutcome::Released => {
                code.is_none() && message.is_none()
            }
            AttemptOutcome::Failed | AttemptOutcome::Retried => code.is_some(),
            AttemptOutcome::Lost => code.is_some_and(Loss::is_code),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::RunId;

    use super::*;

    fn row(end: &AttemptEnd) -> attempt::Model {
        attempt::Model {
            run_id: RunId(uuid::Uuid::nil()),
            number: 1,
            worker: "w".to_owned(),
            started_us: 1,
            ended_us: Some(2),
            outcome: Some(end.outcome().as_str().to_owned()),
            error_code: end.problem().map(|problem| problem.code.clone()),
            error_message: end.problem().map(|problem| problem.message.clone()),
        }
    }

    fn every_end() -> Vec<AttemptEnd> {
        let fault = || Fault { code: "OF_THE_KIND".to_owned(), message: String::new() };
        let mut ends = vec![
            AttemptEnd::Succeeded,
            AttemptEnd::Cancelled,
            AttemptEnd::Released,
            AttemptEnd::Failed(fault()),
            AttemptEnd::Retried(fault()),
        ];
        ends.extend(Loss::ALL.map(|loss| AttemptEnd::Lost(loss.fault("w", 1))));
        ends
    }

    #[test]
    fn every_end_that_can_be_written_is_one_that_can_be() {
        let ends = every_end();
        for end in &ends {
            assert!(AttemptEnd::can_be(end.outcome(), &row(end)), "{end:?}");
        }
        for outcome in AttemptOutcome::ALL {
            assert!(ends.iter().any(|end| end.outcome() == *outcome), "{outcome} is not walked");
        }
    }

    #[test]
    fn the_end_of_a_run_is_that_of_its_last_attempt() {
        for end in every_end() {
            let state = match &end {
                AttemptEnd::Succeeded => RunState::Succeeded,
                AttemptEnd::Cancelled => RunState::Cancelled,
                AttemptEnd::Failed(_) | AttemptEnd::Lost(_) => RunState::Failed,
                AttemptEnd::Retried(_) | AttemptEnd::Released => continue,
            };
            assert_eq!(AttemptEnd::of_run(state, end.problem().cloned()), end);
        }
    }

    #[test]
    fn an_error_of_another_end_is_refused() {
        let mut lost = row(&AttemptEnd::Lost(Loss::NotRenewed.fault("w", 1)));
        assert!(!AttemptEnd::can_be(AttemptOutcome::Released, &lost));
        lost.error_code = Some("SCRIPTED".to_owned());
        assert!(!AttemptEnd::can_be(AttemptOutcome::Lost, &lost));
        lost.error_code = None;
        assert!(!AttemptEnd::can_be(AttemptOutcome::Lost, &lost));
    }
}
