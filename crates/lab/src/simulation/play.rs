//! Playing a plan: ranges out to the pool, counts back together in their order.

use std::sync::Arc;

use kernel::{Digest, Seed, digest_json};
use runs::tell::{phase, progress};
use runs::{Failure, Results, RunContext, ShardEvent, Stop};
use tournament::{Reach, Simulator, Tally, performances, reach};
use wire::lab::{Field, GameOutcomeResult, GameResult, SimulationSize, SnapshotContent};

use super::shard::{Plan, Range, Scored, SimulationShard};
use super::submit::{MOST_SIMULATIONS, Spec};
use crate::auction::Auction;
use crate::check::Wrong;
use crate::document::held;
use crate::field::Playing;
use crate::tell::RunError;

/// Everything a simulation is played in, but the seed.
#[derive(Debug)]
pub(crate) struct Arena {
    pub(crate) playing: Playing,
    pub(crate) auction: Auction,
    pub(crate) results: tournament::Results,
    pub(crate) pairs: tournament::PairTable,
    pub(crate) reach: Reach,
}

/// What is pinned, read.
pub(crate) async fn arena(spec: &Spec, cx: &RunContext) -> Result<Arena, Failure<RunError>> {
    let field = held::<Field>(cx, spec.auction.tournament.digest).await?.map_err(RunError::unreadable)?;
    let state = held::<Vec<GameResult>>(cx, spec.state.digest).await?.map_err(RunError::unreadable)?;
    let content =
        held::<SnapshotContent>(cx, spec.auction.snapshot.digest).await?.map_err(RunError::unreadable)?;
    let outcome =
        held::<GameOutcomeResult>(cx, spec.game_outcome.digest).await?.map_err(RunError::unreadable)?;
    let excluded = spec.excluded_entry_id;
    let made = cx
        .compute(move || Arena::new(&field, &state, &content, &outcome).map(|arena| arena.without(excluded)));
    Ok(made.await??)
}

impl Arena {
    pub(crate) fn new(
        field: &Field,
        state: &[GameResult],
        content: &SnapshotContent,
        outcome: &GameOutcomeResult,
    ) -> Result<Self, RunError> {
        let playing = Playing::read(field.clone()).map_err(RunError::unreadable)?;
        let auction = Auction::read(content, &playing).map_err(RunError::unreadable)?;
        let pairs = playing.pair_table(outcome).map_err(RunError::unreadable)?;
        let mut wrong = Wrong::default();
        let results = playing.results(state, "results", &mut wrong);
        wrong.into_result().map_err(RunError::unreadable)?;
        let reach = reach(&playing.bracket, &pairs, &results);
        Ok(Self { playing, auction, results, pairs, reach })
    }

    /// The same without an entry.
    pub(super) fn without(mut self, excluded: Option<wire::lab::EntryId>) -> Self {
        self.auction = self.auction.without(excluded);
        self
    }

    /// The simulator of a seed.
    pub(crate) fn simulator(&self, seed: Seed) -> Simulator {
        Simulator::new(&self.playing.bracket, &self.pairs, &self.results, seed)
    }
}

/// What was played.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) tally: Tally,
    pub(crate) blocks: Vec<Digest>,
    /// Whether it was stopped before all was played.
    pub(crate) is_cut: bool,
}

/// The digest of everything a plan is made from.
fn digest(spec: &Spec, seed: Seed, arena: &Arena) -> Digest {
    let entries: Vec<_> = arena.auction.entries.iter().map(|entry| (entry.entry_id, &entry.bids)).collect();
    let made_from = (
        spec.auction.tournament.digest,
        spec.state.digest,
        spec.auction.snapshot.digest,
        spec.game_outcome.digest,
        seed,
        entries,
    );
    digest_json(&made_from).expect("digests and bids are plain data")
}

/// Simulations of one range: a tenth of a second or so, few enough ranges for the largest run, and whole blocks of a seal.
pub(crate) const RANGE: u64 = 1 << 18;
/// Where a run that asks for a precision begins.
const FIRST_ROUND: u64 = 1 << 16;
/// Half the width of a 95 % interval, in standard errors.
const Z95: f64 = 1.959_963_984_540_054;

