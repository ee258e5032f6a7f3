//! Verifying a whole run: its frames, and everything else that is stored of it against what the frames say.
//!
//! The frames are proven by their chain; the rows, the artifacts' bytes and the inputs are proven by the frames. Whoever
//! can rewrite the whole database can rewrite both: against that person helps only a head that was kept elsewhere. What
//! cannot be read is a finding like any other; only a database or a store that does not answer ends the check. What
//! nothing speaks of is named: no part passes for more than was compared.

mod attempts;
mod bytes;
mod differences;
mod family;
mod foreign;
mod given;
mod rows;
mod stored;
mod stream;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Digest, ReadDb, RunId, Tenant};
use ledger::Verdict;
use sea_orm::DbErr;
use wire::runs::{Attempt, InputSource, Question, Verification, VerifiedPart};

use self::differences::Differences;
use self::rows::Rows;
use self::stored::{StoredRun, finding};
use self::stream::finding_of;
use self::told::Told;
use crate::decision;
use crate::engine::foreign::Kind;
use crate::kind::{AnyKind, Record};
use crate::query;
use crate::run::Run;

/// Knows whether an input still is what it was.
#[async_trait]
pub trait InputCheck: Send + Sync + 'static {
    /// What is wrong with the source, or nothing.
    async fn check(&self, tenant: Tenant, source_id: &str, digest: Digest) -> Result<Option<String>, DbErr>;
}

/// Verifies runs; it can write nothing. Clones share everything.
#[derive(Clone)]
pub struct Verifier {
    pub(crate) db: ReadDb,
    pub(crate) ledger: ledger::Reader,
    pub(crate) store: artifacts::Reader,
    pub(crate) kinds: Arc<BTreeMap<&'static str, Arc<dyn AnyKind>>>,
    pub(crate) sources: Arc<BTreeMap<InputSource, Arc<dyn InputCheck>>>,
}

/// Verification could not be done.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl kernel::Fault for VerifyError {
    fn class(&self) -> kernel::Class {
        match self {
            Self::NotFound(_) => kernel::Class::NotFound,
            Self::Ledger(error) => error.class(),
            Self::Db(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RUN_NOT_FOUND",
            Self::Ledger(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// The row of a run as far as it is there.
type MaybeRun = Option<Result<StoredRun, String>>;

/// How often a run that goes on is looked at again because it moved meanwhile.
const LOOKS: usize = 3;

impl Verifier {
    /// Verifies everything that is stored of a run.
    pub async fn verify(&self, tenant: Tenant, id: RunId) -> Result<Verification, VerifyError> {
        let mut looks = 1;
        loop {
            let stored = stored::run(&self.db, tenant, id).await?;
            let found = self.look(tenant, id, &stored).await?;
            let still = match &stored {
                Some(Ok(stored)) if !stored.run.state.is_terminal() => {
                    let again = stored::run(&self.db, tenant, id).await?;
                    matches!(again, Some(Ok(again)) if again.row == stored.row)
                }
                _ => true,
            };
            if still || looks == LOOKS {
                return Ok(found);
            }
            looks += 1;
        }
    }

    async fn look(&self, tenant: Tenant, id: RunId, stored: &MaybeRun) -> Result<Verification, VerifyError> {
        let verdict = match self.ledger.verify(tenant, id).await {
            Ok(verdict) => verdict,
            Err(ledger::Error::UnknownRun { .. }) if stored.is_none() => {
                return Err(VerifyError::NotFound(id));
            }
            Err(error) => without_ledger(finding_of(error)?),
        };
        let (told, frames) = self.frames(tenant, id, &verdict).await?;
        let run = match stored {
            Some(Ok(stored)) => Ok(stored),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err("the run's row is gone, and its frames are there".to_owned()),
        };
        let rows = match &run {
            Ok(stored) => self.rows(stored, &verdict, &told).await?,
            Err(problem) => {
                Differences { problems: vec![problem.clone()], ..Differences::default() }.into_part("run", 1)
            }
        };
        let run = run.ok().map(|stored| &stored.run);
        let (inputs, artifacts, outcome) = match run.filter(|run| Kind::of(&run.kind).is_some()) {
            Some(run) => self.of_others(tenant, run, &told, &verdict).await?,
            None => (
                self.inputs(tenant, id, &told).await?,
                self.artifacts(id, run, &told).await?,
                self.outcome(tenant, run, &told).await?,
            ),
        };
        let parts = vec![frames, rows, inputs, artifacts, outcome];
        Ok(Verification {
            run_id: id,
            verified: parts.iter().all(|part| part.verified),
            frames: verdict.frames,
            pruned: verdict.pruned,
            head: verdict.head,
            is_closed: verdict.is_closed,
            first_bad_seq: verdict.first_bad_seq,
            reason: verdict.reason,
            parts,
        })
    }

    async fn rows(
        &self,
        stored: &StoredRun,
        verdict: &Verdict,
        told: &Told,
    ) -> Result<VerifiedPart, VerifyError> {
        let (db, id) = (&self.db, stored.run.id);
        let attempts = stored::rows::<_, Attempt>(db, query::attempts_of(id), "run_attempt").await?;
        let decisions = stored::rows::<_, Question>(db, decision::rows(id), "run_decision").await?;
        let mut problems = [attempts.problems, decisions.problems].concat();
        problems.extend(self.family(&stored.run).await?);
        problems.extend(self.conversation(&stored.run).await?);
        let attempts: Vec<_> = attempts.rows.into_iter().map(|(row, _)| row).collect();
        let decisions: Vec<_> = decisions.rows.into_iter().map(|(row, _)| row).collect();
        let StoredRun { row, run } = stored;
        let rows = Rows { run, row, verdict, told, attempts: &attempts, decisions: &decisions };
        Ok(match Kind::of(&run.kind) {
            Some(kind) => foreign::rows(&rows, kind, problems),
            None => rows::check(&rows, problems),
        })
    }

    async fn outcome(
        &self,
        tenant: Tenant,
        run: Option<&Run>,
        told: &Told,
    ) -> Result<VerifiedPart, VerifyError> {
        let mut differences = Differences::default();
        let Some(run) = run.filter(|_| told.terminal.is_some()) else {
            return Ok(differences.into_part("outcome", 0));
        };
        let Some(kind) = self.kinds.get(run.kind.as_str()) else {
            differences
                .not_covered(true, format!("this program does not know runs of the kind `{}`", run.kind));
            return Ok(differences.into_part("outcome", 0));
        };
        let structured = told.structured();
        let record = Record { db: &self.db, tenant, run, structured, has_order: !told.was_set_back };
        let found = match kind.check_outcome(&record).await {
            Ok(found) => found.unwrap_or_default(),
            Err(error) => {
                differences.problems.push(format!("its rows cannot be read: {}", finding(error)?));
                return Ok(differences.into_part("outcome", 1));
            }
        };
        differences.problems = found.problems;
        differences.not_covered = found.not_covered;
        Ok(differences.into_part("outcome", usize::try_from(found.checked).unwrap_or(usize::MAX)))
    }
}

/// What a ledger that is gone, or cannot be read at all, proves.
fn without_ledger(reason: String) -> Verdict {
    Verdict {
        frames: 0,
        pruned: 0,
        head: Digest::ZERO,
        is_closed: false,
        fence: None,
        first_bad_seq: Some(1),
        reason: Some(reason),
    }
}
