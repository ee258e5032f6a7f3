//! The bids of entries: a row for each bid, or entries against teams as a matrix.

use std::collections::BTreeMap;

use wire::lab::{Bid, Rules};

use super::names::Names;
use super::part::{Part, is_total};
use super::told::{Place, Told};

/// One entry with its bids, each with the place that it was read from.
#[derive(Debug)]
pub(super) struct ReadEntry {
    pub(super) name: String,
    /// Whether every bid was read, so that its teams can be counted.
    is_whole: bool,
    /// Team, points, place.
    bids: Vec<(usize, u32, Place)>,
}

impl ReadEntry {
    pub(super) fn bids(&self, names: &Names) -> Vec<Bid> {
        let bid = |(team, bid_points, _): &(usize, u32, Place)| Bid {
            team_id: names.id(*team).to_owned(),
            bid_points: *bid_points,
        };
        self.bids.iter().map(bid).collect()
    }

    pub(super) fn total(&self) -> u64 {
        self.bids.iter().map(|(_, points, _)| u64::from(*points)).sum()
    }
}

/// A cell that may be a bid.
struct Cell {
    /// What tells the entry from others.
    key: String,
    entry: String,
    team: Option<String>,
    row: usize,
    column: usize,
}

/// The entries of a table, in its order. What breaks the rules is told at its row.
pub(super) fn read(part: &Part, names: &Names, rules: &Rules, told: &mut Told) -> Vec<ReadEntry> {
    let cells = match (part.column("points"), part.column("team"), part.column("entry")) {
        (Some(points), Some(_), entry) => listed(part, points, entry.is_some(), told),
        (None, Some(_), None) => by_team(part, told),
        (None, None, Some(_)) => by_entry(part, told),
        _ => {
            let message =
                "bids need the columns entry, team and points; or teams down and a column for each entry";
            told.problem(part.whole(), message);
            return Vec::new();
        }
    };
    let entries = entries(part, cells, names, told);
    for entry in &entries {
        check(part, entry, names, rules, told);
    }
    entries
}

/// A row for each bid.
fn listed(part: &Part, column: usize, has_entries: bool, told: &mut Told) -> Vec<Cell> {
    if !has_entries {
        told.note(format!("The bids name no entry: all of them are those of `{}`.", part.stem()));
    }
    let mut cells = Vec::new();
    for row in 0..part.rows() {
        let entry = if has_entries { part.text(row, "entry") } else { Some(part.stem().to_owned()) };
        let team = part.text(row, "team").filter(|team| !is_total(team));
        let (Some(entry), Some(_)) = (entry.filter(|entry| !is_total(entry)), &team) else {
            told.left_out(part.at(row, None), "it names no entry or no team");
            continue;
        };
        let key = part.text(row, "entry_id").unwrap_or_else(|| entry.clone());
        cells.push(Cell { key, entry, team, row, column });
    }
    cells
}

/// Teams down, a column for each entry.
fn by_team(part: &Part, told: &mut Told) -> Vec<Cell> {
    told.note("The bids have no column of points: every column beside the teams is an entry.");
    let mut cells = Vec::new();
    for (column, entry) in part.others().into_iter().filter(|(_, name)| !is_total(name)) {
        for row in 0..part.rows() {
            let team = part.text(row, "team").filter(|team| !is_total(team));
            cells.push(Cell { key: format!("{column}"), entry: entry.clone(), team, row, column });
        }
    }
    cells
}

/// Entries down, a column for each team.
fn by_entry(part: &Part, told: &mut Told) -> Vec<Cell> {
    told.note("The bids have no column of teams: every column beside the entries is a team.");
    let mut cells = Vec::new();
    for row in 0..part.rows() {
        let Some(entry) = part.text(row, "entry").filter(|entry| !is_total(entry)) else {
            told.left_out(part.at(row, None), "it names no entry");
            continue;
        };
        for (column, team) in part.others().into_iter().filter(|(_, name)| !is_total(name)) {
            cells.push(Cell { key: format!("{row}"), entry: entry.clone(), team: Some(team), row, column });
        }
    }
    cells
}

/// Bids by entry; a cell that is empty or 0 is none.
fn entries(part: &Part, cells: Vec<Cell>, names: &Names, told: &mut Told) -> Vec<ReadEntry> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries: Vec<ReadEntry> = Vec::new();
    for Cell { key, entry, team, row, column } in cells {
        let Some(team) = team else { continue };
        let points = part.whole_number(row, column, told).unwrap_or(0);
        let at = *places.entry(key).or_insert_with(|| {
            entries.push(ReadEntry { name: entry, is_whole: true, bids: Vec::new() });
            entries.len() - 1
        });
        if points == 0 {
            continue;
        }
        let place = part.cell_at(row, Some(column));
        match names.find(&team, told) {
            Ok(team) => entries[at].bids.push((team, points, place)),
            Err(message) => {
                entries[at].is_whole = false;
                told.problem(place, message);
            }
        }
    }
    entries
}

/// Tells what of an entry breaks the rules, at the row where it does.
fn check(part: &Part, entry: &ReadEntry, names: &Names, rules: &Rules, told: &mut Told) {
    let mut seen: BTreeMap<usize, u64> = BTreeMap::new();
    for (team, points, place) in &entry.bids {
        let (name, id) = (&entry.name, names.id(*team));
        if let Some(line) = seen.insert(*team, place.line.unwrap_or(0)) {
            let message = format!(
                "`{name}` bids on {id} already on line {line}; add them up, or tell equal names apart by a column `entry_id`"
            );
            told.problem(place.clone(), message);
        }
        if !(rules.min_bid..=rules.max_bid).contains(points) {
            let (least, most) = (rules.min_bid, rules.max_bid);
            told.problem(
                place.clone(),
                format!("`{name}` bids {points} on {id}; {least} to {most} are allowed"),
            );
        }
    }
    let last = entry.bids.last().map_or_else(|| part.whole(), |(_, _, place)| place.clone());
    let (name, total, teams) = (&entry.name, entry.total(), seen.len());
    if total > u64::from(rules.budget_points) {
        let message = format!("`{name}` bids {total} points in all; the budget is {}", rules.budget_points);
        told.problem(last.clone(), message);
    }
    let is_allowed = (rules.min_teams as usize..=rules.max_teams as usize).contains(&teams);
    if entry.is_whole && !is_allowed {
        let (fewest, most) = (rules.min_teams, rules.max_teams);
        told.problem(
            last,
            format!(
                "`{name}` bids on {}; {fewest} to {most} are allowed",
                kernel::counted(teams, "team", "teams")
            ),
        );
    }
}