impl Played {
    /// Plays as many as were asked for. `name` is the phase that people see.
    pub(crate) async fn play(
        spec: &Spec,
        seed: Seed,
        arena: &Arena,
        cx: &RunContext,
        (name, index, total): (&str, u32, u32),
    ) -> Result<Self, Failure<RunError>> {
        let plan = Plan { simulator: arena.simulator(seed), contest: arena.auction.contest(&arena.playing) };
        let digest = digest(spec, seed, arena);
        let plan = cx.hold(digest, plan);
        phase(cx, name, index, total).await?;
        let rounds = Rounds { digest, is_sealed: spec.is_sealed, name };
        match spec.size {
            SimulationSize::NSims(n) => rounds.add(cx, None, 0..n).await,
            SimulationSize::Precision(precision) => rounds.until(cx, &plan, &arena.reach, precision).await,
        }
    }
}

/// The largest half width of a 95 % interval of any entry's chance of the first place.
pub(crate) fn half_width(contest: &tournament::Contest, tally: &Tally, reach: &Reach) -> f64 {
    let all = performances(contest, tally, reach);
    Z95 * all.iter().fold(0.0, |most: f64, one| most.max(one.p_top1.standard_error))
}

struct Rounds<'a> {
    digest: Digest,
    is_sealed: bool,
    name: &'a str,
}

impl Rounds<'_> {
    /// Rounds of simulations until the chances are as certain as asked. How many there are depends on what was counted
    /// and on nothing else.
    async fn until(
        &self,
        cx: &RunContext,
        plan: &Arc<Plan>,
        reach: &Reach,
        precision: f64,
    ) -> Result<Played, Failure<RunError>> {
        let mut played = self.add(cx, None, 0..FIRST_ROUND).await?;
        loop {
            let n = played.tally.simulations();
            let width = half_width(&plan.contest, &played.tally, reach);
            if played.is_cut || width <= precision || n >= MOST_SIMULATIONS {
                return Ok(played);
            }
            // The error falls with the root of the number; a little more, so that a second round is seldom needed.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "far below 2^63, and positive"
            )]
            let needed = (n as f64 * (width / precision).powi(2) * 1.02).ceil() as u64;
            let to = needed.max(n + 1).next_multiple_of(FIRST_ROUND).min(MOST_SIMULATIONS);
            played = self.add(cx, Some(played), n..to).await?;
        }
    }

    /// Plays a stretch and adds it to what there is. Stopped in the middle, what counts are the ranges before the first
    /// one that is missing, so that a cut run is the run of its own length.
    async fn add(
        &self,
        cx: &RunContext,
        before: Option<Played>,
        stretch: std::ops::Range<u64>,
    ) -> Result<Played, Failure<RunError>> {
        let range = |from| Range {
            plan: self.digest,
            from,
            to: stretch.end.min(from + RANGE),
            is_sealed: self.is_sealed,
        };
        let step = usize::try_from(RANGE).expect("a range is small");
        let inputs: Vec<Range> = (stretch.start..stretch.end).step_by(step).map(range).collect();
        let total = inputs.len();
        let mut ended = cx.fan_out::<SimulationShard>(inputs, Results::Reuse);
        let mut waiting: Vec<Option<Scored>> = (0..total).map(|_| None).collect();
        let mut sum = before;
        // Where the first range is missing; those before it were all begun, so that each of them is heard of.
        let mut limit = total;
        let (mut next, mut done, mut said) = (0_usize, 0_usize, 0_usize);
        while next < limit {
            let gone = || RunError::Shard("the ranges of a simulation are gone".to_owned());
            match ended.recv().await.ok_or_else(gone)? {
                ShardEvent::Started { .. } => {}
                ShardEvent::Done { index, output, .. } => {
                    waiting[index] = Some(output);
                    done += 1;
                    while let Some(scored) = waiting.get_mut(next).and_then(Option::take) {
                        sum = Some(together(sum, scored));
                        next += 1;
                    }
                    // Often at the beginning, so that a long run is seen to move.
                    if (done.is_power_of_two() || 50 * (done - said) >= total) && done < total {
                        said = done;
                        progress(cx, self.name, done, total).await?;
                    }
                }
                ShardEvent::Stopped { index, .. } => limit = limit.min(index),
                ShardEvent::Failed { message, .. } => return Err(RunError::Shard(message).into()),
            }
        }
        match sum {
            Some(played) => Ok(Played { is_cut: next < total, ..played }),
            None => Err(Stop::Cancelled.into()),
        }
    }
}

fn together(sum: Option<Played>, scored: Scored) -> Played {
    match sum {
        None => Played { tally: scored.tally, blocks: scored.blocks, is_cut: false },
        Some(mut sum) => {
            sum.tally.add(&scored.tally);
            sum.blocks.extend(scored.blocks);
            sum
        }
    }
}
