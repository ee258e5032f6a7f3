//! The run kind `comparison`.

mod findings;

use std::sync::Arc;

use frames::Frame;
use kernel::{Class, Db, Fault, ReadDb, RunId, SharedClock, Tenant};
use runs::{Completion, End, Ending, Failure, OutcomeCheck, Record, RunContext, RunKind};
use sea_orm::{DatabaseTransaction, DbErr};
use series::columnar::WriteError;
use wire::datasets::media_type::PARQUET;
use wire::model_selection::{CandidateStatus, ComparisonStatus, RankingMetric};

use self::findings::{Findings, find};
use super::lane::Lane;
use super::outcome;
use super::race::{Progress, race};
use super::ranking::{Found, Overall};
use super::rows::{self, CandidateEnd, Champion, ComparisonEnd};
use super::spec::Spec;
use super::status::{settled, tally_of};
use super::tell;
use crate::Reader;
use crate::panel::{Panel, PanelError};
use crate::registry::held;

/// Backtests candidates on the same folds and ranks them.
pub struct Comparison {
    db: Db,
    store: artifacts::Reader,
    clock: SharedClock,
}

/// What the end of a comparison writes.
#[derive(Debug)]
pub struct Outcome {
    pub(super) candidates: Vec<CandidateEnd>,
    pub(super) end: ComparisonEnd,
}

/// A comparison that cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pinned series are not series.
    #[error("the pinned series are not readable by this version")]
    Panel(#[from] PanelError),
    /// A result cannot be written as JSON.
    #[error("a result cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A result cannot be written as Parquet.
    #[error("a result cannot be written as Parquet")]
    Write(#[from] WriteError),
}

impl Fault for Error {
    fn class(&self) -> Class {
        Class::Internal
    }

    fn code(&self) -> &'static str {
        "INTERNAL_ERROR"
    }
}

impl Comparison {
    /// The kind, with what it needs: the rows that show progress, and the pinned series.
    pub const fn new(db: Db, store: artifacts::Reader, clock: SharedClock) -> Self {
        Self { db, store, clock }
    }
}

impl RunKind for Comparison {
    const NAME: &'static str = "comparison";
    const VERSION: u32 = 1;
    const MAX_ATTEMPTS: u32 = 3;
    type Spec = Spec;
    type Outcome = Outcome;
    type Error = Error;

    async fn prepare(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        spec: &Spec,
    ) -> Result<(), DbErr> {
        rows::insert(tx, tenant.id(), run, spec, self.clock.now_us()).await
    }

    async fn held(&self, db: &ReadDb, tenant: Tenant) -> Result<Vec<(RunId, String)>, DbErr> {
        held(db, tenant, |model| model.comparison_run_id).await
    }

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Completion<Outcome>, Failure<Error>> {
        let reads = spec.clone();
        let read = cx.view(spec.panel(), &spec.input, move |bytes| reads.read(&bytes)).await?;
        let panel = read.map_err(Error::Panel)?;
        let stopped_us = if cx.is_cancelled() { last_frame_us(&cx.history().await?) } else { None };
        let progress = Progress { write: &self.db.write, clock: &self.clock, stopped_us };
        progress.begin(cx.run_id()).await;
        tell::phase(cx, tell::BACKTEST, 1).await?;
        let lanes = race(cx, &progress, &spec, &panel).await?;
        tell::phase(cx, tell::RANK, 2).await?;
        let now_us = progress.now_us();
        let candidates: Vec<CandidateEnd> = lanes.iter().map(|lane| lane.end(now_us)).collect();
        let found = findings(cx, spec, panel, lanes).await?;
        let ranking = store(cx, found).await?;
        let done = completion(cx.run_id(), candidates, &ranking);
        match done.ending {
            Ending::Refused => tell::refuse(cx, &ranking, &done.summary).await?,
            Ending::Completed | Ending::Cancelled => tell::explain(cx, &ranking).await?,
        }
        Ok(done)
    }

    async fn publish(&self, tx: &DatabaseTransaction, run: RunId, outcome: &Outcome) -> Result<(), DbErr> {
        for candidate in &outcome.candidates {
            rows::mark_candidate_ended(tx, run, candidate).await?;
        }
        rows::settle(tx, run, &outcome.end, self.clock.now_us()).await
    }

