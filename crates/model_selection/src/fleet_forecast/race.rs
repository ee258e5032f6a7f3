//! The race of a forecast: every candidate on every series, in blocks that end one after the other.
//!
//! A sample of the fleet goes first and says what the fleet says to each of its series; a small fleet is its own sample. Then
//! each block is forecast to its end before it is written, so that no more than two blocks and the sample are in memory,
//! whatever the number of series. Only a candidate that learns from all series together is given all of them at once.
//!
//! A block that ended is a step in the ledger with the digest of what its shards gave: stored results that differ are not taken.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use evaluation::BLOCK;
use evaluation::outlook::{Fleet as Says, Judgement, Question, Said, judge, learn};
use frames::{Body, StepStatus};
use futures::stream::{self, StreamExt as _};
use kernel::{Digest, Hasher};
use runs::{Failure, Results, RunContext, ShardEvent, ShardKind};
use series::Series;
use wire::model_selection::{Interval, Scope};

use super::fleet::Fleet;
use super::kind::{Error, Spec};
use super::outlook_shard::{Block, OutlookInput, OutlookShard, Voice};
use super::plan::Plan;
use super::result::Writer;
use super::shard::{SayInput, SayOutput, SayShard};
use super::tell;
use crate::panel::{LoadError, Panel};
use crate::plan::MAX_DATES;

/// Rows of the series of a shard, as long as it has a pass of them: enough work for what it costs to keep its result.
const ROWS_OF_A_SHARD: usize = 1 << 16;
/// Passes of a shard at most.
const PASSES_OF_A_SHARD: usize = 8;
/// Blocks under way at once: one is read and written while another is computed.
const AT_ONCE: usize = 2;

/// A race on its way.
pub(super) struct Race<'a> {
    cx: &'a RunContext,
    spec: &'a Spec,
    plan: Arc<Plan>,
    fleet: &'a Fleet,
    /// Of all series those that speak for the fleet.
    sample: Vec<usize>,
    /// These series.
    speakers: Arc<Panel>,
    /// The digests of steps that earlier executions recorded.
    recorded: BTreeMap<String, Digest>,
    /// Pairs of a candidate and a series that are done.
    done: AtomicUsize,
}

/// What candidates say: each of the sample, those of all series together of every series.
struct Heard {
    of_sample: Vec<Vec<Option<Said>>>,
    /// One per candidate that learns from all series.
    of_panel: Vec<Vec<Option<Said>>>,
}

/// What shards gave, in their order, and the digest of it.
struct Given<O> {
    outputs: Vec<O>,
    digest: Digest,
}

type Raced<T> = Result<T, Failure<Error>>;

/// The digests of the steps that a record tells of.
pub(super) async fn recorded(cx: &RunContext) -> Raced<BTreeMap<String, Digest>> {
    let mut steps = BTreeMap::new();
    for frame in cx.history().await? {
        if let Body::StepCompleted(step) = frame.body
            && step.status == StepStatus::Pass
            && let Some(digest) = step.data.get(tell::DIGEST).and_then(|digest| digest.as_str()?.parse().ok())
        {
            steps.insert(step.step, digest);
        }
    }
    Ok(steps)
}

impl<'a> Race<'a> {
    pub(super) fn new(
        cx: &'a RunContext,
        spec: &'a Spec,
        plan: Arc<Plan>,
        fleet: &'a Fleet,
        (sample, speakers): (Vec<usize>, Arc<Panel>),
        recorded: BTreeMap<String, Digest>,
    ) -> Self {
        Self { cx, spec, plan, fleet, sample, speakers, recorded, done: AtomicUsize::new(0) }
    }

    /// Runs it to its end, block by block into the writer; gives the share of outcomes inside the intervals of each level.
    pub(super) async fn run(&self, writer: &mut Writer) -> Raced<Vec<f64>> {
        let heard = Arc::new(self.hear().await?);
        let says = self.learn(Arc::clone(&heard)).await?;
        let digest = self.part(&"fleet");
        let says = self.cx.hold(digest, says);
        let blocks = stream::iter(self.fleet.blocks.iter().cloned().enumerate())
            .map(|(at, block)| self.block(at, block, (digest, Arc::clone(&says)), Arc::clone(&heard)));
        let mut blocks = std::pin::pin!(blocks.buffered(AT_ONCE));
        while let Some(ended) = blocks.next().await {
            let (block, judged) = ended?;
            self.cx.check()?;
            writer.add(self.cx, block, judged).await?;
        }
        Ok(says.coverage.clone())
    }

