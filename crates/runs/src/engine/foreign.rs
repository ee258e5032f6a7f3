//! Runs of others: what they did is recorded here, and none of it is done here.
//!
//! Such a run is opened, written by whoever holds it, and ended by its own terminal frame, each inside the transaction of
//! the caller, so that a frame of the run is stored with what it came in or not at all. It is held by a lease that lasts
//! longer than any clock runs: no worker claims it, no sweep finds it lost, nothing queues it, and it takes no slot. Where
//! its producer has vanished somebody gives it up, and its last frame says that it was written here.
//!
//! The frames are not made here: whoever appends them has held them to the contract.

mod abandon;
mod bundle;
mod end;
mod extend;
mod fork;
mod import;
mod open;

use std::sync::Arc;

use artifacts::StoreError;
use kernel::{Class, ConversationId, Fault, RunId, Tenant};
use ledger::Head;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QuerySelect, Statement};

pub use self::abandon::missing_end;
pub use self::bundle::{Bundle, BundleError, MAX_FRAMES};
pub(crate) use self::bundle::{Signed, proven};
pub use self::end::Ending;
pub(crate) use self::end::{Ended, metrics};
pub use self::extend::ExtendError;
pub use self::fork::ForkError;
pub(crate) use self::fork::{Forked, ROLE as FORK_ROLE};
pub use self::import::{Import, ImportError};
pub(crate) use self::import::{Imported, Kept, ROLE as BUNDLE_ROLE};
use super::{Engine, Shared};
use crate::run::{Input, Run};
use crate::state::{IllegalTransition, RunState};
use crate::table::run;

/// Where a run of others comes from; the word is its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A run that begins as another one did, and is continued.
    Fork,
    /// A record that was brought here whole.
    Import,
    /// A stream that somebody writes.
    Stream,
}

impl Kind {
    /// Every one, by its word.
    pub const ALL: [Self; 3] = [Self::Fork, Self::Import, Self::Stream];

    /// The word used in SQL, JSON and URLs. No kind that is executed here has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Import => "import",
            Self::Stream => "stream",
        }
    }

    /// The kind that has this word, unless it is one of runs that are executed here.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A run of others that begins.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Where it comes from.
    pub kind: Kind,
    /// What a person calls it.
    pub title: String,
    /// What is known of it from the start: canonical JSON.
    pub spec: String,
    /// Who writes it: shown as the worker of its one attempt.
    pub holder: String,
    /// The conversation it joins. Without one: a new one.
    pub conversation_id: Option<ConversationId>,
    /// What it stands on.
    pub inputs: Vec<Input>,
}

/// The right to write a run of others, until somebody else takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The run.
    pub run: RunId,
    /// The token that every append and the end are asked for.
    pub fence: i64,
    /// Where its ledger stands.
    pub head: Head,
}

/// A run of others was not written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such run of others for this tenant.
    #[error("there is no run {0} that others write")]
    NotFound(RunId),
    /// It has ended.
    #[error("run {run} has already {state}; nothing is added to it")]
    Ended {
        /// The run.
        run: RunId,
        /// How.
        state: RunState,
    },
    /// The conversation does not exist, or is another tenant's.
    #[error("conversation {0} does not exist; open one first, or leave it out")]
    UnknownConversation(ConversationId),
    /// The frames that are to end it do not lead to where the end was made for.
    #[error("the end of run {run} was made for frame {expected}, and the last one is frame {found}")]
    Moved {
        /// The run.
        run: RunId,
        /// The terminal frame's place when the end was made.
        expected: u64,
        /// Its place now.
        found: u64,
    },
    /// The state does not take what was asked of it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// The ledger refused the frames.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The metrics of the end could not be stored.
    #[error("the metrics of the run could not be stored")]
    Store(#[from] StoreError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::Ended { .. } | Self::Moved { .. } | Self::Illegal(_) => Class::Conflict,
            Self::UnknownConversation(_) => Class::Invalid,
            Self::Ledger(error) => error.class(),
            Self::Store(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RUN_NOT_FOUND",
            Self::Ended { .. } | Self::Illegal(_) => "RUN_ALREADY_TERMINAL",
            Self::UnknownConversation(_) => "VALIDATION_ERROR",
            Self::Moved { .. } => "RUN_HAS_MOVED",
            Self::Ledger(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Writes the runs of others. Clones share everything.
#[derive(Clone)]
pub struct Runs(pub(super) Arc<Shared>);

impl Engine {
    /// What writes the runs of others.
    pub fn foreign(&self) -> Runs {
        Runs(Arc::clone(&self.0))
    }
}

impl Runs {
    /// Takes a run of others that goes on from whoever holds it: what they append from now on is refused.
    ///
    /// # Errors
    ///
    /// Fails if there is no such run, or if it has ended.
    pub async fn hold_in(&self, tx: &DatabaseTransaction, tenant: Tenant, run: RunId) -> Result<Held, Error> {
        let (row, stands) = locked(tx, run).await?;
        if row.tenant_id != tenant.id() {
            return Err(Error::NotFound(run));
        }
        if stands.state.is_terminal() {
            return Err(Error::Ended { run, state: stands.state });
        }
        let fence = row.fence + 1;
        let sql = "UPDATE run SET fence = $1 WHERE id = $2";
        let values = [fence.into(), run.into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        let head = self.0.ledger.fence_in(tx, run, fence).await?;
        Ok(Held { run, fence, head })
    }

    /// Appends frames, the first of them under `first_seq`. Call [`Self::woken`] after the commit.
    ///
    /// # Errors
    ///
    /// Fails if somebody else holds the run by now, if it has ended, or if the frames do not follow those that are there.
    pub async fn append_in(
        &self,
        tx: &DatabaseTransaction,
        run: RunId,
        fence: i64,
        first_seq: u64,
        frames: &[String],
    ) -> Result<Head, Error> {
        Ok(self.0.ledger.append_in(tx, run, fence, first_seq, frames).await?)
    }

    /// Wakes the run's followers, and whoever waits for its end.
    pub fn woken(&self, run: RunId) {
        self.0.announce(run);
    }
}

/// The row of a run of others, locked until the transaction ends.
async fn locked(tx: &DatabaseTransaction, id: RunId) -> Result<(run::Model, Run), Error> {
    let row = run::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let row = row.filter(|row| Kind::of(&row.kind).is_some()).ok_or(Error::NotFound(id))?;
    Ok((row.clone(), Run::try_from(row)?))
}
