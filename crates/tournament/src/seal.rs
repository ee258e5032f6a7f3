//! A seal over simulations: one digest that is known before any game is played, and that any single simulation can be
//! proven against afterwards, though none is stored.
//!
//! The leaves are the result bits of the simulations in their order; the tree is that of RFC 6962 (a leaf is hashed
//! with a zero byte before it, two nodes with a one byte), so a root is compared with foreign tools. What is kept is
//! the digest of each *block* of [`BLOCK`] leaves: a proof plays one block again and takes the rest of its path from
//! the blocks' digests.

use kernel::{Digest, Hasher};

use crate::simulate::{Bits, Simulator};

/// Simulations under one kept digest.
pub const BLOCK: u64 = 1024;

/// The digest of each block of some simulations, from the first, with the tree over them: the first proof waits for all
/// its nodes, and no other does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    simulations: u64,
    blocks: Tree,
}

/// The siblings between one leaf and the root, from below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The simulation.
    pub simulation: u64,
    /// Its result bits.
    pub bits: Vec<u32>,
    /// The nodes beside its path.
    pub path: Vec<Digest>,
}

/// The digest of one block: what a part of a sealed run comes to.
pub fn block_digest(simulator: &Simulator, block: u64, simulations: u64) -> Digest {
    Tree::of(leaves(simulator, block, simulations)).root()
}

fn leaves(simulator: &Simulator, block: u64, simulations: u64) -> Vec<Digest> {
    let range = block * BLOCK..simulations.min((block + 1) * BLOCK);
    simulator.run(range, Bits::default()).chunks(simulator.words()).map(leaf).collect()
}

/// The digest of one simulation's result bits, least significant byte first.
pub fn leaf(bits: &[u32]) -> Digest {
    let mut hasher = Hasher::default().chain([0]);
    for word in bits {
        hasher.update(word.to_le_bytes());
    }
    hasher.finish()
}

fn node(left: Digest, right: Digest) -> Digest {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    Digest::of(bytes)
}

/// A tree with all of its nodes. To pair them level by level, where the last of an odd number goes up as it is, is to cut
/// at the largest power of two below their number, as the standard does.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tree {
    /// From the leaves up; the last level has one node, or none.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    fn of(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            let up = |pair: &[Digest]| if let [left, right] = *pair { node(left, right) } else { pair[0] };
            levels.push(level.chunks(2).map(up).collect());
        }
        Self { levels }
    }

    fn root(&self) -> Digest {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or_else(|| Digest::of([]))
    }

    /// The siblings of a leaf, from below.
    fn path(&self, leaf: usize) -> impl Iterator<Item = Digest> {
        let beside = move |(up, level): (usize, &Vec<Digest>)| level.get(leaf >> up ^ 1).copied();
        self.levels.iter().enumerate().filter_map(beside)
    }
}

impl Seal {
    /// The seal of blocks in their order, as [`block_digest`] gave them.
    ///
    /// # Panics
    /// If there are not as many blocks as the simulations need.
    pub fn of_blocks(simulations: u64, blocks: Vec<Digest>) -> Self {
        assert_eq!(blocks.len() as u64, simulations.div_ceil(BLOCK), "one digest a block");
        Self { simulations, blocks: Tree::of(blocks) }
    }

    /// How many simulations are sealed.
    pub const fn simulations(&self) -> u64 {
        self.simulations
    }

    /// The digest over all simulations. A block is a whole subtree, so this is the root over the leaves.
    pub fn root(&self) -> Digest {
        self.blocks.root()
    }

    /// The proof of one simulation, or none if it is not among the sealed.
    pub fn prove(&self, simulator: &Simulator, simulation: u64) -> Option<Proof> {
        if simulation >= self.simulations {
            return None;
        }
        let (block, within) = (simulation / BLOCK, usize::try_from(simulation % BLOCK).ok()?);
        let leaves = Tree::of(leaves(simulator, block, self.simulations));
        let path = leaves.path(within).chain(self.blocks.path(usize::try_from(block).ok()?)).collect();
        Some(Proof { simulation, bits: simulator.bits(simulation), path })
    }
}

impl Proof {
    /// Whether the simulation lies under a root of so many simulations, by RFC 9162, 2.1.3.2.
    pub fn holds(&self, root: Digest, simulations: u64) -> bool {
        if self.simulation >= simulations {
            return false;
        }
        let (mut at, mut last) = (self.simulation, simulations - 1);
        let mut digest = leaf(&self.bits);
        for &beside in &self.path {
            if last == 0 {
                return false;
            }
            if at % 2 == 1 || at == last {
                digest = node(beside, digest);
                while at.is_multiple_of(2) && at > 0 {
                    (at, last) = (at / 2, last / 2);
                }
            } else {
                digest = node(digest, beside);
            }
            (at, last) = (at / 2, last / 2);
        }
        last == 0 && digest == root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Results;
    use crate::simulate::tests::field;
    use kernel::Seed;

    fn simulator() -> Simulator {
        let (bracket, pairs) = field();
        Simulator::new(&bracket, &pairs, &Results::none(&bracket), Seed(11))
    }

    fn seal(simulator: &Simulator, simulations: u64) -> Seal {
        let blocks = 0..simulations.div_ceil(BLOCK);
        Seal::of_blocks(
            simulations,
            blocks.map(|block| block_digest(simulator, block, simulations)).collect(),
        )
    }

    /// The root as RFC 6962 tells it: the left part is the largest power of two below the number of leaves.
    fn tree(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of([]),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
                node(tree(left), tree(right))
            }
        }
    }

    #[test]
    fn levels_come_to_the_tree_of_the_standard() {
        for count in 0..70_u32 {
            let leaves: Vec<Digest> = (0..count).map(|at| leaf(&[at])).collect();
            assert_eq!(Tree::of(leaves.clone()).root(), tree(&leaves), "{count}");
        }
    }

    #[test]
    fn a_seal_is_the_root_over_all_leaves() {
        let simulator = simulator();
        for simulations in [1, 2, 1023, 1024, 1025, 5000] {
            let all = simulator.run(0..simulations, Bits::default());
            let leaves: Vec<Digest> = all.chunks(simulator.words()).map(leaf).collect();
            assert_eq!(seal(&simulator, simulations).root(), tree(&leaves), "{simulations}");
        }
    }

    #[test]
    fn every_simulation_is_proven_and_none_that_was_changed() {
        let simulator = simulator();
        for simulations in [1_u64, 1000, 3333] {
            let seal = seal(&simulator, simulations);
            let root = seal.root();
            for simulation in [0, simulations / 3, simulations / 2, simulations - 1] {
                let proof = seal.prove(&simulator, simulation).unwrap();
                assert!(proof.holds(root, simulations), "{simulation} of {simulations}");
                let mut changed = proof.clone();
                changed.bits[0] ^= 1;
                assert!(!changed.holds(root, simulations));
                let mut moved = proof.clone();
                moved.simulation = (simulation + 1) % (simulations + 1);
                assert!(!moved.holds(root, simulations));
                assert!(!proof.holds(Digest::of("another"), simulations));
            }
            assert_eq!(seal.prove(&simulator, simulations), None);
        }
    }

    /// The tree of the empty list and of one leaf, as RFC 6962 has them.
    #[test]
    fn roots_are_those_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(tree(&[]).to_string(), empty);
        let of_nothing = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(leaf(&[]).to_string(), of_nothing);
    }
}
