//! Verifying a whole run: its frames, and everything else that is stored of it against what the frames say.
//!
//! The frames are proven by their chain; the rows, the artifacts' bytes and the inputs are proven by the frames. Whoever
//! can rewrite the whole database can rewrite both: against that person helps only a head that was kept elsewhere. What
//! cannot be read is a finding like any other; only a database or a store that does not answer ends the check. What
//! nothing speaks of is named: no part passes for more than was compared.

mod attempts;
mod differences;
mod given;
mod rows;
mod stored;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use artifacts::Checked;
use async_trait::async_trait;
use frames::{Frame, Validator};
use kernel::{Digest, ReadDb, RunId, Tenant};
use ledger::Verdict;
use sea_orm::DbErr;
use wire::runs::{Attempt, InputSource, Question, Verification, VerifiedPart};

use self::differences::Differences;
use self::rows::Rows;
use self::stored::{StoredRun, finding};
use self::told::Told;
use crate::kind::{AnyKind, Record};
use crate::query;
use crate::run::{Artifact, Input, Run};
use crate::{conversation, decision};

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
        let inputs = self.inputs(tenant, id, &told).await?;
        let artifacts = self.artifacts(id, run, &told).await?;
        let outcome = self.outcome(tenant, run, &told).await?;
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

    /// The chain, and whether the frames are a stream that a run can have. Frames behind a break prove nothing.
    async fn frames(
        &self,
        tenant: Tenant,
        id: RunId,
        verdict: &Verdict,
    ) -> Result<(Told, VerifiedPart), VerifyError> {
        let mut told = Told::default();
        told.has_holes = verdict.pruned > 0;
        let mut differences = Differences::default();
        let problems = &mut differences.problems;
        if let Some(reason) = &verdict.reason {
            let seq = verdict.first_bad_seq.unwrap_or_default();
            problems.push(format!("frame {seq}: {reason}"));
        }
        let mut validator = (!told.has_holes).then(Validator::new);
        let mut after = 0;
        while after < verdict.frames && problems.is_empty() {
            let page = match self.ledger.page(tenant, id, after, crate::engine::PAGE).await {
                Ok(page) => page,
                Err(ledger::Error::Pruned { last, .. }) => {
                    after = last;
                    continue;
                }
                Err(error) => {
                    problems.push(finding_of(error)?);
                    break;
                }
            };
            for (seq, text) in page.frames.into_iter().filter(|(seq, _)| *seq <= verdict.frames) {
                after = seq;
                match read(&text, validator.as_mut()) {
                    Ok(frame) => told.hear(frame),
                    Err(error) => {
                        problems.push(format!("frame {seq} is not one that a run can have: {error}"));
                        break;
                    }
                }
            }
        }
        if verdict.is_closed && problems.is_empty() && told.terminal.is_none() && !told.has_holes {
            problems.push("the ledger is closed, but its last frame is no end".to_owned());
        }
        differences.not_covered(
            told.has_holes,
            "what stood in the frames that were let go, and the size of their blocks",
        );
        let frames = usize::try_from(verdict.frames).unwrap_or(usize::MAX);
        Ok((told, differences.into_part("frames", frames)))
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
        Ok(rows::check(&rows, problems))
    }

    /// Whether those a run names as its own are.
    async fn family(&self, run: &Run) -> Result<Vec<String>, VerifyError> {
        let tenant = Tenant::verified(run.keys.tenant);
        let mut problems = Vec::new();
        let root = match run.parent_run_id {
            Some(parent) => match stored::run(&self.db, tenant, parent).await? {
                Some(Ok(parent)) => parent.run.root_run_id,
                // Its trouble is its own.
                Some(Err(_)) => run.root_run_id,
                None => {
                    problems.push(format!("the parent {parent} is gone"));
                    run.root_run_id
                }
            },
            None => run.id,
        };
        if root != run.root_run_id {
            problems.push(format!("the root is {} in the row, and the family's is {root}", run.root_run_id));
        }
        let Some(earlier) = run.retry_of else { return Ok(problems) };
        match stored::run(&self.db, tenant, earlier).await? {
            Some(Ok(earlier)) if earlier.run.spec_digest == run.spec_digest => {}
            Some(Err(_)) => {}
            _ => problems.push(format!("the run repeats {earlier}, which is no run of its spec")),
        }
        Ok(problems)
    }

    /// Whether what a run belongs to is there.
    async fn conversation(&self, run: &Run) -> Result<Option<String>, VerifyError> {
        let id = run.conversation_id;
        let found = conversation::is_there(&self.db, Tenant::verified(run.keys.tenant), id).await?;
        Ok((!found).then(|| format!("the conversation {id} is gone")))
    }

    async fn inputs(&self, tenant: Tenant, id: RunId, told: &Told) -> Result<VerifiedPart, VerifyError> {
        let found = stored::rows::<_, Input>(&self.db, query::input_rows(id), "run_input").await?;
        let mut differences = Differences { problems: found.problems, ..Differences::default() };
        given::inputs(&mut differences, &found.rows, told);
        given::sources(&mut differences, &found.rows);
        for (_, input) in &found.rows {
            let problem = match self.input(tenant, input).await {
                Ok(problem) => problem,
                Err(error) => Some(finding(error)?),
            };
            if let Some(problem) = problem {
                let source = &input.source_id;
                differences.problems.push(format!("input `{}` ({source}): {problem}", input.role));
            }
        }
        Ok(differences.into_part("inputs", found.rows.len()))
    }

    async fn input(&self, tenant: Tenant, input: &Input) -> Result<Option<String>, DbErr> {
        if let Some(check) = self.sources.get(&input.source) {
            return check.check(tenant, &input.source_id, input.digest).await;
        }
        match input.source {
            InputSource::Snapshot | InputSource::Artifact => Ok(self.bytes(&input.digest).await),
            InputSource::Run => {
                let id = input.source_id.parse().ok();
                let run = match id {
                    Some(id) => query::find(&self.db, tenant, id).await?,
                    None => None,
                };
                Ok(match run {
                    None => Some("the run is gone".to_owned()),
                    Some(run) if run.spec_digest != input.digest => {
                        Some("the run has another spec".to_owned())
                    }
                    Some(_) => None,
                })
            }
            InputSource::Dataset | InputSource::Model => {
                Ok(Some("this program cannot look at such a source".to_owned()))
            }
        }
    }

    async fn artifacts(
        &self,
        id: RunId,
        run: Option<&Run>,
        told: &Told,
    ) -> Result<VerifiedPart, VerifyError> {
        let found = stored::rows::<_, Artifact>(&self.db, query::artifact_rows(id), "run_artifact").await?;
        let artifacts: Vec<Artifact> = found.rows.into_iter().map(|(_, artifact)| artifact).collect();
        let mut differences = Differences {
            problems: found.problems,
            is_unordered: told.was_set_back,
            ..Differences::default()
        };
        given::artifacts(&mut differences, &artifacts, told);
        let has_ended = run.is_some_and(|run| run.state.is_terminal());
        differences.say(has_ended && !artifacts.iter().any(|artifact| artifact.name == "metrics"), || {
            "the run has ended without its metrics".to_owned()
        });
        for artifact in &artifacts {
            differences.problems.extend(self.artifact(artifact).await);
        }
        Ok(differences.into_part("artifacts", artifacts.len()))
    }

    async fn artifact(&self, artifact: &Artifact) -> Option<String> {
        let problem = self.bytes(&artifact.digest).await?;
        Some(format!("artifact `{}`: {problem}", artifact.name))
    }

    /// What is wrong with the bytes of an object.
    async fn bytes(&self, digest: &Digest) -> Option<String> {
        match self.store.check(digest).await {
            Ok(Checked::Ok) => None,
            Ok(Checked::Missing) => Some(format!("its bytes {digest} are gone")),
            Ok(Checked::Tampered { found }) => {
                Some(format!("its bytes were changed: they have the digest {found}, not {digest}"))
            }
            Err(error) => Some(format!("its bytes cannot be read: {error}")),
        }
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

/// What is wrong with a ledger, unless the database as a whole is in trouble.
fn finding_of(error: ledger::Error) -> Result<String, VerifyError> {
    match error {
        ledger::Error::UnknownRun { .. } => Ok("the ledger's row is gone".to_owned()),
        ledger::Error::Db(error) => Ok(finding(error)?),
        error if kernel::Fault::is_retryable(&error) => Err(error.into()),
        error => Ok(error.to_string()),
    }
}

/// A stored frame, which the stream that it stands in allows.
fn read(text: &str, validator: Option<&mut Validator>) -> Result<Frame, String> {
    let frame = Frame::parse(text).map_err(|error| error.to_string())?;
    if let Some(validator) = validator {
        validator.push(&frame).map_err(|error| error.to_string())?;
    }
    Ok(frame)
}
