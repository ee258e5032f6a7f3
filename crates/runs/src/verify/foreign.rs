//! A run of others: its frames speak of what happened elsewhere, so the rows are held against what was known when it was
//! opened, and against how its last frame says that it ended.

use frames::{Chain, End, LedgerId};
use futures::TryStreamExt;
use kernel::{Digest, Tenant};
use ledger::Verdict;
use wire::runs::VerifiedPart;

use super::differences::Differences;
use super::rows::Rows;
use super::told::Told;
use super::{Verifier, VerifyError, stored};
use crate::attempt_end::AttemptEnd;
use crate::engine::foreign::{
    BUNDLE_ROLE, Ended, FORK_ROLE, Forked, Imported, Kept, Kind, Signed, metrics, proven,
};
use crate::query;
use crate::run::{Artifact, Run};
use kernel::row::time;

/// The row of a run of others and its one attempt. Starts from what could not even be read.
pub(super) fn rows(rows: &Rows<'_>, kind: Kind, unreadable: Vec<String>) -> VerifiedPart {
    let Rows { run, row, verdict, told, .. } = rows;
    let mut differences = Differences { problems: unreadable, ..Differences::default() };
    differences.compare("the digest of the spec", &Digest::of(&run.spec), &run.spec_digest);
    let ended = run.state.is_terminal();
    differences.say(ended != verdict.is_closed, || {
        let stands = if verdict.is_closed { "closed" } else { "open" };
        format!("the run is `{}` in the row, but its ledger is {stands}", run.state)
    });
    if let Some(fence) = verdict.fence {
        differences
            .say(row.fence != fence, || format!("the run's token is {} and its ledger's {fence}", row.fence));
    }
    if let Some(said) = told.terminal.as_ref().filter(|_| ended).and_then(Ended::by) {
        let shown = |text: Option<&String>| text.cloned().unwrap_or_default();
        let problem = said.problem.as_ref();
        differences.compare("the state", &run.state, &said.state);
        let (code, message) = (problem.map(|one| &one.code), problem.map(|one| &one.message));
        differences.compare("the error's code", &shown(row.error_code.as_ref()), &shown(code));
        differences.compare("the error's message", &shown(row.error_message.as_ref()), &shown(message));
    }
    if ended {
        let is_held = row.lease_owner.is_some() || row.lease_until_us.is_some() || row.lease_us.is_some();
        differences.say(is_held, || "the ended run has a lease".to_owned());
    }
    attempt(&mut differences, rows);
    differences.say(!rows.decisions.is_empty(), || "a run of others asks nobody here".to_owned());
    differences.in_order(&[
        ("the submission", Some(run.created_at)),
        ("the start", run.started_at),
        ("the end", run.ended_at),
    ]);
    differences.not_covered(true, ROWS);
    if kind == Kind::Import {
        differences.not_covered(true, "when it happened: the row has the time of the import");
    }
    differences.into_part("run", 1 + rows.attempts.len() + rows.decisions.len())
}

/// What no frame of others speaks of.
const ROWS: &str = "what the frames do not speak of: the title, the conversation, the program, the times of the row, its \
                    holder and its tenant";

/// Whoever wrote the run made one attempt, which began and ended with it.
fn attempt(differences: &mut Differences, rows: &Rows<'_>) {
    let Rows { run, row, attempts, .. } = rows;
    let [attempt] = attempts else {
        differences.say(true, || format!("a run of others has one attempt, and this one {}", attempts.len()));
        return;
    };
    differences.say(attempt.number != 1 || run.attempt != 1, || "its attempt is not the first".to_owned());
    differences.say(time(attempt.started_us).ok() != run.started_at, || {
        "the run's start is not that of its attempt".to_owned()
    });
    let is_over = run.state.is_terminal();
    let outcome = is_over.then(|| AttemptEnd::of_run(run.state, run.problem.clone()).outcome().as_str());
    let is_so = attempt.ended_us == row.ended_us
        && attempt.outcome.as_deref() == outcome
        && attempt.error_code == row.error_code
        && attempt.error_message == row.error_message;
    differences.say(!is_so, || "its attempt did not end as the run did".to_owned());
}

type Parts = (VerifiedPart, VerifiedPart, VerifiedPart);

impl Verifier {
    /// The inputs, the artifacts and the outcome of a run of others.
    pub(super) async fn of_others(
        &self,
        tenant: Tenant,
        run: &Run,
        told: &Told,
        verdict: &Verdict,
    ) -> Result<Parts, VerifyError> {
        // What the frames say of inputs are those of another run.
        let mut inputs = self.inputs(tenant, run.id, &Told::default()).await?;
        inputs.not_covered.push("that these are all it was given: its producer alone knows that".to_owned());
        let artifacts = self.kept_of_others(run, told).await?;
        let mut outcome = Differences::default();
        outcome.not_covered(true, HAPPENED);
        let kind = Kind::of(&run.kind);
        outcome.problems = match kind {
            Some(Kind::Import) => self.import(run, verdict).await?,
            Some(Kind::Fork) => self.fork(tenant, run, verdict).await?,
            Some(Kind::Stream) | None => Vec::new(),
        };
        outcome.not_covered(kind == Some(Kind::Import), KEY);
        let checked = usize::from(matches!(kind, Some(Kind::Import | Kind::Fork)));
        Ok((inputs, artifacts, outcome.into_part("outcome", checked)))
    }

