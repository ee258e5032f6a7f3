//! Candidates compared tournament by tournament, in ranges that any thread may take.

use kernel::{Digest, Seed, digest_json};
use runs::tell::phase;
use runs::{Failure, Objects, Results, RunContext, ShardEvent, ShardKind, Stop};
use serde::{Deserialize, Serialize};
use tournament::{Contest, Paired, Simulator, paired};

use crate::simulation::RANGE;
use crate::tell::RunError;

/// Everything that is compared.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) simulator: Simulator,
    /// Each candidate's contest, and its place among the entries there.
    pub(super) entries: Vec<(Contest, usize)>,
}

/// A range of simulations over what is compared.
#[derive(Debug)]
pub struct PairedShard;

/// Which.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Range {
    /// The digest of everything that is compared.
    pub compared: Digest,
    /// The first simulation.
    pub from: u64,
    /// The first one behind.
    pub to: u64,
}

/// Simulations between two questions whether to go on.
const STRETCH: u64 = 1 << 12;

impl ShardKind for PairedShard {
    const NAME: &'static str = "lab_paired";
    const VERSION: u32 = 1;
    type Input = Range;
    type Output = Paired;

    fn compute(range: &Range, objects: &Objects, keep_going: &dyn Fn() -> bool) -> Option<Paired> {
        let compared = objects.get::<Compared>(&range.compared).expect("the run holds what its shards name");
        let over = |part| paired(&compared.simulator, &compared.entries, part);
        let mut sum = over(range.from..range.from);
        let mut from = range.from;
        while from < range.to {
            if !keep_going() {
                return None;
            }
            let to = range.to.min(from + STRETCH);
            sum.add(&over(from..to));
            from = to;
        }
        Some(sum)
    }

    fn fits(range: &Range, found: &Paired) -> bool {
        found.simulations() == range.to - range.from
    }
}

/// Compares over the first `simulations` tournaments. `spec` is everything that `compared` is made from.
pub(super) async fn compare(
    cx: &RunContext,
    compared: Compared,
    (spec, seed): (&super::Spec, Seed),
    simulations: u64,
    index: u32,
) -> Result<Paired, Failure<RunError>> {
    let digest = digest_json(&(spec, seed)).expect("a spec is plain data");
    let _held = cx.hold(digest, compared);
    phase(cx, "compare", index, index).await?;
    let step = usize::try_from(RANGE).expect("a range is small");
    let range = |from| Range { compared: digest, from, to: simulations.min(from + RANGE) };
    let inputs: Vec<Range> = (0..simulations).step_by(step).map(range).collect();
    let mut left = inputs.len();
    let mut ended = cx.fan_out::<PairedShard>(inputs, Results::Reuse);
    let mut sum: Option<Paired> = None;
    while left > 0 {
        let gone = || RunError::Shard("the ranges of a comparison are gone".to_owned());
        match ended.recv().await.ok_or_else(gone)? {
            ShardEvent::Started { .. } => {}
            // Whole numbers: the order of adding does not matter.
            ShardEvent::Done { output, .. } => {
                match &mut sum {
                    Some(sum) => sum.add(&output),
                    None => sum = Some(output),
                }
                left -= 1;
            }
            ShardEvent::Stopped { .. } => return Err(Stop::Cancelled.into()),
            ShardEvent::Failed { message, .. } => return Err(RunError::Shard(message).into()),
        }
    }
    sum.ok_or_else(|| RunError::unreadable("a simulation of no tournament").into())
}
