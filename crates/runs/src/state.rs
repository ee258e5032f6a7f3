//! The life of a run. Only [`RunState::next`] moves it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use wire::runs::Status;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for a worker (or for its back-off to pass).
    Queued,
    /// One worker holds its lease.
    Running,
    /// Parked: it holds neither worker nor lease, and a decision, a timer or its children's end wakes it.
    Waiting,
    /// Ended with its `metrics` artifact.
    Succeeded,
    /// Ended with an error.
    Failed,
    /// Ended because somebody asked.
    Cancelled,
}

/// What happens to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A worker takes it.
    Claim,
    /// Its attempt failed retryably, its worker vanished or gave it back, with attempts left.
    Requeue,
    /// It waits for something outside.
    Park,
    /// What it waited for has come.
    Wake,
    /// It completed.
    Succeed,
    /// It failed for good.
    Fail,
    /// Its cancellation settled.
    Cancel,
}

/// An event that this state does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a {state} run cannot take {event:?}")]
pub struct IllegalTransition {
    state: RunState,
    event: Event,
}

impl RunState {
    /// The state after an event.
    pub fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        match (self, event) {
            (Self::Queued | Self::Waiting, Event::Claim) => Ok(Self::Running),
            (Self::Running, Event::Requeue) | (Self::Waiting, Event::Wake) => Ok(Self::Queued),
            (Self::Running, Event::Park) => Ok(Self::Waiting),
            (Self::Running, Event::Succeed) => Ok(Self::Succeeded),
            (Self::Queued | Self::Running | Self::Waiting, Event::Fail) => Ok(Self::Failed),
            (Self::Queued | Self::Running | Self::Waiting, Event::Cancel) => Ok(Self::Cancelled),
            (state, event) => Err(IllegalTransition { state, event }),
        }
    }

    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Waiting, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// Whether nothing can change any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word used in SQL, JSON and URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<RunState> for Status {
    fn from(state: RunState) -> Self {
        match state {
            RunState::Queued => Self::Queued,
            RunState::Running => Self::Running,
            RunState::Waiting => Self::Waiting,
            RunState::Succeeded => Self::Succeeded,
            RunState::Failed => Self::Failed,
            RunState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<Status> for RunState {
    fn from(status: Status) -> Self {
        match status {
            Status::Queued => Self::Queued,
            Status::Running => Self::Running,
            Status::Waiting => Self::Waiting,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Cancelled,
        }
    }
}

/// Not a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a run state: expected queued, running, waiting, succeeded, failed or cancelled")]
pub struct UnknownState(String);

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 7] =
        [Event::Claim, Event::Requeue, Event::Park, Event::Wake, Event::Succeed, Event::Fail, Event::Cancel];

    #[test]
    fn a_terminal_state_takes_no_event_and_every_other_can_reach_an_end() {
        for state in RunState::ALL {
            let reachable = EVENTS.into_iter().filter_map(|event| state.next(event).ok());
            assert_eq!(reachable.count() == 0, state.is_terminal(), "{state}");
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("done".parse::<RunState>().is_err());
    }
}