    async fn check_outcome(&self, record: &Record<'_>, spec: &Spec) -> Result<Option<OutcomeCheck>, DbErr> {
        let (db, run) = (record.db, record.run.id);
        let mut problems = outcome::check_spec(db, run, spec).await?;
        problems.extend(outcome::check_outcome(db, run, record.structured).await?);
        problems.extend(outcome::check_run(record, spec).await?);
        let models = Reader::new(db.clone(), self.store.clone()).check_judged(record.tenant, run).await?;
        problems.extend(models.problems);
        let mut not_covered = vec![
            "`created_us`, `started_us`, `settled_us` of the comparison and `started_us`, `ended_us` of its candidates are \
             only bounded by the run's times and by each other"
                .to_owned(),
        ];
        if record.structured.is_none() {
            not_covered.push(
                "how far candidates came, and why they ended: the run ended without a ranking".to_owned(),
            );
        }
        not_covered.extend(models.not_covered);
        let checked = 1 + spec.candidates.len() as u64 + models.checked;
        Ok(Some(OutcomeCheck { checked, problems, not_covered }))
    }

    async fn abandon(&self, tx: &DatabaseTransaction, run: RunId, end: &End) -> Result<(), DbErr> {
        let now_us = self.clock.now_us();
        let (status, candidate_status, error) = match end {
            End::Failed(problem) => {
                let error = (problem.code.clone(), problem.message.clone());
                (ComparisonStatus::Failed, CandidateStatus::Failed, Some(error))
            }
            End::Cancelled => (ComparisonStatus::Cancelled, CandidateStatus::Cancelled, None),
        };
        rows::sweep_candidates(tx, run, candidate_status, error.as_ref(), now_us).await?;
        rows::settle(tx, run, &ComparisonEnd { status, champion: None, confidence: None, error }, now_us)
            .await
    }
}

/// When earlier attempts were last heard of.
fn last_frame_us(history: &[Frame]) -> Option<i64> {
    Some(history.last()?.envelope.server_timestamp.timestamp_micros())
}

async fn findings(
    cx: &RunContext,
    spec: Spec,
    panel: Arc<Panel>,
    lanes: Vec<Lane>,
) -> Result<Findings, Failure<Error>> {
    let results = lanes.into_iter().map(|lane| lane.outputs).collect();
    Ok(cx.compute(move || find(&spec, &panel, results)).await??)
}

/// Keeps what was found, and gives back what is said of it.
async fn store(cx: &RunContext, found: Findings) -> Result<Found, Failure<Error>> {
    let Findings { ranking, ranking_bytes, tables } = found;
    cx.artifact("ranking", "application/json", ranking_bytes).await?;
    cx.artifact("series", PARQUET, tables.series).await?;
    cx.artifact("ranks", PARQUET, tables.ranks).await?;
    cx.artifact("folds", PARQUET, tables.folds).await?;
    Ok(ranking)
}

fn completion(run: RunId, candidates: Vec<CandidateEnd>, ranking: &Found) -> Completion<Outcome> {
    let overall = &ranking.overall;
    let tally = tally_of(candidates.iter().map(|candidate| candidate.status));
    let champion = champion(ranking);
    let status = settled(champion.is_some(), tally);
    let ending = match (tally.cancelled, &champion) {
        (1.., _) => Ending::Cancelled,
        (0, None) => Ending::Refused,
        (0, Some(_)) => Ending::Completed,
    };
    let error = (status == ComparisonStatus::Failed).then(|| ("NO_CHAMPION".to_owned(), refusal(overall)));
    let confidence = champion.as_ref().map(|_| overall.confidence);
    let outcome = Outcome { candidates, end: ComparisonEnd { status, champion, confidence, error } };
    Completion {
        ending,
        metrics: tell::metrics(ranking),
        summary: summary(ending, overall),
        structured: Some(tell::structured(run, ranking, &outcome)),
        outcome,
    }
}

fn champion(ranking: &Found) -> Option<Champion> {
    let entry = &ranking.overall.entries.first().filter(|entry| entry.entry.included)?.entry;
    let metrics = entry.metrics?;
    let value = match ranking.metric {
        RankingMetric::Bias => metrics.bias,
        metric => entry.by(metric),
    };
    Some(Champion { ordinal: entry.ordinal, model_type: entry.model_type.clone(), value })
}

/// Why nobody can be named, with every candidate's reason.
fn refusal(overall: &Overall) -> String {
    let reasons = overall.entries.iter().map(|entry| {
        let reason = entry.entry.exclusion_reason.as_deref().unwrap_or("unknown");
        format!("{}: {reason}", entry.entry.key)
    });
    format!("no champion can be named ({})", reasons.collect::<Vec<_>>().join("; "))
}

fn summary(ending: Ending, overall: &Overall) -> String {
    let (statement, sure) = (&overall.statement, tell::confidence(overall));
    match ending {
        Ending::Refused => refusal(overall),
        Ending::Completed => format!("{statement} {sure}"),
        Ending::Cancelled => format!("Cancelled; what had finished is kept. {statement} {sure}"),
    }
}
