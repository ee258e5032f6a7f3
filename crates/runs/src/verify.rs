//! Verifying a whole run: its frames, and everything else that is stored of it against what the frames say.
//!
//! The frames are proven by their chain; the rows, the artifacts' bytes and the inputs are proven by the frames. Whoever
//! can rewrite the whole database can rewrite both: against that person helps only a head that was kept elsewhere.

mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use artifacts::{Checked, Store};
use async_trait::async_trait;
use frames::{Body, Frame, Validator};
use kernel::{Digest, ReadDb, RunId, Tenant};
use ledger::{Ledger, Verdict};
use sea_orm::DbErr;
use serde_json::Value;
use wire::runs::{Verification, VerifiedPart};

use crate::kind::AnyKind;
use crate::query;
use crate::run::{Artifact, Input, Run};
use wire::runs::InputSource;

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
    pub(crate) ledger: Ledger,
    pub(crate) store: Store,
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

/// What the frames of a run say about it.
#[derive(Debug, Default)]
struct Told {
    opened: Option<frames::RunOpened>,
    /// What was too large for the first frame, by its field.
    cut: Vec<String>,
    conversation_id: Option<String>,
    attempts: Vec<u32>,
    artifacts: Vec<frames::ArtifactCreated>,
    decisions: Vec<frames::ApprovalDecided>,
    terminal: Option<Frame>,
    /// Frames were removed under retention: what is not told may have stood in them.
    has_holes: bool,
}

impl Told {
    fn hear(&mut self, frame: Frame) {
        self.conversation_id.get_or_insert_with(|| frame.envelope.conversation_id.clone());
        match &frame.body {
            Body::RunOpened(opened) => {
                self.opened = Some(opened.clone());
                self.cut = frame.envelope.notices.iter().map(|notice| notice.path.clone()).collect();
            }
            Body::AttemptStarted(started) => self.attempts.push(started.attempt),
            Body::ArtifactCreated(created) => self.artifacts.push(created.clone()),
            Body::ApprovalDecided(decided) => self.decisions.push(decided.clone()),
            Body::Final(_) | Body::Error(_) => self.terminal = Some(frame),
            _ => {}
        }
    }

    /// Whether a field of the first frame was cut, so that it proves nothing.
    fn is_cut(&self, field: &str) -> bool {
        self.cut.iter().any(|path| path == field)
    }

    fn structured(&self) -> Option<&Value> {
        match &self.terminal.as_ref()?.body {
            Body::Final(end) => end.structured_output.as_ref(),
            _ => None,
        }
    }
}

impl Verifier {
    /// Verifies everything that is stored of a run.
    pub async fn verify(&self, tenant: Tenant, id: RunId) -> Result<Verification, VerifyError> {
        let run = query::find(&self.db, tenant, id).await?.ok_or(VerifyError::NotFound(id))?;
        let frames = self.ledger.verify(tenant, id).await?;
        let (told, chain) = self.frames(tenant, &run, &frames).await?;
        let attempts = query::attempts(&self.db, &run).await?;
        let decisions = crate::decision::of_run(&self.db, id).await?;
        let rows = rows::check(&run, &frames, &told, &attempts, &decisions);
        let inputs = self.inputs(tenant, &run, &told).await?;
        let artifacts = self.artifacts(&run, &told).await?;
        let outcome = self.outcome(&run, &told).await?;
        let parts = vec![chain, rows, inputs, artifacts, outcome];
        Ok(Verification {
            run_id: id,
            verified: parts.iter().all(|part| part.verified),
            frames: frames.frames,
            pruned: frames.pruned,
            head: frames.head,
            is_closed: frames.is_closed,
            first_bad_seq: frames.first_bad_seq,
            reason: frames.reason,
            parts,
        })
    }

    /// The chain, and whether the frames are a stream that a run can have. Frames behind a break prove nothing.
    async fn frames(
        &self,
        tenant: Tenant,
        run: &Run,
        verdict: &Verdict,
    ) -> Result<(Told, VerifiedPart), VerifyError> {
        let mut told = Told::default();
        let mut problems = Vec::new();
        if let Some(reason) = &verdict.reason {
            let seq = verdict.first_bad_seq.unwrap_or_default();
            problems.push(format!("frame {seq}: {reason}"));
        }
        told.has_holes = verdict.pruned > 0;
        let mut validator = (!told.has_holes).then(Validator::new);
        let mut after = 0;
        while after < verdict.frames && problems.is_empty() {
            let page = match self.ledger.page(tenant, run.id, after, crate::engine::PAGE).await {
                Err(ledger::Error::Pruned { last, .. }) => {
                    after = last;
                    continue;
                }
                page => page?,
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
        Ok((told, part("frames", verdict.frames, problems)))
    }

    async fn inputs(&self, tenant: Tenant, run: &Run, told: &Told) -> Result<VerifiedPart, VerifyError> {
        let inputs = query::inputs(&self.db, run).await?;
        let mut problems = rows::inputs(&inputs, told);
        for input in &inputs {
            if let Some(problem) = self.input(tenant, input).await? {
                problems.push(format!("input `{}` ({}): {problem}", input.role, input.source_id));
            }
        }
        Ok(part("inputs", inputs.len() as u64, problems))
    }

    async fn input(&self, tenant: Tenant, input: &Input) -> Result<Option<String>, VerifyError> {
        if let Some(check) = self.sources.get(&input.source) {
            return Ok(check.check(tenant, &input.source_id, input.digest).await?);
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

    async fn artifacts(&self, run: &Run, told: &Told) -> Result<VerifiedPart, VerifyError> {
        let artifacts = query::artifacts(&self.db, run).await?;
        let mut problems = rows::artifacts(&artifacts, told);
        if run.state.is_terminal() && !artifacts.iter().any(|artifact| artifact.name == "metrics") {
            problems.push("the run has ended without its metrics".to_owned());
        }
        for artifact in &artifacts {
            if let Some(problem) = self.artifact(artifact).await {
                problems.push(problem);
            }
        }
        Ok(part("artifacts", artifacts.len() as u64, problems))
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

    async fn outcome(&self, run: &Run, told: &Told) -> Result<VerifiedPart, VerifyError> {
        let Some(kind) = self.kinds.get(run.kind.as_str()).filter(|_| told.terminal.is_some()) else {
            return Ok(part("outcome", 0, Vec::new()));
        };
        let found = kind.check_outcome(&self.db, run.id, &run.spec, told.structured()).await?;
        let checked = u64::from(found.is_some());
        Ok(part("outcome", checked, found.unwrap_or_default()))
    }
}

/// A part of a run, how much of it was looked at, and what is wrong with it, each in a sentence.
fn part(name: &str, checked: u64, problems: Vec<String>) -> VerifiedPart {
    VerifiedPart { part: name.to_owned(), verified: problems.is_empty(), checked, problems }
}

/// A stored frame, which the stream that it stands in allows.
fn read(text: &str, validator: Option<&mut Validator>) -> Result<Frame, String> {
    let frame = Frame::parse(text).map_err(|error| error.to_string())?;
    if let Some(validator) = validator {
        validator.push(&frame).map_err(|error| error.to_string())?;
    }
    Ok(frame)
}
