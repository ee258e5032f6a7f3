//! The race: every candidate on every series, as shards on the compute pool. Events become frames and rows as they
//! come; what they add up to does not depend on their order.
//!
//! Candidates that learn from one series go first; with racing, costly ones run on a sample of the series and only go on if
//! they have not lost there already. A candidate that learns from all series is one shard; its trial learns from the sample.

use evaluation::racing::{self, Dropped};
use evaluation::{BLOCK, FoldResult};
use kernel::{Digest, RunId, SharedClock, WriteDb, figure};
use runs::{Results, RunContext, ShardEvent, Stop};
use sea_orm::DbErr;
use wire::model_selection::{CandidateModel, Racing, Scope};

use super::lane::{DROPPED, Lane};
use super::rows;
use super::shard::{BacktestInput, BacktestOutput, BacktestShard};
use super::spec::Spec;
use super::tell;
use crate::panel::Panel;

/// The code of a backtest that broke off for no reason of its own.
const FAILED: &str = "BACKTEST_FAILED";

/// So many shards are under way at once; after a cancel a batch without stored results is the last.
const BATCH: usize = 64;

/// Where a race writes its progress.
pub(super) struct Progress<'a> {
    pub write: &'a WriteDb,
    pub clock: &'a SharedClock,
    /// When the work of an earlier attempt stopped, in one that was cancelled before it began and only gathers what is
    /// stored: no candidate worked any longer.
    pub stopped_us: Option<i64>,
}

impl Progress<'_> {
    /// The moment of the work that is told.
    pub(super) fn now_us(&self) -> i64 {
        self.stopped_us.unwrap_or_else(|| self.clock.now_us())
    }

    /// Writes rows that only show how far the run is. The run's end writes them again, so a failure here costs a
    /// stale poll and nothing else.
    async fn show(
        &self,
        run: RunId,
        update: impl AsyncFnOnce(&sea_orm::DatabaseTransaction) -> Result<(), DbErr>,
    ) {
        if let Err(error) = self.write.write("show comparison progress", update).await {
            kernel::warn_seldom!(run.id = %run, %error, "a candidate's progress could not be written");
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
    /// The panel as shards name it.
    fleet: Digest,
    lanes: Vec<Lane>,
    done: usize,
}

/// Runs every candidate on every series, as far as nobody cancels. All quick candidates run on one block of series before the
/// next comes, so that a cancelled race of many series has series to compare them on.
pub(super) async fn race(
    cx: &RunContext,
    progress: &Progress<'_>,
    spec: &Spec,
    panel: &Panel,
) -> Result<Vec<Lane>, Stop> {
    let series = panel.series.len();
    let lanes = (0..spec.candidates.len()).map(|ordinal| Lane::new(cx.run_id(), ordinal, series)).collect();
    let mut race = Race { cx, progress, spec, panel, fleet: spec.panel(), lanes, done: 0 };
    for lane in &race.lanes {
        tell::announce(cx, spec, lane).await?;
    }
    let tiers: Vec<Tier> = spec.candidates.iter().map(|asked| Tier::of(asked, spec.racing)).collect();
    let of_tier =
        |wanted: Tier| -> Vec<usize> { (0..tiers.len()).filter(|&at| tiers[at] == wanted).collect() };
    let cheap = of_tier(Tier::Series);
    let order = by_length(panel);
    let pieces = order
        .chunks(race.stride(&cheap))
        .flat_map(|block| cheap.iter().map(move |&ordinal| (ordinal, block)));
    let works: Vec<Work> = pieces.flat_map(|(ordinal, block)| race.works(ordinal, block)).collect();
    race.run(&works).await?;
    for ordinal in of_tier(Tier::Raced) {
        race.run_raced(ordinal).await?;
    }
    for ordinal in of_tier(Tier::Panel) {
        race.run(&[Work { ordinal, series: (0..series).collect() }]).await?;
    }
    for ordinal in of_tier(Tier::RacedPanel) {
        race.run_raced_together(ordinal).await?;
    }
    race.close().await?;
    Ok(race.lanes)
}

/// The series, those of one length together: a block of them shares its passes.
fn by_length(panel: &Panel) -> Vec<usize> {
    let mut order: Vec<usize> = (0..panel.series.len()).collect();
    order.sort_by_key(|&at| panel.series[at].len());
    order
}

/// A shard: a candidate on some series.
struct Work {
    ordinal: usize,
    series: Vec<usize>,
}

/// How a candidate is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tier {
    /// On each series.
    Series,
    /// On a sample first.
    Raced,
    /// On all series together.
    Panel,
    /// On a sample together first.
    RacedPanel,
}

