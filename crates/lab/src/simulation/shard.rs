//! A range of simulations, scored.

use kernel::Digest;
use runs::{Objects, ShardKind};
use serde::{Deserialize, Serialize};
use tournament::{BLOCK, Contest, Simulator, Tally, block_digest};

/// What every range of one run needs, in flat tables.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) simulator: Simulator,
    pub(crate) contest: Contest,
}

/// A range of simulations over a plan.
#[derive(Debug)]
pub struct SimulationShard;

/// Which.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Range {
    /// The digest of everything the plan is made from.
    pub plan: Digest,
    /// The first simulation.
    pub from: u64,
    /// The first one behind.
    pub to: u64,
    /// Whether the tournaments are sealed.
    pub is_sealed: bool,
}

/// What a range gives.
#[derive(Debug, Serialize, Deserialize)]
pub struct Scored {
    /// How every entry finished.
    pub tally: Tally,
    /// The digest of each block of tournaments, if they are sealed.
    pub blocks: Vec<Digest>,
}

/// Simulations between two questions whether to go on: some milliseconds.
const STRETCH: u64 = 16 * BLOCK;

impl ShardKind for SimulationShard {
    const NAME: &'static str = "lab_simulation";
    const VERSION: u32 = 1;
    type Input = Range;
    type Output = Scored;

    fn compute(range: &Range, objects: &Objects, keep_going: &dyn Fn() -> bool) -> Option<Scored> {
        let plan = objects.get::<Plan>(&range.plan).expect("the run holds the plan that its shards name");
        let scored = |part: std::ops::Range<u64>| plan.contest.tally(&plan.simulator, part);
        let mut tally = scored(range.from..range.from);
        let mut blocks = Vec::new();
        let mut from = range.from;
        while from < range.to {
            if !keep_going() {
                return None;
            }
            let to = range.to.min(from + STRETCH);
            tally.add(&scored(from..to));
            if range.is_sealed {
                let numbers = from / BLOCK..to.div_ceil(BLOCK);
                blocks.extend(numbers.map(|block| block_digest(&plan.simulator, block, range.to)));
            }
            from = to;
        }
        Some(Scored { tally, blocks })
    }

    fn fits(range: &Range, scored: &Scored) -> bool {
        let blocks = if range.is_sealed { (range.to - range.from).div_ceil(BLOCK) } else { 0 };
        scored.tally.simulations() == range.to - range.from && scored.blocks.len() as u64 == blocks
    }
}
