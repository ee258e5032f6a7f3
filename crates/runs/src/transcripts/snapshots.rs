//! What was folded on the way, for whoever asks for a neighbouring frame next.
//!
//! A run's snapshots lie at least a stride apart. Whenever there are too many, every other one goes and the stride doubles,
//! so that any frame of a run of n frames is n/16 frames away from one at most. The runs that nobody asked for longest go
//! first. Frames never change, so no snapshot grows stale; whether the frames are still there is asked at each read.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use frames::Transcript;
use kernel::RunId;

use super::fold::Folded;

/// A run keeps from half as many to this many.
const MAX_OF_RUN: usize = 32;
const FIRST_STRIDE: u64 = 1024;
/// Of all runs together, in bytes of what frames said; about three times that in memory.
const MAX_KEPT_BYTES: usize = 64 << 20;
/// What even an empty transcript takes.
const LEAST_BYTES: usize = 4 << 10;

/// Snapshots of many runs.
#[derive(Debug, Default)]
pub(super) struct Snapshots(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    runs: BTreeMap<RunId, OfRun>,
    bytes: usize,
    /// Grows with each use.
    now: u64,
}

#[derive(Debug)]
struct OfRun {
    by_seq: BTreeMap<u64, Folded<Transcript>>,
    stride: u64,
    used: u64,
}

impl Default for OfRun {
    fn default() -> Self {
        Self { by_seq: BTreeMap::new(), stride: FIRST_STRIDE, used: 0 }
    }
}

impl Snapshots {
    /// The nearest one at or before a frame; nothing folded where there is none.
    pub(super) fn before(&self, run: RunId, seq: u64) -> Folded<Transcript> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.now += 1;
        let now = kept.now;
        let Some(of_run) = kept.runs.get_mut(&run) else { return Folded::default() };
        of_run.used = now;
        of_run.by_seq.range(..=seq).next_back().map(|(_, folded)| folded.clone()).unwrap_or_default()
    }

    /// Keeps a copy, unless there is one nearby.
    pub(super) fn keep(&self, run: RunId, folded: &Folded<Transcript>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.now += 1;
        let now = kept.now;
        let of_run = kept.runs.entry(run).or_default();
        of_run.used = now;
        let near = folded.seq.saturating_sub(of_run.stride - 1)..folded.seq.saturating_add(of_run.stride);
        if of_run.by_seq.range(near).next().is_some() || size(folded) > MAX_KEPT_BYTES / 4 {
            return;
        }
        of_run.by_seq.insert(folded.seq, folded.clone());
        let freed = of_run.thin();
        kept.bytes = kept.bytes + size(folded) - freed;
        kept.make_room(run);
    }
}

impl OfRun {
    /// Every other one goes when there are too many; so many bytes go with them.
    fn thin(&mut self) -> usize {
        if self.by_seq.len() <= MAX_OF_RUN {
            return 0;
        }
        self.stride *= 2;
        let mut freed = 0;
        let mut nth = 0;
        self.by_seq.retain(|_, folded| {
            nth += 1;
            if nth % 2 == 1 {
                freed += size(folded);
            }
            nth % 2 == 0
        });
        freed
    }

    fn bytes(&self) -> usize {
        self.by_seq.values().map(size).sum()
    }
}

impl Kept {
    /// Other runs go first; a run that does not fit alone loses its own from the beginning.
    fn make_room(&mut self, keep: RunId) {
        while self.bytes > MAX_KEPT_BYTES {
            let others = self.runs.iter().filter(|(run, _)| **run != keep);
            let oldest = others.min_by_key(|(_, of_run)| of_run.used).map(|(run, _)| *run);
            let freed = match oldest {
                Some(run) => self.runs.remove(&run).map_or(0, |of_run| of_run.bytes()),
                None => match self.runs.get_mut(&keep).and_then(|of_run| of_run.by_seq.pop_first()) {
                    Some((_, folded)) => size(&folded),
                    None => return,
                },
            };
            self.bytes = self.bytes.saturating_sub(freed);
        }
    }
}

fn size(folded: &Folded<Transcript>) -> usize {
    LEAST_BYTES + folded.kept_bytes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn run(n: u128) -> RunId {
        RunId(Uuid::from_u128(n))
    }

    fn folded(seq: u64, kept_bytes: usize) -> Folded<Transcript> {
        Folded { seq, kept_bytes, ..Folded::default() }
    }

    #[test]
    fn a_long_run_is_never_far_from_a_snapshot() {
        let snapshots = Snapshots::default();
        let frames = 1_000_000;
        for seq in (0..=frames).step_by(1000).skip(1) {
            snapshots.keep(run(1), &folded(seq, 0));
        }
        let farthest = (0..=frames).step_by(777).map(|seq| seq - snapshots.before(run(1), seq).seq).max();
        assert!(farthest < Some(frames / 12), "{farthest:?}");
        let kept = snapshots.0.lock().unwrap();
        assert!((MAX_OF_RUN / 3..=MAX_OF_RUN).contains(&kept.runs[&run(1)].by_seq.len()));
        assert_eq!(kept.bytes, kept.runs[&run(1)].bytes());
    }

    #[test]
    fn the_runs_that_nobody_asked_for_longest_go_first() {
        let snapshots = Snapshots::default();
        for n in 0..3 {
            snapshots.keep(run(n), &folded(5000, MAX_KEPT_BYTES / 4 - LEAST_BYTES));
        }
        assert_eq!(snapshots.before(run(0), 6000).seq, 5000);
        snapshots.keep(run(3), &folded(5000, MAX_KEPT_BYTES / 4 - LEAST_BYTES));
        snapshots.keep(run(4), &folded(5000, MAX_KEPT_BYTES / 4 - LEAST_BYTES));
        let kept: Vec<u64> = (0..5).map(|n| snapshots.before(run(n), 6000).seq).collect();
        assert_eq!(kept, [5000, 0, 5000, 5000, 5000]);
        assert!(snapshots.0.lock().unwrap().bytes <= MAX_KEPT_BYTES);
    }

    #[test]
    fn one_that_is_too_large_is_not_kept() {
        let snapshots = Snapshots::default();
        snapshots.keep(run(1), &folded(5000, MAX_KEPT_BYTES));
        assert_eq!(snapshots.before(run(1), 9000).seq, 0);
    }
}