    /// What of an imported run does not fit to what was known when it was brought, and to the proof that came with it.
    async fn import(&self, run: &Run, verdict: &Verdict) -> Result<Vec<String>, VerifyError> {
        let Ok(spec) = serde_json::from_str::<Imported>(&run.spec) else {
            return Ok(vec!["the spec is none of an import".to_owned()]);
        };
        let mut differences = Differences::default();
        differences.compare("the head", &spec.head, &verdict.head);
        differences.compare("the number of frames", &spec.frames, &verdict.frames);
        let inputs = query::inputs(&self.db, run).await?;
        let Some(input) = inputs.iter().find(|input| input.role == BUNDLE_ROLE) else {
            differences.say(true, || "the proof that it was imported with is no input of it".to_owned());
            return Ok(differences.problems);
        };
        match self.store.get(&input.digest).await.map(|bytes| serde_json::from_slice::<Kept>(&bytes)) {
            Ok(Ok(kept)) => proof(&mut differences, run, &spec, &kept),
            Ok(Err(error)) => differences.say(true, || format!("its proof cannot be read: {error}")),
            // That the bytes are gone or changed is said of the input.
            Err(_) => {}
        }
        Ok(differences.problems)
    }

    /// Whether a fork begins with the frames that it says it shares with its source.
    async fn fork(&self, tenant: Tenant, run: &Run, verdict: &Verdict) -> Result<Vec<String>, VerifyError> {
        let Ok(spec) = serde_json::from_str::<Forked>(&run.spec) else {
            return Ok(vec!["the spec is none of a fork".to_owned()]);
        };
        let mut differences = Differences::default();
        let inputs = query::inputs(&self.db, run).await?;
        let source = spec.source_run_id.to_string();
        let is_named = inputs.iter().any(|input| input.role == FORK_ROLE && input.source_id == source);
        differences.say(!is_named, || "the run it was forked from is no input of it".to_owned());
        // What is wrong with the frames themselves is said of them.
        if verdict.first_bad_seq.is_none() {
            let mut chain = Chain::new(LedgerId(spec.source_ledger_id));
            let mut record = std::pin::pin!(self.ledger.record(tenant, run.id));
            while chain.seq() < spec.seq
                && let Some(lines) = record.try_next().await?
            {
                let left = usize::try_from(spec.seq - chain.seq()).unwrap_or(usize::MAX);
                for line in lines.lines().take(left) {
                    chain.push_line(line.as_bytes());
                }
            }
            differences.compare("the number of shared frames", &spec.seq, &chain.seq());
            differences.compare("the source's chain after them", &spec.digest, &chain.head());
        }
        Ok(differences.problems)
    }

    /// Of a run of others its metrics are kept, which its record makes.
    async fn kept_of_others(&self, run: &Run, told: &Told) -> Result<VerifiedPart, VerifyError> {
        let query = query::artifact_rows(run.id);
        let found = stored::rows::<_, Artifact>(&self.db, query, "run_artifact").await?;
        let mut differences = Differences { problems: found.problems, ..Differences::default() };
        let checked = found.rows.len();
        let mut has_metrics = false;
        for (_, artifact) in found.rows {
            has_metrics |= artifact.name == "metrics";
            differences
                .say(artifact.name != "metrics", || format!("artifact `{}` is in no frame", artifact.name));
            differences.problems.extend(self.artifact(&artifact).await);
            let last = told.terminal.as_ref().filter(|_| artifact.name == "metrics");
            if let Some((frame, ended)) = last.and_then(|frame| Some((frame, Ended::by(frame)?))) {
                let made = metrics(run.id, frame.envelope.event_id, &ended);
                differences.say(Digest::of(&made) != artifact.digest, || {
                    "the metrics are not those that the last frame makes".to_owned()
                });
            }
        }
        differences.say(run.state.is_terminal() && !has_metrics, || {
            "the run has ended without its metrics".to_owned()
        });
        let elsewhere = kernel::counted(told.artifacts.len(), "artifact", "artifacts");
        differences.not_covered(
            !told.artifacts.is_empty(),
            format!("{elsewhere} that the frames name: their bytes are where they were made"),
        );
        Ok(differences.into_part("artifacts", checked))
    }
}

/// The proof that was kept, against what the run says it was imported with.
fn proof(differences: &mut Differences, run: &Run, spec: &Imported, kept: &Kept) {
    let proof = &kept.proof;
    differences.compare("the run of its proof", &run.id, &kept.imported_as);
    differences.compare("the ledger", &spec.ledger_id, &proof.ledger_id);
    differences.compare("the run it was", &spec.run_id, &proof.run_id);
    differences.compare("the place in the log", &spec.log.index, &proof.index);
    let end = End { ledger: LedgerId(spec.ledger_id), frames: spec.frames, head: spec.head };
    let key = spec.log.signed_by.parse().ok();
    match proven(proof, &end, key.as_ref()) {
        Err(error) => differences.say(true, || format!("its proof does not hold: {error}")),
        Ok(Signed { checkpoint, .. }) => {
            differences.compare("the log", &spec.log.origin, &checkpoint.origin);
            differences.compare("the size of the log", &spec.log.size, &checkpoint.size);
            differences.compare("the root of the log", &spec.log.root, &checkpoint.root);
        }
    }
}

/// Of whom a proof is.
const KEY: &str = "whose the key is that signed the log it was recorded in: compare `log.signed_by` of the spec with what its \
                   owner says";

/// What no record proves.
const HAPPENED: &str = "what happened outside: it is proven that these frames were recorded, in this order and since \
                        then unchanged, and not that what they say is so";
