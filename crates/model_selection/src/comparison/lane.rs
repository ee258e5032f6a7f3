//! One candidate on its way through the series, and how it ends.

use evaluation::FoldResult;
use kernel::RunId;
use wire::model_selection::{CandidateId, CandidateStatus};

use super::ranking::Results;
use super::rows::CandidateEnd;
use super::shard::BacktestOutput;
use super::status::has_reason;
use crate::candidate_id;

/// The code of a backtest that was not run because its candidate had lost elsewhere.
pub(super) const DROPPED: &str = "DROPPED";

/// One candidate on its way through the series.
pub(super) struct Lane {
    pub(super) ordinal: usize,
    pub(super) id: CandidateId,
    pub(super) outputs: Results,
    pub(super) series_done: usize,
    pub(super) started_us: Option<i64>,
    pub(super) ended_us: Option<i64>,
}

impl Lane {
    pub(super) fn new(run: RunId, ordinal: usize, series: usize) -> Self {
        Self {
            ordinal,
            id: candidate_id(run, ordinal),
            outputs: vec![None; series],
            series_done: 0,
            started_us: None,
            ended_us: None,
        }
    }

    /// Its folds on a series that it finished.
    pub(super) fn folds(&self, at: usize) -> Option<&[FoldResult]> {
        match self.outputs.get(at) {
            Some(Some(BacktestOutput::Done { backtest })) => Some(&backtest.folds),
            _ => None,
        }
    }

    /// Completed if it finished every series and failed on one at most of several; failed if on all; dropped if it
    /// did not run on some because it had lost on others.
    pub(super) fn status(&self) -> CandidateStatus {
        let is_failure =
            |output: &Option<BacktestOutput>| matches!(output, Some(BacktestOutput::Failed { .. }));
        if self.series_done < self.outputs.len() {
            CandidateStatus::Cancelled
        } else if self.drop_message().is_some() {
            CandidateStatus::Dropped
        } else if self.outputs.iter().all(is_failure) {
            CandidateStatus::Failed
        } else {
            CandidateStatus::Completed
        }
    }

    /// The reason to drop it, else the first failure, as code and message.
    pub(super) fn failure(&self) -> Option<(String, String)> {
        let dropped = self.drop_message().map(|message| (DROPPED.to_owned(), message.to_owned()));
        dropped.or_else(|| {
            let (code, message) = self.failures().next()?;
            Some((code.to_owned(), message.to_owned()))
        })
    }

    /// Series it was run on: those it finished, without those it was dropped on.
    pub(super) fn series_run(&self) -> usize {
        self.series_done - self.failures().filter(|(code, _)| *code == DROPPED).count()
    }

    fn drop_message(&self) -> Option<&str> {
        self.failures().find(|(code, _)| *code == DROPPED).map(|(_, message)| message)
    }

    fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.outputs.iter().flatten().filter_map(|output| match output {
            BacktestOutput::Failed { code, message } => Some((code.as_str(), message.as_str())),
            BacktestOutput::Done { .. } => None,
        })
    }

    pub(super) fn end(&self, now_us: i64) -> CandidateEnd {
        let status = self.status();
        CandidateEnd {
            ordinal: self.ordinal,
            status,
            series_done: self.series_run(),
            error: self.failure().filter(|_| has_reason(status)),
            started_us: self.started_us,
            ended_us: self.ended_us.unwrap_or(now_us),
        }
    }
}
