//! The race: every candidate on every series, as shards on the compute pool. Events become frames and rows as they
//! come; what they add up to does not depend on their order.

use kernel::{RunId, SharedClock, WriteDb};
use runs::{RunContext, ShardEvent, Stop};
use sea_orm::DbErr;

use super::ranking::Results;
use super::rows::{self, CandidateEnd};
use super::shard::{BacktestInput, BacktestOutput, BacktestShard};
use super::spec::Spec;
use super::status::CandidateStatus;
use super::tell;
use crate::CandidateId;
use crate::panel::Panel;

/// So many shards are under way at once; their inputs are in memory.
const BATCH: usize = 512;

/// One candidate on its way through the series.
pub(super) struct Lane {
    pub ordinal: usize,
    pub id: CandidateId,
    pub outputs: Results,
    pub series_done: usize,
    started_us: Option<i64>,
    ended_us: Option<i64>,
}

impl Lane {
    fn new(run: RunId, ordinal: usize, series: usize) -> Self {
        Self {
            ordinal,
            id: CandidateId::of(run, ordinal),
            outputs: vec![None; series],
            series_done: 0,
            started_us: None,
            ended_us: None,
        }
    }

    /// Completed if it finished every series and failed on one at most of several; failed if on all.
    pub(super) fn status(&self) -> CandidateStatus {
        let is_failure =
            |output: &Option<BacktestOutput>| matches!(output, Some(BacktestOutput::Failed { .. }));
        if self.series_done < self.outputs.len() {
            CandidateStatus::Cancelled
        } else if self.outputs.iter().all(is_failure) {
            CandidateStatus::Failed
        } else {
            CandidateStatus::Completed
        }
    }

    /// The first failure's code and message.
    pub(super) fn failure(&self) -> Option<(String, String)> {
        self.outputs.iter().flatten().find_map(|output| match output {
            BacktestOutput::Failed { code, message } => Some((code.clone(), message.clone())),
            BacktestOutput::Done { .. } => None,
        })
    }

    pub(super) fn end(&self, now_us: i64) -> CandidateEnd {
        let status = self.status();
        CandidateEnd {
            ordinal: self.ordinal,
            status,
            series_done: self.series_done,
            error: self.failure().filter(|_| status == CandidateStatus::Failed),
            started_us: self.started_us,
            ended_us: self.ended_us.unwrap_or(now_us),
        }
    }
}

/// Where a race writes its progress.
pub(super) struct Progress<'a> {
    pub write: &'a WriteDb,
    pub clock: &'a SharedClock,
}

impl Progress<'_> {
    /// Writes rows that only show how far the run is. The run's end writes them again, so a failure here costs a
    /// stale poll and nothing else.
    async fn show(
        &self,
        run: RunId,
        update: impl AsyncFnOnce(&sea_orm::DatabaseTransaction) -> Result<(), DbErr>,
    ) {
        if let Err(error) = self.write.write("show comparison progress", update).await {
            tracing::warn!(run.id = %run, %error, "a candidate's progress could not be written");
        }
    }

    pub(super) async fn begin(&self, run: RunId) {
        let now_us = self.clock.now_us();
        self.show(run, async |tx| rows::mark_running(tx, run, now_us).await).await;
    }
}

struct Race<'a> {
    cx: &'a RunContext,
    progress: &'a Progress<'a>,
    spec: &'a Spec,
    panel: &'a Panel,
    lanes: Vec<Lane>,
    done: usize,
}

/// Runs every candidate on every series, as far as nobody cancels. Candidates go one after another through the
/// series, so that a cancelled race of many series has finished candidates to keep.
pub(super) async fn race(
    cx: &RunContext,
    progress: &Progress<'_>,
    spec: &Spec,
    panel: &Panel,
) -> Result<Vec<Lane>, Stop> {
    let series = panel.series.len();
    let lanes = (0..spec.candidates.len()).map(|ordinal| Lane::new(cx.run_id(), ordinal, series)).collect();
    let mut race = Race { cx, progress, spec, panel, lanes, done: 0 };
    for lane in &race.lanes {
        tell::announce(cx, spec, lane).await?;
    }
    let places: Vec<(usize, usize)> =
        (0..spec.candidates.len()).flat_map(|ordinal| (0..series).map(move |at| (ordinal, at))).collect();
    for batch in places.chunks(BATCH) {
        if cx.is_cancelled() {
            break;
        }
        let inputs = batch.iter().map(|&(ordinal, at)| race.input(ordinal, at)).collect();
        let mut events = cx.fan_out::<BacktestShard>(inputs);
        while let Some(event) = events.recv().await {
            race.take(batch, event).await?;
        }
    }
    race.close().await?;
    Ok(race.lanes)
}