    /// What is read and how it is judged, with a part of it, as shards name it.
    fn part(&self, part: &impl serde::Serialize) -> Digest {
        let Plan { folding, season, loss, .. } = &*self.plan;
        let asked = (self.voices(), folding, season, loss, self.spec.horizon, self.spec.decision, part);
        self.spec.part(&asked)
    }

    fn voices(&self) -> Vec<Voice> {
        let voice = |one: &evaluation::choose::candidates::Candidate| Voice {
            model: one.spec.clone(),
            role: one.role,
        };
        self.plan.candidates.iter().map(voice).collect()
    }

    fn is_of_panel(&self, candidate: usize) -> bool {
        self.plan.candidates[candidate].spec.scope() == Scope::Panel
    }

    /// What the candidates say of the sample, and those of all series of all.
    async fn hear(&self) -> Raced<Heard> {
        let candidates = self.plan.candidates.len();
        let (panel, each): (Vec<usize>, Vec<usize>) = (0..candidates).partition(|&one| self.is_of_panel(one));
        let mut order: Vec<usize> = (0..self.sample.len()).collect();
        order.sort_by_key(|&at| self.speakers.series[at].len());
        let blocks = order.chunks(BLOCK).flat_map(|block| each.iter().map(move |&one| (one, block.to_vec())));
        let works: Vec<(usize, Vec<usize>)> = blocks
            .map(|(one, block)| {
                (one, block.into_iter().filter(|&at| self.weighs(one, &self.speakers.series[at])).collect())
            })
            .filter(|(_, block): &(usize, Vec<usize>)| !block.is_empty())
            .collect();
        let of_sample = self.said(("sample", 0), &works, self.sample_digest(), self.sample.len()).await?;
        let mut of_panel = Vec::new();
        if !panel.is_empty() {
            let all = self.all().await?;
            let works: Vec<_> = panel
                .iter()
                .filter(|&&one| all.1.series.iter().any(|series| self.weighs(one, series)))
                .map(|&one| (one, (0..self.fleet.len()).collect()))
                .collect();
            let mut said = self.said(("panel", 1), &works, all.0, self.fleet.len()).await?;
            of_panel = panel.iter().map(|&one| std::mem::take(&mut said[one])).collect();
        }
        Ok(Heard { of_sample, of_panel })
    }

    /// Whether what a candidate says of a series counts.
    fn weighs(&self, candidate: usize, series: &Series) -> bool {
        self.plan.given.as_ref().is_none_or(|given| given.of(series.name())[candidate] > 0.0)
    }

    fn sample_digest(&self) -> Digest {
        self.spec.part(&("sample", &self.sample))
    }

    /// Every series at once, for models that learn from them all.
    async fn all(&self) -> Raced<(Digest, Arc<Panel>)> {
        if self.sample.len() == self.fleet.len() {
            return Ok((self.sample_digest(), Arc::clone(&self.speakers)));
        }
        let rows = self.fleet.dates.iter().sum::<usize>() as u64;
        if rows > MAX_DATES {
            let error = LoadError::CalendarTooLong { rows, limit: MAX_DATES };
            return Err(Error::Load(error).into());
        }
        let digest = self.spec.part(&"all");
        let series = self.fleet.read(self.cx, self.spec, 0..self.fleet.len()).await?;
        Ok((digest, self.cx.hold(digest, Panel { series })))
    }

    /// What each candidate says of each of these series.
    async fn said(
        &self,
        step: (&str, usize),
        works: &[(usize, Vec<usize>)],
        panel: Digest,
        series: usize,
    ) -> Raced<Vec<Vec<Option<Said>>>> {
        let input = |(candidate, series): &(usize, Vec<usize>)| SayInput {
            fleet: panel,
            series: series.clone(),
            model: self.plan.candidates[*candidate].spec.clone(),
            folding: self.plan.folding,
            horizon: self.spec.horizon,
        };
        let inputs = || works.iter().map(input).collect();
        let given = self.step::<SayShard>(step, series, &inputs, &|work| works[work].1.len()).await?;
        let mut said = vec![vec![None; series]; self.plan.candidates.len()];
        for ((candidate, series), outputs) in works.iter().zip(given) {
            for (&at, output) in series.iter().zip(outputs) {
                said[*candidate][at] = SayOutput::into_said(output);
            }
        }
        Ok(said)
    }