impl Tier {
    fn of(asked: &CandidateModel, racing: Racing) -> Self {
        match forecast::catalog_entry(&asked.model_type) {
            Some(entry) if entry.costly && racing == Racing::Costly => match entry.scope {
                Scope::Panel => Self::RacedPanel,
                Scope::Series => Self::Raced,
            },
            Some(entry) if entry.scope == Scope::Panel => Self::Panel,
            _ => Self::Series,
        }
    }
}

/// One in so many series is in the sample, so that the sample saves nine tenths of the work of a candidate that loses.
const ONE_IN: usize = 10;

impl Race<'_> {
    /// Runs candidates on series, as far as nobody cancels. After that only what an earlier attempt has stored is taken;
    /// it worked in the same order, so where a whole batch has nothing, nothing follows.
    async fn run(&mut self, works: &[Work]) -> Result<(), Stop> {
        for batch in works.chunks(BATCH) {
            if self.is_over() {
                break;
            }
            let done = self.done;
            let inputs = batch.iter().map(|work| self.input(work)).collect();
            let mut events = self.cx.fan_out::<BacktestShard>(inputs, Results::Reuse);
            while let Some(event) = events.recv().await {
                self.take(batch, event).await?;
            }
            if self.cx.is_cancelled() && self.done == done {
                break;
            }
        }
        Ok(())
    }

    /// After so many series the other candidates have their turn: few where one is slow, or the quick ones would be far
    /// ahead of it when somebody cancels.
    fn stride(&self, ordinals: &[usize]) -> usize {
        if ordinals.iter().any(|&ordinal| self.is_costly(ordinal)) { BLOCK / 8 } else { BLOCK }
    }

    fn is_costly(&self, ordinal: usize) -> bool {
        let entry = forecast::catalog_entry(&self.spec.candidates[ordinal].model_type);
        entry.is_some_and(|entry| entry.costly)
    }

    /// A candidate on these series, in pieces of what is quick together.
    fn works(&self, ordinal: usize, series: &[usize]) -> Vec<Work> {
        let size = if self.is_costly(ordinal) { 1 } else { BLOCK };
        series.chunks(size).map(|series| Work { ordinal, series: series.to_vec() }).collect()
    }

    /// Cancelled, and no earlier attempt can have stored anything.
    fn is_over(&self) -> bool {
        self.cx.is_cancelled() && self.cx.attempt() == 1
    }

    /// One series in so many, spread over all, and the others.
    fn parted(&self) -> (Vec<usize>, Vec<usize>) {
        let series = self.panel.series.len();
        let step = (series / racing::LEAST_SERIES).clamp(1, ONE_IN);
        (0..series).partition(|at| at.is_multiple_of(step))
    }

    /// Runs a costly candidate on a sample of the series, and on the rest unless it has lost.
    async fn run_raced(&mut self, ordinal: usize) -> Result<(), Stop> {
        let (sample, rest) = self.parted();
        self.run(&self.works(ordinal, &sample)).await?;
        let lost = self.has_lost(&sample, |at| self.lanes[ordinal].folds(at)).filter(|_| !rest.is_empty());
        match lost {
            Some(message) => self.drop_on(ordinal, rest, &message).await,
            None => self.run(&self.works(ordinal, &rest)).await,
        }
    }

    /// The same for one that learns from all series together: the trial learns from the sample, and unless that has lost, all
    /// series are begun anew.
    async fn run_raced_together(&mut self, ordinal: usize) -> Result<(), Stop> {
        let (sample, rest) = self.parted();
        let all = Work { ordinal, series: (0..self.panel.series.len()).collect() };
        if rest.is_empty() || self.is_over() {
            return self.run(&[all]).await;
        }
        self.start(ordinal).await?;
        let trial = Work { ordinal, series: sample };
        let mut events = self.cx.fan_out::<BacktestShard>(vec![self.input(&trial)], Results::Reuse);
        let mut outputs = Vec::new();
        while let Some(event) = events.recv().await {
            match event {
                ShardEvent::Done { output, .. } => outputs = output,
                ShardEvent::Stopped { reason: Stop::Cancelled, .. } => return Ok(()),
                ShardEvent::Stopped { reason, .. } => return Err(reason),
                // What is wrong with it is told of all series.
                ShardEvent::Started { .. } | ShardEvent::Failed { .. } => {}
            }
        }
        let folds = |at: usize| match outputs.get(trial.series.binary_search(&at).ok()?) {
            Some(BacktestOutput::Done { backtest }) => Some(backtest.folds.as_slice()),
            _ => None,
        };
        let Some(message) = self.has_lost(&trial.series, folds) else { return self.run(&[all]).await };
        for (at, output) in trial.series.into_iter().zip(outputs) {
            self.finish((ordinal, at), output).await?;
        }
        self.drop_on(ordinal, rest, &message).await
    }

    /// Ends a candidate that has lost elsewhere.
    async fn drop_on(&mut self, ordinal: usize, rest: Vec<usize>, reason: &str) -> Result<(), Stop> {
        let name = &self.spec.candidates[ordinal].model_type;
        let is_of_panel = forecast::catalog_entry(name).is_some_and(|entry| entry.scope == Scope::Panel);
        let alone = if is_of_panel { "; it learned from these alone" } else { "" };
        let message = format!("{reason}{alone}");
        tell::dropped(self.cx, self.spec, &self.lanes[ordinal], &message).await?;
        for at in rest {
            let output = BacktestOutput::Failed { code: DROPPED.to_owned(), message: message.clone() };
            self.finish((ordinal, at), output).await?;
        }
        Ok(())
    }

    /// A sentence if a candidate with these folds has lost on these series to one that finished all of them.
    fn has_lost<'f>(
        &'f self,
        sample: &[usize],
        folds: impl Fn(usize) -> Option<&'f [FoldResult]>,
    ) -> Option<String> {
        let is_whole = |lane: &&Lane| {
            lane.outputs.iter().all(|output| matches!(output, Some(BacktestOutput::Done { .. })))
        };
        let finished: Vec<&Lane> = self.lanes.iter().filter(is_whole).collect();
        let of_series = |&at: &usize| {
            finished.iter().map(|lane| lane.folds(at)).chain([folds(at)]).collect::<Option<Vec<_>>>()
        };
        let all: Vec<Vec<&[FoldResult]>> = sample.iter().filter_map(of_series).collect();
        let Dropped { lost_to, series, lead, p_value } =
            racing::verdict(&all, self.spec.ranking_metric.weighs_series())?;
        let name = |ordinal: usize| &self.spec.candidates[ordinal].model_type;
        Some(format!(
            "dropped after {series} of {} series: there the error of {} is {} % below its own (p = {})",
            self.panel.series.len(),
            name(finished[lost_to].ordinal),
            figure(100.0 * lead, 1),
            figure(p_value, 3)
        ))
    }

    fn input(&self, work: &Work) -> BacktestInput {
        let asked = &self.spec.candidates[work.ordinal];
        BacktestInput {
            panel: self.fleet,
            series: work.series.clone(),
            model_type: asked.model_type.clone(),
            params: asked.params.clone(),
            season_length: self.spec.season_length,
            feature_frame: self.spec.feature_frame.clone(),
            split: self.spec.split,
        }
    }

    async fn take(&mut self, batch: &[Work], event: ShardEvent<Vec<BacktestOutput>>) -> Result<(), Stop> {
        let (Work { ordinal, series }, outputs) = match event {
            ShardEvent::Started { index } => return self.start(batch[index].ordinal).await,
            ShardEvent::Done { index, output, .. } => (&batch[index], output),
            ShardEvent::Failed { index, message } => {
                let output = BacktestOutput::Failed { code: FAILED.to_owned(), message };
                (&batch[index], vec![output; batch[index].series.len()])
            }
            ShardEvent::Stopped { reason: Stop::Cancelled, .. } => return Ok(()),
            ShardEvent::Stopped { reason, .. } => return Err(reason),
        };
        for (&at, output) in series.iter().zip(outputs) {
            self.finish((*ordinal, at), output).await?;
        }
        Ok(())
    }

    async fn start(&mut self, ordinal: usize) -> Result<(), Stop> {
        let lane = &mut self.lanes[ordinal];
        if lane.started_us.is_some() {
            return Ok(());
        }
        let (run, now_us) = (self.cx.run_id(), self.progress.now_us());
        lane.started_us = Some(now_us);
        tell::start(self.cx, self.spec, lane).await?;
        self.progress
            .show(run, async |tx| rows::mark_candidate_running(tx, run, ordinal, 0, now_us).await)
            .await;
        Ok(())
    }

    async fn finish(
        &mut self,
        (ordinal, at): (usize, usize),
        mut output: BacktestOutput,
    ) -> Result<(), Stop> {
        // A stored result comes without a start.
        self.start(ordinal).await?;
        if let BacktestOutput::Done { backtest } = &mut output {
            backtest.slim(self.lanes.iter().find_map(|lane| lane.folds(at)));
        }
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
        let (run, now_us) = (self.cx.run_id(), self.progress.now_us());
        let series_done = self.lanes[ordinal].series_done;
        self.progress
            .show(run, async |tx| rows::mark_candidate_running(tx, run, ordinal, series_done, now_us).await)
            .await;
    }

    async fn end(&mut self, ordinal: usize) -> Result<(), Stop> {
        let now_us = self.progress.now_us();
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
