//! What a simulation found, as Parquet artifacts beside its documents: readable by other programs.
//!
//! | artifact | a row per |
//! |---|---|
//! | `leaderboard_table` | entry, best first |
//! | `distribution_table` | entry and way to finish |
//! | `ownership_table` | team and owner |
//! | `outcome_table` | team and `level`: wins and byes together, from 1 |
//!
//! Columns are named as the fields of the documents; `…_se` is a standard error, absent where one simulation tells none,
//! `simulations` is a whole number, probabilities and parts are 0 to 1. What must come out of the tables ([`laws`]) is checked
//! of their bytes before they are stored, and again when a run is verified.

mod laws;

use std::ops::Range;

use bytes::Bytes;
use series::columnar::{
    self, Cell, Column, ColumnarError, Kind, Layout, Rows, Table, TableWriter, WriteError,
};
use wire::lab::{Distribution, LabEstimate, LeaderboardRow, Ownership};

use super::play::Arena;

pub(super) use self::laws::{Found, broken};

/// The names of the artifacts, in their order.
pub(super) const NAMES: [&str; 4] =
    ["leaderboard_table", "distribution_table", "ownership_table", "outcome_table"];

static LEADERBOARD: Layout = Layout {
    name: "assay.lab.leaderboard",
    version: "1",
    columns: &[
        Column::of("rank", Kind::Count),
        Column::of("entry_id", Kind::Text),
        Column::optional("candidate_id", Kind::Text),
        Column::of("display_name", Kind::Text),
        Column::of("total_bid_points", Kind::Count),
        Column::of("n_teams", Kind::Count),
        Column::of("mean_normalized_payout", Kind::Number),
        Column::optional("mean_normalized_payout_se", Kind::Number),
        Column::of("controlled_normalized_payout", Kind::Number),
        Column::optional("controlled_normalized_payout_se", Kind::Number),
        Column::of("median_normalized_payout", Kind::Number),
        Column::of("p_top1", Kind::Number),
        Column::optional("p_top1_se", Kind::Number),
        Column::of("p_in_money", Kind::Number),
        Column::optional("p_in_money_se", Kind::Number),
        Column::of("mean_position", Kind::Number),
        Column::optional("mean_position_se", Kind::Number),
        Column::of("mean_points", Kind::Number),
        Column::optional("mean_points_se", Kind::Number),
        Column::of("expected_points", Kind::Number),
        Column::optional("realized_position", Kind::Count),
        Column::optional("realized_payout_cents", Kind::Count),
        Column::optional("realized_points", Kind::Number),
    ],
};

static DISTRIBUTION: Layout = Layout {
    name: "assay.lab.distribution",
    version: "1",
    columns: &[
        Column::of("entry_id", Kind::Text),
        Column::of("position", Kind::Count),
        Column::of("sharing", Kind::Count),
        Column::of("payout_cents", Kind::Count),
        Column::of("simulations", Kind::Number),
    ],
};

static OWNERSHIP: Layout = Layout {
    name: "assay.lab.ownership",
    version: "1",
    columns: &[
        Column::of("team_id", Kind::Text),
        Column::of("entry_id", Kind::Text),
        Column::of("bid_points", Kind::Count),
        Column::of("ownership", Kind::Number),
    ],
};

static OUTCOME: Layout = Layout {
    name: "assay.lab.outcome",
    version: "1",
    columns: &[
        Column::of("team_id", Kind::Text),
        Column::of("level", Kind::Count),
        Column::of("points_awarded", Kind::Count),
        Column::of("p_reach", Kind::Number),
    ],
};

/// The bytes of the tables, in the order of [`NAMES`].
pub(super) fn tables(
    arena: &Arena,
    leaderboard: &[LeaderboardRow],
    distributions: &[Distribution],
    ownership: &Ownership,
) -> Result<[Bytes; 4], WriteError> {
    let mut of_entries = TableWriter::new(&LEADERBOARD);
    leaderboard.iter().try_for_each(|row| push_entry(&mut of_entries, row))?;
    let mut of_finishes = TableWriter::new(&DISTRIBUTION);
    for one in distributions {
        let entry_id = one.entry_id.to_string();
        for finish in &one.finishes {
            of_finishes.push(vec![
                Cell::Text(&entry_id),
                count(finish.position),
                count(finish.sharing),
                count(finish.payout_cents),
                Cell::Number(finish.simulations as f64),
            ])?;
        }
    }
    let mut of_owners = TableWriter::new(&OWNERSHIP);
    for team in &ownership.teams {
        for owner in &team.owners {
            let entry_id = owner.entry_id.to_string();
            of_owners.push(vec![
                Cell::Text(&team.team_id),
                Cell::Text(&entry_id),
                count(owner.bid_points),
                Cell::Number(owner.ownership),
            ])?;
        }
    }
    let mut of_teams = TableWriter::new(&OUTCOME);
    for (at, team_id) in arena.playing.bracket.teams().iter().enumerate() {
        for level in 1..=arena.reach.levels() {
            of_teams.push(vec![
                Cell::Text(team_id),
                Cell::Count(level),
                count(arena.auction.points.awarded(level)),
                Cell::Number(arena.reach.at_least(at, level)),
            ])?;
        }
    }
    Ok([
        of_entries.finish()?.into(),
        of_finishes.finish()?.into(),
        of_owners.finish()?.into(),
        of_teams.finish()?.into(),
    ])
}

fn push_entry(table: &mut TableWriter, row: &LeaderboardRow) -> Result<(), WriteError> {
    let (entry_id, candidate_id) = (row.entry_id.to_string(), row.candidate_id.map(|id| id.to_string()));
    let mut cells = vec![
        count(row.rank),
        Cell::Text(&entry_id),
        candidate_id.as_deref().into(),
        Cell::Text(&row.display_name),
        count(row.total_bid_points),
        count(row.n_teams),
    ];
    let both = |found: LabEstimate| [Cell::Number(found.value), Cell::Number(found.standard_error)];
    cells.extend(both(row.mean_normalized_payout));
    cells.extend(both(row.controlled_normalized_payout));
    cells.push(Cell::Number(row.median_normalized_payout));
    for found in [row.p_top1, row.p_in_money, row.mean_position, row.mean_points] {
        cells.extend(both(found));
    }
    cells.push(Cell::Number(row.expected_points));
    let realized = row.realized.as_ref();
    cells.extend([
        realized.map(|ended| ended.finish_position as usize).into(),
        realized.map(|ended| ended.payout_cents as usize).into(),
        realized.map(|ended| ended.total_points).into(),
    ]);
    table.push(cells)
}

fn count(n: u32) -> Cell<'static> {
    Cell::Count(n as usize)
}

/// All rows of a table.
fn rows(bytes: &Bytes, layout: &'static Layout) -> Result<Rows, ColumnarError> {
    let size = bytes.len() as u64;
    let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
    let part = |place: &Range<u64>| bytes.slice(at(place.start)..at(place.end));
    let place = columnar::description(size, &part(&columnar::tail(size)))?;
    let table = Table::open(layout, size, part(&place))?;
    let (columns, all) = (layout.names(), 0..table.rows());
    let all = std::slice::from_ref(&all);
    let pieces = table.bytes_of(&columns, all)?;
    let pieces = pieces.into_iter().map(|place| (place.start, part(&place))).collect();
    table.read(&columns, all, pieces)
}
