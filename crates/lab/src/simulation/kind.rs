//! The run kind itself.

use std::collections::BTreeMap;

use bytes::Bytes;
use kernel::Seed;
use runs::{Ending, Failure, OutcomeCheck, Record, RunContext};
use sea_orm::DbErr;
use serde_json::{Value, json};
use tournament::Seal;
use wire::datasets::media_type::PARQUET;
use wire::lab::{Distribution, LabKind, Ownership, SimulationResult};

use super::lines::{MEDIA_TYPE, lines};
use super::outcome::{ownership, result};
use super::play::{Arena, Played, arena};
use super::submit::{Spec, TOURNAMENTS};
use super::tables::{Found, NAMES, broken, tables};
use crate::kind::{Given, Work};
use crate::tell::{RunError, leave};
use crate::upstream::artifact_name;

/// Plays tournaments and scores an auction over them.
#[derive(Clone)]
pub struct Simulation {
    pub(super) store: artifacts::Reader,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").finish_non_exhaustive()
    }
}

impl Simulation {
    /// The kind, with the store from which what it left is verified.
    pub const fn new(store: artifacts::Reader) -> Self {
        Self { store }
    }
}

/// The artifact with every way each entry finished.
pub(super) const DISTRIBUTIONS: &str = "distributions";
/// The artifact with the owners of each team.
pub(super) const OWNERSHIP: &str = "ownership";
/// The artifact with the digest of each block of tournaments, 32 bytes each.
pub(super) const SEAL: &str = "seal";

impl Work for Simulation {
    const KIND: LabKind = LabKind::Simulation;
    type Spec = Spec;

    async fn check(&self, record: &Record<'_>, spec: &Spec, found: &mut OutcomeCheck) -> Result<(), DbErr> {
        self.check_tables(record, spec, found).await
    }

    async fn execute(&self, spec: Spec, cx: &RunContext) -> Result<Given, Failure<RunError>> {
        let arena = arena(&spec, cx).await?;
        let seed = Seed(cx.stream(TOURNAMENTS).bits());
        let played = Played::play(&spec, seed, &arena, cx, ("simulate", 1, 1)).await?;
        let contest = arena.auction.contest(&arena.playing);
        let (mut result, distributions) = result(&arena, &contest, &played.tally);
        if spec.is_sealed {
            let bytes: Vec<u8> = played.blocks.iter().flat_map(|digest| *digest.as_bytes()).collect();
            result.seal_root = Some(Seal::of_blocks(result.total_simulations, played.blocks).root());
            cx.artifact(SEAL, "application/octet-stream", Bytes::from(bytes)).await?;
        }
        leave(cx, artifact_name(LabKind::Simulation), &result).await?;
        leave(cx, DISTRIBUTIONS, &distributions).await?;
        let ownership = ownership(&arena, &contest);
        leave(cx, OWNERSHIP, &ownership).await?;
        let rows = leave_tables(cx, &arena, &result, &distributions, &ownership).await?;
        let summary = summary(&result);
        let metrics = metrics(&result, rows);
        let ending = if played.is_cut { Ending::Cancelled } else { Ending::Completed };
        Ok(Given { ending, metrics, summary })
    }
}

fn summary(result: &SimulationResult) -> String {
    let n = result.total_simulations;
    let Some(best) = result.leaderboard.first() else { return format!("{n} tournaments, and no entry.") };
    let (chance, error) = (100.0 * best.p_top1.value, 196.0 * best.p_top1.standard_error);
    format!(
        "Over {n} tournaments {} does best: a mean payout of {} of the first prize, and first with a chance of {} % \
         (± {} at 95 %).",
        best.display_name,
        kernel::figure(best.mean_normalized_payout.value, 4),
        kernel::figure(chance, 2),
        kernel::figure(error, 2)
    )
}

/// Leaves the tables, if they keep the laws, and the same as lines; says how many rows each table has.
async fn leave_tables(
    cx: &RunContext,
    arena: &Arena,
    result: &SimulationResult,
    distributions: &[Distribution],
    ownership: &Ownership,
) -> Result<[usize; 4], Failure<RunError>> {
    let all = tables(arena, &result.leaderboard, distributions, ownership).map_err(RunError::unreadable)?;
    let found = Found::read(&all).map_err(RunError::unreadable)?;
    let prizes: Vec<u32> =
        (1..=arena.auction.payouts.places()).map(|at| arena.auction.payouts.of_place(at)).collect();
    let broken = broken(&found, result.total_simulations, &prizes);
    if !broken.is_empty() {
        return Err(RunError::unreadable(broken.join("; ")).into());
    }
    for (name, bytes) in NAMES.into_iter().zip(all) {
        cx.artifact(name, PARQUET, bytes).await?;
    }
    for (name, bytes) in lines(arena, &result.leaderboard, distributions, ownership) {
        cx.artifact(name, MEDIA_TYPE, bytes).await?;
    }
    Ok(found.counts())
}

fn metrics(result: &SimulationResult, rows: [usize; 4]) -> Value {
    let best = result.leaderboard.first();
    let worst_gap = result.leaderboard.iter().fold(0.0, |most: f64, row| most.max(row.points_gap.abs()));
    json!({
        "total_simulations": result.total_simulations,
        "n_entries": result.leaderboard.len(),
        "p_top1_half_width": result.p_top1_half_width,
        "seal_root": result.seal_root,
        "best_entry_id": best.map(|row| row.entry_id),
        "best_mean_normalized_payout": best.map(|row| row.mean_normalized_payout),
        "largest_points_gap": worst_gap,
        "tables": NAMES.into_iter().zip(rows).collect::<BTreeMap<_, _>>(),
    })
}
