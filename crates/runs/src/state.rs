//! The life of a run. Only [`RunState::next`] moves it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for a worker (or for its back-off to pass).
    Queued,
    /// One worker holds its lease.
    Running,
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
    /// Its attempt failed retryably, or its worker vanished, with attempts left.
    Requeue,
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
            (Self::Queued, Event::Claim) => Ok(Self::Running),
            (Self::Running, Event::Requeue) => Ok(Self::Queued),
            (Self::Running, Event::Succeed) => Ok(Self::Succeeded),
            (Self::Running, Event::Fail) => Ok(Self::Failed),
            (Self::Queued | Self::Running, Event::Cancel) => Ok(Self::Cancelled),
            (state, event) => Err(IllegalTransition { state, event }),
        }
    }

    /// Whether nothing can change any more.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word used in SQL, JSON and URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
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

/// Not a state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a run state: expected queued, running, succeeded, failed or cancelled")]
pub struct UnknownState(String);

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| UnknownState(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [RunState; 5] =
        [RunState::Queued, RunState::Running, RunState::Succeeded, RunState::Failed, RunState::Cancelled];
    const EVENTS: [Event; 5] = [Event::Claim, Event::Requeue, Event::Succeed, Event::Fail, Event::Cancel];

    #[test]
    fn a_terminal_state_takes_no_event_and_every_other_can_reach_an_end() {
        for state in STATES {
            let reachable = EVENTS.into_iter().filter_map(|event| state.next(event).ok());
            assert_eq!(reachable.count() == 0, state.is_terminal(), "{state}");
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("done".parse::<RunState>().is_err());
    }
}