    async fn learn(&self, heard: Arc<Heard>) -> Raced<Says> {
        let (plan, speakers, sample) =
            (Arc::clone(&self.plan), Arc::clone(&self.speakers), self.sample.clone());
        let is_fleet = self.fleet.len() > 1;
        let learned = move || {
            let series: Vec<&Series> = speakers.series.iter().collect();
            let said = heard.of(&plan, &sample, &(0..sample.len()).collect::<Vec<_>>());
            let given = plan.given.as_ref().map(|given| given.of_each(&series));
            learn(&question(&plan, is_fleet, given.as_deref()), &series, &said)
        };
        Ok(self.cx.compute(learned).await?)
    }

    /// The forecasts of a block, in the order of its series.
    async fn block(
        &self,
        at: usize,
        places: Range<usize>,
        (says_digest, says): (Digest, Arc<Says>),
        heard: Arc<Heard>,
    ) -> Raced<(Arc<Block>, Vec<Judgement>)> {
        let series = self.fleet.read(self.cx, self.spec, places.clone()).await?;
        let of_panel = heard.of_panel.iter().map(|said| said[places.clone()].to_vec()).collect();
        let digest = self.part(&("block", &places));
        let block = self.cx.hold(digest, Block { series, of_panel });
        let first = self.sample.partition_point(|one| *one < places.start);
        let speaking = first..self.sample.partition_point(|one| *one < places.end);
        let known: Vec<usize> = self.sample[speaking.clone()].iter().map(|one| one - places.start).collect();
        let mut rest: Vec<usize> = (0..places.len()).filter(|at| known.binary_search(at).is_err()).collect();
        rest.sort_by_key(|&at| block.series[at].len());
        let shards = shards(&rest, &block);
        let inputs = || shards.iter().map(|series| self.input(&block, digest, series, says_digest)).collect();
        let each = (0..self.plan.candidates.len()).filter(|&one| !self.is_of_panel(one)).count();
        let pairs = |shard: usize| shards[shard].len() * each;
        let outputs = if rest.is_empty() {
            Vec::new()
        } else {
            let step = format!("block {} of {}", at + 1, self.fleet.blocks.len());
            self.step::<OutlookShard>((&step, at + 2), rest.len(), &inputs, &pairs).await?
        };
        let mut judged: Vec<Option<Judgement>> = (0..places.len()).map(|_| None).collect();
        for (&at, output) in shards.iter().copied().flatten().zip(outputs.into_iter().flatten()) {
            judged[at] = Some(output.into());
        }
        let of_known = self.judge(Arc::clone(&block), known.clone(), speaking, says, heard).await?;
        known.into_iter().zip(of_known).for_each(|(at, one)| judged[at] = Some(one));
        Ok((block, judged.into_iter().map(|one| one.expect("each is known or computed")).collect()))
    }

    fn input(&self, block: &Block, digest: Digest, series: &[usize], fleet: Digest) -> OutlookInput {
        let given = self.plan.given.as_ref();
        OutlookInput {
            block: digest,
            series: series.to_vec(),
            fleet,
            candidates: self.voices(),
            folding: self.plan.folding,
            season: self.plan.season,
            horizon: self.spec.horizon,
            loss: self.plan.loss,
            given: given
                .map(|given| given.of_each(&series.iter().map(|&at| &block.series[at]).collect::<Vec<_>>())),
        }
    }

    /// The forecasts of series of a block that are of the sample, by what was said of them already.
    async fn judge(
        &self,
        block: Arc<Block>,
        known: Vec<usize>,
        speaking: Range<usize>,
        says: Arc<Says>,
        heard: Arc<Heard>,
    ) -> Raced<Vec<Judgement>> {
        let (plan, sample, is_fleet) = (Arc::clone(&self.plan), self.sample.clone(), self.fleet.len() > 1);
        let judged = move || {
            let series: Vec<&Series> = known.iter().map(|&at| &block.series[at]).collect();
            let said = heard.of(&plan, &sample, &speaking.collect::<Vec<_>>());
            let given = plan.given.as_ref().map(|given| given.of_each(&series));
            judge(&question(&plan, is_fleet, given.as_deref()), &says, &series, &said)
        };
        Ok(self.cx.compute(judged).await?)
    }