impl Race<'_> {
    fn input(&self, ordinal: usize, at: usize) -> BacktestInput {
        let asked = &self.spec.candidates[ordinal];
        BacktestInput {
            series: self.panel.series[at].clone(),
            model_type: asked.model_type.clone(),
            params: asked.params.clone(),
            season_length: self.spec.season_length,
            feature_frame: self.spec.feature_frame.clone(),
            split: self.spec.split,
        }
    }

    async fn take(
        &mut self,
        batch: &[(usize, usize)],
        event: ShardEvent<BacktestOutput>,
    ) -> Result<(), Stop> {
        match event {
            ShardEvent::Started { index } => self.start(batch[index].0).await,
            ShardEvent::Done { index, output } => self.finish(batch[index], output).await,
            ShardEvent::Failed { index, message } => {
                let output = BacktestOutput::Failed { code: "BACKTEST_FAILED".to_owned(), message };
                self.finish(batch[index], output).await
            }
            ShardEvent::Stopped { reason: Stop::Cancelled, .. } => Ok(()),
            ShardEvent::Stopped { reason, .. } => Err(reason),
        }
    }

    async fn start(&mut self, ordinal: usize) -> Result<(), Stop> {
        let lane = &mut self.lanes[ordinal];
        if lane.started_us.is_some() {
            return Ok(());
        }
        let (run, now_us) = (self.cx.run_id(), self.progress.clock.now_us());
        lane.started_us = Some(now_us);
        tell::start(self.cx, self.spec, lane).await?;
        self.progress
            .show(run, async |tx| rows::mark_candidate_running(tx, run, ordinal, 0, now_us).await)
            .await;
        Ok(())
    }

    async fn finish(&mut self, (ordinal, at): (usize, usize), output: BacktestOutput) -> Result<(), Stop> {
        // A stored result comes without a start.
        self.start(ordinal).await?;
        let lane = &mut self.lanes[ordinal];
        lane.outputs[at] = Some(output);
        lane.series_done += 1;
        let is_last = lane.series_done == lane.outputs.len();
        self.done += 1;
        let total = self.lanes.len() * self.panel.series.len();
        // A hundred steps are enough for any bar.
        let is_step = self.done * 100 / total != (self.done - 1) * 100 / total;
        if is_last {
            self.end(ordinal).await?;
        } else if is_step {
            self.show_series_done(ordinal).await;
        }
        if is_step { tell::progress(self.cx, self.done, total).await } else { Ok(()) }
    }

    async fn show_series_done(&self, ordinal: usize) {
        let (run, now_us) = (self.cx.run_id(), self.progress.clock.now_us());
        let series_done = self.lanes[ordinal].series_done;
        self.progress
            .show(run, async |tx| rows::mark_candidate_running(tx, run, ordinal, series_done, now_us).await)
            .await;
    }

    async fn end(&mut self, ordinal: usize) -> Result<(), Stop> {
        let now_us = self.progress.clock.now_us();
        let lane = &mut self.lanes[ordinal];
        lane.ended_us = Some(now_us);
        let (run, end) = (self.cx.run_id(), lane.end(now_us));
        tell::end(self.cx, self.spec, lane).await?;
        self.progress.show(run, async |tx| rows::mark_candidate_ended(tx, run, &end).await).await;
        Ok(())
    }

    /// Says of every candidate that did not finish that it was stopped.
    async fn close(&mut self) -> Result<(), Stop> {
        for ordinal in 0..self.lanes.len() {
            if self.lanes[ordinal].ended_us.is_none() {
                self.end(ordinal).await?;
            }
        }
        Ok(())
    }
}