    /// What shards give, which is one step of the record. If an earlier execution recorded it, this is what it recorded.
    async fn step<S: ShardKind>(
        &self,
        (step, index): (&str, usize),
        series: usize,
        inputs: &impl Fn() -> Vec<S::Input>,
        pairs: &impl Fn(usize) -> usize,
    ) -> Raced<Vec<S::Output>> {
        let started = self.cx.clock().now();
        let place = tell::Step { name: step, index, blocks: self.fleet.blocks.len() };
        if !self.recorded.contains_key(step) {
            tell::step_started(self.cx, &place).await?;
        }
        let mut given = self.shards::<S>(inputs(), Results::Reuse, pairs).await?;
        match self.recorded.get(step) {
            Some(recorded) if *recorded == given.digest => return Ok(given.outputs),
            Some(recorded) => {
                given = self.shards::<S>(inputs(), Results::Ignore, &|_| 0).await?;
                if given.digest != *recorded {
                    let (recorded, found) = (*recorded, given.digest);
                    return Err(Error::Differs { step: step.to_owned(), recorded, found }.into());
                }
            }
            None => {
                let ended =
                    tell::Ended { series, digest: given.digest, took: self.cx.clock().now() - started };
                tell::step_ended(self.cx, &place, &ended).await?;
            }
        }
        Ok(given.outputs)
    }

    async fn shards<S: ShardKind>(
        &self,
        inputs: Vec<S::Input>,
        results: Results,
        pairs: &impl Fn(usize) -> usize,
    ) -> Raced<Given<S::Output>> {
        let mut found: Vec<Option<(S::Output, Digest)>> = inputs.iter().map(|_| None).collect();
        let mut events = self.cx.fan_out::<S>(inputs, results);
        while let Some(event) = events.recv().await {
            match event {
                ShardEvent::Started { .. } => {}
                ShardEvent::Done { index, output, digest } => {
                    found[index] = Some((output, digest));
                    self.progress(pairs(index)).await?;
                }
                ShardEvent::Stopped { reason, .. } => return Err(reason.into()),
                ShardEvent::Failed { message, .. } => return Err(Error::Broken { message }.into()),
            }
        }
        self.cx.check()?;
        let mut hasher = Hasher::default();
        let mut outputs = Vec::with_capacity(found.len());
        for (output, digest) in found.into_iter().flatten() {
            hasher = hasher.chain(digest.as_bytes());
            outputs.push(output);
        }
        Ok(Given { outputs, digest: hasher.finish() })
    }

    async fn progress(&self, pairs: usize) -> Raced<()> {
        let total = self.fleet.len() * self.plan.candidates.len();
        let before = self.done.fetch_add(pairs, Ordering::Relaxed);
        let done = (before + pairs).min(total);
        // A hundred steps are enough for any bar.
        if done * 100 / total != before.min(total) * 100 / total {
            tell::progress(self.cx, done, total).await?;
        }
        Ok(())
    }
}

impl Heard {
    /// What each candidate says of these series of the sample.
    fn of(&self, plan: &Plan, sample: &[usize], speaking: &[usize]) -> Vec<Vec<Option<Said>>> {
        let mut of_panel = self.of_panel.iter();
        let of_one = |(candidate, of_sample): (usize, &Vec<Option<Said>>)| {
            if plan.candidates[candidate].spec.scope() != Scope::Panel {
                return speaking.iter().map(|&at| of_sample[at].clone()).collect();
            }
            let said = of_panel.next().expect("there is one per candidate that learns from all series");
            speaking.iter().map(|&at| said[sample[at]].clone()).collect()
        };
        self.of_sample.iter().enumerate().map(of_one).collect()
    }
}

fn question<'a>(plan: &'a Plan, is_fleet: bool, given: Option<&'a [Vec<f64>]>) -> Question<'a> {
    Question {
        candidates: &plan.candidates,
        folding: plan.folding,
        season: plan.season,
        loss: plan.loss,
        is_fleet,
        given,
        levels: &Interval::USUAL_LEVELS,
    }
}

/// Series of a block, which ascend by length, in shards.
fn shards<'a>(series: &'a [usize], block: &Block) -> Vec<&'a [usize]> {
    let rows = series.last().map_or(1, |&longest| block.series[longest].len());
    let passes = (ROWS_OF_A_SHARD / rows / BLOCK).clamp(1, PASSES_OF_A_SHARD);
    series.chunks(passes * BLOCK).collect()
}
